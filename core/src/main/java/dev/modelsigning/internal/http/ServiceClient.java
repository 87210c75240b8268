package dev.modelsigning.internal.http;

import dev.modelsigning.internal.download.Download;
import dev.modelsigning.internal.download.Failures;
import dev.modelsigning.internal.json.Printable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP client for services: with a time-out, a limit on the response size, and retries on
 * temporary errors and lost connections. It follows redirects only for requests that permit it. Its
 * messages contain no secrets, and of an address nothing after the path. Clients are thread-safe.
 */
public final class ServiceClient {

  /** The default limit on the length of a response, in bytes; larger than any usual one. */
  public static final int MAX_ANSWER = 4 * 1024 * 1024;

  /** The number of bytes that are read of a response that is not a success. */
  private static final int MAX_REFUSAL = 64 * 1024;

  private static final int ATTEMPTS = 3;
  private static final int MAX_REDIRECTS = 5;
  private static final int PROXY_AUTHENTICATION_REQUIRED = 407;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /** If a service requests a longer delay than this, the request is not retried. */
  private static final Duration MAX_RETRY_AFTER = Duration.ofSeconds(30);

  private final Duration timeout;
  private final Duration pause;
  private final Clock clock;
  private final Pauses pauses;
  private final Connections connections;
  private @Nullable HttpClient plainClient;
  private @Nullable HttpClient tlsClient;

  /** The pause between two attempts. */
  @FunctionalInterface
  interface Pauses {

    /** Blocks the calling thread for that long. */
    Pauses SLEEP = time -> Thread.sleep(time.toMillis());

    /** Waits for this duration. */
    void last(Duration time) throws InterruptedException;
  }

  private ServiceClient(
      Duration timeout, Duration pause, Clock clock, Pauses pauses, Connections connections) {
    this.timeout = timeout;
    this.pause = pause;
    this.clock = clock;
    this.pauses = pauses;
    this.connections = connections;
  }

  /**
   * Creates a client with long time-outs, since a transparency log may take some seconds to
   * respond.
   */
  public static ServiceClient withDefaults() {
    return with(Duration.ofSeconds(45), Duration.ofMillis(500));
  }

  /**
   * Creates a client with other limits.
   *
   * @param timeout the time-out of one attempt, from the connection to the end of the response
   * @param pause the delay before the second attempt; it doubles before each further one
   */
  public static ServiceClient with(Duration timeout, Duration pause) {
    return new ServiceClient(
        timeout, pause, Clock.systemUTC(), Pauses.SLEEP, Connections.ofProcess());
  }

  /** Returns a client with the same limits and another clock and pause, for tests. */
  ServiceClient withTime(Clock otherClock, Pauses otherPauses) {
    return new ServiceClient(timeout, pause, otherClock, otherPauses, connections);
  }

  /** Returns a client with the same limits that uses other connections. */
  ServiceClient withConnections(Connections other) {
    return new ServiceClient(timeout, pause, clock, pauses, other);
  }

  /**
   * Returns a client with the same limits that trusts these authorities for TLS and no others.
   *
   * @param authorities the only trust anchors, at least one
   */
  public ServiceClient trustingOnly(List<X509Certificate> authorities) {
    return withConnections(connections.trustingOnly(authorities));
  }

  /** The time-out of one attempt, from the connection to the end of the response. */
  public Duration timeout() {
    return timeout;
  }

  /** An address without the parts that may contain secrets: user, query and fragment. */
  public static String show(URI uri) {
    String host = uri.getHost() == null ? "" : uri.getHost();
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    return Printable.escape(uri.getScheme() + "://" + host + port + path);
  }

  /** Resolves a path below another address. */
  public static URI below(URI base, String path) {
    String text = base.toString();
    return URI.create((text.endsWith("/") ? text.substring(0, text.length() - 1) : text) + path);
  }

  /**
   * Sends a request and waits for the whole response.
   *
   * @return the response, with any status; one with a temporary error only after the last retry
   * @throws InterruptedIOException if the thread is interrupted
   * @throws IOException if there is no response before the time-out, or it is too long
   */
  public Answer send(Request request) throws IOException {
    for (int attempt = 1; ; attempt++) {
      boolean last = attempt == ATTEMPTS || request.isSentOnce();
      Duration wait = pauseAfter(attempt);
      try {
        Answer answer = follow(request);
        wait = longer(wait, retryAfter(answer));
        if (last
            || !answer.isPassing()
            || wait.compareTo(MAX_RETRY_AFTER) > 0
            || wait.compareTo(request.deadline().remaining()) >= 0) {
          return answer;
        }
      } catch (LostConnectionException e) {
        if (last || wait.compareTo(request.deadline().remaining()) >= 0) {
          throw e;
        }
      }
      pause(wait);
    }
  }

