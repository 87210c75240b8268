package dev.modelsigning;

import dev.modelsigning.manifest.ManifestDiff;
import dev.modelsigning.signing.VerificationException;

/**
 * The signature is valid, but the model differs from the one that was signed (OMS 8.4). The reason
 * is {@link VerificationException.Reason#MODEL_MISMATCH}.
 */
public final class ModelMismatchException extends VerificationException {

  private static final long serialVersionUID = 1L;

  private final transient ManifestDiff differences;

  ModelMismatchException(String message, ManifestDiff differences) {
    super(Reason.MODEL_MISMATCH, message);
    this.differences = differences;
  }

  /** The differences between the model and its manifest; at least one. */
  public ManifestDiff differences() {
    return differences;
  }
}
