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
 * A PKCS #11 module and the one thread that calls it. Not every module is thread-safe, and none can
 * be interrupted: native code may hang for ever. So callers wait for the module's thread, and an
 * interrupt ends the wait. The thread is a daemon thread.
 */
public final class TokenModule {

  private static final int IDLE_SECONDS = 10;

  /** Work to do with a module. */
  @FunctionalInterface
  public interface Task<T> {
    T with(Cryptoki cryptoki) throws IOException, SigningException;
  }

  /** The initialisation of a module, which is repeated if it failed. */
  @FunctionalInterface
  public interface Start {
    Cryptoki cryptoki() throws IOException, SigningException;
  }

  private final Start start;
  private final ThreadPoolExecutor executor;
  private volatile @Nullable Thread thread;

  /** Accessed by the module's thread only. */
  private @Nullable Cryptoki cryptoki;

  /** Creates a module that is initialised on the first call. */
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
   * Runs a task in the module's thread, after the tasks of other callers.
   *
   * @throws InterruptedIOException if this thread is interrupted before the task is complete; a
   *     call of the module that is running continues, but no further calls are made
   */
  public <T> T call(Task<T> task) throws IOException, SigningException {
    return call(task, true);
  }

  /** Like {@link #call}, but the task is still performed after an interrupt. */
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

  /** Rethrows the exception of a task; other types are impossible. */
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
