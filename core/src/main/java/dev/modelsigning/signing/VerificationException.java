package dev.modelsigning.signing;

import dev.modelsigning.manifest.ManifestDiff;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A bundle or a model did not stand up to verification. The message says what was expected and what
 * was found.
 */
public final class VerificationException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Why verification failed. */
  public enum Reason {
    /** The bundle was made by another signing method than the one asked for (OMS 4.1). */
    WRONG_METHOD,
    /** The bundle names another key than the one given. */
    WRONG_KEY,
    /** The signature is not one of this key over this payload (OMS 8.2). */
    INVALID_SIGNATURE,
    /** The signer's certificate is not to be trusted: chain, validity or usage (OMS 8.2). */
    UNTRUSTED_CERTIFICATE,
    /** The signer's certificate, or one above it, was revoked. */
    REVOKED,
    /** Whether the signer's certificate, or one above it, was revoked cannot be found out. */
    REVOCATION_UNKNOWN,
    /** A time stamp is not to be trusted, or there is no trusted time at all. */
    UNTRUSTED_TIMESTAMP,
    /** An entry of a transparency log is not to be trusted, or is about something else. */
    UNTRUSTED_LOG_ENTRY,
    /** The signer is somebody else than the one asked for. */
    WRONG_IDENTITY,
    /** The model is not what the manifest says; see {@link #diff()} (OMS 8.4). */
    MODEL_MISMATCH,
    /** Strict verification was asked for, and the bundle only passes without it. */
    NOT_STRICT
  }

  private final Reason reason;
  private final transient @Nullable ManifestDiff diff;

  /** A failure without a comparison of files. */
  public VerificationException(Reason reason, String message) {
    super(message);
    this.reason = reason;
    this.diff = null;
  }

  /** A failure without a comparison of files, with its cause. */
  public VerificationException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
    this.diff = null;
  }

  /** The same failure, with the file that it is about in front of the message. */
  public VerificationException(Path file, VerificationException cause) {
    super(file + ": " + cause.getMessage(), cause);
    this.reason = cause.reason;
    this.diff = cause.diff;
  }

  /** A failure of the comparison of files. */
  public VerificationException(String message, ManifestDiff diff) {
    super(message);
    this.reason = Reason.MODEL_MISMATCH;
    this.diff = diff;
  }

  /** Why verification failed. */
  public Reason reason() {
    return reason;
  }

  /** How the model differs, if that is why verification failed. */
  public Optional<ManifestDiff> diff() {
    return Optional.ofNullable(diff);
  }
}
