package dev.modelsigning.facts;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.util.Objects;

/** Parts of a file with a seekable channel. */
final class ChannelParts implements FileParts {

  private final SeekableByteChannel channel;
  private final long size;
  private final String location;

  ChannelParts(SeekableByteChannel channel, long size, String location) {
    this.channel = channel;
    this.size = size;
    this.location = location;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void read(ByteBuffer into, long at) throws IOException {
    Objects.checkFromIndexSize(at, into.remaining(), size);
    channel.position(at);
    while (into.hasRemaining()) {
      if (channel.read(into) < 0) {
        throw (IOException)
            new FileSystemException(location, null, "it became shorter while the model was read")
                .initCause(new EOFException());
      }
    }
  }
}
