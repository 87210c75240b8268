package dev.modelsigning.internal.download;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/** A connection to a server. It can be closed by another thread, and then a read fails. */
interface Connection extends AutoCloseable {

  /** Sends all these bytes. */
  void send(byte[] bytes) throws IOException;

  /**
   * Reads what has arrived, and waits if that is nothing.
   *
   * @param longest the longest time to wait, at least a millisecond
   * @return the number of bytes, 0 if none came in that time, or -1 at the end
   */
  int read(ByteBuffer target, Duration longest) throws IOException;

  @Override
  void close();
}
