package dev.modelsigning.internal.download;

import java.io.IOException;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/** The interruption of a thread that reads from a connection. It stays interrupted. */
final class Interruption {

  private Interruption() {}

  /**
   * Ends what an interrupted thread does.
   *
   * @throws InterruptedIOException if this thread is interrupted
   */
  static void require() throws InterruptedIOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("interrupted");
    }
  }

  /** The failure of an interrupted thread, or null if this one is not interrupted. */
  static @Nullable InterruptedIOException of(IOException failure) {
    if (!Thread.currentThread().isInterrupted()) {
      return null;
    }
    InterruptedIOException interrupted = new InterruptedIOException("interrupted");
    interrupted.initCause(failure);
    return interrupted;
  }
}
