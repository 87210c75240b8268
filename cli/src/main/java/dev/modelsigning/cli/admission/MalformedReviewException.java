package dev.modelsigning.cli.admission;

import org.jspecify.annotations.Nullable;

/** What was sent is no review that can be answered. */
public final class MalformedReviewException extends Exception {

  private static final long serialVersionUID = 1L;

  MalformedReviewException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
