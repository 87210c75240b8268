package dev.modelsigning.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Checks that hashing ends, and its threads too. */
public final class HashThreads {

  /** No test takes as long as this; what does is stuck. */
  private static final int GUARD_SECONDS = 60;

  private HashThreads() {}

  /**
   * Runs something in a thread of its own and returns what it returns, or throws what it throws.
   * When it is over, no thread that hashes may be left.
   */
  public static <T> T run(Callable<T> work) throws Exception {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(task, "test-hash");
    thread.setDaemon(true);
    thread.start();
    T result;
    try {
      result = task.get(GUARD_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      AssertionError stuck = new AssertionError("stuck where the stack trace says");
      stuck.setStackTrace(thread.getStackTrace());
      throw stuck;
    } catch (ExecutionException e) {
      requireNoneLeft();
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (Exception) e.getCause();
    }
    requireNoneLeft();
    return result;
  }

  /** Fails if threads that hash do not end. */
  private static void requireNoneLeft() throws InterruptedException {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("model-hash")) {
        thread.join(TimeUnit.SECONDS.toMillis(GUARD_SECONDS));
        assertThat(thread.isAlive()).as("%s is still running", thread).isFalse();
      }
    }
  }
}
