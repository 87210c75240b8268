package dev.modelsigning.oci;

import java.io.IOException;

/**
 * There is no model under a name in a registry: nothing, or something that cannot be one. Asking
 * again does not help, as it may where a registry cannot be reached.
 */
public final class UnusableModelException extends IOException {

  private static final long serialVersionUID = 1L;

  UnusableModelException(String message, IOException cause) {
    super(message, cause);
  }
}
