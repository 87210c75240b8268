package dev.modelsigning.timestamp;

import dev.modelsigning.bundle.Bytes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What a time stamp says of itself (RFC 3161), for those who show it. It is read and not verified:
 * anybody can have made it. {@link TimestampVerifier} says whether it is true.
 *
 * @param time when the signature is said to have existed
 * @param authority the subject of the certificate that is said to have stamped it; where the time
 *     stamp does not carry that, its serial number in hexadecimal and who issued it
 */
public record ClaimedTimestamp(Instant time, String authority) {

  /**
   * Reads a time stamp.
   *
   * @param response the response of an authority in DER, as it stands in a bundle
   * @throws UntrustedTimestampException if it is not one, or a certificate in it is damaged
   */
  public static ClaimedTimestamp read(Bytes response) throws UntrustedTimestampException {
    try {
      TimestampToken token = TimestampToken.parse(response);
      return new ClaimedTimestamp(token.time(), token.claimedSigner());
    } catch (RuntimeException e) {
      // The library throws unchecked exceptions at tokens that strangers put together.
      throw new UntrustedTimestampException("it is damaged", e);
    }
  }

  /** The time in UTC, to the second, and who is said to have stated it. */
  @Override
  public String toString() {
    return time.truncatedTo(ChronoUnit.SECONDS) + " by " + authority;
  }
}
