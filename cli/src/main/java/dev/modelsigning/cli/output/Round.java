package dev.modelsigning.cli.output;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Set;

/**
 * One of several runs of a command that is run at intervals. What it prints says so, and does not
 * repeat what the run before has said. It is used by one thread.
 */
public final class Round {

  private final int number;
  private final Clock clock;
  private final Instant started;

  /** The warnings of the round before. */
  private final Set<String> before;

  private final Set<String> warnings = new HashSet<>();

  private Round(int number, Clock clock, Set<String> before) {
    this.number = number;
    this.clock = clock;
    this.before = before;
    started = clock.instant();
  }

  /** The first round, which starts now. */
  public static Round first(Clock clock) {
    return new Round(1, clock, Set.of());
  }

  /** The round after this one, which starts now. */
  public Round next() {
    return new Round(number + 1, clock, warnings);
  }

  /** Whether it is the first. */
  public boolean isFirst() {
    return number == 1;
  }

  /** Whether the round before has not said this. */
  boolean isNew(String warning) {
    warnings.add(warning);
    return !before.contains(warning);
  }

  /** The time, and which round it is, as the beginning of a line. */
  public String prefix() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS) + "  round " + number;
  }

  /**
   * Returns an object in JSON, on a line of its own, with the field that says which round it is.
   */
  String addedTo(String object) {
    if (!object.endsWith(LastField.END)) {
      throw new IllegalArgumentException("not an object in JSON on a line");
    }
    return object.substring(0, object.length() - LastField.END.length())
        + ","
        + field()
        + LastField.END;
  }

  /** The field of an object in JSON that says which round it is. */
  String field() {
    return "\"round\":{\"number\":"
        + number
        + ",\"started\":\""
        + started.truncatedTo(ChronoUnit.MILLIS)
        + "\",\"finished\":\""
        + clock.instant().truncatedTo(ChronoUnit.MILLIS)
        + "\"}";
  }
}
