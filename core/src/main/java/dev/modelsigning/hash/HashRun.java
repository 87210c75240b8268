package dev.modelsigning.hash;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of one call and the threads that perform them. A thread that finds no more tasks takes
 * turns with one that still hashes. The first failure ends the run.
 */
final class HashRun {

  private final List<HashTask> tasks;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger unfinished;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final List<Thread> threads = new CopyOnWriteArrayList<>();

  // Guarded by this, but for reading the number of idle threads as a hint.
  private final Queue<Relay> offered = new ArrayDeque<>();
  private volatile int idle;
  private boolean over;

  HashRun(List<HashTask> tasks) {
    this.tasks = tasks;
    this.unfinished = new AtomicInteger(tasks.size());
    this.over = tasks.isEmpty();
  }

  /**
   * Performs all tasks.
   *
   * @param number number of threads; with one, it is the calling thread
   * @param workers makes what a thread works with, from its number
   */
  void perform(int number, IntFunction<HashWorker> workers) throws IOException {
    if (number == 1) {
      work(workers.apply(0));
    } else {
      start(number, workers);
      joinAll();
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

  private void start(int number, IntFunction<HashWorker> workers) {
    for (int i = 0; i < number; i++) {
      int which = i;
      Thread thread = new Thread(() -> work(workers, which), "model-hash-" + (i + 1));
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  private void joinAll() {
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
          fail(interruption());
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
      for (Relay request = awaitRequest(); request != null; request = awaitRequest()) {
        worker.assist(request);
      }
    } catch (InterruptedException e) {
      fail(interruption());
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException | Error e) {
      fail(e);
    }
  }

  /** Ends the run. Interrupts the others, which may wait for a device that does not answer. */
  private void fail(Throwable problem) {
    failure.compareAndSet(null, problem);
    end();
    for (Thread thread : threads) {
      if (!thread.equals(Thread.currentThread())) {
        thread.interrupt();
      }
    }
  }

  private synchronized void end() {
    over = true;
    notifyAll();
  }

  /**
   * Ends the work of a thread when another one has failed; called after each block.
   *
   * @throws InterruptedException if it has; what this makes of it is not looked at any more
   */
  void requireNoFailure() throws InterruptedException {
    if (failure.get() != null) {
      throw new InterruptedException("another thread has failed");
    }
  }

  /** Whether there may be a thread that has nothing to do. */
  boolean someoneIsIdle() {
    return idle > 0;
  }

  /** Asks an idle thread to take turns; returns whether there is one. */
  synchronized boolean offer(Relay request) {
    if (idle == 0 || over) {
      return false;
    }
    idle--;
    offered.add(request);
    notifyAll();
    return true;
  }

  /**
   * Waits for a relay to take part in; null when all is done. One that was offered gets a thread.
   */
  private synchronized @Nullable Relay awaitRequest() throws InterruptedException {
    if (!over) {
      idle++;
    }
    while (offered.isEmpty() && !over) {
      wait();
    }
    return offered.poll();
  }
}
