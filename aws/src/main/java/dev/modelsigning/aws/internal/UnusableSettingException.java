package dev.modelsigning.aws.internal;

/** A setting cannot be used; the message says which, without a secret that it may contain. */
public final class UnusableSettingException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Creates an exception. */
  public UnusableSettingException(String message) {
    super(message);
  }
}