  /**
   * Waits before a request is sent again by the caller, at least as long as the service asked for.
   *
   * @param attempt the number of attempts so far, from 1
   * @param answer the response of the last one, if there was one
   * @throws InterruptedIOException if the thread is interrupted
   * @throws IOException if the service asks for a longer pause than half a minute
   */
  public void pauseAfter(int attempt, @Nullable Answer answer) throws IOException {
    Duration wait = pauseAfter(attempt);
    if (answer != null) {
      wait = longer(wait, retryAfter(answer));
      if (wait.compareTo(MAX_RETRY_AFTER) > 0) {
        throw new IOException(
            answer.describe(
                "answered " + answer.status() + ": try again in " + wait.toSeconds() + " s"));
      }
    }
    pause(wait);
  }

  private Duration pauseAfter(int attempt) {
    return pause.multipliedBy(1L << Math.min(attempt - 1, 5));
  }

  private Answer follow(Request request) throws IOException {
    Request current = request;
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      Answer answer = sendOnce(current);
      Optional<Request> next = request.followsRedirects() ? Redirect.of(answer) : Optional.empty();
      if (next.isEmpty()) {
        return answer;
      }
      current = next.get();
    }
    throw new IOException(request.describe("redirects more than " + MAX_REDIRECTS + " times"));
  }

  private Answer sendOnce(Request asked) throws IOException {
    Request request;
    try {
      request = asked.through(connections.proxy(asked.uri()));
    } catch (IOException e) {
      throw new IOException(asked.describe("was not asked: " + e.getMessage()), e);
    }
    Duration remaining = request.deadline().remaining();
    Duration longest = request.timeout().orElse(timeout);
    Duration limit = remaining.compareTo(longest) < 0 ? remaining : longest;
    if (request.deadline().hasPassed()) {
      throw new IOException(request.describe("was not asked: no time is left"));
    }
    Sending sending = new Sending(request);
    if (request.isSentAlone()) {
      Optional<Answer> answer = download(request, sending, limit);
      if (answer.isPresent()) {
        return answer.get();
      }
    }
    CompletableFuture<HttpResponse<Received>> exchange =
        client(request)
            .sendAsync(
                sending.httpRequest(),
                info -> {
                  if (info.statusCode() / 100 != 2) {
                    return whole(Math.min(request.maxLength(), MAX_REFUSAL), true);
                  }
                  return request
                      .stall()
                      .<BodySubscriber<Received>>map(stall -> streamed(request, stall))
                      .orElseGet(() -> whole(request.maxLength(), false));
                });
    try {
      // The JDK's request time-out covers only the time until the headers of the response.
      HttpResponse<Received> response = sending.await(exchange, limit);
      if (response.statusCode() == PROXY_AUTHENTICATION_REQUIRED && request.proxy().isPresent()) {
        throw refusedByProxy(request, request.proxy().get());
      }
      return new Answer(
          request,
          response.statusCode(),
          response.headers().map(),
          response.body().content(),
          response.body().stream());
    } catch (TimeoutException e) {
      throw late(request, limit);
    } catch (InterruptedException e) {
      throw interrupted(e);
    } catch (ExecutionException e) {
      sending.requireReadable();
      throw failure(request, e.getCause() == null ? e : e.getCause(), limit);
    } finally {
      exchange.cancel(true);
    }
  }

  /** Sends a request over a connection of its own; empty if the JDK's client is needed. */
  private Optional<Answer> download(Request request, Sending sending, Duration limit)
      throws IOException {
    Duration stall = request.stall().orElse(limit);
    try {
      return Download.begin(
              request.uri(),
              sending.headers(),
              client(request).sslContext(),
              new Download.Limits(connectTimeout(), limit, stall, StreamedBody.LEAST),
              Math.min(request.maxLength(), MAX_REFUSAL),
              failures(request, stall))
          .map(got ->
              new Answer(
                  request, got.status(), got.headers(), got.content(), got.body().orElse(null)));
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      throw failure(request, e, limit);
    }
  }

  /** The body of a response: in memory, or read while it arrives. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares it
  private record Received(byte[] content, @Nullable StreamedBody stream) {}

  private static BodySubscriber<Received> whole(int maxLength, boolean cut) {
    return BodySubscribers.mapping(
        new LimitedBody(maxLength, cut), content -> new Received(content, null));
  }

  private BodySubscriber<Received> streamed(Request request, Duration stall) {
    StreamedBody body = new StreamedBody(stall, failures(request, stall));
    return BodySubscribers.mapping(body, stream -> new Received(new byte[0], stream));
  }

  private Failures failures(Request request, Duration stall) {
    return cause ->
        cause == null
            ? new LostConnectionException(
                request.describe(
                    "sent hardly anything for "
                        + Math.max(1, stall.toSeconds())
                        + " s (is the network slow?)"),
                null)
            : failure(request, cause, stall);
  }

  private Duration connectTimeout() {
    return timeout.compareTo(CONNECT_TIMEOUT) < 0 ? timeout : CONNECT_TIMEOUT;
  }

  private synchronized HttpClient client(Request request) throws IOException {
    Duration limit = connectTimeout();
    if (isPlain(request)) {
      // A client without TLS does not need the TLS trust anchors, whose loading can fail.
      plainClient = plainClient == null ? connections.client(limit, false) : plainClient;
      return plainClient;
    }
    try {
      tlsClient = tlsClient == null ? connections.client(limit, true) : tlsClient;
      return tlsClient;
    } catch (IOException e) {
      throw new IOException(request.describe("was not asked: " + e.getMessage()), e);
    }
  }

  /** Whether a host is this machine, without asking a name server: a loopback address. */
  public static boolean isHere(URI address) {
    String host = address.getHost();
    // Names below localhost are asked of name servers, on some systems.
    return host != null && !host.endsWith(".localhost") && NoProxy.isLoopback(host);
  }

  static boolean isPlain(Request request) {
    return "http".equalsIgnoreCase(request.uri().getScheme());
  }

  private static IOException refusedByProxy(Request request, ProxyServer proxy) {
    return new IOException(
        request.describe(
            proxy.credentials().isEmpty()
                ? "was not asked: the proxy wants a user and a password; name them in the variable,"
                    + " as in HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT"
                : "was not asked: the proxy does not take the user and the password of the variable"
                    + (isPlain(request) ? "" : "; " + Connections.FOR_TUNNELS)));
  }

  private IOException failure(Request request, Throwable cause, Duration limit) {
    if (cause instanceof HttpConnectTimeoutException) {
      return new IOException(
          request.describe(
              ConnectionFailure.silent(connectTimeout(), request.proxy().isPresent())));
    }
    if (cause instanceof HttpTimeoutException) {
      return late(request, limit);
    }
    if (cause instanceof ConnectException) {
      return new LostConnectionException(
          request.describe(ConnectionFailure.unreachable(cause, request.proxy().isPresent())),
          cause);
    }
    String message =
        request.describe(
            ConnectionFailure.isTls(cause)
                ? ConnectionFailure.tls(cause)
                : "failed: " + Printable.quote(String.valueOf(cause.getMessage())));
    // The JDK quotes what it cannot parse, which may be text sent by the service.
    Exception shown =
        request.redaction().apply(cause instanceof Exception e ? e : new IOException(cause));
    if (cause instanceof LimitedBody.TooLongException) {
      return new TooLongAnswerException(message, shown);
    }
    boolean repeatable =
        cause instanceof IOException
            && !(ConnectionFailure.isTls(cause) || cause instanceof ProtocolException);
    return repeatable
        ? new LostConnectionException(message, shown)
        : new IOException(message, shown);
  }

  private static IOException late(Request request, Duration limit) {
    return new IOException(
        request.describe(
            "did not answer within " + Math.max(1, limit.toSeconds()) + " s; try again"));
  }

  /** The delay that a service requests (RFC 9110 10.2.3). */
  private Duration retryAfter(Answer answer) {
    String value = answer.header("Retry-After").orElse("").strip();
    if (value.matches("[0-9]{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(value));
    }
    try {
      return Duration.between(
          clock.instant(), DateTimeFormatter.RFC_1123_DATE_TIME.parse(value, Instant::from));
    } catch (DateTimeParseException e) {
      // Not a valid delay or date, so our own delay applies.
      return Duration.ZERO;
    }
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? other : one;
  }

  private void pause(Duration time) throws InterruptedIOException {
    try {
      pauses.last(time);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static InterruptedIOException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    InterruptedIOException interrupted = new InterruptedIOException("interrupted");
    interrupted.initCause(cause);
    return interrupted;
  }

  /** The connection failed, or ended or stalled before the response did; a retry may succeed. */
  public static final class LostConnectionException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception whose message names the service and the problem. */
    public LostConnectionException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** The response is longer than the request permits; a retry does not help. */
  public static final class TooLongAnswerException extends IOException {
    private static final long serialVersionUID = 1L;

    TooLongAnswerException(String message, Exception cause) {
      super(message, cause);
    }
  }
}
