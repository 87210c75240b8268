package dev.modelsigning.kms.aws;

import dev.modelsigning.aws.internal.AwsContext;
import dev.modelsigning.aws.internal.AwsSettings;
import dev.modelsigning.aws.internal.UnusableSettingException;
import dev.modelsigning.internal.http.ServiceClient;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.signingkey.KeyContext;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.endpoints.KmsEndpointProvider;

/**
 * The server that is asked.
 *
 * @param region the region, in whose name requests are signed
 * @param endpoint its address
 */
record KmsSettings(Region region, URI endpoint) {

  private static final String ADVICE =
      "set AWS_REGION, or name the key by its ARN, which has the region";

  /** Determines the server by the URI and the environment. */
  static KmsSettings of(KmsUri uri, KeyContext context) throws IOException, InvalidKeyException {
    AwsContext variables = context(context);
    AwsSettings settings = new AwsSettings(variables, ADVICE);
    try {
      Region region = settings.region(uri.region());
      Optional<URI> own =
          uri.endpoint().isPresent() ? named(uri) : settings.endpoint("AWS_ENDPOINT_URL_KMS");
      return new KmsSettings(region, own.isPresent() ? own.get() : ofRegion(region, variables));
    } catch (UnusableSettingException e) {
      throw new InvalidKeyException(String.valueOf(e.getMessage()), e);
    }
  }

  /** The variables and the time-out. */
  static AwsContext context(KeyContext context) {
    return new AwsContext(context.environment(), context.timeout());
  }

  private static Optional<URI> named(KmsUri uri) throws InvalidKeyException {
    String endpoint = uri.endpoint().orElseThrow();
    URI secure = URI.create("https://" + endpoint);
    if (secure.getHost() == null) {
      throw new InvalidKeyException("the endpoint in the URI is not the name of a host");
    }
    return Optional.of(ServiceClient.isHere(secure) ? URI.create("http://" + endpoint) : secure);
  }

  private static URI ofRegion(Region region, AwsContext context) throws InvalidKeyException {
    try {
      return KmsEndpointProvider.defaultProvider()
          .resolveEndpoint(parameters ->
              parameters
                  .region(region)
                  .useFips(context.isTrue("AWS_USE_FIPS_ENDPOINT"))
                  .useDualStack(context.isTrue("AWS_USE_DUALSTACK_ENDPOINT")))
          .join()
          .endpointUrl()
          .toUri();
    } catch (CompletionException | SdkException e) {
      throw new InvalidKeyException(
          "there is no address for the region " + Printable.quote(region.id()) + "; " + ADVICE, e);
    }
  }

  /** The configuration files, which may have credentials. */
  static List<Path> files(KeyContext context) {
    return new AwsSettings(context(context), ADVICE).files();
  }
}
