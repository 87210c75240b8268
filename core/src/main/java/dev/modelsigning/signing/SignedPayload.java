package dev.modelsigning.signing;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.finding.Finding;
import java.util.List;

/**
 * A payload that was signed: what a signer hands out.
 *
 * @param bundle the payload with its signature
 * @param signer who signed, as a verifier will say it
 * @param times when others saw the signature, as far as the signer verified it, the earliest first
 * @param findings what a reader of the report should know
 */
public record SignedPayload(
    Bundle bundle, SignerIdentity signer, List<VerificationTime> times, List<Finding> findings) {

  /** Copies the lists. */
  public SignedPayload {
    times = List.copyOf(times);
    findings = List.copyOf(findings);
  }

  /** A payload that was signed by somebody at a time that nobody attests. */
  public static SignedPayload of(Bundle bundle, SignerIdentity signer) {
    return new SignedPayload(bundle, signer, List.of(), List.of());
  }
}
