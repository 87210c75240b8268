package dev.modelsigning.internal.http;

import java.time.Duration;
import java.util.function.LongSupplier;

/** A point in time, by a clock that nobody sets, by which several requests must be done. */
public final class Deadline {

  /** No limit but those of each request. */
  static final Deadline NONE = in(Duration.ofDays(365));

  private final LongSupplier clock;
  private final long nanos;

  private Deadline(Duration time, LongSupplier clock) {
    this.clock = clock;
    this.nanos = clock.getAsLong() + time.toNanos();
  }

  /** The deadline after this time from now. */
  public static Deadline in(Duration time) {
    return in(time, System::nanoTime);
  }

  /** The deadline after this time from now, by a clock that counts nanoseconds from anywhere. */
  static Deadline in(Duration time, LongSupplier clock) {
    return new Deadline(time, clock);
  }

  /** The time that is left, negative once it has passed. */
  public Duration remaining() {
    return Duration.ofNanos(nanos - clock.getAsLong());
  }

  /** Whether no time is left. */
  public boolean hasPassed() {
    return remaining().compareTo(Duration.ZERO) <= 0;
  }
}
