package dev.modelsigning.cli.admission;

import dev.modelsigning.cli.admission.Judgement.Kind;
import dev.modelsigning.oci.reference.OciReference;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Judgements about models, each made once for all who ask at the same time, and kept for a while.
 * Whoever asks has an answer in time, whatever the judge does. Each registry has threads and a
 * queue of its own, so that a slow one keeps nobody from the others.
 */
public final class Verdicts implements AutoCloseable {

  /** The share of the time that the judge has: its own message says more than ours. */
  private static final double FOR_JUDGE = 0.9;

  private final Judge judge;
  private final Limits limits;
  private final Consumer<Throwable> failures;
  private final LongSupplier nanos;
  private final ScheduledThreadPoolExecutor timer;

  // Guarded by this.
  private final Map<Key, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<Key, Flight> flights = new HashMap<>();
  private final Map<String, ThreadPoolExecutor> threads = new HashMap<>();
  private long hits;

  /**
   * What is bounded.
   *
   * @param kept how many judgements are kept
   * @param admitted how long one is kept that admits a model
   * @param denied how long another one is kept
   * @param longest after which nobody waits any more: the judge has a share of that, however little
   *     time the first who asked has
   * @param threads for each registry
   * @param queue how many judgements wait for a thread, for each registry
   */
  public record Limits(
      int kept, Duration admitted, Duration denied, Duration longest, int threads, int queue) {}

  private record Key(String model, String version) {}

  private record Kept(Judgement judgement, long until) {}

  /** A judgement that is being made. */
  private static final class Flight {
    private final CompletableFuture<Judgement> result = new CompletableFuture<>();
    private @Nullable Future<?> work;

    /** How many wait for it. */
    private int waiting;
  }

  /**
   * Creates an empty collection.
   *
   * @param judge makes the judgements
   * @param failures receives what the judge throws, which is a defect
   */
  public Verdicts(Judge judge, Limits limits, Consumer<Throwable> failures) {
    this(judge, limits, failures, System::nanoTime);
  }

  /** Creates one with another clock, which counts nanoseconds, for what is kept. */
  Verdicts(Judge judge, Limits limits, Consumer<Throwable> failures, LongSupplier nanos) {
    this.judge = judge;
    this.limits = limits;
    this.failures = failures;
    this.nanos = nanos;
    this.timer = new ScheduledThreadPoolExecutor(1, work -> daemon(work, "admission-timer"));
    timer.setRemoveOnCancelPolicy(true);
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Asks about a model.
   *
   * @param model by its digest, in a registry that may be asked
   * @param limit after which there is an answer in any case
   * @return the judgement, which never fails
   */
  public CompletableFuture<Judgement> ask(OciReference model, Duration limit) {
    Key key = new Key(model.toString(), judge.version());
    Flight flight;
    synchronized (this) {
      Optional<Judgement> known = known(key);
      if (known.isPresent()) {
        hits++;
        return CompletableFuture.completedFuture(known.get());
      }
      flight = flights.get(key);
      if (flight == null) {
        Flight begun = new Flight();
        long start = nanos.getAsLong();
        try {
          begun.work = threads(model.registry()).submit(() -> run(key, begun, model, start));
        } catch (RejectedExecutionException e) {
          return CompletableFuture.completedFuture(
              Judgement.once(
                  Kind.UNKNOWN,
                  limits.queue()
                      + " models of "
                      + model.registry()
                      + " wait for a verdict already; try again later"));
        }
        flights.put(key, begun);
        flight = begun;
      }
      flight.waiting++;
    }
    return inTime(key, flight, limit);
  }

  /** The result of a flight, or that there is none yet: each who waits has a time of their own. */
  private CompletableFuture<Judgement> inTime(Key key, Flight flight, Duration limit) {
    CompletableFuture<Judgement> answer = flight.result.copy();
    Future<?> late =
        timer.schedule(
            () -> {
              answer.complete(
                  Judgement.once(
                      Kind.UNKNOWN,
                      "there is no verdict after "
                          + Math.max(1, limit.toSeconds())
                          + " s, as the registry or a service for revocation is slow; try again"));
              leave(key, flight);
            },
            limit.toNanos(),
            TimeUnit.NANOSECONDS);
    return answer.whenComplete((judgement, failure) -> late.cancel(false));
  }

  /** One who waited has an answer. What nobody waits for any more is given up. */
  private synchronized void leave(Key key, Flight flight) {
    flight.waiting--;
    if (flight.waiting == 0 && flights.remove(key, flight) && flight.work != null) {
      flight.work.cancel(true);
      flight.result.complete(
          Judgement.once(Kind.UNKNOWN, "the verdict was given up, as it took too long; try again"));
    }
  }

  private Optional<Judgement> known(Key key) {
    Kept found = kept.get(key);
    if (found == null) {
      return Optional.empty();
    }
    if (found.until() - nanos.getAsLong() <= 0) {
      kept.remove(key);
      return Optional.empty();
    }
    return Optional.of(found.judgement());
  }

  private ThreadPoolExecutor threads(String registry) {
    return threads.computeIfAbsent(
        registry,
        name -> {
          ThreadPoolExecutor pool =
              new ThreadPoolExecutor(
                  limits.threads(),
                  limits.threads(),
                  30,
                  TimeUnit.SECONDS,
                  new ArrayBlockingQueue<>(limits.queue()),
                  work -> daemon(work, "admission-verdict"));
          pool.allowCoreThreadTimeOut(true);
          return pool;
        });
  }

  private void run(Key key, Flight flight, OciReference model, long start) {
    Duration time = Duration.ofNanos((long) (limits.longest().toNanos() * FOR_JUDGE));
    Judgement judgement;
    try {
      judgement = judge.judge(model, time);
    } catch (RuntimeException | Error e) {
      failures.accept(e);
      judgement =
          Judgement.once(
              Kind.UNKNOWN, "the verdict broke down, which the log of the webhook explains");
    }
    finish(key, flight, judgement, start);
    flight.result.complete(judgement);
  }

  private synchronized void finish(Key key, Flight flight, Judgement judgement, long start) {
    if (!flights.remove(key, flight)) {
      return; // given up
    }
    Duration most = judgement.isAdmitted() ? limits.admitted() : limits.denied();
    Duration time = judgement.valid().compareTo(most) < 0 ? judgement.valid() : most;
    if (!time.isZero() && judge.version().equals(key.version())) {
      // From when it was begun, as what it is about was asked for since then.
      kept.put(key, new Kept(judgement, start + time.toNanos()));
      if (kept.size() > limits.kept()) {
        kept.remove(kept.keySet().iterator().next());
      }
    }
  }

  /** How many judgements are being made or wait for that. */
  public synchronized int pending() {
    return flights.size();
  }

  /** How many judgements are kept, some of which may be too old. */
  public synchronized int size() {
    return kept.size();
  }

  /** How often one that was kept was used. */
  public synchronized long hits() {
    return hits;
  }

  /** Ends all threads. Whoever waits has an answer at the end of their time at the latest. */
  @Override
  public void close() {
    synchronized (this) {
      threads.values().forEach(ThreadPoolExecutor::shutdownNow);
    }
    timer.shutdown();
  }
}
