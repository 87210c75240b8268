package dev.modelsigning.internal.http;

import dev.modelsigning.internal.download.Failures;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The body of a response, read while it arrives, with a limited number of blocks in memory. It ends
 * with an error if hardly anything arrives while the reader waits for it.
 */
final class StreamedBody implements BodySubscriber<StreamedBody>, ReadableByteChannel {

  /** What must arrive at least in each period, so that dripping bodies end too. */
  static final int LEAST = 64 * 1024;

  /**
   * As long as fewer bytes than this wait for the reader, another part is requested. More would
   * live so long that the garbage collector has to copy them.
   */
  private static final int AHEAD = 256 * 1024;

  /** The end of the body, or a failure. */
  private record Part(List<ByteBuffer> buffers, @Nullable Throwable failure) {}

  private final Duration stall;
  private final Failures failures;
  private final BlockingQueue<Part> parts = new LinkedBlockingQueue<>();
  private final AtomicLong waiting = new AtomicLong(); // in bytes
  private final AtomicBoolean requested = new AtomicBoolean();
  private final ArrayDeque<ByteBuffer> current = new ArrayDeque<>();
  private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
  private final CompletableFuture<StreamedBody> result = CompletableFuture.completedFuture(this);

  // Of the reader: how long it has waited, and what it got, since the period began.
  private long waited;
  private long arrived;
  private @Nullable Part last;
  private volatile boolean closed;

  /**
   * Creates a body.
   *
   * @param stall the period of waiting in which at least {@link #LEAST} bytes must arrive
   */
  StreamedBody(Duration stall, Failures failures) {
    this.stall = stall;
    this.failures = failures;
  }

  @Override
  public CompletionStage<StreamedBody> getBody() {
    return result;
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    if (!subscription.complete(given) || closed) {
      given.cancel();
      return;
    }
    request();
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    waiting.addAndGet(size(buffers));
    parts.add(new Part(buffers, null));
    requested.set(false); // before looking at what waits, or the reader's request could be missed
    request();
  }

  private void request() {
    if (waiting.get() < AHEAD && requested.compareAndSet(false, true)) {
      Objects.requireNonNull(subscription.getNow(null)).request(1);
    }
  }

  private static long size(List<ByteBuffer> buffers) {
    long size = 0;
    for (ByteBuffer buffer : buffers) {
      size += buffer.remaining();
    }
    return size;
  }

  @Override
  public void onError(Throwable problem) {
    parts.add(new Part(List.of(), problem));
  }

  @Override
  public void onComplete() {
    parts.add(new Part(List.of(), null));
  }

  /**
   * Reads what has arrived, and waits if that is nothing.
   *
   * @return the number of bytes, or -1 at the end
   * @throws ServiceClient.LostConnectionException if the connection is lost, or the body has
   *     stalled
   */
  @Override
  public int read(ByteBuffer target) throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (!target.hasRemaining()) {
      return 0;
    }
    while (current.isEmpty()) {
      if (last != null || !receive()) {
        return end();
      }
    }
    int start = target.position();
    do {
      take(current.getFirst(), target);
    } while (target.hasRemaining() && (!current.isEmpty() || receiveArrived()));
    return target.position() - start;
  }

  private void take(ByteBuffer next, ByteBuffer target) {
    int length = Math.min(next.remaining(), target.remaining());
    target.put(target.position(), next, next.position(), length);
    target.position(target.position() + length);
    next.position(next.position() + length);
    if (!next.hasRemaining()) {
      current.removeFirst();
    }
  }

  /** Receives bytes if there are some already; the end and failures are left for the next read. */
  private boolean receiveArrived() throws IOException {
    Part next = parts.peek();
    return next != null && !next.buffers().isEmpty() && receive() && !current.isEmpty();
  }

  /** Receives a part; returns whether there was one. */
  private boolean receive() throws IOException {
    Part part = parts.poll();
    if (part == null) {
      part = await();
    }
    if (part.buffers().isEmpty()) {
      last = part;
      return false;
    }
    long size = size(part.buffers());
    for (ByteBuffer buffer : part.buffers()) {
      if (buffer.hasRemaining()) {
        current.add(buffer);
      }
    }
    arrived += size;
    waiting.addAndGet(-size);
    request();
    return true;
  }

  private Part await() throws IOException {
    long start = System.nanoTime();
    try {
      Part part = parts.poll(Math.max(1, stall.toNanos() - waited), TimeUnit.NANOSECONDS);
      waited += System.nanoTime() - start;
      if (waited >= stall.toNanos()) {
        if (arrived < LEAST && (part == null || !part.buffers().isEmpty())) {
          throw stalled();
        }
        waited = 0;
        arrived = 0;
      }
      return part == null ? await() : part;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
      InterruptedIOException interrupted = new InterruptedIOException("interrupted");
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  private IOException stalled() {
    close();
    return failures.of(null);
  }

  private int end() throws IOException {
    Throwable failure = Objects.requireNonNull(last).failure();
    if (failure != null) {
      throw failures.of(failure);
    }
    return -1;
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  /** Leaves the connection, if the body has not ended. */
  @Override
  public void close() {
    closed = true;
    Flow.Subscription given = subscription.getNow(null);
    if (given != null) {
      given.cancel();
    }
  }
}
