package dev.modelsigning.facts;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/** Any part of a file that is open. */
public interface FileParts {

  /** Length of the file in bytes, as it was found. */
  long size();

  /**
   * Reads until the buffer is full.
   *
   * @param into takes the bytes, up to its limit
   * @param at where in the file the first one is, from 0
   * @throws IOException if the file ends before, as it was changed, or cannot be read
   * @throws IllegalArgumentException if that is not within the size
   */
  void read(ByteBuffer into, long at) throws IOException;

  /**
   * Parts of a file whose channel can go to any position.
   *
   * @param channel the file, open; nobody else moves its position
   * @param size its length as it was found
   * @param location the file, as messages name it
   */
  static FileParts of(SeekableByteChannel channel, long size, String location) {
    return new ChannelParts(channel, size, location);
  }
}
