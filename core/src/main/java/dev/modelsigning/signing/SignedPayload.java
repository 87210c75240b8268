package dev.modelsigning.signing;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.finding.Finding;
import java.util.List;

/**
 * A payload that was signed: the result of a signer.
 *
 * @param bundle the payload with its signature
 * @param signer the signer, as a verifier will report it
 * @param times the attested times of the signature that the signer verified, the earliest first
 * @param findings findings for readers of the report
 */
public record SignedPayload(
    Bundle bundle, SignerIdentity signer, List<VerificationTime> times, List<Finding> findings) {

  /** Copies the lists. */
  public SignedPayload {
    times = List.copyOf(times);
    findings = List.copyOf(findings);
  }

  /** Returns a signed payload without attested times and findings. */
  public static SignedPayload of(Bundle bundle, SignerIdentity signer) {
    return new SignedPayload(bundle, signer, List.of(), List.of());
  }
}
