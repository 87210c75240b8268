package dev.modelsigning.aws.internal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/** What the errors of services and of the SDK mean. */
public final class AwsErrors {

  private static final Set<String> THROTTLED =
      Set.of(
          "ThrottlingException",
          "Throttling",
          "ThrottledException",
          "RequestThrottled",
          "RequestThrottledException",
          "RequestLimitExceeded",
          "LimitExceededException",
          "TooManyRequestsException",
          "SlowDown");

  private static final Set<String> EXPIRED =
      Set.of("ExpiredTokenException", "ExpiredToken", "TokenRefreshRequired");

  private static final Set<String> UNKNOWN =
      Set.of(
          "UnrecognizedClientException",
          "InvalidClientTokenId",
          "InvalidSignatureException",
          "SignatureDoesNotMatch",
          "IncompleteSignature",
          "IncompleteSignatureException",
          "MissingAuthenticationToken",
          "MissingAuthenticationTokenException",
          "AuthFailure");

  private static final Set<String> DENIED = Set.of("AccessDeniedException", "AccessDenied");

  private AwsErrors() {}

  /** The code that the service names; empty if it names none. */
  public static String code(AwsServiceException e) {
    String code = e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorCode();
    return code == null ? "" : code;
  }

  /** Whether there were too many requests. */
  public static boolean isThrottled(String code, int status) {
    return THROTTLED.contains(code) || status == 429;
  }

  /** Whether credentials have expired. */
  public static boolean isExpired(String code) {
    return EXPIRED.contains(code);
  }

  /** Whether credentials are not known, or wrong. */
  public static boolean isUnknown(String code) {
    return UNKNOWN.contains(code);
  }

  /** Whether a permission is missing. */
  public static boolean isDenied(String code) {
    return DENIED.contains(code);
  }

  /**
   * Throws if a service did not answer.
   *
   * @param shown the service in messages
   */
  public static void requireAnswer(SdkException e, String shown) throws IOException {
    if (e instanceof AbortedException) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(shown + " was not waited for: interrupted");
    }
    if (e instanceof ApiCallTimeoutException) {
      throw new IOException(shown + " did not answer in time; try again");
    }
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof ServiceHttp.Failed failed) {
        throw failed.failure();
      }
    }
  }

  /**
   * What to do if the SDK has found no credentials; empty if that is not what failed.
   *
   * @param shown the service in messages
   */
  public static Optional<String> withoutCredentials(SdkException e, String shown) {
    String message = String.valueOf(e.getMessage());
    return message.startsWith("Unable to load credentials")
        ? Optional.of(
            "there are no credentials for "
                + shown
                + ": set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN), or"
                + " AWS_PROFILE; for what only the command line of AWS knows, such as a single"
                + " sign-on: eval \"$(aws configure export-credentials --format env)\"")
        : Optional.empty();
  }
}
