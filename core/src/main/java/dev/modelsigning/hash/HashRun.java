package dev.modelsigning.hash;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileSystemException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of one call and the threads that perform them. A thread that finds no more tasks takes
 * turns with one that still hashes. The first failure ends the run.
 */
final class HashRun {

  /** How often the calling thread looks at the others. */
  private static final int WATCH_MILLIS = 100;

  private final List<HashTask> tasks;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger unfinished;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private final List<FileOpening> openings = new CopyOnWriteArrayList<>();

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
   * Performs all tasks. The calling thread only watches, since one that opens a file may wait for
   * ever.
   *
   * @param number number of threads
   * @param workers makes what a thread works with, from its number
   */
  void perform(int number, Workers workers) throws IOException {
    start(number, workers);
    joinAll();
    Throwable problem = failure.get();
    if (problem instanceof IOException e) {
      throw e;
    } else if (problem instanceof RuntimeException e) {
      throw e;
    } else if (problem instanceof Error e) {
      throw e;
    }
  }

  /** Makes what a thread works with. */
  @FunctionalInterface
  interface Workers {
    /**
     * Makes it.
     *
     * @param which the number of the thread, from 0
     * @param opening opens its files
     */
    HashWorker make(int which, FileOpening opening);
  }

  private void start(int number, Workers workers) {
    for (int i = 0; i < number; i++) {
      int which = i;
      FileOpening opening = new FileOpening();
      openings.add(opening);
      Thread thread = new Thread(() -> work(workers, which, opening), "model-hash-" + (i + 1));
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  private void joinAll() {
    boolean interrupted = false;
    for (int i = 0; i < threads.size(); i++) {
      while (threads.get(i).isAlive() && !isLeftBehind(openings.get(i))) {
        try {
          threads.get(i).join(WATCH_MILLIS);
          openings.forEach(this::watch);
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

  private void watch(FileOpening opening) {
    if (opening.isSuspicious() && failure.get() == null) {
      FileSystemException problem = opening.problem();
      if (problem != null) {
        fail(problem);
      }
    }
  }

  /** Once the run has failed, nobody waits for a thread that may wait for ever. */
  private boolean isLeftBehind(FileOpening opening) {
    return failure.get() != null && opening.isSuspicious();
  }

  static InterruptedIOException interruption() {
    return new InterruptedIOException("hashing was interrupted");
  }

  private void work(Workers workers, int which, FileOpening opening) {
    try {
      work(workers.make(which, opening));
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
