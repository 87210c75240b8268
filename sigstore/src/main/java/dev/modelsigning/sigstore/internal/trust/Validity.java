package dev.modelsigning.sigstore.internal.trust;

import dev.modelsigning.sigstore.internal.message.TimeRange;
import java.security.cert.CertificateException;
import java.time.Instant;
import java.util.Optional;

/** The period in which a key or service may be used, both ends included. */
public record Validity(Instant start, Optional<Instant> end) {

  /**
   * Reads a period from a trusted root.
   *
   * @param field the name of the field
   * @throws CertificateException if it has no start: the key or authority would be trusted without
   *     limit
   */
  static Validity required(String field, TimeRange range) throws CertificateException {
    if (range.start().isEmpty()) {
      throw new CertificateException(
          field + ".start: is missing, expected the time from which on it is trusted");
    }
    return of(range);
  }

  /** Reads a period from a signing configuration; without a start, it has always begun. */
  public static Validity of(TimeRange range) {
    return new Validity(range.start().orElse(Instant.EPOCH), range.end());
  }

  /** Whether a time is within the period. */
  public boolean contains(Instant time) {
    return !time.isBefore(start) && end.map(last -> !time.isAfter(last)).orElse(true);
  }

  /** The period in words. */
  @Override
  public String toString() {
    return "from " + start + end.map(last -> " to " + last).orElse(" on");
  }
}
