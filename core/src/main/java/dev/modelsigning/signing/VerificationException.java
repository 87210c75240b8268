package dev.modelsigning.signing;

import dev.modelsigning.finding.Rule;
import dev.modelsigning.finding.Severity;
import java.nio.file.Path;

/**
 * A bundle or a model did not stand up to verification. The message says what was expected and what
 * was found. Exceptions that know more extend it.
 */
public class VerificationException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Why verification failed. The names are codes for programs, and never change. */
  public enum Reason {
    /** The bundle was made by another signing method than the one asked for (OMS 4.1). */
    WRONG_METHOD(
        "the bundle was made by another signing method than the one asked for (OMS 4.1)",
        "verify by the method that the message names"),
    /** The bundle names another key than the one given. */
    WRONG_KEY(
        "the bundle names another key than the one given",
        "get the signer's key from a place that you trust, or do not use the model"),
    /** The signature is not one of this key over this payload (OMS 8.2). */
    INVALID_SIGNATURE(
        "the signature is not one of this key over this payload (OMS 8.2)", "do not use the model"),
    /** The signer's certificate is not to be trusted: chain, validity or usage (OMS 8.2). */
    UNTRUSTED_CERTIFICATE(
        "the signer's certificate is not to be trusted: chain, validity or usage (OMS 8.2)",
        "do not use the model; if its signer is to be trusted, give the authority's certificate with"
            + " --certificate-chain"),
    /** The signer's certificate, or one above it, was revoked. */
    REVOKED(
        "the signer's certificate, or one above it, was revoked",
        "do not use the model; its publisher has to sign it anew"),
    /** Whether the signer's certificate, or one above it, was revoked cannot be found out. */
    REVOCATION_UNKNOWN(
        "whether the signer's certificate, or one above it, was revoked cannot be found out",
        "give the missing or newer list with --crl, or allow it with --revocation-soft-fail"),
    /** A time stamp is not to be trusted, or there is no trusted time at all. */
    UNTRUSTED_TIMESTAMP(
        "a time stamp is not to be trusted, or there is no trusted time at all",
        "do not use the model, unless the trusted root lacks an authority that is to be trusted"),
    /** An entry of a transparency log is not to be trusted, or is about something else. */
    UNTRUSTED_LOG_ENTRY(
        "an entry of a transparency log is not to be trusted, or is about something else",
        "do not use the model, unless the trusted root lacks a log that is to be trusted"),
    /** The signer is somebody else than the one asked for. */
    WRONG_IDENTITY(
        "the signer is somebody else than the one asked for",
        "do not use the model, unless this signer is the one you expect after all"),
    /** The model is not what the manifest says (OMS 8.4). */
    MODEL_MISMATCH(
        "the model is not the one that was signed (OMS 8.4)",
        "do not use changed models; if files are only unsigned, remove them or name them with"
            + " --ignore-paths"),
    /** Strict verification was asked for, and the bundle only passes without it. */
    NOT_STRICT(
        "strict verification was asked for, and the bundle only passes without it",
        "have the model signed anew, or verify without --strict"),
    /** What was to be verified by itself was not signed, or is not complete. */
    INVALID_SELECTION(
        "what was to be verified by itself (--only) was not signed, or is not complete",
        "name files, directories or indexes as they were signed, or verify the whole model"),
    /** A method of a third party has a reason of its own; see {@link #rule()}. */
    OTHER(
        "a method of a third party has a reason of its own, whose code is shown in place of this one",
        "ask who made the method");

    private final String title;
    private final String help;

    Reason(String title, String help) {
      this.title = title;
      this.help = help;
    }

    /** What it means and what to do about it. */
    public Rule rule() {
      return new Rule(name(), Severity.ERROR, title, help);
    }
  }

  private final Reason reason;
  private final Rule rule;

  /** A failure for one of our reasons. */
  public VerificationException(Reason reason, String message) {
    super(message);
    this.reason = reason;
    this.rule = reason.rule();
  }

  /** A failure for one of our reasons, with its cause. */
  public VerificationException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
    this.rule = reason.rule();
  }

  /** The same failure, with the file that it is about in front of the message. */
  public VerificationException(Path file, VerificationException cause) {
    super(file + ": " + cause.getMessage(), cause);
    this.reason = cause.reason;
    this.rule = cause.rule;
  }

  /**
   * A failure by a method of a third party, for a reason that ours do not have.
   *
   * @param rule the reason, whose code has the name of the third party, such as {@code
   *     acme/NO_QUOTE}
   * @param message what was expected and what was found
   * @throws IllegalArgumentException if the code has no such name
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

  /** Why verification failed: the rule of the reason, or the one of a third party. */
  public Rule rule() {
    return rule;
  }

  /** Why verification failed. */
  public Reason reason() {
    return reason;
  }
}
