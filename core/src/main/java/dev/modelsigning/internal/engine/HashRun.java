package dev.modelsigning.internal.engine;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileSystemException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of one call and the threads that perform them. A thread without further tasks shares
 * the work of one that is still hashing. The first failure ends the run.
 */
final class HashRun {

  /** The interval at which the calling thread checks the others. */
  private static final int WATCH_MILLIS = 100;

  /**
   * Up to this number of directory entries, one thread does all hashing, as starting others takes
   * longer.
   */
  private static final int FEW_ENTRIES = 64;

  private final HashPlan plan;
  private final int parallelism;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private final List<FileOpening> openings = new CopyOnWriteArrayList<>();

  // The tasks while files are being found. Guarded by this, except for reading the number of
  // waiting tasks.
  private final Deque<HashTask.Scan> scans = new ArrayDeque<>();
  private int scanning;
  private volatile int waiting;
  private long entriesSeen;

  // The tasks after all files were found.
  private volatile List<HashTask> tasks = List.of();
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger unfinished = new AtomicInteger();

  // Guarded by this, except for reading the number of idle threads as a hint.
  private final Queue<Relay> offered = new ArrayDeque<>();
  private volatile int idle;
  private boolean over;
  private @Nullable Workers workers;

  /**
   * Creates a run.
   *
   * @param plan the files that were found before; receives those that are deferred
   * @param first the first directories to list
   * @param parallelism the largest number of threads
   */
  HashRun(HashPlan plan, List<HashTask.Scan> first, int parallelism) {
    this.plan = plan;
    this.parallelism = parallelism;
    scans.addAll(first);
  }

  /**
   * Whether there is a processor for each thread so far. With more threads, as for a store, a
   * thread that spins takes the processor of one that has work.
   */
  boolean hasProcessors() {
    return threads.size() <= Runtime.getRuntime().availableProcessors();
  }

  /**
   * Performs all tasks. The calling thread only monitors the others, since opening a file may block
   * for ever.
   *
   * @param makers creates the worker of each thread
   */
  void perform(Workers makers) throws IOException {
    synchronized (this) {
      workers = makers;
      if (scans.isEmpty()) {
        beginTasks();
      } else {
        startThread();
      }
    }
    joinAll();
    abandonScans();
    Throwable problem = failure.get();
    if (problem instanceof IOException e) {
      throw e;
    } else if (problem instanceof RuntimeException e) {
      throw e;
    } else if (problem instanceof Error e) {
      throw e;
    }
  }

  /** Creates workers. */
  @FunctionalInterface
  interface Workers {
    /**
     * Creates a worker.
     *
     * @param opening opens its files
     */
    HashWorker make(FileOpening opening);
  }

  /** Starts one more thread, unless the limit is reached. */
  private synchronized void startThread() {
    Workers makers = workers;
    if (threads.size() == parallelism || failure.get() != null || makers == null) {
      return;
    }
    FileOpening opening = new FileOpening();
    openings.add(opening);
    Thread thread = new Thread(() -> work(makers, opening), "model-hash-" + (threads.size() + 1));
    thread.setDaemon(true);
    thread.start(); // first, because a thread that is not running yet looks like one that has ended
    threads.add(thread);
    if (failure.get() != null) {
      thread.interrupt();
    }
  }

  /** Begins the hashing of deferred files, after all files were found. */
  private synchronized void beginTasks() {
    List<HashTask> planned = plan.tasks();
    unfinished.set(planned.size());
    tasks = planned;
    if (planned.isEmpty()) {
      end();
      return;
    }
    boolean few = planned.size() == 1 && planned.get(0).bytes() <= HashPlan.SMALL_FILE;
    // Each task can keep two threads busy: one that reads and one that hashes.
    int wanted = few ? 1 : Math.min(parallelism, 2 * planned.size());
    while (threads.size() < wanted && failure.get() == null) {
      startThread();
    }
    notifyAll();
  }

  /** Adds a task while files are being found. */
  synchronized void add(HashTask.Scan scan) {
    if (over) {
      abandon(scan);
      return;
    }
    scans.push(scan);
    if (waiting > 0) {
      notifyAll();
    } else if (entriesSeen > FEW_ENTRIES) {
      startThread();
    }
  }

  /** Called when directory entries were read. */
  synchronized void saw(int entries) {
    entriesSeen += entries;
  }

  /** Whether a thread is waiting for a task, or one that is not running yet could take one. */
  boolean someoneWaitsForScans() {
    return waiting > 0 || threads.size() < parallelism;
  }

  /** The next task while files are being found; null when all were found. */
  private synchronized HashTask.@Nullable Scan nextScan() throws InterruptedException {
    while (scans.isEmpty() && scanning > 0 && !over) {
      waiting++;
      try {
        wait();
      } finally {
        waiting--;
      }
    }
    if (scans.isEmpty() || over) {
      return null;
    }
    scanning++;
    return scans.pop();
  }

  private synchronized void endScan() {
    scanning--;
    if (scans.isEmpty() && scanning == 0) {
      beginTasks();
      notifyAll();
    }
  }

  /** Tasks that are no longer performed must not hold directories open. */
  private synchronized void abandonScans() {
    while (!scans.isEmpty()) {
      abandon(scans.pop());
    }
  }

  private void abandon(HashTask.Scan scan) {
    try {
      scan.abandon();
    } catch (IOException e) {
      fail(e); // another failure may have been first and caused this one
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
    if (Thread.currentThread().isInterrupted()) {
      fail(interruption()); // even if all threads had ended: an interrupted caller does not want a
      // result
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

  /** After a failure, threads that may be blocked for ever are not waited for. */
  private boolean isLeftBehind(FileOpening opening) {
    return failure.get() != null && opening.isSuspicious();
  }

  static InterruptedIOException interruption() {
    return new InterruptedIOException("hashing was interrupted");
  }

  private void work(Workers makers, FileOpening opening) {
    try {
      work(makers.make(opening));
    } catch (RuntimeException | Error e) {
      fail(e); // out of memory for the buffers of a worker
    }
  }

  private void work(HashWorker worker) {
    try {
      for (HashTask.Scan scan = nextScan(); scan != null; scan = nextScan()) {
        scan.perform(worker);
        endScan();
      }
      List<HashTask> all = tasks;
      for (int i = next.getAndIncrement(); i < all.size(); i = next.getAndIncrement()) {
        requireNoFailure();
        worker.perform(all.get(i));
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

  /**
   * Ends the run. Interrupts the other threads, which may be waiting for a device that does not
   * respond.
   */
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
   * Stops a thread when another one has failed; called after each block.
   *
   * @throws InterruptedException if another one has failed; what results from this exception is
   *     ignored
   */
  void requireNoFailure() throws InterruptedException {
    if (failure.get() != null) {
      throw new InterruptedException("another thread has failed");
    }
  }

  /** Whether there may be an idle thread. */
  boolean someoneIsIdle() {
    return idle > 0;
  }

  /** Asks an idle thread to share the work; returns whether there is one. */
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
   * Waits for a relay to join; null when all is done. Every relay that was offered gets a thread.
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
