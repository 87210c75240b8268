package dev.modelsigning.signingkey;

/**
 * A signature is not one over these bytes by this key. If it has a cause, the key cannot be used,
 * so that it could not be found out.
 */
public final class InvalidSignatureException extends Exception {

  private static final long serialVersionUID = 1L;

  /**
   * The signature was looked at and is wrong.
   *
   * @param message what is wrong with it
   */
  public InvalidSignatureException(String message) {
    super(message);
  }

  /**
   * The signature could not be looked at.
   *
   * @param message what is wrong with the key
   * @param cause what it came from, by which this is told from a wrong signature
   */
  public InvalidSignatureException(String message, Exception cause) {
    super(message, cause);
  }
}
