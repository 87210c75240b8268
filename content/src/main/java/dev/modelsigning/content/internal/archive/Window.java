package dev.modelsigning.content.internal.archive;

import dev.modelsigning.facts.FileParts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/** A part of a file as a file of its own. */
record Window(FileParts whole, long from, long size) implements FileParts {

  /** Bytes in memory. */
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

  /** Some bytes, the lowest byte of numbers first. They must be within the file. */
  static ByteBuffer bytes(FileParts parts, long at, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    parts.read(buffer, at);
    return buffer.flip();
  }
}
