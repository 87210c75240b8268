package dev.modelsigning.s3;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayDeque;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A large object, several parts of which are read at once and handed out in their order. One thread
 * at a time reads; another one may close it meanwhile, after a failure. The lock is for what both
 * change, and is not held while something is awaited.
 */
final class S3ReadAhead implements ReadableByteChannel {

  /** How many parts of one object are read ahead. */
  private static final int AHEAD = 4;

  private final S3Parts parts;
  private final S3Object object;
  private final long to;
  private final ArrayDeque<Future<ByteBuffer>> ahead = new ArrayDeque<>(); // guarded by this
  private long asked; // by the thread that reads
  private volatile @Nullable ByteBuffer current; // changed under the lock, like closed
  private volatile boolean closed;
  private volatile @Nullable ReadableByteChannel direct; // set under the lock; may be closed twice

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
      ByteBuffer part = current;
      if (part != null) {
        if (part.hasRemaining()) {
          int length = Math.min(part.remaining(), target.remaining());
          target.put(target.position(), part, part.position(), length);
          target.position(target.position() + length);
          part.position(part.position() + length);
          return length;
        }
        leave(part);
      }
      ReadableByteChannel channel = direct;
      if (channel != null) {
        int read = channel.read(target);
        if (read >= 0) {
          return read;
        }
        channel.close();
        direct = null;
      }
      if (!next()) {
        return -1;
      }
    }
  }

  /** Goes on to the next part; returns false at the end. */
  private boolean next() throws IOException {
    Future<ByteBuffer> first = ask();
    if (first != null) {
      handOut(S3Parts.await(first));
      return true;
    }
    if (asked == to) {
      return false;
    }
    handOut(parts.direct(object, asked, end())); // others have all the memory
    asked = end();
    return true;
  }

  /** Asks for parts as far as there is memory; returns the next one, or null if none was asked. */
  private synchronized @Nullable Future<ByteBuffer> ask() throws IOException {
    requireOpen();
    while (asked < to && ahead.size() < AHEAD) {
      Future<ByteBuffer> part = parts.read(object, asked, end());
      if (part == null) {
        break;
      }
      ahead.add(part);
      asked = end();
    }
    return ahead.peek();
  }

  private synchronized void handOut(ByteBuffer part) throws IOException {
    requireOpen(); // what was asked was given back otherwise
    ahead.remove();
    current = part;
  }

  private synchronized void handOut(ReadableByteChannel channel) throws IOException {
    if (closed) {
      channel.close();
    }
    requireOpen();
    direct = channel;
  }

  /** Gives back a part that was read to its end, unless {@link #close} did. */
  private synchronized void leave(ByteBuffer part) {
    if (!closed) {
      current = null;
      parts.buffers().giveBack(part);
    }
  }

  private void requireOpen() throws ClosedChannelException {
    if (closed) {
      throw new ClosedChannelException();
    }
  }

  private long end() {
    return Math.min(to, asked + S3Parts.Buffers.LENGTH);
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  /** Leaves what is still being read. No buffer is used again, as each may be in use. */
  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    if (current != null) {
      current = null;
      parts.buffers().giveBack();
    }
    for (Future<ByteBuffer> part : ahead) {
      part.cancel(true);
      parts.buffers().giveBack();
    }
    ahead.clear();
    ReadableByteChannel channel = direct;
    if (channel != null) {
      channel.close();
    }
  }
}
