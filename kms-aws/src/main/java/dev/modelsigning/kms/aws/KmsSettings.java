package dev.modelsigning.kms.aws;

import dev.modelsigning.internal.http.ServiceClient;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.platform.UserDirectories;
import dev.modelsigning.signingkey.KeyContext;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.kms.endpoints.KmsEndpointProvider;

/**
 * The server that is asked.
 *
 * @param region the region, in whose name requests are signed
 * @param endpoint its address
 */
record KmsSettings(Region region, URI endpoint) {

  /** A region becomes a part of the name of the host. */
  private static final Pattern REGION = Pattern.compile("[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?");

  private static final String ADVICE =
      "; set AWS_REGION, or name the key by its ARN, which has the region";

  private static final String UNKNOWN =
      "the region of AWS is not known: no variable, no profile and no metadata of an instance names"
          + " it"
          + ADVICE;

  /** Determines the server by the URI and the environment. */
  static KmsSettings of(KmsUri uri, KeyContext context) throws IOException, InvalidKeyException {
    Region region = Region.of(region(uri, context));
    Optional<URI> own = endpoint(uri, context);
    return new KmsSettings(region, own.isPresent() ? own.get() : ofRegion(region, context));
  }

  private static String region(KmsUri uri, KeyContext context)
      throws IOException, InvalidKeyException {
    Optional<String> named =
        uri.region()
            .or(() -> context.variable("AWS_REGION"))
            .or(() -> context.variable("AWS_DEFAULT_REGION"));
    String region = named.isPresent() ? named.get() : ofSdk(context);
    if (!REGION.matcher(region).matches()) {
      throw new InvalidKeyException(
          "expected a region such as eu-central-1, found " + Printable.quote(region) + ADVICE);
    }
    return region;
  }

  /** The region of the profile, or of the instance, whose metadata may not answer. */
  private static String ofSdk(KeyContext context) throws IOException, InvalidKeyException {
    @Nullable Region found;
    try {
      found =
          InTime.result(
              () -> DefaultAwsRegionProviderChain.builder().build().getRegion(),
              context.timeout(),
              "the region of AWS is not known in time" + ADVICE);
    } catch (SdkException e) {
      // What it says is about the classes that were asked, and of no use to whoever reads it.
      throw new InvalidKeyException(UNKNOWN);
    }
    if (found == null) {
      throw new InvalidKeyException(UNKNOWN);
    }
    return found.id();
  }

  private static Optional<URI> endpoint(KmsUri uri, KeyContext context) throws InvalidKeyException {
    if (uri.endpoint().isPresent()) {
      URI secure = URI.create("https://" + uri.endpoint().get());
      if (secure.getHost() == null) {
        throw new InvalidKeyException("the endpoint in the URI is not the name of a host");
      }
      return Optional.of(
          ServiceClient.isHere(secure) ? URI.create("http://" + uri.endpoint().get()) : secure);
    }
    Optional<String> ofKms = context.variable("AWS_ENDPOINT_URL_KMS");
    if (ofKms.isPresent()) {
      return Optional.of(address("AWS_ENDPOINT_URL_KMS", ofKms.get()));
    }
    Optional<String> ofAll = context.variable("AWS_ENDPOINT_URL");
    return ofAll.isPresent()
        ? Optional.of(address("AWS_ENDPOINT_URL", ofAll.get()))
        : Optional.empty();
  }

  private static URI address(String variable, String text) throws InvalidKeyException {
    URI address;
    try {
      address = new URI(text.strip());
    } catch (URISyntaxException e) {
      // Without the cause, which shows the text, and that may contain a password.
      throw unusable(variable, "one that is damaged at character " + (e.getIndex() + 1));
    }
    boolean plain = "http".equalsIgnoreCase(address.getScheme());
    if (address.getHost() == null || !(plain || "https".equalsIgnoreCase(address.getScheme()))) {
      throw unusable(variable, "something else");
    }
    if (address.getRawUserInfo() != null
        || address.getRawQuery() != null
        || address.getRawFragment() != null
        || !(address.getRawPath().isEmpty() || address.getRawPath().equals("/"))) {
      throw unusable(variable, "one with more than a host and a port");
    }
    if (plain && !ServiceClient.isHere(address)) {
      throw unusable(variable, "http to another machine");
    }
    return address;
  }

  private static InvalidKeyException unusable(String variable, String found) {
    return new InvalidKeyException(
        "the variable "
            + variable
            + ": expected an address such as https://host:port, found "
            + found);
  }

  private static URI ofRegion(Region region, KeyContext context) throws InvalidKeyException {
    try {
      return KmsEndpointProvider.defaultProvider()
          .resolveEndpoint(parameters ->
              parameters
                  .region(region)
                  .useFips(isTrue("AWS_USE_FIPS_ENDPOINT", context))
                  .useDualStack(isTrue("AWS_USE_DUALSTACK_ENDPOINT", context)))
          .join()
          .endpointUrl()
          .toUri();
    } catch (CompletionException | SdkException e) {
      throw new InvalidKeyException(
          "there is no address for the region " + Printable.quote(region.id()) + ADVICE, e);
    }
  }

  private static boolean isTrue(String variable, KeyContext context) {
    return context.variable(variable).map(value -> value.equalsIgnoreCase("true")).orElse(false);
  }

  /** The configuration files, which may have credentials. */
  static List<Path> files(KeyContext context) {
    Optional<Path> home = UserDirectories.of(context.environment()).home();
    return Stream.of(
            UserDirectories.absolute(context.variable("AWS_SHARED_CREDENTIALS_FILE").orElse(null))
                .or(() -> home.map(path -> path.resolve(".aws/credentials"))),
            UserDirectories.absolute(context.variable("AWS_CONFIG_FILE").orElse(null))
                .or(() -> home.map(path -> path.resolve(".aws/config"))))
        .flatMap(Optional::stream)
        .toList();
  }
}
