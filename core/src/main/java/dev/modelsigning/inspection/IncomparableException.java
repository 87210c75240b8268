package dev.modelsigning.inspection;

/**
 * What was given cannot be compared: digests of other kinds, or something of which it is not clear
 * what it is. The message says what.
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
