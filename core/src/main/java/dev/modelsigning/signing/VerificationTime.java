package dev.modelsigning.signing;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A time at which certificates were validated: one at which the signature is known to have existed,
 * or one that was requested.
 *
 * @param instant the time
 * @param source where it comes from
 * @param authority who attests it: the subject of a Time Stamping Authority, or the origin of a
 *     log; empty if nobody else does
 * @param validUntil for a time stamp, the end of the validity of the certificates that prove it:
 *     before it, a later time stamp must be added for the proof to last; otherwise empty
 */
public record VerificationTime(
    Instant instant, Source source, String authority, Optional<Instant> validUntil) {

  /** Where a time comes from. */
  public enum Source {
    /** The clock of the verifier. */
    CURRENT_TIME,
    /** A time given by the user, which proves nothing. */
    REQUESTED,
    /** A verified time stamp (RFC 3161) over the signature. */
    TIMESTAMP,
    /**
     * A verified time stamp (RFC 3161) over the file of the bundle and all that was stamped before,
     * which may have been added long after signing.
     */
    LATER_TIMESTAMP,
    /** A verified entry of a transparency log. */
    TRANSPARENCY_LOG;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /** Creates a time whose proof has no end of its own. */
  public VerificationTime(Instant instant, Source source, String authority) {
    this(instant, source, authority, Optional.empty());
  }

  /** Creates a time that nobody else attests. */
  public VerificationTime(Instant instant, Source source) {
    this(instant, source, "");
  }

  /**
   * Until when time stamps prove the earliest time among them: the end of the certificates of the
   * first one, or of a later one that covers it and was added before that, and so on (RFC 4998
   * 5.3). What does not cover the others, or came too late, proves a time of its own and does not
   * prolong.
   *
   * @param times the times of one signature
   * @return the end of the proof; empty if there is no time stamp among them
   */
  public static Optional<Instant> provedUntil(List<VerificationTime> times) {
    Optional<Instant> end = Optional.empty();
    List<VerificationTime> sorted = new ArrayList<>(times);
    sorted.sort((one, other) -> one.instant().compareTo(other.instant()));
    for (VerificationTime time : sorted) {
      Optional<Instant> next = time.validUntil;
      boolean first = end.isEmpty() && next.isPresent();
      boolean prolongs =
          end.isPresent()
              && next.isPresent()
              && time.source == Source.LATER_TIMESTAMP
              && !time.instant.isAfter(end.get())
              && next.get().isAfter(end.get());
      if (first || prolongs) {
        end = next;
      }
    }
    return end;
  }

  /** Whether a party other than the verifier and its user attests the time. */
  public boolean isAttested() {
    return source != Source.CURRENT_TIME && source != Source.REQUESTED;
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
