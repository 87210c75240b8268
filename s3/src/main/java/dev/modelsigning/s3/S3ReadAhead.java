package dev.modelsigning.s3;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayDeque;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A large object, several parts of which are read at once and handed out in their order. */
final class S3ReadAhead implements ReadableByteChannel {

  /** How many parts of one object are read ahead. */
  private static final int AHEAD = 4;

  private final S3Parts parts;
  private final S3Object object;
  private final long to;
  private final ArrayDeque<Future<ByteBuffer>> ahead = new ArrayDeque<>();
  private long asked;
  private @Nullable ByteBuffer current;
  private @Nullable ReadableByteChannel direct;
  private boolean closed;

  S3ReadAhead(S3Parts parts, S3Object object, long from, long to) {
    this.parts = parts;
    this.object = object;
    this.asked = from;
    this.to = to;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    while (true) {
      if (current != null) {
        if (current.hasRemaining()) {
          int length = Math.min(current.remaining(), target.remaining());
          target.put(target.position(), current, current.position(), length);
          target.position(target.position() + length);
          current.position(current.position() + length);
          return length;
        }
        ByteBuffer done = current;
        current = null;
        parts.giveBack(done);
      }
      if (direct != null) {
        int read = direct.read(target);
        if (read >= 0) {
          return read;
        }
        direct.close();
        direct = null;
      }
      if (!next()) {
        return -1;
      }
    }
  }

  /** Goes on to the next part; returns false at the end. */
  private boolean next() throws IOException {
    while (asked < to && ahead.size() < AHEAD && parts.take()) {
      ahead.add(parts.read(object, asked, end()));
      asked = end();
    }
    if (!ahead.isEmpty()) {
      current = S3Parts.await(ahead.element());
      ahead.remove();
      return true;
    }
    if (asked == to) {
      return false;
    }
    direct = parts.direct(object, asked, end()); // others have all the memory
    asked = end();
    return true;
  }

  private long end() {
    return Math.min(to, asked + S3Parts.LENGTH);
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  /** Leaves what is still being read. */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    if (current != null) {
      ByteBuffer done = current;
      current = null;
      parts.giveBack(done);
    }
    for (Future<ByteBuffer> part : ahead) {
      part.cancel(true);
      parts.giveBack();
    }
    ahead.clear();
    if (direct != null) {
      direct.close();
    }
  }
}
