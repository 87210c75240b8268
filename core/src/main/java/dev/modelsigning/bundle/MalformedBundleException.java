package dev.modelsigning.bundle;

import java.nio.file.Path;

/**
 * A bundle, or the statement in it, does not have the format that OMS requires. The message names
 * the field, the expected and the actual value.
 */
public final class MalformedBundleException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Creates an exception with a message. */
  public MalformedBundleException(String message) {
    super(message);
  }

  /** Creates an exception with a message and a cause. */
  public MalformedBundleException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Creates an exception for the same failure, with the name of the file before the message. */
  public MalformedBundleException(Path file, MalformedBundleException cause) {
    super(file + ": " + cause.getMessage(), cause);
  }

  /** Creates an exception with the message of its cause. */
  MalformedBundleException(Exception cause) {
    super(cause.getMessage(), cause);
  }
}
