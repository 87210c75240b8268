package dev.modelsigning.bundle;

import java.util.Optional;

/**
 * Which public key a signature belongs to (method {@code key}).
 *
 * @param hint the fingerprint of the key, as OMS 1.1 and later write it; empty where absent
 * @param rawBytes the key in PEM, as older signers wrote it; empty where absent
 */
public record PublicKeyIdentifier(Optional<String> hint, Optional<Bytes> rawBytes)
    implements VerificationMaterial {

  /** Whether the bundle says anything about its key. */
  public boolean isPresent() {
    return hint.isPresent() || rawBytes.isPresent();
  }
}
