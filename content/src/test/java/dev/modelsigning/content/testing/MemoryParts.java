package dev.modelsigning.content.testing;

import dev.modelsigning.facts.FileParts;
import java.nio.ByteBuffer;
import java.util.Objects;

/** A file in memory. */
public final class MemoryParts implements FileParts {

  private final byte[] bytes;

  /** A file with these bytes, which are not copied. */
  public MemoryParts(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  public long size() {
    return bytes.length;
  }

  @Override
  public void read(ByteBuffer into, long at) {
    Objects.checkFromIndexSize(at, into.remaining(), bytes.length);
    into.put(bytes, (int) at, into.remaining());
  }
}
