package dev.modelsigning.inspection;

/**
 * The inputs cannot be compared: their digests are of different kinds, or it is ambiguous what an
 * input is. The message says which.
 */
public final class IncomparableException extends Exception {

  private static final long serialVersionUID = 1L;

  IncomparableException(String message) {
    super(message);
  }

  IncomparableException(String message, Throwable cause) {
    super(message, cause);
  }
}
