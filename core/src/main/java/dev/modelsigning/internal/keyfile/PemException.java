package dev.modelsigning.internal.keyfile;

import org.jspecify.annotations.Nullable;

/** A file with keys or certificates does not have the expected content. */
public final class PemException extends Exception {

  private static final long serialVersionUID = 1L;

  PemException(String message) {
    super(message);
  }

  PemException(@Nullable String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
