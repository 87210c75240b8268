package dev.modelsigning.pkix;

/** A certificate was revoked, or nobody can tell whether it was. The message says which and why. */
public final class RevokedException extends Exception {

  private static final long serialVersionUID = 1L;

  RevokedException(String message, Throwable cause) {
    super(message, cause);
  }
}
