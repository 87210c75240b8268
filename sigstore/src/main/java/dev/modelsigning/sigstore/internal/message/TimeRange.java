package dev.modelsigning.sigstore.internal.message;

import java.time.Instant;
import java.util.Optional;

/**
 * A period (Sigstore {@code TimeRange}), both ends included.
 *
 * @param start its start, if it is stated
 * @param end its end, if it has one
 */
public record TimeRange(Optional<Instant> start, Optional<Instant> end) {

  /** A period of which nothing is stated. */
  static final TimeRange UNSTATED = new TimeRange(Optional.empty(), Optional.empty());
}
