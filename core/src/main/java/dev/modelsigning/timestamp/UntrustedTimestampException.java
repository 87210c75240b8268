package dev.modelsigning.timestamp;

/** A time stamp is not accepted for this signature. The message gives the reason. */
public final class UntrustedTimestampException extends Exception {

  private static final long serialVersionUID = 1L;

  UntrustedTimestampException(String message) {
    super(message);
  }

  UntrustedTimestampException(String message, Throwable cause) {
    super(message, cause);
  }
}
