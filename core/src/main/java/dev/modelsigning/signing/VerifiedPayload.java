package dev.modelsigning.signing;

import dev.modelsigning.bundle.Payload;
import dev.modelsigning.finding.Finding;
import java.util.List;

/**
 * A payload whose signature was verified. Having one is the proof: it is made by verifiers only,
 * after everything that they check has passed.
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
   * this, at the end of their work: everybody else relies on it.
   *
   * @param payload what was signed
   * @param encoding which encoding of it the signature is over
   * @param signer who signed it
   * @param times the times at which certificates were validated, or at which the signature is known
   *     to have existed, the earliest first
   * @param findings what a reader of the verdict should know about the bundle
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

  /** Which encoding of the payload the signature is over. */
  public PayloadEncoding encoding() {
    return encoding;
  }

  /** Who signed it. */
  public SignerIdentity signer() {
    return signer;
  }

  /**
   * The times at which certificates were validated, or at which the signature is known to have
   * existed, the earliest first; none where the method has none and the bundle no verified time
   * stamp.
   */
  public List<VerificationTime> times() {
    return times;
  }

  /** What a reader of the verdict should know about the bundle. */
  public List<Finding> findings() {
    return findings;
  }
}
