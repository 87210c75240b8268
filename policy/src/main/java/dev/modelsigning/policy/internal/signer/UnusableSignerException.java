package dev.modelsigning.policy.internal.signer;

/** The trust files of a signer cannot be used, so nothing can be verified by it. */
public final class UnusableSignerException extends Exception {

  private static final long serialVersionUID = 1L;

  UnusableSignerException(String message, Throwable cause) {
    super(message, cause);
  }
}
