package dev.modelsigning.policy.internal.check;

import dev.modelsigning.bundle.StoredBundle;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.signing.VerifiedPayload;
import java.util.Map;

/**
 * A signature that is genuine, whatever it is about.
 *
 * @param stored the file
 * @param payloads the verified payload for each signer of the policy whose signature it is, by
 *     name; at least one
 * @param manifest what was signed
 */
record Authentic(StoredBundle stored, Map<String, VerifiedPayload> payloads, Manifest manifest) {

  /** The payload, by the first of its signers. */
  VerifiedPayload payload() {
    return payloads.values().iterator().next();
  }
}
