package dev.modelsigning.cli.verify;

/** At least one of many models is not verified, or there are no models; the message says which. */
final class NotVerifiedException extends Exception {

  private static final long serialVersionUID = 1L;

  NotVerifiedException(String message) {
    super(message);
  }
}
