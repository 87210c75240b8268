package dev.modelsigning.kms.aws;

import dev.modelsigning.aws.internal.AwsErrors;
import dev.modelsigning.internal.json.Printable;
import java.io.IOException;
import java.security.InvalidKeyException;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Explains failures of the SDK: what the service refused, and what to do about it. The failures
 * themselves are not kept as causes: what they say may come from the service.
 */
final class KmsFailure {

  private static final int MOST = 300;

  private final KmsService service;
  private final String key;
  private final String region;
  private final String right;

  /**
   * Failures of a request.
   *
   * @param key the key that was named
   * @param region where it was looked for
   * @param right the permission that the request needs
   */
  KmsFailure(KmsService service, String key, String region, String right) {
    this.service = service;
    this.key = Printable.quote(key);
    this.region = region;
    this.right = right;
  }

  static boolean isDenied(AwsServiceException e) {
    return AwsErrors.isDenied(AwsErrors.code(e));
  }

  /** What the service says itself, which names users and keys, and no credentials. */
  private String words(AwsServiceException e) {
    String text = e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorMessage();
    return text == null || text.isBlank()
        ? "without a word"
        : "'" + Printable.brief(service.withoutSecrets(text), MOST) + "'";
  }

  /**
   * Returns what to throw for a refusal.
   *
   * @throws IOException if the service cannot answer now, or something else answers
   */
  InvalidKeyException of(SdkException e) throws IOException {
    if (e instanceof AwsServiceException refusal) {
      return new InvalidKeyException(service.shown() + " " + refused(refusal));
    }
    AwsErrors.requireAnswer(e, service.shown());
    Optional<String> advice = AwsErrors.withoutCredentials(e, service.shown());
    if (advice.isPresent()) {
      return new InvalidKeyException(advice.get());
    }
    throw new IOException(
        service.shown()
            + " answered with something else than expected; is the address that of the service?");
  }

  private String refused(AwsServiceException e) throws IOException {
    String code = AwsErrors.code(e);
    int status = e.statusCode();
    if (AwsErrors.isThrottled(code, status)) {
      throw new IOException(
          service.shown() + " throttles requests (" + shown(code, status) + "): try again later");
    }
    if (status / 100 == 3) {
      throw new IOException(
          service.shown()
              + " redirects to another address, which is not asked; name the right endpoint or region");
    }
    if (status / 100 == 5 || code.isEmpty()) {
      throw new IOException(
          service.shown()
              + " answered "
              + shown(code, status)
              + ": "
              + words(e)
              + "; try again later, and check that the address is that of the service");
    }
    if (AwsErrors.isExpired(code)) {
      return "refused: the credentials have expired; get new ones, for example by signing in again";
    }
    if (AwsErrors.isUnknown(code)) {
      return "does not know the credentials, or they are wrong ("
          + code
          + "); check them, the region "
          + region
          + " and the clock of this machine";
    }
    if (AwsErrors.isDenied(code)) {
      return "denied the permission: the credentials are valid and lack "
          + right
          + " for the key "
          + key
          + " ("
          + words(e)
          + ")";
    }
    return switch (code) {
      case "NotFoundException" ->
          "has no key "
              + key
              + " in the region "
              + region
              + " for this account ("
              + words(e)
              + "); check the name and AWS_REGION, or name the key by its ARN";
      case "InvalidArnException" -> "does not take the name " + key + " (" + words(e) + ")";
      case "DisabledException" ->
          "cannot use the key "
              + key
              + ": it is disabled; enable it, or use another key. What it signed is verified with its"
              + " public key in a file";
      case "KMSInvalidStateException" ->
          "cannot use the key "
              + key
              + " in its state, such as pending deletion or import ("
              + words(e)
              + "); cancel its deletion, or use another key";
      case "KeyUnavailableException" ->
          "cannot reach the key " + key + " now (" + words(e) + "); try again later";
      case "UnsupportedOperationException", "InvalidKeyUsageException" ->
          "has another kind of key in "
              + key
              + ", expected one for SIGN_VERIFY on ECC_NIST_P256, ECC_NIST_P384 or ECC_NIST_P521 ("
              + words(e)
              + ")";
      default -> "refused with " + shown(code, status) + ": " + words(e);
    };
  }

  private String shown(String code, int status) {
    return code.isEmpty()
        ? Integer.toString(status)
        : status + " " + Printable.brief(service.withoutSecrets(code));
  }
}
