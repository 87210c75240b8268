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
 * Verifies by another verifier that knows no time, and says besides when the signature existed, as
 * far as time stamps prove it (RFC 3161). Time stamps that do not count are reported and change
 * nothing. Verifiers are immutable and may be used by several threads if the other one may.
 */
public final class TimestampedVerifier implements BundleVerifier {

  private final BundleVerifier verifier;
  private final TimestampVerifier timestamps;

  private TimestampedVerifier(BundleVerifier verifier, TimestampVerifier timestamps) {
    this.verifier = verifier;
    this.timestamps = timestamps;
  }

  /** A verifier that adds to another one what time stamps prove. */
  public static TimestampedVerifier using(BundleVerifier verifier, TimestampVerifier timestamps) {
    return new TimestampedVerifier(verifier, timestamps);
  }

  /** Whom the other verifier expects. */
  @Override
  public Map<String, List<String>> expected() {
    return verifier.expected();
  }

  @Override
  public VerifiedPayload verify(Bundle bundle)
      throws IOException, MalformedBundleException, VerificationException {
    // The other one would say that it did not look at them.
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
