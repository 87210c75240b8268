package dev.modelsigning.cli.output;

import dev.modelsigning.model.HashProgress;
import dev.modelsigning.report.Amounts;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * A progress line on a terminal, shown when work takes more than a second. It must fit into one
 * line: a terminal wraps longer ones, and their beginning would remain. So it is shorter on a
 * narrow terminal. If the program is terminated by a signal, the line is ended first.
 */
public final class ProgressLine implements HashProgress {

  private static final String SPACE = "  ";

  private static final long DELAY = TimeUnit.SECONDS.toNanos(1);
  private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(200);

  private final PrintStream stream;
  private final LongSupplier nanoTime;
  private final String what;
  private final LongAdder hashed = new LongAdder();
  private final LongAdder finished = new LongAdder();
  private final AtomicLong nextPaint = new AtomicLong();
  private final LongAdder total = new LongAdder();
  private final LongAdder totalFiles = new LongAdder();
  private volatile long start;
  private final int columns = Terminal.columns();
  private boolean painted;
  private boolean interruptible;
  private boolean over;

  /** Creates a line on this stream, with a clock in nanoseconds such as {@link System#nanoTime}. */
  ProgressLine(PrintStream stream, LongSupplier nanoTime) {
    this(stream, nanoTime, "hashing");
  }

  private ProgressLine(PrintStream stream, LongSupplier nanoTime, String what) {
    this.stream = stream;
    this.nanoTime = nanoTime;
    this.what = what;
  }

  /**
   * Returns a progress line if this output is a terminal, otherwise one that does nothing, as in
   * repeated runs of a command.
   */
  public static HashProgress on(Output output) {
    return on(output, "hashing");
  }

  /**
   * The same for something else than hashing.
   *
   * @param what what is done, as the first word of the line
   */
  public static HashProgress on(Output output, String what) {
    boolean terminal = Boolean.getBoolean(Terminal.ERROR_PROPERTY);
    return terminal && output.isShown(LogLevel.INFO) && !output.isRepeated()
        ? new ProgressLine(output.errorStream(), System::nanoTime, what)
        : HashProgress.NONE;
  }

  @Override
  public void started(long files, long bytes) {
    total.add(bytes);
    totalFiles.add(files);
    start = nanoTime.getAsLong();
    nextPaint.set(start + DELAY);
  }

  @Override
  public void found(long files, long bytes) {
    total.add(bytes);
    totalFiles.add(files);
  }

  @Override
  public void hashed(long bytes) {
    hashed.add(bytes);
    long now = nanoTime.getAsLong();
    long due = nextPaint.get();
    if (now - due >= 0 && nextPaint.compareAndSet(due, now + INTERVAL)) {
      paint(now);
    }
  }

  @Override
  public void finished(long files) {
    finished.add(files);
  }

  @Override
  public synchronized void ended() {
    if (painted) {
      stream.print("\r\u001b[K");
      stream.flush();
      painted = false;
    }
  }

  /**
   * Registers a shutdown hook that ends the line; returns false if the JVM is already shutting
   * down.
   */
  private boolean interruptible() {
    if (!interruptible) {
      try {
        Runtime.getRuntime().addShutdownHook(new Thread(this::end));
        interruptible = true;
      } catch (IllegalStateException e) {
        over = true; // the JVM is shutting down at this moment
      }
    }
    return interruptible;
  }

  /** Leaves the line as it is, and moves the cursor to the next one. */
  synchronized void end() {
    over = true;
    if (painted) {
      stream.println();
      painted = false;
    }
  }

  private synchronized void paint(long now) {
    long all = total.sum();
    long done = Math.min(hashed.sum(), all);
    double share = all == 0 ? 1 : (double) done / all;
    double seconds = (now - start) / 1e9;
    long remaining = Math.round(seconds / Math.max(share, 1e-9) - seconds);
    List<String> parts =
        new ArrayList<>(
            List.of(
                what + String.format(Locale.ROOT, " %3.0f%%", share * 100),
                String.format(Locale.ROOT, "%s of %s", Amounts.size(done), Amounts.size(all)),
                String.format(Locale.ROOT, "%,d/%,d files", finished.sum(), totalFiles.sum()),
                String.format(Locale.ROOT, "%s/s", Amounts.size(Math.round(done / seconds))),
                String.format(Locale.ROOT, "%d:%02d left", remaining / 60, remaining % 60)));
    // One column stays free, as some terminals wrap when the last column is used.
    while (parts.size() > 1 && String.join(SPACE, parts).length() >= columns) {
      // The remaining time comes last, and is what users look for.
      parts.remove(parts.size() > 2 ? parts.size() - 2 : 1);
    }
    String line = String.join(SPACE, parts);
    if (over || !interruptible()) {
      return;
    }
    stream.print("\r\u001b[K" + line.substring(0, Math.min(line.length(), columns - 1)));
    stream.flush();
    painted = true;
  }
}
