package dev.modelsigning.cli.listen;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The bytes that all requests which arrive at once may have, but for the first of each. */
public final class ByteBudget {

  /** The bytes that are reserved at a time; as many are free for each request. */
  public static final int STEP = 64 * 1024;

  private final Semaphore steps;
  private final long waitMillis;

  /** So much arrives at once that no more can be taken now. */
  public static final class ExhaustedException extends IOException {
    private static final long serialVersionUID = 1L;

    ExhaustedException() {
      super("too much arrives at once");
    }
  }

  /**
   * Creates a budget.
   *
   * @param bytes how many there are
   * @param waitMillis how long a request waits for a part of it
   */
  public ByteBudget(long bytes, long waitMillis) {
    this.steps = new Semaphore(Math.toIntExact(bytes / STEP), true);
    this.waitMillis = waitMillis;
  }

  void reserveStep() throws IOException {
    try {
      if (!steps.tryAcquire(waitMillis, TimeUnit.MILLISECONDS)) {
        throw new ExhaustedException();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the request is ended");
    }
  }

  void release(long bytes) {
    steps.release((int) (bytes / STEP));
  }

  /** Whether requests wait for a part of it. */
  public boolean isShort() {
    return steps.hasQueuedThreads();
  }
}
