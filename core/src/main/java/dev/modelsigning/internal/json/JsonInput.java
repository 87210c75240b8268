package dev.modelsigning.internal.json;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a document, either all of them or those in a buffer. The reader advances {@link
 * #at}; bytes before it may be discarded when more are needed.
 */
final class JsonInput {

  private static final int BUFFER_SIZE = 64 * 1024;

  /** The bytes. For a document in memory it is always the document itself. */
  byte[] buffer;

  /** Index of the next byte. */
  int at;

  /** Index after the last available byte. */
  int limit;

  private final @Nullable InputStream more;
  private final long size;
  private boolean ended;
  private long forgotten;
  private long lineStart;
  private int line = 1;

  /** Creates an input over a document in memory, whose bytes are not copied. */
  JsonInput(byte[] document, int length) {
    this.buffer = document;
    this.limit = length;
    this.more = null;
    this.size = length;
    this.ended = true;
  }

  /**
   * Creates an input over a stream, which is read block by block.
   *
   * @param size the expected number of bytes, to allocate memory; the actual number may differ
   */
  JsonInput(InputStream document, long size) {
    this.buffer = new byte[BUFFER_SIZE];
    this.more = document;
    this.size = size;
  }

  /**
   * Makes bytes from {@link #at} on available, and returns whether there are this many before the
   * end.
   */
  boolean has(int number) {
    while (limit - at < number && !ended) {
      fill();
    }
    return limit - at >= number;
  }

  /** The number of bytes that are expected to follow. */
  long expected() {
    return Math.max(0, size - forgotten - at);
  }

  private void fill() {
    if (at > 0) {
      System.arraycopy(buffer, at, buffer, 0, limit - at);
      forgotten += at;
      limit -= at;
      at = 0;
    }
    if (limit == buffer.length) {
      buffer = Arrays.copyOf(buffer, 2 * buffer.length);
    }
    int read = 0;
    try {
      while (read == 0 && more != null) {
        read = more.read(buffer, limit, buffer.length - limit);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (read <= 0) {
      ended = true;
    } else {
      limit += read;
    }
  }

  /** Skips white space; returns the byte that follows, or -1 at the end. */
  int skipWhiteSpace() {
    while (at < limit || has(1)) {
      byte next = buffer[at];
      if (next != ' ' && next != '\n' && next != '\r' && next != '\t') {
        return next & 0xff;
      }
      at++;
      if (next == '\n') {
        line++;
        lineStart = forgotten + at;
      }
    }
    return -1;
  }

  /** The position of the next byte, for messages; columns are counted in bytes. */
  String place() {
    return " at line " + line + ", column " + (forgotten + at - lineStart + 1);
  }
}
