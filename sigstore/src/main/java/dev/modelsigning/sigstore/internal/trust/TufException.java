package dev.modelsigning.sigstore.internal.trust;

import java.io.IOException;

/** What a TUF repository has does not stand up to verification. The message says why. */
public final class TufException extends IOException {

  private static final long serialVersionUID = 1L;

  /** An exception with a message. */
  public TufException(String message) {
    super(message);
  }

  /** An exception with a message and a cause. */
  TufException(String message, Throwable cause) {
    super(message, cause);
  }
}
