package dev.modelsigning.timestamp;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.internal.json.Printable;
import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.List;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponse;

/** A request for a time stamp, and the checks of the response (RFC 3161 2.2). */
final class TimestampExchange {

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Bytes sha256;
  private final TimeStampRequest request;

  private TimestampExchange(Bytes sha256, TimeStampRequest request) {
    this.sha256 = sha256;
    this.request = request;
  }

  static TimestampExchange over(Bytes signature) {
    return overSha256(Bytes.of(TimestampToken.digest(NISTObjectIdentifiers.id_sha256, signature)));
  }

  static TimestampExchange overSha256(Bytes sha256) {
    TimeStampRequestGenerator generator = new TimeStampRequestGenerator();
    generator.setCertReq(true);
    // 64 bits, never 0, since some authorities treat the nonce as a signed number.
    BigInteger nonce = new BigInteger(63, RANDOM).setBit(62);
    return new TimestampExchange(
        sha256, generator.generate(NISTObjectIdentifiers.id_sha256, sha256.toArray(), nonce));
  }

  /** The request in DER. */
  byte[] request() throws IOException {
    return request.getEncoded();
  }

  /**
   * Requires that a response grants this request, with a valid signature of the authority that it
   * names.
   *
   * @return the token in it
   * @throws UntrustedTimestampException if it does not
   */
  TimestampToken requireValid(Bytes answer) throws UntrustedTimestampException {
    TimestampToken token = TimestampToken.parse(answer);
    try {
      new TimeStampResponse(answer.toArray()).validate(request);
    } catch (TSPException | IOException | RuntimeException e) {
      // Bouncy Castle throws unchecked exceptions for malformed responses.
      throw new UntrustedTimestampException(
          "the time stamp does not answer the request: "
              + Printable.quote(String.valueOf(e.getMessage())),
          e);
    }
    token.requireOverSha256(sha256, "those that were sent");
    token.requireSignedBy(token.signer(List.of()));
    return token;
  }
}
