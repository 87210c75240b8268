package dev.modelsigning.timestamp;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.LaterTimestamps;
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

  /** Whether only time stamps of the bundle's file are added. */
  private final boolean laterOnly;

  private TimestampedVerifier(
      BundleVerifier verifier, TimestampVerifier timestamps, boolean laterOnly) {
    this.verifier = verifier;
    this.timestamps = timestamps;
    this.laterOnly = laterOnly;
  }

  /** Returns a verifier that adds the times of time stamps to the result of another one. */
  public static TimestampedVerifier using(BundleVerifier verifier, TimestampVerifier timestamps) {
    return new TimestampedVerifier(verifier, timestamps, false);
  }

  /**
   * Returns a verifier that adds the times of {@linkplain LaterTimestamps time stamps of the
   * bundle's file} to the result of another one, which verifies those in the bundle itself, as for
   * keyless signatures.
   */
  public static TimestampedVerifier addingLater(
      BundleVerifier verifier, TimestampVerifier timestamps) {
    return new TimestampedVerifier(verifier, timestamps, true);
  }

  /** The requirements of the other verifier. */
  @Override
  public Map<String, List<String>> expected() {
    return verifier.expected();
  }

  /** The other verifier's for attestations, with the same time stamps. */
  @Override
  public TimestampedVerifier forAttestations() {
    return new TimestampedVerifier(verifier.forAttestations(), timestamps, laterOnly);
  }

  @Override
  public VerifiedPayload verify(Bundle bundle)
      throws IOException, MalformedBundleException, VerificationException {
    // Without the time stamps: the other verifier would report them as not verified.
    VerifiedPayload verified =
        verifier.verify(
            laterOnly
                ? bundle.withLaterTimestamps(LaterTimestamps.NONE)
                : bundle.withoutTimestamps());
    TimestampVerifier.Result stamped =
        laterOnly ? timestamps.verifyLater(bundle.laterTimestamps()) : timestamps.verify(bundle);
    List<VerificationTime> times = new ArrayList<>(verified.times());
    times.addAll(stamped.all());
    times.sort((one, other) -> one.instant().compareTo(other.instant()));
    List<Finding> findings = new ArrayList<>(verified.findings());
    findings.addAll(stamped.findings());
    if (!laterOnly && bundle.rfc3161Timestamps().isEmpty() && bundle.laterTimestamps().isEmpty()) {
      findings.add(
          Finding.of(
              Rules.NO_TIMESTAMP,
              "the bundle has no time stamp, so nobody says when it was signed"));
    }
    return VerifiedPayload.assertion(
        verified.payload(), verified.encoding(), verified.signer(), times, findings);
  }
}
