package dev.modelsigning.sigstore;

import dev.modelsigning.json.Printable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Talks to services over HTTP: never for ever, never without end, and again a few times where a
 * service is busy. It follows no redirections, since requests may carry tokens.
 */
final class ServiceClient {

  /** More than any answer of an honest service. */
  static final int MAX_ANSWER = 4 * 1024 * 1024;

  private static final int ATTEMPTS = 3;
  private static final int MAX_EXCERPT = 150;

  /** Busy, or a gateway whose service is. */
  private static final Set<Integer> PASSING = Set.of(429, 500, 502, 503, 504);

  private final HttpClient client;
  private final Duration timeout;
  private final Duration pause;

  private ServiceClient(Duration timeout, Duration pause) {
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(timeout)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    this.timeout = timeout;
    this.pause = pause;
  }

  /** A client with patience: a log may wait some seconds before it answers. */
  static ServiceClient withDefaults() {
    return new ServiceClient(Duration.ofSeconds(45), Duration.ofMillis(500));
  }

  /**
   * A client.
   *
   * @param timeout how long one request may take, with its answer
   * @param pause how long to wait before the first repetition; the next waits longer
   */
  static ServiceClient with(Duration timeout, Duration pause) {
    return new ServiceClient(timeout, pause);
  }

  /**
   * An answer, whatever it says.
   *
   * @param service what the service is called in messages
   * @param uri the address that was asked
   * @param status the status
   * @param headers the headers
   * @param content the content
   */
  @SuppressWarnings("ArrayRecordComponent") // lives shortly, and nobody compares it
  record Answer(String service, URI uri, int status, HttpHeaders headers, byte[] content) {

    boolean isSuccess() {
      return status / 100 == 2;
    }

    /** What the service said, in a form and length that can be shown. */
    String excerpt() {
      String text = new String(content, StandardCharsets.UTF_8).strip();
      String cut = text.length() <= MAX_EXCERPT ? text : text.substring(0, MAX_EXCERPT) + "...";
      return cut.isEmpty() ? "without a word" : Printable.quote(cut);
    }

    /** Says which service did what, and not what to do about it. */
    String describe(String problem) {
      return service + " at " + show(uri) + " " + problem;
    }

    /** What to say of an answer with a status that is not wanted. */
    String refusal() {
      return describe("answered " + status + ": " + excerpt());
    }
  }

  /** An address without what could be a secret in it: user, query and fragment. */
  static String show(URI uri) {
    String host = uri.getHost() == null ? "" : uri.getHost();
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    return Printable.escape(uri.getScheme() + "://" + host + port + path);
  }

  /** An address below another one. */
  static URI below(URI base, String path) {
    String text = base.toString();
    return URI.create((text.endsWith("/") ? text.substring(0, text.length() - 1) : text) + path);
  }

  /**
   * Gets.
   *
   * @param service what the service is called in messages
   * @param headers names and values in turn
   */
  Answer get(String service, URI uri, String... headers) throws IOException {
    return send(service, request(service, uri, headers).GET().build(), MAX_ANSWER);
  }

  /** Gets an answer of limited length. */
  Answer get(String service, URI uri, int maxLength) throws IOException {
    return send(service, request(service, uri).GET().build(), maxLength);
  }

  /**
   * Posts.
   *
   * @param service what the service is called in messages
   * @param content what to post
   * @param headers names and values in turn
   */
  Answer post(String service, URI uri, byte[] content, String... headers) throws IOException {
    HttpRequest request =
        request(service, uri, headers)
            .POST(HttpRequest.BodyPublishers.ofByteArray(content))
            .build();
    return send(service, request, MAX_ANSWER);
  }

  private HttpRequest.Builder request(String service, URI uri, String... headers)
      throws IOException {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(uri).timeout(timeout).header("User-Agent", "model-signing-java");
      for (int i = 0; i < headers.length; i += 2) {
        request.header(headers[i], headers[i + 1]);
      }
      return request;
    } catch (IllegalArgumentException e) {
      // The JDK's message would show a header, and thereby a token.
      throw new IOException(
          service
              + " at "
              + show(uri)
              + " cannot be asked: expected an address with http or https,"
              + " and a token without control characters");
    }
  }

  private Answer send(String service, HttpRequest request, int maxLength) throws IOException {
    for (int attempt = 1; ; attempt++) {
      boolean last = attempt == ATTEMPTS;
      try {
        Answer answer = sendOnce(service, request, maxLength);
        if (last || !PASSING.contains(answer.status())) {
          return answer;
        }
      } catch (ConnectException e) {
        if (last) {
          throw failed(service, request, "cannot be reached; is there a network, a proxy?", e);
        }
      }
      pause(pause.multipliedBy(attempt));
    }
  }

  private Answer sendOnce(String service, HttpRequest request, int maxLength) throws IOException {
    CompletableFuture<HttpResponse<byte[]>> exchange =
        client.sendAsync(request, info -> new LimitedBody(maxLength));
    try {
      // The time-out of a request ends with the headers of the answer; this one does not.
      HttpResponse<byte[]> response = exchange.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return new Answer(
          service, request.uri(), response.statusCode(), response.headers(), response.body());
    } catch (TimeoutException e) {
      throw late(service, request, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("interrupted");
      interrupted.initCause(e);
      throw interrupted;
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      if (cause instanceof ConnectException connect) {
        throw connect;
      }
      if (cause instanceof HttpTimeoutException) {
        throw late(service, request, cause);
      }
      throw failed(service, request, "failed: " + cause.getMessage(), cause);
    } finally {
      exchange.cancel(true);
    }
  }

  private IOException late(String service, HttpRequest request, Throwable cause) {
    String problem = "did not answer within " + timeout.toSeconds() + " s; try again";
    return failed(service, request, problem, cause);
  }

  private static IOException failed(
      String service, HttpRequest request, String problem, Throwable cause) {
    return new IOException(service + " at " + show(request.uri()) + " " + problem, cause);
  }

  private static void pause(Duration time) throws InterruptedIOException {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  /** Takes an answer up to a length. */
  private static final class LimitedBody implements BodySubscriber<byte[]> {
    private final BodySubscriber<byte[]> content = BodySubscribers.ofByteArray();
    private final int maxLength;
    private long length;
    private Flow.@Nullable Subscription subscription;

    LimitedBody(int maxLength) {
      this.maxLength = maxLength;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
      return content.getBody();
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      content.onSubscribe(given);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      boolean wasShort = length <= maxLength;
      buffers.forEach(buffer -> length += buffer.remaining());
      if (length <= maxLength) {
        content.onNext(buffers);
      } else if (wasShort && subscription != null) {
        subscription.cancel();
        content.onError(new IOException("the answer is longer than " + maxLength + " bytes"));
      }
    }

    @Override
    public void onError(Throwable problem) {
      content.onError(problem);
    }

    @Override
    public void onComplete() {
      content.onComplete();
    }
  }
}
