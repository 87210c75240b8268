package dev.modelsigning.http;

import java.time.Duration;

/** A point in time, by a clock that nobody sets, by which several requests must be done. */
public final class Deadline {

  /** No limit but those of each request. */
  static final Deadline NONE = new Deadline(Duration.ofDays(365));

  private final long nanos;

  private Deadline(Duration time) {
    this.nanos = System.nanoTime() + time.toNanos();
  }

  /** The deadline after this time from now. */
  public static Deadline in(Duration time) {
    return new Deadline(time);
  }

  /** The time that is left, negative once it has passed. */
  public Duration remaining() {
    return Duration.ofNanos(nanos - System.nanoTime());
  }

  /** Whether no time is left. */
  public boolean hasPassed() {
    return remaining().compareTo(Duration.ZERO) <= 0;
  }
}
