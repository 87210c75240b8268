package dev.modelsigning.aws.internal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what the SDK asks by itself: the metadata of an instance or a container, which may never
 * answer, and programs that a profile names. A thread of its own does it, and is abandoned.
 */
final class InTime {

  private InTime() {}

  /**
   * Returns a result.
   *
   * @param late the message if there is none in time
   * @throws InterruptedIOException if the thread is interrupted
   * @throws IOException if there is none in time
   */
  static <T extends @Nullable Object> T result(Supplier<T> work, Duration longest, String late)
      throws IOException {
    FutureTask<T> task = new FutureTask<>(work::get);
    Thread thread = new Thread(task, "model-signing-aws");
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get(longest.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new IOException(late, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("looking for the settings of AWS was interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IOException("the settings of AWS cannot be found out: " + e.getCause(), e);
    } finally {
      task.cancel(true);
    }
  }
}
