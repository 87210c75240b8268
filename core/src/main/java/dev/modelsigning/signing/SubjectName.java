package dev.modelsigning.signing;

/**
 * A subject alternative name of a certificate (RFC 5280 4.2.1.6).
 *
 * @param kind the type of the name
 * @param value the name
 */
public record SubjectName(Kind kind, String value) {

  /** The types of names that identify signers. */
  public enum Kind {
    /** An e-mail address ({@code rfc822Name}). */
    EMAIL,
    /** A host name ({@code dNSName}). */
    HOST,
    /** A URI ({@code uniformResourceIdentifier}). */
    URI
  }
}
