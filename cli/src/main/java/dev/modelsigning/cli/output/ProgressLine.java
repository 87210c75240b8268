package dev.modelsigning.cli.output;

import dev.modelsigning.model.HashProgress;
import dev.modelsigning.report.Amounts;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * One line on a terminal that shows how far hashing has come, once it takes over a second. It has
 * to fit into 80 columns: a terminal breaks longer ones, and the start of them would stay.
 */
public final class ProgressLine implements HashProgress {

  private static final long DELAY = TimeUnit.SECONDS.toNanos(1);
  private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(200);

  /** Says that standard error is a terminal; the launcher knows, Java does not. */
  private static final String TERMINAL_PROPERTY = "modelsigning.terminal";

  private final PrintStream stream;
  private final LongSupplier nanoTime;
  private final LongAdder hashed = new LongAdder();
  private final LongAdder finished = new LongAdder();
  private final AtomicLong nextPaint = new AtomicLong();
  private final LongAdder total = new LongAdder();
  private final LongAdder totalFiles = new LongAdder();
  private volatile long start;
  private boolean painted;

  /** A line on this stream, by a clock in nanoseconds such as {@link System#nanoTime}. */
  ProgressLine(PrintStream stream, LongSupplier nanoTime) {
    this.stream = stream;
    this.nanoTime = nanoTime;
  }

  /** A progress line if this output is a terminal for people, otherwise none. */
  public static HashProgress on(Output output) {
    boolean terminal = Boolean.getBoolean(TERMINAL_PROPERTY);
    return terminal && output.isShown(LogLevel.INFO)
        ? new ProgressLine(output.errorStream(), System::nanoTime)
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

  private synchronized void paint(long now) {
    long all = total.sum();
    long done = Math.min(hashed.sum(), all);
    double share = all == 0 ? 1 : (double) done / all;
    double seconds = (now - start) / 1e9;
    long remaining = Math.round(seconds / Math.max(share, 1e-9) - seconds);
    String line =
        String.format(
            Locale.ROOT,
            "hashing %3.0f%%  %s of %s  %,d/%,d files  %s/s  %d:%02d left",
            share * 100,
            Amounts.size(done),
            Amounts.size(all),
            finished.sum(),
            totalFiles.sum(),
            Amounts.size(Math.round(done / seconds)),
            remaining / 60,
            remaining % 60);
    stream.print("\r\u001b[K" + line);
    stream.flush();
    painted = true;
  }
}
