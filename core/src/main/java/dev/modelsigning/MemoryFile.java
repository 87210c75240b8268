package dev.modelsigning;

import dev.modelsigning.model.ModelFile;
import dev.modelsigning.model.Version;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** A part of a file that was read into memory, to be hashed. */
final class MemoryFile implements ModelFile {

  private final ModelFile file;
  private final byte[] bytes;

  /**
   * Creates a file over bytes in memory.
   *
   * @param file the file that they were read from
   * @param bytes its content, which must not be modified afterwards
   */
  MemoryFile(ModelFile file, byte[] bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  @Override
  public String name() {
    return file.name();
  }

  @Override
  public String location() {
    return file.location();
  }

  @Override
  public long size() {
    return bytes.length;
  }

  @Override
  public Version version() {
    return file.version();
  }

  @Override
  public ReadableByteChannel open(long from, long to) {
    MemoryChannel channel = new MemoryChannel(bytes);
    return new ReadableByteChannel() {
      private long at = from;

      @Override
      public int read(ByteBuffer target) throws IOException {
        channel.position(at);
        int read = channel.read(target);
        at += Math.max(0, read);
        return read;
      }

      @Override
      public boolean isOpen() {
        return channel.isOpen();
      }

      @Override
      public void close() {
        channel.close();
      }
    };
  }

  @Override
  public void requireUnchanged() {}

  @Override
  public boolean cheapRanges() {
    return true;
  }
}
