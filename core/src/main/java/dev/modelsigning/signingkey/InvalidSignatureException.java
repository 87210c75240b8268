package dev.modelsigning.signingkey;

/**
 * A signature does not verify over these bytes with this key. If the exception has a cause, the key
 * cannot be used, and the signature was not verified.
 */
public final class InvalidSignatureException extends Exception {

  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception for a signature that does not verify.
   *
   * @param message what is wrong with it
   */
  public InvalidSignatureException(String message) {
    super(message);
  }

  /**
   * Creates an exception for a signature that could not be verified.
   *
   * @param message what is wrong with the key
   * @param cause the cause, which distinguishes this case from an invalid signature
   */
  public InvalidSignatureException(String message, Exception cause) {
    super(message, cause);
  }
}
