package dev.modelsigning.internal.keyfile;

import org.jspecify.annotations.Nullable;

/** The content of a file with keys or certificates is not what it should be. */
public final class PemException extends Exception {

  private static final long serialVersionUID = 1L;

  PemException(String message) {
    super(message);
  }

  PemException(@Nullable String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
