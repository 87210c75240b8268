package dev.modelsigning.s3;

import dev.modelsigning.aws.internal.Credentials;
import dev.modelsigning.aws.internal.ServiceHttp;
import dev.modelsigning.internal.http.Answer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/**
 * Asks for content with the SDK's signature only. Its other layers take several times as long as
 * the request itself, which counts where a model has millions of small objects. What is not simply
 * answered is left to them: they know what to repeat, and what a refusal means.
 */
final class SignedGet {

  private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
  private final String bucket;
  private final S3Settings settings;
  private final boolean pays;
  private final Credentials credentials;
  private final ServiceHttp http;

  /**
   * Creates requests for the objects of a bucket.
   *
   * @param credentials those that were found last are used
   */
  SignedGet(
      String bucket, S3Settings settings, boolean pays, Credentials credentials, ServiceHttp http) {
    this.bucket = bucket;
    this.settings = settings;
    this.pays = pays;
    this.credentials = credentials;
    this.http = http;
  }

  /**
   * Asks once.
   *
   * @param range the part, as in the header {@code Range}; null for all of it
   * @param large whether it is so long that a connection of its own is worth it
   * @return the content; empty if the SDK has to ask
   * @throws InterruptedIOException if the thread is interrupted
   */
  Optional<S3Content> ask(String key, String etag, @Nullable String range, boolean large)
      throws InterruptedIOException {
    Answer answer;
    try {
      answer = http.content(signed(key, etag, range), large);
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      return Optional.empty(); // the SDK asks again, with pauses, and says what is wrong
    }
    return answer.isSuccess() && answer.body().isPresent()
        ? Optional.of(S3Content.of(answer))
        : Optional.empty();
  }

  private SdkHttpRequest signed(String key, String etag, @Nullable String range) {
    URI address = settings.address(bucket);
    String base = address.getRawPath() == null ? "" : address.getRawPath().replaceFirst("/$", "");
    SdkHttpFullRequest.Builder request =
        SdkHttpFullRequest.builder()
            .method(SdkHttpMethod.GET)
            .protocol(address.getScheme())
            .host(address.getHost())
            .port(address.getPort() < 0 ? null : address.getPort())
            .encodedPath(
                base
                    + (settings.inPath() ? "/" + bucket : "")
                    + "/"
                    + SdkHttpUtils.urlEncodeIgnoreSlashes(key))
            .putHeader("If-Match", etag);
    if (range != null) {
      request.putHeader("Range", range);
    }
    if (pays) {
      request.putHeader("x-amz-request-payer", "requester");
    }
    return signer
        .sign(sign ->
            sign.identity(credentials.resolveCredentials())
                .request(request.build())
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                .putProperty(AwsV4HttpSigner.REGION_NAME, settings.region().id())
                // A key is a name and no path: its slashes and dots stay.
                .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false))
        .request();
  }
}
