package dev.modelsigning.oci.internal.image;

import java.io.IOException;

/**
 * A manifest or an index is not what the OCI image specification says, or exceeds a limit; or what
 * a digest names is not there, or has other bytes. Asking again does not help.
 */
public final class MalformedImageException extends IOException {

  private static final long serialVersionUID = 1L;

  /** Creates an exception whose message says what is wrong, and where. */
  public MalformedImageException(String message) {
    super(message);
  }

  /** Creates an exception with its cause. */
  public MalformedImageException(String message, Throwable cause) {
    super(message, cause);
  }
}
