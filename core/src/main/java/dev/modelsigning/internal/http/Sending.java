package dev.modelsigning.internal.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One attempt to send a request: its content as it is read, and the time that is left for it. */
final class Sending {

  private static final String USER_AGENT = "User-Agent";
  private static final String OURSELVES = "model-signing-java";

  private final Request request;
  private final AtomicLong read = new AtomicLong();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final AtomicReference<@Nullable IOException> unreadable = new AtomicReference<>();

  Sending(Request request) {
    this.request = request;
  }

  /**
   * The request for the JDK's client.
   *
   * @throws IOException if the request is not one that can be sent
   */
  HttpRequest httpRequest() throws IOException {
    try {
      HttpRequest.Builder builder =
          HttpRequest.newBuilder(request.uri()).header(USER_AGENT, OURSELVES);
      if (ServiceClient.isPlain(request)) {
        // Otherwise the JDK requests an upgrade to HTTP/2, and some servers then lose the body.
        builder.version(HttpClient.Version.HTTP_1_1);
      }
      request.headers().forEach(builder::header);
      // The JDK sends this header to proxies only.
      request
          .proxy()
          .flatMap(ProxyServer::authorization)
          .ifPresent(value -> builder.header("Proxy-Authorization", value));
      Optional<BodyPublisher> content = publisher();
      if (content.isPresent()) {
        builder.method(request.method(), content.get());
      } else if (request.method().equals("HEAD")) {
        builder.method("HEAD", BodyPublishers.noBody());
      }
      return builder.build();
    } catch (IllegalArgumentException e) {
      // The JDK's message would show a header, and with it a token.
      throw new IOException(
          request.describe(
              "cannot be asked: expected an address with http or https,"
                  + " and a token without control characters"));
    }
  }

  /** The headers of a request that is sent without the JDK's client. */
  Map<String, String> headers() {
    Map<String, String> all = new TreeMap<>(request.headers());
    all.put(USER_AGENT, OURSELVES);
    return all;
  }

  /**
   * The content of the request, if it has any.
   *
   * @throws IOException if it cannot be read
   */
  private Optional<BodyPublisher> publisher() throws IOException {
    if (request.content().isEmpty()) {
      return Optional.empty();
    }
    Request.Body content = request.content().get();
    if (!request.isSentOnce()) {
      try (InputStream bytes = content.open()) {
        return Optional.of(BodyPublishers.ofByteArray(bytes.readAllBytes()));
      }
    }
    return Optional.of(new Blocks(content));
  }

  /**
   * Waits for the response.
   *
   * @param limit the longest time without progress; without streamed content, the longest time
   * @throws TimeoutException if it is over
   */
  <T> T await(CompletableFuture<T> exchange, Duration limit)
      throws InterruptedException, ExecutionException, TimeoutException {
    while (true) {
      long before = read.get();
      boolean over = ended.get() || !request.isSentOnce();
      try {
        return exchange.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        // The end of the content begins another period, for the service to take it in.
        boolean justEnded = !over && ended.get();
        if (over || (read.get() - before < StreamedBody.LEAST && !justEnded)) {
          throw e;
        }
      }
    }
  }

  /**
   * Fails if the attempt failed because the content could not be read.
   *
   * @throws IOException the reason
   */
  void requireReadable() throws IOException {
    IOException problem = unreadable.get();
    if (problem != null) {
      throw problem;
    }
  }

  /** Reads content in large blocks; those of the JDK's publisher are so small that it is slow. */
  private final class Blocks implements BodyPublisher {
    private static final int BLOCK = 256 * 1024;

    private final Request.Body content;

    Blocks(Request.Body content) {
      this.content = content;
    }

    @Override
    public long contentLength() {
      return content.length() < 0 ? -1 : content.length();
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
      InputStream stream;
      try {
        stream = content.open();
      } catch (IOException e) {
        unreadable.set(e);
        subscriber.onSubscribe(new Reading(InputStream.nullInputStream(), subscriber));
        subscriber.onError(e);
        return;
      }
      subscriber.onSubscribe(new Reading(stream, subscriber));
    }
  }

  /** Reads a block for each that is requested. */
  private final class Reading implements Flow.Subscription {
    private final InputStream stream;
    private final Flow.Subscriber<? super ByteBuffer> subscriber;
    private final AtomicLong wanted = new AtomicLong();
    private volatile boolean over;

    Reading(InputStream stream, Flow.Subscriber<? super ByteBuffer> subscriber) {
      this.stream = stream;
      this.subscriber = subscriber;
    }

    @Override
    public void request(long number) {
      // Whoever finds nothing wanted before reads, also what is requested meanwhile.
      if (wanted.getAndAdd(number) > 0) {
        return;
      }
      do {
        if (!over) {
          block();
        }
      } while (wanted.decrementAndGet() > 0);
    }

    private void block() {
      try {
        byte[] block = stream.readNBytes(Blocks.BLOCK);
        if (block.length > 0) {
          read.addAndGet(block.length);
          subscriber.onNext(ByteBuffer.wrap(block));
          return;
        }
        cancel();
        ended.set(true);
        subscriber.onComplete();
      } catch (IOException e) {
        if (over) {
          return; // closed while it was read, as the connection was lost
        }
        unreadable.set(e);
        cancel();
        subscriber.onError(e);
      }
    }

    @Override
    public void cancel() {
      if (over) {
        return;
      }
      over = true;
      try {
        stream.close();
      } catch (IOException e) {
        // What was read of it is what counts.
        unreadable.compareAndSet(null, e);
      }
    }
  }
}
