package dev.modelsigning.sigstore.internal.trust;

import com.google.protobuf.Timestamp;
import dev.sigstore.proto.common.v1.TimeRange;
import java.security.cert.CertificateException;
import java.time.Instant;
import java.util.Optional;

/** The time in which a key or service may be used; both ends belong to it. */
public record Validity(Instant start, Optional<Instant> end) {

  /**
   * The time that a trusted root names.
   *
   * @param field what the root calls it
   * @throws CertificateException if it does not say when it begins: whatever it is about would be
   *     trusted without bound
   */
  static Validity required(String field, TimeRange range) throws CertificateException {
    if (!range.hasStart()) {
      throw new CertificateException(
          field + ".start: is missing, expected the time from which on it is trusted");
    }
    return of(range);
  }

  /** The time that a signing configuration names; without a beginning, it has always begun. */
  public static Validity of(TimeRange range) {
    return new Validity(
        instant(range.getStart()),
        range.hasEnd() ? Optional.of(instant(range.getEnd())) : Optional.empty());
  }

  private static Instant instant(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }

  /** Whether a time belongs to it. */
  public boolean contains(Instant time) {
    return !time.isBefore(start) && end.map(last -> !time.isAfter(last)).orElse(true);
  }

  /** The range in words. */
  @Override
  public String toString() {
    return "from " + start + end.map(last -> " to " + last).orElse(" on");
  }
}
