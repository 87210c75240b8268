package dev.modelsigning.aws.internal;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/**
 * Finds credentials where the SDK looks for them: the environment first, then profile, container
 * and instance, for which it waits no longer than for an answer of the service. They are looked for
 * anew for each request, as those of a session may end while a model is hashed.
 */
public final class Credentials implements AwsCredentialsProvider, AutoCloseable {

  private final AwsContext context;
  private final DefaultCredentialsProvider others = DefaultCredentialsProvider.builder().build();
  private volatile @Nullable AwsCredentials found;

  /** Creates a place to look for them, which has to be closed. */
  public Credentials(AwsContext context) {
    this.context = context;
  }

  /**
   * Looks for the credentials of the next request.
   *
   * @throws IOException if they are not there in time
   */
  public void find() throws IOException {
    Optional<String> id = context.variable("AWS_ACCESS_KEY_ID");
    Optional<String> secret = context.variable("AWS_SECRET_ACCESS_KEY");
    if (id.isPresent() && secret.isPresent()) {
      found =
          context
              .variable("AWS_SESSION_TOKEN")
              .<AwsCredentials>map(
                  token -> AwsSessionCredentials.create(id.get(), secret.get(), token))
              .orElseGet(() -> AwsBasicCredentials.create(id.get(), secret.get()));
      return;
    }
    found =
        InTime.result(
            others::resolveCredentials,
            context.timeout(),
            "the credentials for AWS are not there in time: nothing of profile, container and"
                + " instance answered; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or"
                + " AWS_PROFILE");
  }

  /** Those that were found last; the SDK asks here under the time-out of the request. */
  @Override
  public AwsCredentials resolveCredentials() {
    AwsCredentials credentials = found;
    if (credentials == null) {
      throw new IllegalStateException("credentials are looked for before a request");
    }
    return credentials;
  }

  @Override
  public void close() {
    others.close();
  }
}
