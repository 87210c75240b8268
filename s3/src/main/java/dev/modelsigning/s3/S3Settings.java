package dev.modelsigning.s3;

import dev.modelsigning.aws.internal.AwsContext;
import dev.modelsigning.aws.internal.AwsSettings;
import dev.modelsigning.aws.internal.UnusableSettingException;
import dev.modelsigning.internal.json.Printable;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.endpoints.S3EndpointProvider;

/**
 * The server that is asked.
 *
 * @param region the region, in whose name requests are signed
 * @param endpoint its address
 * @param named whether the address was named, by the user or the environment
 * @param inPath whether the bucket is named in the path, and not in the name of the host
 */
record S3Settings(Region region, URI endpoint, boolean named, boolean inPath) {

  private static final String ADVICE = "set AWS_REGION to the region of the bucket";

  /** What other stores than S3 are asked in the name of, unless a region is set. */
  private static final String ANY_REGION = "us-east-1";

  static AwsContext context(S3Options options) {
    return new AwsContext(options.environment(), options.timeout());
  }

  static S3Settings of(String bucket, S3Options options) throws IOException {
    AwsContext context = context(options);
    AwsSettings settings = new AwsSettings(context, ADVICE);
    try {
      Optional<URI> own =
          options.endpoint().isPresent()
              ? Optional.of(AwsSettings.address(S3Options.ENDPOINT, options.endpoint().get()))
              : settings.endpoint("AWS_ENDPOINT_URL_S3");
      if (own.isPresent()) {
        Optional<String> region =
            context.variable("AWS_REGION").or(() -> context.variable("AWS_DEFAULT_REGION"));
        return new S3Settings(
            settings.region(Optional.of(region.orElse(ANY_REGION))), own.get(), true, true);
      }
      Region region = settings.region(Optional.empty());
      // A certificate for the hosts of buckets does not fit one with a dot in its name.
      return new S3Settings(region, ofRegion(region, context), false, bucket.contains("."));
    } catch (UnusableSettingException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static URI ofRegion(Region region, AwsContext context) throws IOException {
    try {
      return S3EndpointProvider.defaultProvider()
          .resolveEndpoint(parameters ->
              parameters
                  .region(region)
                  .useGlobalEndpoint(false)
                  .useFips(context.isTrue("AWS_USE_FIPS_ENDPOINT"))
                  .useDualStack(context.isTrue("AWS_USE_DUALSTACK_ENDPOINT")))
          .join()
          .endpointUrl()
          .toUri();
    } catch (CompletionException | SdkException e) {
      throw new IOException(
          "there is no address for the region " + Printable.quote(region.id()) + "; " + ADVICE, e);
    }
  }

  /** The address that requests for a bucket go to. */
  URI address(String bucket) {
    return inPath
        ? endpoint
        : URI.create(endpoint.getScheme() + "://" + bucket + "." + endpoint.getRawAuthority());
  }
}
