package dev.modelsigning.sigstore.internal.trust;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.signing.VerificationTime;
import dev.modelsigning.timestamp.UntrustedTimestampException;
import java.util.ArrayList;
import java.util.List;

/**
 * Verifies the time stamps of a bundle with the Time Stamping Authorities of a trusted root. All of
 * them must be valid.
 */
public final class TimestampVerification {

  private final List<TrustedAuthority> authorities;

  /** Creates a verification with these authorities. */
  public TimestampVerification(List<TrustedAuthority> authorities) {
    this.authorities = authorities;
  }

  /** The times at which the signature of a bundle is known to have existed. */
  public List<VerificationTime> verify(Bundle bundle) throws VerificationException {
    List<VerificationTime> times = new ArrayList<>();
    for (Bytes timestamp : bundle.rfc3161Timestamps()) {
      times.add(verify(timestamp, bundle.envelope().signature(), times.size()));
    }
    return times;
  }

  private VerificationTime verify(Bytes timestamp, Bytes signature, int index)
      throws VerificationException {
    List<String> problems = new ArrayList<>();
    for (TrustedAuthority authority : authorities) {
      try {
        return authority
            .timestampVerifier()
            .verify(timestamp, signature, finding -> problems.add(finding.message()));
      } catch (UntrustedTimestampException e) {
        problems.add(authority.uri() + ": " + e.getMessage());
      }
    }
    throw new VerificationException(
        Reason.UNTRUSTED_TIMESTAMP,
        "no trusted time stamping authority made the time stamp rfc3161Timestamps["
            + index
            + "]"
            + (problems.isEmpty()
                ? ": the trusted root has none"
                : " (" + String.join("; ", problems) + ")")
            + " (RFC 3161)");
  }
}
