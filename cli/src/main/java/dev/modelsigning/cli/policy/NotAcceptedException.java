package dev.modelsigning.cli.policy;

import org.jspecify.annotations.Nullable;

/** A policy does not accept a model, or cannot be used; the message says which and why. */
final class NotAcceptedException extends Exception {

  private static final long serialVersionUID = 1L;

  NotAcceptedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
