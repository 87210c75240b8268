package dev.modelsigning.signing;

import dev.modelsigning.finding.Rule;
import dev.modelsigning.finding.Severity;

/**
 * A trusted key, trusted certificates or CRLs cannot be used. Nothing was verified. The message
 * names the file, the expected and the actual content.
 */
public final class UnusableTrustException extends Exception {

  private static final long serialVersionUID = 1L;

  /** What cannot be used. */
  public enum Kind {
    /** A public key. */
    KEY(
        "INVALID_KEY",
        "the public key that was given is not one that can be used",
        "give the signer's public key, on P-256, P-384 or P-521, and nothing else"),
    /** Trusted certificates. */
    CERTIFICATE(
        "INVALID_CERTIFICATE",
        "the trusted certificates that were given are not some that can be used",
        "give certificates of authorities, or self-signed ones, in PEM or DER"),
    /** Certificate revocation lists (CRLs). */
    REVOCATION_LIST(
        "INVALID_REVOCATION_LIST",
        "the revocation lists that were given are not some that can be used; JSON still says"
            + " INVALID_CERTIFICATE",
        "give lists in PEM or DER, and nothing else");

    private final String code;
    private final String title;
    private final String help;

    Kind(String code, String title, String help) {
      this.code = code;
      this.title = title;
      this.help = help;
    }

    /** The rule of this failure, with its meaning and advice. */
    public Rule rule() {
      return new Rule(code, Severity.ERROR, title, help);
    }
  }

  private final Kind kind;

  /** Creates an exception with a message. */
  public UnusableTrustException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** Creates an exception with a message and a cause. */
  public UnusableTrustException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** What cannot be used. */
  public Kind kind() {
    return kind;
  }
}
