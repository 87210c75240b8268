package dev.modelsigning.internal.pkix;

/** A certificate is not to be trusted at the time asked for. The message says which one and why. */
public final class UntrustedCertificateException extends Exception {

  private static final long serialVersionUID = 1L;

  /** An exception with a message. */
  public UntrustedCertificateException(String message) {
    super(message);
  }

  /** An exception with a message and a cause. */
  public UntrustedCertificateException(String message, Throwable cause) {
    super(message, cause);
  }
}
