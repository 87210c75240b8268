package dev.modelsigning.internal.download;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;

/**
 * The body of a response, read while it arrives: exactly as many bytes as its head says, or an
 * error. It ends with an error if hardly anything arrives while the reader waits for it. When all
 * of it was read, or it is closed, its connection is.
 */
final class DownloadBody implements ReadableByteChannel {

  /** More at once would not be in the processor's cache any more when it is hashed and written. */
  private static final int BLOCK = 128 * 1024;

  private final Connection connection;
  private final ByteBuffer begun;
  private final long length;
  private final Duration stall;
  private final long least;
  private final Failures failures;
  private long left;

  // How long the reader has waited, and what it got, since the period began.
  private long waited;
  private long arrived;
  private volatile boolean closed;

  /**
   * Creates a body.
   *
   * @param begun what arrived of it together with the head
   * @param length its length in bytes
   * @param stall the period of waiting in which at least that many bytes must arrive
   * @param least that number of bytes
   */
  DownloadBody(
      Connection connection,
      ByteBuffer begun,
      long length,
      Duration stall,
      long least,
      Failures failures) {
    this.connection = connection;
    this.begun = begun;
    this.length = length;
    this.stall = stall;
    this.least = least;
    this.failures = failures;
    this.left = length;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (!target.hasRemaining()) {
      return 0;
    }
    if (left == 0) {
      connection.close();
      return -1;
    }
    int limit = target.limit();
    target.limit(target.position() + (int) Math.min(Math.min(BLOCK, target.remaining()), left));
    try {
      int read = begun.hasRemaining() ? take(target) : receive(target);
      left -= read;
      return read;
    } finally {
      target.limit(limit);
    }
  }

  private int take(ByteBuffer target) {
    int number = Math.min(begun.remaining(), target.remaining());
    target.put(target.position(), begun, begun.position(), number);
    target.position(target.position() + number);
    begun.position(begun.position() + number);
    return number;
  }

  private int receive(ByteBuffer target) throws IOException {
    while (true) {
      int read = await(target);
      boolean over = waited >= stall.toNanos();
      if (over && arrived < least && read >= 0) {
        close();
        throw failures.of(null);
      }
      if (over) {
        waited = 0;
        arrived = 0;
      }
      if (read < 0) {
        close();
        throw failures.of(
            new IOException(
                "the body ended after " + (length - left) + " of " + length + " bytes"));
      }
      if (read > 0) {
        arrived += read;
        return read;
      }
    }
  }

  private int await(ByteBuffer target) throws IOException {
    try {
      long start = System.nanoTime();
      int read = connection.read(target, stall.minusNanos(waited));
      waited += System.nanoTime() - start;
      if (read == 0) {
        Interruption.require();
      }
      return read;
    } catch (IOException e) {
      boolean byAnother = closed;
      close();
      if (byAnother) {
        throw (IOException) new ClosedChannelException().initCause(e);
      }
      InterruptedIOException interruption = Interruption.of(e);
      throw interruption == null ? failures.of(e) : interruption;
    }
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  @Override
  public void close() {
    closed = true;
    connection.close();
  }
}
