package dev.modelsigning.attestation;

import dev.modelsigning.finding.Finding;
import java.nio.file.Path;

/**
 * A claim that does not count.
 *
 * @param file the claims file
 * @param line its line there, from 1
 * @param why the reason; its message names neither the file nor the line
 */
public record RefusedClaim(Path file, long line, Finding why) {

  /** Whether it is about another model: a genuine claim by the model's signer, and none of ours. */
  boolean isAboutAnotherModel() {
    return why.rule().equals(AttestationRules.CLAIM_OTHER_MODEL);
  }

  /** Where it is: file and line. */
  public String place() {
    return file + ":" + line;
  }
}
