package dev.modelsigning.internal.http;

import java.time.Duration;
import java.util.function.LongSupplier;

/** A point in time, on a monotonic clock, by which several requests must be finished. */
public final class Deadline {

  /** No deadline: only the time-out of each request applies. */
  static final Deadline NONE = in(Duration.ofDays(365));

  private final LongSupplier clock;
  private final long nanos;

  private Deadline(Duration time, LongSupplier clock) {
    this.clock = clock;
    this.nanos = clock.getAsLong() + time.toNanos();
  }

  /** Returns the deadline after this duration from now. */
  public static Deadline in(Duration time) {
    return in(time, System::nanoTime);
  }

  /**
   * Returns the deadline after this duration from now, on a clock that counts nanoseconds from any
   * origin.
   */
  static Deadline in(Duration time, LongSupplier clock) {
    return new Deadline(time, clock);
  }

  /** The remaining time, negative after the deadline. */
  public Duration remaining() {
    return Duration.ofNanos(nanos - clock.getAsLong());
  }

  /** Whether the deadline has passed. */
  public boolean hasPassed() {
    return remaining().compareTo(Duration.ZERO) <= 0;
  }
}
