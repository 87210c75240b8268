package dev.modelsigning.signing;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * A time that verification went by: one at which the signature is known to have existed, or the one
 * at which certificates were asked to be valid.
 *
 * @param instant the time
 * @param source where it comes from
 * @param authority who says so: the subject of a time stamping authority, the origin of a log;
 *     empty where nobody else does
 */
public record VerificationTime(Instant instant, Source source, String authority) {

  /** Where a time comes from. */
  public enum Source {
    /** The clock of the verifier. */
    CURRENT_TIME,
    /** The user asked for it, so it proves nothing. */
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

  /** A time that nobody else attests. */
  public VerificationTime(Instant instant, Source source) {
    this(instant, source, "");
  }

  /** Whether somebody other than the verifier and its user attests the time. */
  public boolean isAttested() {
    return source == Source.TIMESTAMP || source == Source.TRANSPARENCY_LOG;
  }

  /** The time in UTC, to the second, and where it comes from. */
  @Override
  public String toString() {
    return instant.truncatedTo(ChronoUnit.SECONDS)
        + " ("
        + source
        + (authority.isEmpty() ? "" : " by " + authority)
        + ")";
  }
}
