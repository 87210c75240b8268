package dev.modelsigning.signing;

/**
 * A name in a certificate beside its subject (RFC 5280 4.2.1.6).
 *
 * @param kind what kind of name it is
 * @param value the name
 */
public record SubjectName(Kind kind, String value) {

  /** The kinds of names that signers are called by. */
  public enum Kind {
    /** An e-mail address ({@code rfc822Name}). */
    EMAIL,
    /** A host name ({@code dNSName}). */
    HOST,
    /** A URI ({@code uniformResourceIdentifier}). */
    URI
  }
}
