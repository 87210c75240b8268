package dev.modelsigning.timestamp;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.internal.http.Answer;
import dev.modelsigning.internal.http.Request;
import dev.modelsigning.internal.http.ServiceClient;
import dev.modelsigning.signing.SigningException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;

/**
 * A client for a Time Stamping Authority over HTTP (RFC 3161 3.4). A response is only returned if
 * it is a time stamp over the given signature, with the nonce of the request, and validly signed
 * with a certificate for time stamping. Whether that certificate is trusted is decided by the
 * verifier. Instances are immutable and thread-safe.
 */
public final class TimestampAuthority {

  private static final String SERVICE = "the time stamping authority";
  private static final int MAX_RESPONSE = 1024 * 1024;
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(500);

  private static final Failure UNSIGNED =
      new Failure("nothing was signed", ", or sign without a time stamp");
  private static final Failure NOT_ADDED = new Failure("nothing was added", "");

  private final URI uri;
  private final ServiceClient client;

  private TimestampAuthority(URI uri, ServiceClient client) {
    this.uri = uri;
    this.client = client;
  }

  /**
   * Returns a client for the authority at an address. It has a time-out of 30 seconds, and makes up
   * to three attempts if the authority is busy or the connection is lost.
   *
   * @param uri an {@code http} or {@code https} address; a response without TLS is equally secure,
   *     since it is signed
   * @throws IllegalArgumentException if it is another kind of address
   */
  public static TimestampAuthority at(URI uri) {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!(scheme.equals("http") || scheme.equals("https")) || uri.getHost() == null) {
      throw new IllegalArgumentException("expected an http or https address with a host");
    }
    if (uri.getUserInfo() != null) {
      throw new IllegalArgumentException("an address with a user or password is not supported");
    }
    return new TimestampAuthority(uri, ServiceClient.with(TIMEOUT, PAUSE));
  }

  /** Returns the same client with another time-out for each attempt. */
  public TimestampAuthority withTimeout(Duration newTimeout) {
    return new TimestampAuthority(uri, ServiceClient.with(newTimeout, PAUSE));
  }

  /**
   * Requests a time stamp over a signature.
   *
   * @param signature the signature of a DSSE envelope
   * @return the response in DER, as stored in a bundle
   * @throws IOException if the authority cannot be reached or does not respond before the time-out
   * @throws SigningException if its response is not a time stamp over this signature
   */
  public Bytes timestamp(Bytes signature) throws IOException, SigningException {
    return answer(TimestampExchange.over(signature), UNSIGNED).content();
  }

  /** What has not happened when a request fails, and what else to do than to repeat it. */
  private record Failure(String undone, String alternative) {
    String advice() {
      return "; " + undone + ", try again" + alternative;
    }
  }

  private record Response(Bytes content, TimestampToken token) {}

  /**
   * Requests a time stamp for a signature that exists.
   *
   * @return the response in DER, as stored in a bundle
   */
  Bytes later(Bytes signature) throws IOException, SigningException {
    return answer(TimestampExchange.over(signature), NOT_ADDED).content();
  }

  /**
   * Requests a time stamp over bytes with this SHA-256.
   *
   * @return the token, without the response in which it was sent
   */
  TimestampToken overSha256(Bytes sha256) throws IOException, SigningException {
    return answer(TimestampExchange.overSha256(sha256), NOT_ADDED).token();
  }

  private Response answer(TimestampExchange exchange, Failure failure)
      throws IOException, SigningException {
    Answer answer = send(exchange.request(), failure);
    if (!answer.isSuccess()) {
      throw new IOException(
          answer.refusal() + failure.advice() + ". Is this the address of its RFC 3161 service?");
    }
    Bytes response = Bytes.of(answer.content());
    try {
      return new Response(response, exchange.requireValid(response));
    } catch (UntrustedTimestampException e) {
      throw new SigningException(
          answer.describe(
              "sent something that is not the time stamp that was asked for: "
                  + e.getMessage()
                  + "; "
                  + failure.undone()
                  + ". Is this the address of its RFC 3161 service?"),
          answer.cause(e));
    }
  }

  private Answer send(byte[] request, Failure failure) throws IOException {
    try {
      return client.send(
          Request.post(SERVICE, uri, request)
              .withHeader("Content-Type", "application/timestamp-query")
              .withHeader("Accept", "application/timestamp-reply")
              .withMaxLength(MAX_RESPONSE)
              .followingRedirects());
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(e.getMessage() + failure.advice(), e);
    }
  }
}
