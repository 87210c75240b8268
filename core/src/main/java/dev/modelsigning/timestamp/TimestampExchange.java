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

  private final Bytes signature;
  private final TimeStampRequest request;

  private TimestampExchange(Bytes signature, TimeStampRequest request) {
    this.signature = signature;
    this.request = request;
  }

  static TimestampExchange over(Bytes signature) {
    TimeStampRequestGenerator generator = new TimeStampRequestGenerator();
    generator.setCertReq(true);
    // 64 bits, never 0, since some authorities treat the nonce as a signed number.
    BigInteger nonce = new BigInteger(63, RANDOM).setBit(62);
    return new TimestampExchange(
        signature,
        generator.generate(
            NISTObjectIdentifiers.id_sha256,
            TimestampToken.digest(NISTObjectIdentifiers.id_sha256, signature),
            nonce));
  }

  /** The request in DER. */
  byte[] request() throws IOException {
    return request.getEncoded();
  }

  /**
   * Requires that a response grants this request, with a valid signature of the authority that it
   * names.
   *
   * @throws UntrustedTimestampException if it does not
   */
  void requireValid(Bytes answer) throws UntrustedTimestampException {
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
    token.requireOver(signature);
    token.requireSignedBy(token.signer(List.of()));
  }
}
