package dev.modelsigning.timestamp;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationTime;
import dev.modelsigning.signing.VerifiedPayload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Adds the times that time stamps prove (RFC 3161) to the result of a verifier that does not use
 * times. Time stamps that are not accepted are reported and have no other effect. Verifiers are
 * immutable and may be used by several threads if the other one may.
 */
public final class TimestampedVerifier implements BundleVerifier {

  private final BundleVerifier verifier;
  private final TimestampVerifier timestamps;

  private TimestampedVerifier(BundleVerifier verifier, TimestampVerifier timestamps) {
    this.verifier = verifier;
    this.timestamps = timestamps;
  }

  /** Returns a verifier that adds the times of time stamps to the result of another one. */
  public static TimestampedVerifier using(BundleVerifier verifier, TimestampVerifier timestamps) {
    return new TimestampedVerifier(verifier, timestamps);
  }

  /** The requirements of the other verifier. */
  @Override
  public Map<String, List<String>> expected() {
    return verifier.expected();
  }

  /** The other verifier's for attestations, with the same time stamps. */
  @Override
  public TimestampedVerifier forAttestations() {
    return new TimestampedVerifier(verifier.forAttestations(), timestamps);
  }

  @Override
  public VerifiedPayload verify(Bundle bundle)
      throws IOException, MalformedBundleException, VerificationException {
    // Without the time stamps: the other verifier would report them as not verified.
    VerifiedPayload verified = verifier.verify(bundle.withoutTimestamps());
    TimestampVerifier.Result stamped = timestamps.verify(bundle);
    List<VerificationTime> times = new ArrayList<>(verified.times());
    times.addAll(stamped.times());
    List<Finding> findings = new ArrayList<>(verified.findings());
    findings.addAll(stamped.findings());
    if (bundle.rfc3161Timestamps().isEmpty()) {
      findings.add(
          Finding.of(
              Rules.NO_TIMESTAMP,
              "the bundle has no time stamp, so nobody says when it was signed"));
    }
    return VerifiedPayload.assertion(
        verified.payload(), verified.encoding(), verified.signer(), times, findings);
  }
}
