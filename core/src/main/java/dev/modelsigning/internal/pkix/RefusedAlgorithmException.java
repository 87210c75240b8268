package dev.modelsigning.internal.pkix;

import java.security.GeneralSecurityException;

/** A key or an algorithm that the {@link AlgorithmPolicy} does not allow. The message says why. */
public final class RefusedAlgorithmException extends GeneralSecurityException {

  private static final long serialVersionUID = 1L;

  RefusedAlgorithmException(String message) {
    super(message);
  }

  RefusedAlgorithmException(String message, Throwable cause) {
    super(message, cause);
  }
}
