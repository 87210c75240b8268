package dev.modelsigning.policy.internal.check;

import dev.modelsigning.VerifiedModel;
import dev.modelsigning.attestation.ModelSubject;
import dev.modelsigning.bundle.StoredBundle;
import dev.modelsigning.signing.CertificateIdentity;
import dev.modelsigning.signing.KeyIdentity;
import dev.modelsigning.signing.KeylessIdentity;
import dev.modelsigning.signing.SignerIdentity;
import dev.modelsigning.signing.VerificationTime;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.signingkey.MlDsaScheme;
import java.util.Collections;
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
 * @param subject the model as the subject of attestations, without a name
 * @param coverage which files it covers: equal for signatures that cover the same files, whatever
 *     algorithm they are hashed with. Signatures that cover different files do not count together,
 *     as nobody would have signed what all of them seem to
 */
record Candidate(
    StoredBundle stored,
    Map<String, VerifiedPayload> payloads,
    VerifiedModel model,
    ModelSubject subject,
    String coverage) {

  /** Copies the map and keeps its order. */
  Candidate {
    payloads = Collections.unmodifiableMap(new LinkedHashMap<>(payloads));
  }

  /** The same signature in a copy of its file. */
  Candidate in(StoredBundle copy) {
    return new Candidate(copy, payloads, model, subject, coverage);
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

  /** The name of the scheme with which it is signed. */
  String scheme() {
    return scheme(signer());
  }

  /** Whether it is a signature of OMS; others count beside one, and never for one. */
  boolean isOfOms() {
    return MlDsaScheme.named(scheme()).isEmpty();
  }

  /** The name of the scheme with which a signer signs. */
  static String scheme(SignerIdentity signer) {
    if (signer instanceof KeyIdentity key) {
      return key.algorithm();
    }
    if (signer instanceof CertificateIdentity owner) {
      return owner.certificate().algorithm();
    }
    return signer instanceof KeylessIdentity keyless
        ? keyless.certificate().algorithm()
        : "unknown";
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
