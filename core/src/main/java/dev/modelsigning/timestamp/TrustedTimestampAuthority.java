package dev.modelsigning.timestamp;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A Time Stamping Authority with a validity period, as listed in the trusted root of a Sigstore
 * instance.
 *
 * @param chain its certificates, of which the last is the trust anchor. If the first is not a CA
 *     certificate, it is the only one with which the authority signs; otherwise time stamps contain
 *     the certificate of their signer
 * @param start the first time at which its time stamps are accepted
 * @param end the last time at which they are accepted; empty for no limit
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

  /** The certificate of its signing key, if it is known. */
  Optional<X509Certificate> signer() {
    X509Certificate first = chain.get(0);
    return first.getBasicConstraints() < 0 ? Optional.of(first) : Optional.empty();
  }

  boolean isTrustedAt(Instant time) {
    return !time.isBefore(start) && end.map(last -> !time.isAfter(last)).orElse(true);
  }

  /** The validity period in words. */
  String period() {
    return "from " + start + end.map(last -> " to " + last).orElse(" on");
  }
}
