package dev.modelsigning.sigstore.internal.message;

import dev.modelsigning.bundle.Bytes;
import java.util.Optional;

/**
 * A log of a trusted root (Sigstore {@code TransparencyLogInstance}). What is absent is empty.
 *
 * @param baseUrl its address
 * @param publicKey its public key
 * @param logId the log ID in entries
 * @param checkpointKeyId the key ID of its checkpoints
 */
public record TransparencyLogInstance(
    String baseUrl, PublicKey publicKey, Bytes logId, Bytes checkpointKeyId) {

  /**
   * A public key (Sigstore {@code PublicKey}).
   *
   * @param rawBytes the encoded key
   * @param keyDetails its kind; empty if we do not know it
   * @param validFor the period in which it is used
   */
  public record PublicKey(
      Bytes rawBytes, Optional<PublicKeyDetails> keyDetails, TimeRange validFor) {}
}
