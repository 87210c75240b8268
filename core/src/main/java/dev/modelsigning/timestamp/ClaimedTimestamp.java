package dev.modelsigning.timestamp;

import dev.modelsigning.bundle.Bytes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The claims of a time stamp (RFC 3161), for display. It is read and not verified: anybody can have
 * made it. {@link TimestampVerifier} verifies time stamps.
 *
 * @param time the claimed time at which the signature existed
 * @param authority the subject of the claimed signer's certificate; if the time stamp does not
 *     contain it, its serial number in hexadecimal and its issuer
 */
public record ClaimedTimestamp(Instant time, String authority) {

  /**
   * Reads a time stamp.
   *
   * @param response the response of a Time Stamping Authority in DER, as stored in a bundle
   * @throws UntrustedTimestampException if it is malformed, or a certificate in it is
   */
  public static ClaimedTimestamp read(Bytes response) throws UntrustedTimestampException {
    try {
      return of(TimestampToken.parse(response));
    } catch (RuntimeException e) {
      // The library throws unchecked exceptions for malformed tokens.
      throw new UntrustedTimestampException("it is damaged", e);
    }
  }

  /**
   * Reads a time stamp that is not in a response.
   *
   * @param token the time-stamp token in DER, as stored beside a bundle
   * @throws UntrustedTimestampException if it is malformed, or a certificate in it is
   */
  public static ClaimedTimestamp readToken(Bytes token) throws UntrustedTimestampException {
    try {
      return of(TimestampToken.parseToken(token));
    } catch (RuntimeException e) {
      // The library throws unchecked exceptions for malformed tokens.
      throw new UntrustedTimestampException("it is damaged", e);
    }
  }

  static ClaimedTimestamp of(TimestampToken token) throws UntrustedTimestampException {
    return new ClaimedTimestamp(token.time(), token.claimedSigner());
  }

  /** The time in UTC, to the second, and the authority that is claimed to have stated it. */
  @Override
  public String toString() {
    return time.truncatedTo(ChronoUnit.SECONDS) + " by " + authority;
  }
}
