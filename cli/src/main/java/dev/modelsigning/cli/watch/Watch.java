package dev.modelsigning.cli.watch;

import dev.modelsigning.cli.output.Round;
import java.time.Clock;
import java.time.Duration;

/**
 * Runs of one command line at intervals. Each begins with the command line: nothing that was read,
 * parsed or decided is kept for the next. It is used by one thread.
 */
public final class Watch {

  private final Duration interval;
  private Round round = Round.first(Clock.systemUTC());

  /** Creates one whose first run begins now; {@code interval} is the time between two runs. */
  public Watch(Duration interval) {
    this.interval = interval;
  }

  /** The current run. */
  public Round round() {
    return round;
  }

  /**
   * Waits until the next run begins.
   *
   * @throws InterruptedException if this thread is told to stop
   */
  public void await() throws InterruptedException {
    Thread.sleep(interval.toMillis());
    round = round.next();
  }
}
