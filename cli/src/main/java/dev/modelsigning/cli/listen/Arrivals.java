package dev.modelsigning.cli.listen;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Threads on which requests arrive, each of which waits for what its client sends. When there are
 * too few, the requests that take longest to arrive are ended, and their clients remembered: an
 * address of which many requests never arrived has few at a time for a while. One whose requests
 * arrive may have as many as it likes, as a cluster's API server has a thousand at once.
 */
public final class Arrivals implements Executor, AutoCloseable {

  /** The unfinished requests of an address that left many unfinished. */
  private static final int MOST_OF_SLOW = 8;

  /** How long these have at least. */
  private static final Duration QUICK = Duration.ofMillis(250);

  /** How long an address is remembered after the last of those. */
  private static final Duration REMEMBERED = Duration.ofSeconds(30);

  /** The addresses that are remembered. */
  private static final int MOST_ADDRESSES = 1_000;

  /** Reading needs little; the threads may be many. */
  private static final long STACK = 512 * 1024;

  private static final long LOOK_MILLIS = 100;

  private final ThreadPoolExecutor threads;
  private final ScheduledThreadPoolExecutor watch;
  private final long slowNanos;
  private final BooleanSupplier isShort;

  // Guarded by this.
  private final Map<Thread, Arrival> arriving = new HashMap<>();
  private final Map<InetAddress, Slow> slow =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Slow> eldest) {
          return size() > MOST_ADDRESSES;
        }
      };

  /** A request that has not arrived. */
  private static final class Arrival {
    private final Thread thread = Thread.currentThread();
    private final long start = System.nanoTime();
    private @Nullable InetAddress from;
    private boolean ended;

    boolean isOlder(long nanos) {
      return System.nanoTime() - start > nanos;
    }

    void end() {
      ended = true;
      thread.interrupt();
    }
  }

  /** Requests of an address that did not arrive. */
  private record Slow(int count, long last) {
    boolean isOver() {
      return System.nanoTime() - last > REMEMBERED.toNanos();
    }
  }

  /**
   * Creates threads, which begin when they are needed.
   *
   * @param name theirs
   * @param most how many there are
   * @param queue how many requests wait for one
   * @param slow how long one may take to arrive when there are too few
   * @param isShort whether something else is short, of which requests that arrive hold a part
   */
  public Arrivals(String name, int most, int queue, Duration slow, BooleanSupplier isShort) {
    this.slowNanos = slow.toNanos();
    this.isShort = isShort;
    this.threads =
        new ThreadPoolExecutor(
            most,
            most,
            60,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(queue),
            work -> daemon(work, name));
    threads.allowCoreThreadTimeOut(true);
    watch = new ScheduledThreadPoolExecutor(1, work -> daemon(work, name + "-watch"));
    ScheduledFuture<?> unused =
        watch.scheduleWithFixedDelay(
            this::endSlow, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(null, work, name, STACK);
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void execute(Runnable work) {
    threads.execute(() -> run(work));
  }

  private void run(Runnable work) {
    Arrival arrival = new Arrival();
    synchronized (this) {
      arriving.put(arrival.thread, arrival);
    }
    try {
      work.run();
    } finally {
      synchronized (this) {
        if (arriving.remove(arrival.thread) != null
            && (arrival.ended || arrival.isOlder(slowNanos))) {
          remember(arrival);
        }
      }
      boolean unused = Thread.interrupted(); // it was for this request
    }
  }

  /**
   * Says from where the request of this thread comes.
   *
   * @throws IllegalStateException if it may not arrive, as many of that address did not
   */
  public synchronized void from(InetAddress address) {
    Arrival arrival = arriving.get(Thread.currentThread());
    if (arrival == null) {
      return;
    }
    Slow known = slow.get(address);
    if (known != null && known.isOver()) {
      slow.remove(address);
    } else if (known != null && known.count() >= MOST_OF_SLOW) {
      makeRoom(address);
    }
    arrival.from = address;
  }

  /** Several clients can have one address, so what is slow makes room for what may be quick. */
  private void makeRoom(InetAddress address) {
    List<Arrival> others =
        longest(arriving.values().stream().filter(other -> address.equals(other.from)));
    if (others.size() >= MOST_OF_SLOW) {
      Arrival longest = others.get(0);
      if (!longest.isOlder(QUICK.toNanos())) {
        throw new IllegalStateException("too many requests of this address do not arrive");
      }
      longest.end();
    }
  }

  /**
   * Says that the request of this thread is here.
   *
   * @throws IOException if it was ended before
   */
  public synchronized void arrived() throws IOException {
    Arrival arrival = arriving.remove(Thread.currentThread());
    if (arrival != null && arrival.ended) {
      throw new IOException("the request took too long to arrive");
    }
  }

  private void remember(Arrival arrival) {
    if (arrival.from != null) {
      Slow known = slow.remove(arrival.from);
      int count = known == null || known.isOver() ? 0 : known.count();
      slow.put(arrival.from, new Slow(Math.min(count + 1, MOST_OF_SLOW), System.nanoTime()));
    }
  }

  /** Ends requests that take long, as many as are needed: a blocked read ends by that. */
  private synchronized void endSlow() {
    int needed = threads.getQueue().size() + (isShort.getAsBoolean() ? 1 : 0);
    if (needed == 0) {
      return;
    }
    longest(arriving.values().stream().filter(arrival -> arrival.isOlder(slowNanos))).stream()
        .limit(needed)
        .forEach(Arrival::end);
  }

  /** Those that were not ended yet, the one that takes longest first. */
  private static List<Arrival> longest(Stream<Arrival> some) {
    return some.filter(arrival -> !arrival.ended)
        .sorted(Comparator.comparingLong((Arrival arrival) -> arrival.start))
        .toList();
  }

  @Override
  public void close() {
    watch.shutdownNow();
    threads.shutdownNow();
  }
}
