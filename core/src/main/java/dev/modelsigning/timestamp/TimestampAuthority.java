package dev.modelsigning.timestamp;

import dev.modelsigning.SigningException;
import dev.modelsigning.bundle.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A time stamping authority, asked over HTTP (RFC 3161 3.4). An answer is only returned if it is a
 * time stamp over what was sent, with the nonce of the request, validly signed by a certificate for
 * time stamping. Whether that certificate is trusted is for the verifier to say. Authorities are
 * immutable and may be used by several threads.
 */
public final class TimestampAuthority {

  private static final int MAX_RESPONSE = 1024 * 1024;
  private static final int ATTEMPTS = 3;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final URI uri;
  private final Duration timeout;

  private TimestampAuthority(URI uri, Duration timeout) {
    this.uri = uri;
    this.timeout = timeout;
  }

  /**
   * The authority at an address. It is given 30 seconds for an answer, three times.
   *
   * @param uri an {@code http} or {@code https} address; without TLS an answer is as safe, since it
   *     is signed
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
    return new TimestampAuthority(uri, Duration.ofSeconds(30));
  }

  /** The same authority, given this time for each answer. */
  public TimestampAuthority withTimeout(Duration newTimeout) {
    return new TimestampAuthority(uri, newTimeout);
  }

  /**
   * Gets a time stamp over a signature.
   *
   * @param signature the signature of a DSSE envelope
   * @return the response in DER, as it goes into a bundle
   * @throws IOException if the authority cannot be reached or does not answer in time
   * @throws SigningException if what it answers is not a time stamp over this signature
   */
  Bytes timestamp(Bytes signature) throws IOException, SigningException {
    TimestampExchange exchange = TimestampExchange.over(signature);
    byte[] answer = post(exchange.request());
    try {
      exchange.requireValid(answer);
    } catch (UntrustedTimestampException e) {
      throw new SigningException(
          "the time stamping authority "
              + uri
              + " did not give a usable time stamp: "
              + e.getMessage()
              + "; nothing was signed. Is this the address of its RFC 3161 service?",
          e);
    }
    return Bytes.of(answer);
  }

  private byte[] post(byte[] request) throws IOException {
    HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT_TIMEOUT.compareTo(timeout) < 0 ? CONNECT_TIMEOUT : timeout)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    HttpRequest post =
        HttpRequest.newBuilder(uri)
            .timeout(timeout)
            .header("Content-Type", "application/timestamp-query")
            .header("Accept", "application/timestamp-reply")
            .POST(HttpRequest.BodyPublishers.ofByteArray(request))
            .build();
    IOException failure = new IOException("it was not asked");
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      if (attempt > 1) {
        pause(Duration.ofMillis(500L << attempt));
      }
      try {
        HttpResponse<Answer> response = send(client, post);
        if (response.statusCode() / 100 == 2) {
          return response.body().bytes();
        }
        failure = new IOException("it answered with the HTTP status " + response.statusCode());
        if (response.statusCode() / 100 == 4 && response.statusCode() != 429) {
          break;
        }
      } catch (InterruptedIOException e) {
        throw e;
      } catch (IOException e) {
        failure = e;
      }
    }
    throw new IOException(
        "the time stamping authority "
            + uri
            + " cannot be used, so nothing was signed: "
            + describe(failure)
            + "; try again, or sign without a time stamp",
        failure);
  }

  private static String describe(IOException failure) {
    if (failure instanceof ConnectException) {
      return "no connection";
    }
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }

  /** Sends a request and waits for the whole answer, however slowly it drips. */
  private HttpResponse<Answer> send(HttpClient client, HttpRequest request) throws IOException {
    CompletableFuture<HttpResponse<Answer>> response =
        client.sendAsync(request, information -> Answer.subscriber());
    try {
      return response.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw cause instanceof IOException io ? io : new IOException(String.valueOf(cause), cause);
    } catch (TimeoutException e) {
      response.cancel(true);
      throw new IOException("no answer within " + timeout.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      response.cancel(true);
      throw interrupted(e);
    }
  }

  private static void pause(Duration duration) throws InterruptedIOException {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static InterruptedIOException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    InterruptedIOException interrupted = new InterruptedIOException("interrupted");
    interrupted.initCause(e);
    return interrupted;
  }

  /** The body of an answer, of which only so much is kept as a time stamp can have. */
  private static final class Answer {
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private long length;

    static BodySubscriber<Answer> subscriber() {
      Answer answer = new Answer();
      return BodySubscribers.mapping(
          BodySubscribers.ofByteArrayConsumer(part -> part.ifPresent(answer::add)),
          ended -> answer);
    }

    private void add(byte[] part) {
      length += part.length;
      if (length <= MAX_RESPONSE) {
        kept.writeBytes(part);
      }
    }

    byte[] bytes() throws IOException {
      if (length > MAX_RESPONSE) {
        throw new IOException("its answer is larger than " + MAX_RESPONSE + " bytes");
      }
      return kept.toByteArray();
    }
  }
}
