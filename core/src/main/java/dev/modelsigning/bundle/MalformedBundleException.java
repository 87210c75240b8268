package dev.modelsigning.bundle;

import java.nio.file.Path;

/**
 * The bytes of a bundle, or of the statement inside, are not what OMS demands. The message names
 * the field, what was expected and what was found.
 */
public final class MalformedBundleException extends Exception {

  private static final long serialVersionUID = 1L;

  /** An exception with a message. */
  public MalformedBundleException(String message) {
    super(message);
  }

  /** An exception with a message and a cause. */
  public MalformedBundleException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The same failure, with the file that it is about in front of the message. */
  public MalformedBundleException(Path file, MalformedBundleException cause) {
    super(file + ": " + cause.getMessage(), cause);
  }

  /** An exception with a message that is the cause's. */
  MalformedBundleException(Exception cause) {
    super(cause.getMessage(), cause);
  }
}
