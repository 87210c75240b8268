package dev.modelsigning.sigstore;

import java.io.IOException;

/**
 * Whom to trust, or which services to use, cannot be found out: a file with a trusted root or a
 * signing configuration is not one, or its repository is not to be trusted. The message says which,
 * why, and what to do.
 */
public final class TrustConfigException extends IOException {

  private static final long serialVersionUID = 1L;

  /** An exception with a message. */
  public TrustConfigException(String message) {
    super(message);
  }

  /** An exception with a message and a cause. */
  public TrustConfigException(String message, Throwable cause) {
    super(message, cause);
  }
}
