package dev.modelsigning.attestation;

import dev.modelsigning.finding.Finding;

/**
 * A claim that does not count.
 *
 * @param file where it is: the path of a claims file, or the URI of a claim
 * @param line its line there, from 1
 * @param why the reason; its message names neither the file nor the line
 */
public record RefusedClaim(String file, long line, Finding why) {

  /** Whether it is about another model: a genuine claim by the model's signer, and none of ours. */
  boolean isAboutAnotherModel() {
    return why.rule().equals(AttestationRules.CLAIM_OTHER_MODEL);
  }

  /** Where it is: file and line; a claim with a URI of its own has no lines. */
  public String place() {
    return ClaimLines.place(file, line);
  }
}
