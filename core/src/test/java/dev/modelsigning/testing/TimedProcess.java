package dev.modelsigning.testing;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Starts programs for tests, with a time-out: a program that does not end is killed with its child
 * processes, so that reading its output and waiting for it return, and the test fails by its exit
 * status.
 */
public final class TimedProcess {

  private static final int SECONDS = 120;

  private TimedProcess() {}

  /** Starts a program that is killed after two minutes. */
  public static Process start(ProcessBuilder builder) throws IOException {
    return start(builder, CompletableFuture.delayedExecutor(SECONDS, TimeUnit.SECONDS));
  }

  /** Starts a program that is killed after ten minutes: a server that others wait for, say. */
  public static Process startLong(ProcessBuilder builder) throws IOException {
    return start(builder, CompletableFuture.delayedExecutor(5L * SECONDS, TimeUnit.SECONDS));
  }

  static Process start(ProcessBuilder builder, Executor timeOut) throws IOException {
    Process process = builder.start();
    timeOut.execute(() -> {
      List<ProcessHandle> children = process.descendants().toList();
      // First, as without its children it could end with success. By its handle, as
      // Process.destroyForcibly closes output that is still to be read.
      process.toHandle().destroyForcibly();
      children.forEach(ProcessHandle::destroyForcibly);
    });
    return process;
  }
}
