package dev.modelsigning.pkcs11.internal.cryptoki;

import dev.modelsigning.signing.SigningException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A PKCS #11 module and the one thread that calls it. Not every module bears several threads, and
 * none can be stopped: native code that hangs hangs for ever. So whoever wants something of a
 * module waits for its thread, and an interrupt ends the waiting. The thread does not keep the JVM
 * alive.
 */
public final class TokenModule {

  private static final int IDLE_SECONDS = 10;

  /** What is to be done with a module. */
  @FunctionalInterface
  public interface Task<T> {
    T with(Cryptoki cryptoki) throws IOException, SigningException;
  }

  /** How a module gets ready; it is tried again if it failed. */
  @FunctionalInterface
  public interface Start {
    Cryptoki cryptoki() throws IOException, SigningException;
  }

  private final Start start;
  private final ThreadPoolExecutor executor;
  private volatile @Nullable Thread thread;

  /** Only the thread of the module looks at it. */
  private @Nullable Cryptoki cryptoki;

  /** A module that gets ready once it is called. */
  public TokenModule(Start start) {
    this.start = start;
    executor =
        new ThreadPoolExecutor(
            1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), this::newThread);
    executor.allowCoreThreadTimeOut(true);
  }

  private Thread newThread(Runnable work) {
    Thread created = new Thread(work, "PKCS #11 module");
    created.setDaemon(true);
    thread = created;
    return created;
  }

  /**
   * Does something with the module, once it is done with what others want.
   *
   * @throws InterruptedIOException if this thread is interrupted before the module is done; what
   *     the module is doing then, it does on its own, and it is asked for nothing more
   */
  public <T> T call(Task<T> task) throws IOException, SigningException {
    return call(task, true);
  }

  /** As {@link #call}, but what was asked for is still done after an interrupt. */
  public void finish(Task<?> task) throws IOException, SigningException {
    call(task, false);
  }

  private <T> T call(Task<T> task, boolean stops) throws IOException, SigningException {
    if (Thread.currentThread() == thread) {
      return task.with(started());
    }
    Future<T> running = executor.submit(() -> task.with(started()));
    try {
      return running.get();
    } catch (InterruptedException e) {
      if (stops) {
        running.cancel(true);
      }
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted =
          new InterruptedIOException("interrupted while the PKCS #11 module was at work");
      interrupted.initCause(e);
      throw interrupted;
    } catch (ExecutionException e) {
      throw rethrown(e);
    }
  }

  private Cryptoki started() throws IOException, SigningException {
    Cryptoki ready = cryptoki;
    if (ready == null) {
      ready = start.cryptoki();
      cryptoki = ready;
    }
    return ready;
  }

  /** What the task threw, which can be nothing else. */
  private static IllegalStateException rethrown(ExecutionException e)
      throws IOException, SigningException {
    Throwable cause = e.getCause();
    if (cause instanceof IOException failure) {
      throw failure;
    }
    if (cause instanceof SigningException failure) {
      throw failure;
    }
    if (cause instanceof RuntimeException failure) {
      throw failure;
    }
    if (cause instanceof Error failure) {
      throw failure;
    }
    return new IllegalStateException(cause);
  }
}
