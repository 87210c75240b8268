package dev.modelsigning.internal.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** Receives the bytes of a file while they are hashed. It is called by one thread at a time. */
public interface FileTap {

  /**
   * Receives the next bytes, starting with the first one. For a file that is hashed in parts, only
   * the bytes of the first part.
   *
   * @param block the bytes, read-only; its position may be moved
   * @return whether more bytes are wanted
   */
  boolean accept(ByteBuffer block);

  /**
   * Called when the whole file was read. Whether it changed is checked after this method returned,
   * or failed.
   *
   * @param channel the file, still open
   * @param seen the number of bytes at the start of the file that were read in one piece: all of
   *     them were passed to {@link #accept}, if it always asked for more
   * @throws IOException if it cannot be read
   */
  void end(ReadableByteChannel channel, long seen) throws IOException;
}
