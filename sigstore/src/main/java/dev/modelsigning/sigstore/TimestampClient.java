package dev.modelsigning.sigstore;

import dev.modelsigning.SigningException;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.sigstore.ServiceClient.Answer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.security.SecureRandom;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponse;

/** A time stamping authority (RFC 3161): states that a signature exists. */
final class TimestampClient {

  private static final String SERVICE = "the time stamping authority";
  private static final int NONCE_BITS = 64;

  private final ServiceClient client;
  private final URI uri;

  TimestampClient(ServiceClient client, URI uri) {
    this.client = client;
    this.uri = uri;
  }

  /** A response with a time stamp over a signature; whose it is, is not verified yet. */
  Bytes timestamp(Bytes signature) throws IOException, SigningException {
    TimeStampRequest request =
        new TimeStampRequestGenerator()
            .generate(
                TSPAlgorithms.SHA256,
                Sha256.of(signature),
                new BigInteger(NONCE_BITS, new SecureRandom()));
    Answer answer =
        client.post(
            SERVICE,
            uri,
            request.getEncoded(),
            "Content-Type",
            "application/timestamp-query",
            "Accept",
            "application/timestamp-reply");
    if (!answer.isSuccess()) {
      throw new SigningException(answer.refusal() + "; nothing was signed, try again later");
    }
    try {
      new TimeStampResponse(answer.content()).validate(request);
      return Bytes.of(answer.content());
    } catch (IOException | TSPException | RuntimeException e) {
      // Bouncy Castle throws unchecked exceptions on damaged responses.
      throw new SigningException(
          answer.describe("sent something that is not the time stamp that was asked for"), e);
    }
  }
}
