package dev.modelsigning.signing;

import dev.modelsigning.finding.Rule;
import dev.modelsigning.finding.Severity;
import java.nio.file.Path;

/**
 * A bundle or a model failed verification. The message gives the expected and the actual value.
 * Subclasses carry more data.
 */
public class VerificationException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Why verification failed. The names are stable codes for programs, and never change. */
  public enum Reason {
    /** The bundle was made with another signing method than the requested one (OMS 4.1). */
    WRONG_METHOD(
        "the bundle was made by another signing method than the one asked for (OMS 4.1)",
        "verify by the method that the message names"),
    /** The bundle names another key than the given one. */
    WRONG_KEY(
        "the bundle names another key than the one given",
        "get the signer's key from a place that you trust, or do not use the model"),
    /** The signature does not verify with this key over this payload (OMS 8.2). */
    INVALID_SIGNATURE(
        "the signature is not one of this key over this payload (OMS 8.2)", "do not use the model"),
    /** The signer's certificate is not trusted: chain, validity or usage (OMS 8.2). */
    UNTRUSTED_CERTIFICATE(
        "the signer's certificate is not to be trusted: chain, validity or usage (OMS 8.2)",
        "do not use the model; if its signer is to be trusted, give the authority's certificate with"
            + " --certificate-chain"),
    /** The signer's certificate, or a CA certificate of its path, was revoked. */
    REVOKED(
        "the signer's certificate, or one above it, was revoked",
        "do not use the model; its publisher has to sign it anew"),
    /**
     * The revocation status of the signer's certificate, or of a CA certificate of its path, is
     * unknown.
     */
    REVOCATION_UNKNOWN(
        "whether the signer's certificate, or one above it, was revoked cannot be found out",
        "give the missing or newer list with --crl, or allow it with --revocation-soft-fail"),
    /** A time stamp is not trusted, or there is no trusted time at all. */
    UNTRUSTED_TIMESTAMP(
        "a time stamp is not to be trusted, or there is no trusted time at all",
        "do not use the model, unless the trusted root lacks an authority that is to be trusted"),
    /** A transparency log entry is not trusted, or refers to something else. */
    UNTRUSTED_LOG_ENTRY(
        "an entry of a transparency log is not to be trusted, or is about something else",
        "do not use the model, unless the trusted root lacks a log that is to be trusted"),
    /** The signer is not one of the required ones. */
    WRONG_IDENTITY(
        "the signer is somebody else than the one asked for",
        "do not use the model, unless this signer is the one you expect after all"),
    /** The model does not match the manifest (OMS 8.4). */
    MODEL_MISMATCH(
        "the model is not the one that was signed (OMS 8.4)",
        "do not use changed models; if files are only unsigned, remove them or name them with"
            + " --ignore-paths"),
    /** The signature is of a part of a model, and counts only with the index of all parts. */
    PART_OF_MODEL(
        "the signature is of a part of a model, or of another part than the index says",
        "name the directory with the index of all parts as --signature; if it is not there, ask the"
            + " model's publisher for it"),
    /** Strict verification was requested, and the bundle is acceptable only without it. */
    NOT_STRICT(
        "strict verification was asked for, and the bundle only passes without it",
        "have the model signed anew, or verify without --strict"),
    /** What was selected for verification was not signed, or is incomplete. */
    INVALID_SELECTION(
        "what was to be verified by itself (--only) was not signed, or is not complete",
        "name files, directories or indexes as they were signed, or verify the whole model"),
    /** No attestation of the required type verifies. */
    NO_ATTESTATION(
        "no attestation of the type asked for counts: none is there, or none verifies",
        "ask the model's publisher for the attestation, and see why the others do not count"),
    /** The reason is one of a third-party method; see {@link #rule()}. */
    OTHER(
        "a method of a third party has a reason of its own, whose code is shown in place of this one",
        "ask who made the method");

    private final String title;
    private final String help;

    Reason(String title, String help) {
      this.title = title;
      this.help = help;
    }

    /** The rule of this reason, with its meaning and advice. */
    public Rule rule() {
      return new Rule(name(), Severity.ERROR, title, help);
    }
  }

  private final Reason reason;
  private final Rule rule;

  /** Creates a failure with one of our reasons. */
  public VerificationException(Reason reason, String message) {
    super(message);
    this.reason = reason;
    this.rule = reason.rule();
  }

  /** Creates a failure with one of our reasons and a cause. */
  public VerificationException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
    this.rule = reason.rule();
  }

  /** Creates an exception for the same failure, with the name of the file before the message. */
  public VerificationException(Path file, VerificationException cause) {
    super(file + ": " + cause.getMessage(), cause);
    this.reason = cause.reason;
    this.rule = cause.rule;
  }

  /** Creates an exception for the same failure, with the place of the bundle before the message. */
  public VerificationException(String location, VerificationException cause) {
    super(location + ": " + cause.getMessage(), cause);
    this.reason = cause.reason;
    this.rule = cause.rule;
  }

  /**
   * Creates a failure of a third-party method, for a reason that is not one of ours.
   *
   * @param rule the reason, whose code is prefixed with the name of the third party, such as {@code
   *     acme/NO_QUOTE}
   * @param message the expected and the actual value
   * @throws IllegalArgumentException if the code has no such prefix
   */
  public VerificationException(Rule rule, String message) {
    super(message);
    if (!rule.isForeign()) {
      throw new IllegalArgumentException(
          "the code of a reason of a third party: expected a name and a slash before it, found "
              + rule.code());
    }
    this.reason = Reason.OTHER;
    this.rule = rule;
  }

  /** The rule of the failure: that of the reason, or one of a third party. */
  public Rule rule() {
    return rule;
  }

  /** The reason of the failure. */
  public Reason reason() {
    return reason;
  }
}
