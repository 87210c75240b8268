package dev.modelsigning.kms.aws;

import dev.modelsigning.signingkey.KeyContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
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
final class Credentials implements AwsCredentialsProvider, AutoCloseable {

  private final KeyContext context;
  private final DefaultCredentialsProvider others = DefaultCredentialsProvider.builder().build();

  Credentials(KeyContext context) {
    this.context = context;
  }

  @Override
  public AwsCredentials resolveCredentials() {
    Optional<String> id = context.variable("AWS_ACCESS_KEY_ID");
    Optional<String> secret = context.variable("AWS_SECRET_ACCESS_KEY");
    if (id.isPresent() && secret.isPresent()) {
      return context
          .variable("AWS_SESSION_TOKEN")
          .<AwsCredentials>map(token -> AwsSessionCredentials.create(id.get(), secret.get(), token))
          .orElseGet(() -> AwsBasicCredentials.create(id.get(), secret.get()));
    }
    try {
      return InTime.result(
          others::resolveCredentials,
          context.timeout(),
          "the credentials for AWS are not there in time: nothing of profile, container and instance"
              + " answered; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    others.close();
  }
}
