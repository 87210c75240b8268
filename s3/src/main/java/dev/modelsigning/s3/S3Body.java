package dev.modelsigning.s3;

import dev.modelsigning.internal.http.ServiceClient.LostConnectionException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.FileSystemException;
import org.jspecify.annotations.Nullable;

/**
 * A part of an object, read by one request, and by another one for the rest if the connection is
 * lost. The rest is of the same version, or reading fails.
 */
final class S3Body implements ReadableByteChannel {

  /** What must have come since the last failure for the next one to count as the first again. */
  private static final long PROGRESS = 64 * 1024;

  private static final int MAX_FAILURES = 4;
  private static final long PAUSE = 500; // milliseconds, doubled for each further one

  private final S3Store store;
  private final S3Object object;
  private final long to;
  private long position;
  private long atFailure;
  private int failures;
  private @Nullable ReadableByteChannel stream;
  private boolean closed;

  /** Opens a part; the object is asked for at once. */
  static S3Body open(S3Store store, S3Object object, long from, long to) throws IOException {
    S3Body body = new S3Body(store, object, from, to);
    body.stream = store.open(object, from, to);
    return body;
  }

  private S3Body(S3Store store, S3Object object, long from, long to) {
    this.store = store;
    this.object = object;
    this.position = from;
    this.atFailure = from;
    this.to = to;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (position == to) {
      end();
      return -1;
    }
    while (target.hasRemaining()) {
      int length = (int) Math.min(Math.min(target.remaining(), 256 * 1024), to - position);
      int read;
      try {
        read = readBlock(target, length);
      } catch (LostConnectionException e) {
        resume(e);
        continue;
      }
      if (read < 0) {
        resume(null);
        continue;
      }
      position += read;
      return read;
    }
    return 0;
  }

  private int readBlock(ByteBuffer target, int length) throws IOException {
    if (stream == null) {
      stream = store.open(object, position, to);
    }
    int limit = target.limit();
    target.limit(target.position() + length);
    try {
      return stream.read(target);
    } finally {
      target.limit(limit);
    }
  }

  /** Sees the end of the content, without which its connection could not be used again. */
  private void end() throws IOException {
    if (stream != null) {
      try {
        stream.read(ByteBuffer.allocate(1));
      } catch (LostConnectionException e) {
        // All bytes were read, which is what counts.
      }
      stream.close();
      stream = null;
    }
  }

  /**
   * Leaves a connection that is lost, so that the next read asks for the rest.
   *
   * @param cause how it was lost; null if the content ended too early
   */
  private void resume(@Nullable IOException cause) throws IOException {
    close(stream);
    stream = null;
    failures = position - atFailure >= PROGRESS ? 1 : failures + 1;
    atFailure = position;
    if (failures >= MAX_FAILURES) {
      FileSystemException failure =
          new FileSystemException(
              object.location(),
              null,
              "cannot be read further than to byte "
                  + position
                  + " of "
                  + object.size()
                  + ": "
                  + (cause == null ? store.shown() + " ends its answers there" : cause.getMessage())
                  + "; try again");
      if (cause != null) {
        failure.initCause(cause);
      }
      throw failure;
    }
    try {
      Thread.sleep(PAUSE << (failures - 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("interrupted");
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  private static void close(@Nullable ReadableByteChannel channel) throws IOException {
    if (channel != null) {
      channel.close();
    }
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  /** Leaves the connection, if the content has not ended. */
  @Override
  public void close() throws IOException {
    closed = true;
    close(stream);
    stream = null;
  }
}
