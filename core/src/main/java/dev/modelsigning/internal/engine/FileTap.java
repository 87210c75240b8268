package dev.modelsigning.internal.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** Sees the bytes of a file while they are hashed. It is called by one thread at a time. */
public interface FileTap {

  /**
   * Takes the next bytes, from the first one on. Of a file that is hashed in parts, those of the
   * first part only.
   *
   * @param block the bytes, read-only; its position may be moved
   * @return whether to be given more
   */
  boolean accept(ByteBuffer block);

  /**
   * All of the file was read, and it was still the one that was found. That is looked at once more
   * after this returned.
   *
   * @param channel the file, still open
   * @param seen how many of its first bytes were read in one piece: all that {@link #accept} was
   *     given, if it asked for more to the end
   * @throws IOException if it cannot be read
   */
  void end(ReadableByteChannel channel, long seen) throws IOException;
}
