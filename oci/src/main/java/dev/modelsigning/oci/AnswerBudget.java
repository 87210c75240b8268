package dev.modelsigning.oci;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What the answers of registries may take of the memory, of all models together that are looked at.
 * Most models have a manifest and signatures of some KiB, and share nothing; of those that have
 * more, only some are looked at at once, and the others wait for that. Thread-safe.
 */
public final class AnswerBudget {

  /** The bytes that the answers about a model may have without waiting for others. */
  static final int SMALL = 256 * 1024;

  private final long mostBytes;
  private final Semaphore large;

  /**
   * Creates a budget.
   *
   * @param mostBytes the number of bytes of all bundles together that are fetched for a model
   * @param models how many models with large answers are looked at at once, at least 1
   */
  public AnswerBudget(long mostBytes, int models) {
    this.mostBytes = mostBytes;
    this.large = new Semaphore(models, true);
  }

  long mostBytes() {
    return mostBytes;
  }

  /** The share of a model, which waits for others no longer than it has time. */
  Share share(Duration limit) {
    return new Share(large, System.nanoTime() + limit.toNanos());
  }

  /** The share of a model; it has to be closed when nothing of the answers is used any more. */
  static final class Share implements AutoCloseable {

    private final Semaphore large;
    private final long end;
    private long bytes;
    private boolean hasPart;

    private Share(Semaphore large, long end) {
      this.large = large;
      this.end = end;
    }

    /** The share of a model that has the memory for itself. */
    static Share unlimited() {
      return new Share(new Semaphore(1), System.nanoTime() + Long.MAX_VALUE / 2);
    }

    /**
     * Takes memory for an answer that is kept.
     *
     * @throws IOException if other models have the memory until the time is over
     */
    synchronized void keep(long more) throws IOException {
      bytes += more;
      require(bytes);
    }

    /** The same for an answer that is read, and then forgotten. */
    synchronized void read(long once) throws IOException {
      require(bytes + once);
    }

    private void require(long needed) throws IOException {
      if (needed <= SMALL || hasPart) {
        return;
      }
      try {
        if (!large.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          throw new IOException(
              "there are models with large manifests or many signatures to look at first; try"
                  + " again later");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("waiting for the memory that other models have");
      }
      hasPart = true;
    }

    @Override
    public synchronized void close() {
      bytes = 0;
      if (hasPart) {
        hasPart = false;
        large.release();
      }
    }
  }
}
