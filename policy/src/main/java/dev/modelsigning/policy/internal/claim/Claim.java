package dev.modelsigning.policy.internal.claim;

import dev.modelsigning.attestation.ModelSubject;
import dev.modelsigning.attestation.RefusedClaimException;
import dev.modelsigning.policy.result.CheckedClaim;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.statement.AttestedStatement;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * A claim by somebody in the policy, of a type that a rule asks for.
 *
 * @param number its position among those that were read, from 0
 * @param payloads the verified payload for each signer of the policy whose claim it is, by name
 */
record Claim(
    int number,
    String file,
    long line,
    AttestedStatement statement,
    Map<String, VerifiedPayload> payloads) {

  /** Where it is: file and line. */
  String place() {
    return file.startsWith("oci://") ? file : file + ":" + line;
  }

  /** The names of its signers. */
  List<String> signers() {
    return List.copyOf(payloads.keySet());
  }

  /**
   * Requires that it is about a model.
   *
   * @param subjects the model, as its signatures have it, at least one
   * @return whether it binds the names of the files
   * @throws RefusedClaimException if it is about something else
   */
  boolean requireAbout(Collection<ModelSubject> subjects) throws RefusedClaimException {
    RefusedClaimException refusal = null;
    for (ModelSubject subject : subjects) {
      try {
        return subject.require(statement);
      } catch (RefusedClaimException e) {
        refusal = e;
      }
    }
    if (refusal == null) {
      throw new IllegalStateException("claims are verified after the model only");
    }
    throw refusal;
  }

  /** The claim in the list of those that were looked at; the reason is empty if it counts. */
  CheckedClaim checked(String why) {
    return new CheckedClaim(file, line, statement.predicateType(), signers(), why.isEmpty(), why);
  }
}
