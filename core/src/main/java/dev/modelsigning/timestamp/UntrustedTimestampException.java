package dev.modelsigning.timestamp;

/** A time stamp does not say anything about this signature. The message says why. */
public final class UntrustedTimestampException extends Exception {

  private static final long serialVersionUID = 1L;

  UntrustedTimestampException(String message) {
    super(message);
  }

  UntrustedTimestampException(String message, Throwable cause) {
    super(message, cause);
  }
}
