package dev.modelsigning.attestation;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.signing.SignerIdentity;
import dev.modelsigning.signing.VerificationTime;
import dev.modelsigning.statement.AttestedStatement;
import java.util.List;

/**
 * A statement about a verified model, whose signature was verified: only {@link
 * AttestationVerifier} creates one. What the predicate says is asserted by the signer, and was not
 * checked.
 *
 * @param file where it is: the path of a claims file, or the URI of a claim
 * @param line its line there, from 1
 * @param statement the statement
 * @param signer the verified signer
 * @param times the times at which certificates were validated, or at which the signature is known
 *     to have existed, the earliest first; empty if there are none
 * @param namesBound whether the statement has the digest that binds the names of the model's files
 * @param repeated how often the same statement by this signer is there again, which counts once
 * @param findings findings for readers of the verdict
 */
public record Attestation(
    String file,
    long line,
    AttestedStatement statement,
    SignerIdentity signer,
    List<VerificationTime> times,
    boolean namesBound,
    long repeated,
    List<Finding> findings) {

  /** Copies the lists. */
  public Attestation {
    times = List.copyOf(times);
    findings = List.copyOf(findings);
  }

  /** Where it is: file and line; a claim with a URI of its own has no lines. */
  public String place() {
    return ClaimLines.place(file, line);
  }
}
