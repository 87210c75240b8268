package dev.modelsigning.signing;

import dev.modelsigning.bundle.Payload;
import dev.modelsigning.finding.Finding;
import java.util.List;

/**
 * A payload whose signature was verified. An instance is the proof: only verifiers create one,
 * after all their checks have passed.
 */
public final class VerifiedPayload {

  private final Payload payload;
  private final PayloadEncoding encoding;
  private final SignerIdentity signer;
  private final List<VerificationTime> times;
  private final List<Finding> findings;

  private VerifiedPayload(
      Payload payload,
      PayloadEncoding encoding,
      SignerIdentity signer,
      List<VerificationTime> times,
      List<Finding> findings) {
    this.payload = payload;
    this.encoding = encoding;
    this.signer = signer;
    this.times = List.copyOf(times);
    this.findings = List.copyOf(findings);
  }

  /**
   * Asserts that a payload was verified. Only implementations of {@link BundleVerifier} may call
   * this, after all checks: everybody else relies on it.
   *
   * @param payload what was signed
   * @param encoding the encoding of it that the signature covers
   * @param signer its signer
   * @param times the times at which certificates were validated, or at which the signature is known
   *     to have existed, the earliest first
   * @param findings findings about the bundle for readers of the verdict
   */
  public static VerifiedPayload assertion(
      Payload payload,
      PayloadEncoding encoding,
      SignerIdentity signer,
      List<VerificationTime> times,
      List<Finding> findings) {
    return new VerifiedPayload(payload, encoding, signer, times, findings);
  }

  /** What was signed. */
  public Payload payload() {
    return payload;
  }

  /** The encoding of the payload that the signature covers. */
  public PayloadEncoding encoding() {
    return encoding;
  }

  /** The verified signer. */
  public SignerIdentity signer() {
    return signer;
  }

  /**
   * The times at which certificates were validated, or at which the signature is known to have
   * existed, the earliest first; empty if the method has no such times and the bundle has no
   * verified time stamp.
   */
  public List<VerificationTime> times() {
    return times;
  }

  /** Findings about the bundle for readers of the verdict. */
  public List<Finding> findings() {
    return findings;
  }
}
