package dev.modelsigning.signing;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * A time at which certificates were validated: one at which the signature is known to have existed,
 * or one that was requested.
 *
 * @param instant the time
 * @param source where it comes from
 * @param authority who attests it: the subject of a Time Stamping Authority, or the origin of a
 *     log; empty if nobody else does
 */
public record VerificationTime(Instant instant, Source source, String authority) {

  /** Where a time comes from. */
  public enum Source {
    /** The clock of the verifier. */
    CURRENT_TIME,
    /** A time given by the user, which proves nothing. */
    REQUESTED,
    /** A verified time stamp (RFC 3161) over the signature. */
    TIMESTAMP,
    /** A verified entry of a transparency log. */
    TRANSPARENCY_LOG;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /** Creates a time that nobody else attests. */
  public VerificationTime(Instant instant, Source source) {
    this(instant, source, "");
  }

  /** Whether a party other than the verifier and its user attests the time. */
  public boolean isAttested() {
    return source == Source.TIMESTAMP || source == Source.TRANSPARENCY_LOG;
  }

  /** The time in UTC, to the second, and its source. */
  @Override
  public String toString() {
    return instant.truncatedTo(ChronoUnit.SECONDS)
        + " ("
        + source
        + (authority.isEmpty() ? "" : " by " + authority)
        + ")";
  }
}
