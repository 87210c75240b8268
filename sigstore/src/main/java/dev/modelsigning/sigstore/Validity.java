package dev.modelsigning.sigstore;

import com.google.protobuf.Timestamp;
import dev.sigstore.proto.common.v1.TimeRange;
import java.time.Instant;
import java.util.Optional;

/** The time in which a key or service may be used; both ends belong to it. */
record Validity(Instant start, Optional<Instant> end) {

  static Validity of(TimeRange range) {
    return new Validity(
        instant(range.getStart()),
        range.hasEnd() ? Optional.of(instant(range.getEnd())) : Optional.empty());
  }

  private static Instant instant(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }

  boolean contains(Instant time) {
    return !time.isBefore(start) && end.map(last -> !time.isAfter(last)).orElse(true);
  }

  /** The range in words. */
  @Override
  public String toString() {
    return "from " + start + end.map(last -> " to " + last).orElse(" on");
  }
}
