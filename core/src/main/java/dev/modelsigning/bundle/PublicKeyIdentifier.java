package dev.modelsigning.bundle;

import java.util.Optional;

/**
 * Identifies the public key of a signature (method {@code key}).
 *
 * @param hint the fingerprint of the key, as OMS 1.1 and later write it; empty where absent
 * @param rawBytes the key in PEM, as older signers wrote it; empty where absent
 */
public record PublicKeyIdentifier(Optional<String> hint, Optional<Bytes> rawBytes)
    implements VerificationMaterial {

  /** Whether the bundle identifies its key. */
  public boolean isPresent() {
    return hint.isPresent() || rawBytes.isPresent();
  }
}
