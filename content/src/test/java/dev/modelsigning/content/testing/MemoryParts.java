package dev.modelsigning.content.testing;

import dev.modelsigning.facts.FileParts;
import java.nio.ByteBuffer;
import java.util.Objects;

/** A file in memory. */
public record MemoryParts(byte[] bytes) implements FileParts {

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
