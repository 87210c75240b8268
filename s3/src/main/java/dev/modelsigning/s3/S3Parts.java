package dev.modelsigning.s3;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Opens parts of objects: small ones by one request, large ones by several at once, since one
 * connection is slower than a processor hashes. All that are read ahead share a limit, so memory
 * does not depend on the number or size of objects.
 */
final class S3Parts implements AutoCloseable {

  private final S3Store store;
  private final Buffers buffers = Buffers.shared();
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
    return to - from <= 2L * Buffers.LENGTH
        ? S3Body.open(store, object, from, to)
        : new S3ReadAhead(this, object, from, to);
  }

  /** Opens a part without reading ahead. */
  ReadableByteChannel direct(S3Object object, long from, long to) throws IOException {
    return S3Body.open(store, object, from, to);
  }

  /**
   * Reads a part by another thread, if there is memory for it. The memory has to be given back to
   * {@link #buffers}.
   *
   * @return the part; null if there is no memory
   */
  @Nullable Future<ByteBuffer> read(S3Object object, long from, long to) {
    if (!buffers.take()) {
      return null;
    }
    try {
      return readers.submit(() -> readAll(object, from, to));
    } catch (RejectedExecutionException e) {
      buffers.giveBack();
      throw e;
    }
  }

  private ByteBuffer readAll(S3Object object, long from, long to) throws IOException {
    ByteBuffer buffer = buffers.buffer(Math.toIntExact(to - from));
    try (ReadableByteChannel body = direct(object, from, to)) {
      while (body.read(buffer) >= 0 && buffer.hasRemaining()) {
        // until it is full
      }
    }
    return buffer.flip();
  }

  /** The memory of parts. */
  Buffers buffers() {
    return buffers;
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

  /**
   * The memory of parts that are read ahead, which all stores share while any of them is open. A
   * buffer whose part was handed out to its end is filled again: a new one of this size would be
   * cleared first, and collected soon. Buffers are outside of the heap, as the JDK copies what
   * comes from a socket once more otherwise.
   */
  static final class Buffers {

    /** The length of a part that is read ahead, in bytes. */
    static final int LENGTH = 8 * 1024 * 1024;

    /**
     * How many parts are read ahead in all: 64 MiB, or a quarter of the memory that a JVM may take
     * for what is outside of the heap, which by default is as much as the heap.
     */
    private static final int MOST =
        (int) Math.max(1, Math.min(8, Runtime.getRuntime().maxMemory() / 4 / LENGTH));

    private static WeakReference<Buffers> latest = new WeakReference<>(null);

    private final Semaphore free = new Semaphore(MOST);
    private final Queue<ByteBuffer> used = new ConcurrentLinkedQueue<>();

    private Buffers() {}

    /** Those that are in use; new ones if no store is open. */
    static synchronized Buffers shared() {
      Buffers buffers = latest.get();
      if (buffers == null) {
        buffers = new Buffers();
        latest = new WeakReference<>(buffers);
      }
      return buffers;
    }

    /** Takes the memory for a part, if there is any left; it has to be given back. */
    boolean take() {
      return free.tryAcquire();
    }

    /**
     * The buffer of a part whose memory was taken.
     *
     * @param length the length of the part in bytes, at most {@link #LENGTH}
     */
    ByteBuffer buffer(int length) {
      ByteBuffer buffer = used.poll();
      return (buffer == null ? allocate() : buffer).clear().limit(length);
    }

    /** In the heap only if the user allows for less outside of it. */
    private static ByteBuffer allocate() {
      try {
        return ByteBuffer.allocateDirect(LENGTH);
      } catch (OutOfMemoryError e) {
        return ByteBuffer.allocate(LENGTH);
      }
    }

    /** Gives back the memory of a part whose buffer may still be in use, and is not used again. */
    void giveBack() {
      free.release();
    }

    /** Gives back the memory of a part that was handed out to its end. */
    void giveBack(ByteBuffer buffer) {
      used.add(buffer);
      free.release();
    }
  }
}
