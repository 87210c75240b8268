package dev.modelsigning.internal.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One attempt to send a request: its content as it is read, and the time that is left for it. */
final class Sending {

  private final Request request;
  private final AtomicLong read = new AtomicLong();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final AtomicReference<@Nullable IOException> unreadable = new AtomicReference<>();

  Sending(Request request) {
    this.request = request;
  }

  /**
   * The content of the request, if it has any.
   *
   * @throws IOException if it cannot be read
   */
  Optional<BodyPublisher> publisher() throws IOException {
    if (request.content().isEmpty()) {
      return Optional.empty();
    }
    Request.Body content = request.content().get();
    if (!request.isSentOnce()) {
      try (InputStream bytes = content.open()) {
        return Optional.of(BodyPublishers.ofByteArray(bytes.readAllBytes()));
      }
    }
    BodyPublisher stream = BodyPublishers.ofInputStream(() -> open(content));
    return Optional.of(
        content.length() < 0 ? stream : BodyPublishers.fromPublisher(stream, content.length()));
  }

  private InputStream open(Request.Body content) {
    try {
      return new Counted(content.open());
    } catch (IOException e) {
      unreadable.set(e);
      throw new UncheckedIOException(e);
    }
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

  /** Counts what is read of the content. */
  private final class Counted extends FilterInputStream {

    Counted(InputStream content) {
      super(content);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      try {
        int number = super.read(target, offset, length);
        if (number < 0) {
          ended.set(true);
        } else {
          read.addAndGet(number);
        }
        return number;
      } catch (IOException e) {
        unreadable.set(e);
        throw e;
      }
    }
  }
}
