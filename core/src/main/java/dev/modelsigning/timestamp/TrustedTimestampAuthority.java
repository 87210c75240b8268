package dev.modelsigning.timestamp;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A time-stamping authority whose time stamps count within a time, as the trusted root of a
 * Sigstore instance names it.
 *
 * @param chain its certificates, of which the last is the trust anchor. If the first is not one of
 *     an authority that issues others, the authority signs with it and with no other; otherwise
 *     time stamps bring the certificate that they are signed with
 * @param start the first time at which its time stamps count
 * @param end the last time at which they count; empty if there is none
 */
public record TrustedTimestampAuthority(
    List<X509Certificate> chain, Instant start, Optional<Instant> end) {

  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if there is no certificate
   */
  public TrustedTimestampAuthority {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("a time-stamping authority needs a certificate");
    }
  }

  X509Certificate anchor() {
    return chain.get(chain.size() - 1);
  }

  /** The certificate that it signs with, where that is known. */
  Optional<X509Certificate> signer() {
    X509Certificate first = chain.get(0);
    return first.getBasicConstraints() < 0 ? Optional.of(first) : Optional.empty();
  }

  boolean isTrustedAt(Instant time) {
    return !time.isBefore(start) && end.map(last -> !time.isAfter(last)).orElse(true);
  }

  /** The time in words. */
  String period() {
    return "from " + start + end.map(last -> " to " + last).orElse(" on");
  }
}
