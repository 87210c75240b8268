package dev.modelsigning.facts;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/** Random access to an open file. */
public interface FileParts {

  /** The length of the file in bytes, as it was when the file was listed. */
  long size();

  /**
   * Reads until the buffer is full.
   *
   * @param into receives the bytes, up to its limit
   * @param at the offset of the first byte in the file, from 0
   * @throws IOException if the file cannot be read, or was truncated
   * @throws IllegalArgumentException if the range is not within the size
   */
  void read(ByteBuffer into, long at) throws IOException;

  /**
   * Returns the parts of a file with a seekable channel.
   *
   * @param channel a channel of the open file, whose position is used by nothing else
   * @param size its length when it was listed, in bytes
   * @param location the name of the file in messages
   */
  static FileParts of(SeekableByteChannel channel, long size, String location) {
    return new ChannelParts(channel, size, location);
  }
}
