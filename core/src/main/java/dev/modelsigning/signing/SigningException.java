package dev.modelsigning.signing;

/** A model could not be signed. The message gives the cause and the remedy. */
public final class SigningException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Creates an exception with a message. */
  public SigningException(String message) {
    super(message);
  }

  /** Creates an exception with a message and a cause. */
  public SigningException(String message, Throwable cause) {
    super(message, cause);
  }
}
