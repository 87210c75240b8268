package dev.modelsigning.internal.pkix;

/** A certificate is not trusted at the given time. The message says which one and why. */
public final class UntrustedCertificateException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Creates an exception with a message. */
  public UntrustedCertificateException(String message) {
    super(message);
  }

  /** Creates an exception with a message and a cause. */
  public UntrustedCertificateException(String message, Throwable cause) {
    super(message, cause);
  }
}
