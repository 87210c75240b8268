package dev.modelsigning.s3;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Opens parts of objects: small ones by one request, large ones by several at once, since one
 * connection is slower than a processor hashes. All that are read ahead share a limit, so memory
 * does not depend on the number or size of objects.
 */
final class S3Parts implements AutoCloseable {

  /** The length of a part that is read ahead, in bytes. */
  static final int LENGTH = 8 * 1024 * 1024;

  /**
   * How many parts are read ahead in all: 64 MiB, or a quarter of the memory that a JVM may take
   * for what is outside of the heap, which by default is as much as the heap.
   */
  private static final int MOST =
      (int) Math.max(1, Math.min(8, Runtime.getRuntime().maxMemory() / 4 / LENGTH));

  private final S3Store store;
  private final Semaphore free = new Semaphore(MOST);

  /**
   * The buffers of parts that were handed out to their end, to be filled again: new ones of this
   * size would be cleared first, and collected soon. Outside of the heap, as the JDK copies what
   * comes from a socket once more otherwise.
   */
  private final Queue<ByteBuffer> used = new ConcurrentLinkedQueue<>();

  private final AtomicInteger threads = new AtomicInteger();
  private final ExecutorService readers =
      Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "model-signing-s3-" + threads.incrementAndGet());
        thread.setDaemon(true);
        return thread;
      });

  S3Parts(S3Store store) {
    this.store = store;
  }

  ReadableByteChannel open(S3Object object, long from, long to) throws IOException {
    return to - from <= 2L * LENGTH
        ? S3Body.open(store, object, from, to)
        : new S3ReadAhead(this, object, from, to);
  }

  /** Opens a part without reading ahead. */
  ReadableByteChannel direct(S3Object object, long from, long to) throws IOException {
    return S3Body.open(store, object, from, to);
  }

  /** Takes the memory for a part, if there is any left; it has to be given back. */
  boolean take() {
    return free.tryAcquire();
  }

  /** Gives back the memory of a part that may still be read into. */
  void giveBack() {
    free.release();
  }

  /** Gives back the memory of a part that was read to its end. */
  void giveBack(ByteBuffer part) {
    used.add(part);
    free.release();
  }

  /** Reads a part by another thread. */
  Future<ByteBuffer> read(S3Object object, long from, long to) {
    return readers.submit(() -> {
      ByteBuffer buffer = buffer().clear().limit(Math.toIntExact(to - from));
      try (ReadableByteChannel body = direct(object, from, to)) {
        while (body.read(buffer) >= 0 && buffer.hasRemaining()) {
          // until it is full
        }
      }
      return buffer.flip();
    });
  }

  private ByteBuffer buffer() {
    ByteBuffer buffer = used.poll();
    return buffer == null ? ByteBuffer.allocateDirect(LENGTH) : buffer;
  }

  /**
   * Waits for what another thread asks a store for.
   *
   * @throws InterruptedIOException if the thread is interrupted
   * @throws IOException if it failed
   */
  static <T> T await(Future<T> answer) throws IOException {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("interrupted");
      interrupted.initCause(e);
      throw interrupted;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() {
    readers.shutdownNow();
  }
}
