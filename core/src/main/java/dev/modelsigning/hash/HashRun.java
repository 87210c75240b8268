package dev.modelsigning.hash;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of one call and the threads that perform them. A thread that finds no more tasks reads
 * ahead for one that still hashes. The first failure ends the run.
 */
final class HashRun {

  private final List<HashTask> tasks;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger unfinished;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  // Guarded by this, but for reading the number of idle threads as a hint.
  private final Queue<ReadAhead> toRead = new ArrayDeque<>();
  private volatile int idle;
  private boolean over;

  HashRun(List<HashTask> tasks) {
    this.tasks = tasks;
    this.unfinished = new AtomicInteger(tasks.size());
  }

  /**
   * Performs all tasks.
   *
   * @param threads number of threads; with one, it is the calling thread
   * @param workers makes what a thread works with, from its number
   */
  void perform(int threads, IntFunction<HashWorker> workers) throws IOException {
    if (threads == 1) {
      work(workers.apply(0));
    } else {
      joinAll(start(threads, workers));
    }
    Throwable problem = failure.get();
    if (problem instanceof IOException e) {
      throw e;
    } else if (problem instanceof RuntimeException e) {
      throw e;
    } else if (problem instanceof Error e) {
      throw e;
    }
  }

  private List<Thread> start(int number, IntFunction<HashWorker> workers) {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      int which = i;
      Thread thread = new Thread(() -> work(workers, which), "model-hash-" + (i + 1));
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
    return threads;
  }

  private void joinAll(List<Thread> threads) {
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
          fail(interruption());
          threads.forEach(Thread::interrupt);
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  static InterruptedIOException interruption() {
    return new InterruptedIOException("hashing was interrupted");
  }

  private void work(IntFunction<HashWorker> workers, int which) {
    try {
      work(workers.apply(which));
    } catch (RuntimeException | Error e) {
      fail(e); // no memory for the buffers of a worker
    }
  }

  private void work(HashWorker worker) {
    try {
      for (int i = next.getAndIncrement(); i < tasks.size(); i = next.getAndIncrement()) {
        requireNoFailure();
        worker.perform(tasks.get(i));
        if (unfinished.decrementAndGet() == 0) {
          end();
        }
      }
      for (ReadAhead request = awaitRequest(); request != null; request = awaitRequest()) {
        request.run();
      }
    } catch (InterruptedException e) {
      fail(interruption());
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException | Error e) {
      fail(e);
    }
  }

  private void fail(Throwable problem) {
    failure.compareAndSet(null, problem);
    end();
  }

  private synchronized void end() {
    over = true;
    notifyAll();
  }

  /** Ends the work of a thread when another one has failed; called after each block. */
  void requireNoFailure() throws IOException {
    if (failure.get() != null) {
      throw new InterruptedIOException("given up, as another thread has failed");
    }
  }

  /** Whether there may be a thread that has nothing to do. */
  boolean someoneIsIdle() {
    return idle > 0;
  }

  /** Gives reading to an idle thread; returns whether there is one. */
  synchronized boolean offer(ReadAhead request) {
    if (idle == 0 || over) {
      return false;
    }
    idle--;
    toRead.add(request);
    notifyAll();
    return true;
  }

  /** Waits for something to read; null when all is done. A request once offered is always met. */
  private synchronized @Nullable ReadAhead awaitRequest() throws InterruptedException {
    if (!over) {
      idle++;
    }
    while (toRead.isEmpty() && !over) {
      wait();
    }
    return toRead.poll();
  }
}
