package dev.modelsigning.sigstore.internal.trust;

import java.io.IOException;

/** The content of a TUF repository failed verification. The message gives the reason. */
public final class TufException extends IOException {

  private static final long serialVersionUID = 1L;

  /** Creates an exception with a message. */
  public TufException(String message) {
    super(message);
  }

  /** Creates an exception with a message and a cause. */
  TufException(String message, Throwable cause) {
    super(message, cause);
  }
}
