package dev.modelsigning.s3;

import dev.modelsigning.aws.internal.AwsErrors;
import dev.modelsigning.internal.json.Printable;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Explains failures of the SDK: what the store refused, and what to do about it. The failures
 * themselves are not kept as causes: what they say may come from the store.
 */
final class S3Failure {

  private static final int MOST = 300;

  private static final Set<String> OTHER_REGION =
      Set.of(
          "PermanentRedirect",
          "TemporaryRedirect",
          "AuthorizationHeaderMalformed",
          "IllegalLocationConstraintException");

  /** A right is missing. Of an {@code AccessDeniedException} nothing but the name is shown. */
  static final class DeniedException extends FileSystemException {

    private static final long serialVersionUID = 1L;

    private DeniedException(String what, String why) {
      super(what, null, why);
    }
  }

  private final S3Store store;
  private final String what;
  private final String right;
  private final boolean listed;

  /**
   * Failures of a request.
   *
   * @param what the object or bucket that was asked for, for display
   * @param right the permission that the request needs
   * @param listed whether the object was there when it was listed
   */
  S3Failure(S3Store store, String what, String right, boolean listed) {
    this.store = store;
    this.what = what;
    this.right = right;
    this.listed = listed;
  }

  /** Returns what to throw. */
  IOException of(SdkException e) {
    try {
      if (e instanceof AwsServiceException refusal) {
        return refused(refusal);
      }
      AwsErrors.requireAnswer(e, store.shown());
    } catch (IOException failure) {
      return failure;
    }
    return AwsErrors.withoutCredentials(e, store.shown())
        .map(IOException::new)
        .orElseGet(this::strange);
  }

  /** The failure if an answer is not that of a store. */
  IOException strange() {
    return new IOException(
        store.shown()
            + " answered with something else than expected; is the address that of the store?");
  }

  private FileSystemException failure(String why) {
    return new FileSystemException(what, null, why);
  }

  private IOException refused(AwsServiceException e) {
    String code = AwsErrors.code(e);
    int status = e.statusCode();
    if (status / 100 == 3 && code.isEmpty() && store.named().isPresent()) {
      return failure(
          "was not read: "
              + store.shown()
              + " redirects to another address, which is not followed; is the address right?");
    }
    if (status / 100 == 3 || OTHER_REGION.contains(code)) {
      return failure("is in another region than " + store.region() + otherRegion(e));
    }
    if (AwsErrors.isThrottled(code, status) || status == 503) {
      return failure(
          store.shown()
              + " throttles requests ("
              + shown(code, status)
              + "): try again later, or with a smaller number of --jobs");
    }
    if (code.equals("RequestTimeTooSkewed")) {
      return failure(
          store.shown()
              + " does not take requests of this time: the clock of this machine is wrong; set it");
    }
    if (AwsErrors.isExpired(code)) {
      return failure(
          "was refused: the credentials have expired; get new ones, for example by signing in again");
    }
    if (AwsErrors.isUnknown(code) || code.equals("InvalidAccessKeyId")) {
      return failure(
          store.shown()
              + " does not know the credentials, or they are wrong ("
              + code
              + "); check them, the region "
              + store.region()
              + " and the clock of this machine");
    }
    if (code.equals("NoSuchBucket")) {
      return new NoSuchFileException(what, null, "there is no such bucket at " + store.shown());
    }
    return switch (status) {
      case 403 -> code.equals("InvalidObjectState") ? archived() : denied(e);
      case 404 ->
          listed
              ? failure("vanished while the model was read; start again when nobody writes to it")
              : new NoSuchFileException(
                  what,
                  null,
                  "there is no such object"
                      + (code.isEmpty() || code.equals("NoSuchKey")
                          ? ""
                          : " (" + shown(code, status) + ": " + words(e) + ")"));
      case 409, 412 -> changed();
      default ->
          failure(
              store.shown()
                  + " answered "
                  + shown(code, status)
                  + ": "
                  + words(e)
                  + "; check that the address is that of the store, and try again later");
    };
  }

  private IOException archived() {
    return failure(ARCHIVED);
  }

  /** Why an archived object cannot be read, and what to do. */
  static final String ARCHIVED =
      "is archived and cannot be read now; restore it first (aws s3api restore-object), and wait"
          + " until that is done";

  IOException changed() {
    return new ObjectChangedException(
        what,
        listed
            ? "changed while the model was read: it is not the object that was listed; start again"
                + " when nobody writes to it"
            : "was written by somebody else at the same time; look at what is there now");
  }

  private IOException denied(AwsServiceException e) {
    return new DeniedException(
        what,
        "permission denied: the credentials lack "
            + right
            + " ("
            + words(e)
            + (store.paysRequests()
                ? ")"
                : "); if whoever reads pays for this bucket: --s3-requester-pays"));
  }

  private static String otherRegion(AwsServiceException e) {
    Optional<String> region =
        e.awsErrorDetails() == null || e.awsErrorDetails().sdkHttpResponse() == null
            ? Optional.empty()
            : e.awsErrorDetails().sdkHttpResponse().firstMatchingHeader("x-amz-bucket-region");
    return region
        .filter(name -> name.matches("[a-z0-9-]{1,40}"))
        .map(name -> "; set AWS_REGION=" + name)
        .orElse("; set AWS_REGION to that of the bucket, which the store does not name");
  }

  /** What the store says itself, which names users and objects, and no credentials. */
  private String words(AwsServiceException e) {
    String text = e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorMessage();
    return text == null || text.isBlank()
        ? "without a word"
        : "'" + Printable.brief(store.withoutSecrets(text), MOST) + "'";
  }

  private String shown(String code, int status) {
    return code.isEmpty()
        ? Integer.toString(status)
        : status + " " + Printable.brief(store.withoutSecrets(code));
  }
}
