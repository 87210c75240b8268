package dev.modelsigning.policy.internal.check;

import dev.modelsigning.VerifiedModel;
import dev.modelsigning.bundle.StoredBundle;
import dev.modelsigning.signing.SignerIdentity;
import dev.modelsigning.signing.VerificationTime;
import dev.modelsigning.signing.VerifiedPayload;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A signature of the model: it was verified, and the model is what was signed.
 *
 * @param stored the file
 * @param payloads the verified payload for each signer of the policy whose signature it is, by
 *     name; at least one
 * @param model the proof that the model has the content of the signed manifest
 */
record Candidate(StoredBundle stored, Map<String, VerifiedPayload> payloads, VerifiedModel model) {

  /** Copies the map and keeps its order. */
  Candidate {
    payloads = Collections.unmodifiableMap(new LinkedHashMap<>(payloads));
  }

  /**
   * Which files it covers: equal for signatures of the same model that cover the same files,
   * whatever algorithm they are hashed with. Signatures that cover different files do not count
   * together, as nobody would have signed what all of them seem to.
   */
  String coverage() {
    MessageDigest function = sha256();
    model.manifest().paths().stream()
        .sorted()
        .forEach(path -> {
          function.update(path.getBytes(StandardCharsets.UTF_8));
          function.update((byte) 0);
        });
    return HexFormat.of().formatHex(function.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The names of its signers. */
  List<String> names() {
    return List.copyOf(payloads.keySet());
  }

  /** The signer, by the first of these names. */
  SignerIdentity signer() {
    return first().signer();
  }

  /** The proved times: those of the name for which most are proved. */
  List<VerificationTime> times() {
    return times(payloads);
  }

  static List<VerificationTime> times(Map<String, VerifiedPayload> payloads) {
    return payloads.values().stream()
        .map(VerifiedPayload::times)
        .filter(times -> times.stream().anyMatch(VerificationTime::isAttested))
        .findFirst()
        .orElse(payloads.values().iterator().next().times());
  }

  private VerifiedPayload first() {
    return payloads.values().iterator().next();
  }
}
