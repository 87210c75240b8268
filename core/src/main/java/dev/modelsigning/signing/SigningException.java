package dev.modelsigning.signing;

/** A model could not be signed. The message says why and what to do. */
public final class SigningException extends Exception {

  private static final long serialVersionUID = 1L;

  /** An exception with a message. */
  public SigningException(String message) {
    super(message);
  }

  /** An exception with a message and a cause. */
  public SigningException(String message, Throwable cause) {
    super(message, cause);
  }
}
