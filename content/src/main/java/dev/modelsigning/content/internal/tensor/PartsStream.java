package dev.modelsigning.content.internal.tensor;

import dev.modelsigning.facts.FileParts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** A part of a file as a stream, read block by block. */
final class PartsStream extends InputStream {

  private final FileParts parts;
  private final long end;
  private long at;

  PartsStream(FileParts parts, long from, long end) {
    this.parts = parts;
    this.at = from;
    this.end = end;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length == 0) {
      return 0;
    }
    int number = (int) Math.min(length, end - at);
    if (number == 0) {
      return -1;
    }
    parts.read(ByteBuffer.wrap(into, offset, number), at);
    at += number;
    return number;
  }
}
