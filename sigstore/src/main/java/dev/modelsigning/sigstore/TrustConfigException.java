package dev.modelsigning.sigstore;

import java.io.IOException;

/**
 * The trusted root or the signing configuration is not available: a file is malformed, or the TUF
 * repository failed verification. The message gives the source, the reason and the remedy.
 */
public final class TrustConfigException extends IOException {

  private static final long serialVersionUID = 1L;

  /** Creates an exception with a message. */
  public TrustConfigException(String message) {
    super(message);
  }

  /** Creates an exception with a message and a cause. */
  public TrustConfigException(String message, Throwable cause) {
    super(message, cause);
  }
}
