package dev.modelsigning.release;

/** A release cannot be made; the message says why. */
final class ReleaseException extends Exception {

  private static final long serialVersionUID = 1;

  ReleaseException(String message) {
    super(message);
  }
}
