package dev.modelsigning.content.internal.archive;

import dev.modelsigning.facts.FileParts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/** A part of a file, as a separate file. */
record Window(FileParts whole, long from, long size) implements FileParts {

  /** Returns parts of bytes in memory. */
  static FileParts of(byte[] bytes, int length) {
    return new FileParts() {
      @Override
      public long size() {
        return length;
      }

      @Override
      public void read(ByteBuffer into, long at) {
        Objects.checkFromIndexSize(at, into.remaining(), (long) length);
        into.put(bytes, (int) at, into.remaining());
      }
    };
  }

  @Override
  public void read(ByteBuffer into, long at) throws IOException {
    Objects.checkFromIndexSize(at, into.remaining(), size);
    whole.read(into, from + at);
  }

  /** Reads some bytes as a little-endian buffer. The range must be within the file. */
  static ByteBuffer bytes(FileParts parts, long at, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    parts.read(buffer, at);
    return buffer.flip();
  }
}
