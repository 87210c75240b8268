package dev.modelsigning.hostile;

import com.sun.management.ThreadMXBean;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/**
 * Measures what it costs to read inputs of growing size: the processor time and the allocated
 * memory of the thread that reads, and how both grow. An input is read at ever larger sizes until
 * it takes longer than a limit.
 */
public final class Measurement {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Times below this are repeated, and the shortest counts: they are the compiler's. */
  private static final double SHORT = 0.3;

  private static final int REPEATS = 3;
  private static final double MEGA = 1e6;

  private final long[] sizes;
  private final double limit;
  private final String filter;

  /**
   * A measurement.
   *
   * @param sizes the sizes in bytes, ascending
   * @param limit an input that took more seconds than this is not tried at the next size
   * @param filter only inputs whose row contains this are measured
   */
  public Measurement(long[] sizes, double limit, String filter) {
    this.sizes = sizes.clone();
    this.limit = limit;
    this.filter = filter;
  }

  /** What is done with an input; whatever it throws is its outcome. */
  @FunctionalInterface
  public interface Reader {
    /** Reads one input. */
    Object read(byte[] input) throws Exception;
  }

  private record Cost(long size, double seconds, long allocated, String outcome) {}

  /** Prints the head of the table. */
  public void printHead(String title) {
    System.out.println();
    System.out.println("### " + title);
    System.out.println();
    System.out.println(
        "| what grows | MB | s | MB allocated | MB | s | MB allocated | exponent of time | of memory"
            + " | ends with |");
    System.out.println("|---|--:|--:|--:|--:|--:|--:|--:|--:|---|");
  }

  /** Measures one input at all sizes and prints a row. */
  public void run(HostileInput input, Reader reader) {
    if (!input.name().contains(filter)) {
      return;
    }
    List<Cost> costs = new ArrayList<>();
    for (long size : sizes) {
      byte[] bytes = input.ofSize(size);
      Cost cost = measure(bytes, reader);
      costs.add(cost);
      if (cost.seconds() > limit) {
        break;
      }
    }
    Cost last = costs.get(costs.size() - 1);
    Cost before = costs.get(Math.max(0, costs.size() - 2));
    System.out.println(
        String.format(
            Locale.ROOT,
            "| %s | %.2f | %.3f | %.1f | %.2f | %.3f | %.1f | %s | %s | %s |",
            input.name(),
            before.size() / MEGA,
            before.seconds(),
            before.allocated() / MEGA,
            last.size() / MEGA,
            last.seconds(),
            last.allocated() / MEGA,
            exponent(before, last, before.seconds(), last.seconds(), 0.02),
            exponent(before, last, (double) before.allocated(), (double) last.allocated(), 2e6),
            last.outcome()));
  }

  /** How fast a cost grows with the size: 1 is in proportion; not said of costs below a floor. */
  private static String exponent(Cost from, Cost to, double less, double more, double floor) {
    if (to.size() <= from.size() || more < floor) {
      return "-";
    }
    double result =
        Math.log(Math.max(more, floor / 16) / Math.max(less, floor / 16))
            / Math.log((double) to.size() / from.size());
    return String.format(Locale.ROOT, "%.1f", result);
  }

  private static Cost measure(byte[] input, Reader reader) {
    double best = Double.MAX_VALUE;
    long allocated = 0;
    String outcome = "";
    for (int i = 0; i < REPEATS && (i == 0 || best < SHORT); i++) {
      long memory = THREADS.getCurrentThreadAllocatedBytes();
      long time = THREADS.getCurrentThreadCpuTime();
      outcome = outcome(() -> reader.read(input));
      double seconds = (THREADS.getCurrentThreadCpuTime() - time) / 1e9;
      allocated = THREADS.getCurrentThreadAllocatedBytes() - memory;
      best = Math.min(best, seconds);
    }
    return new Cost(input.length, best, allocated, outcome);
  }

  private static String outcome(Callable<Object> work) {
    String text;
    try {
      text = String.valueOf(work.call());
    } catch (Exception | StackOverflowError | OutOfMemoryError e) {
      text = e.getClass().getSimpleName() + ": " + e.getMessage();
    }
    String line =
        text.replace(System.getProperty("java.io.tmpdir") + File.separator, "")
            .replaceAll("[\\p{Cntrl}|]", " ");
    return line.length() <= 110 ? line : line.substring(0, 110) + "... (" + text.length() + ")";
  }
}
