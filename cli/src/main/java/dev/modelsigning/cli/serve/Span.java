package dev.modelsigning.cli.serve;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations as Kubernetes writes them, such as {@code 10s}, {@code 1m30s} and {@code 500ms}. */
final class Span {

  private static final Pattern FORM =
      Pattern.compile(
          "(?:([0-9]{1,4})h)?(?:([0-9]{1,6})m(?!s))?(?:([0-9]{1,6})s)?(?:([0-9]{1,6})ms)?");

  /** A webhook of Kubernetes has no shorter time-out. */
  private static final Duration LEAST = Duration.ofSeconds(1);

  private Span() {}

  /** Reads a duration; empty if it is none. */
  static Optional<Duration> parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (text.isEmpty() || !parts.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        Duration.ofHours(number(parts, 1))
            .plusMinutes(number(parts, 2))
            .plusSeconds(number(parts, 3))
            .plusMillis(number(parts, 4)));
  }

  private static long number(Matcher parts, int group) {
    return parts.group(group) == null ? 0 : Long.parseLong(parts.group(group));
  }

  /**
   * How long an answer may take: less than the API server waits, which says so in the query. It
   * waits at least a second.
   *
   * @param query as in {@code timeout=10s}
   * @param most the time if there is none, and the largest
   */
  static Duration forAnswer(@Nullable String query, Duration most) {
    Duration asked = most;
    for (String part : String.valueOf(query).split("&", -1)) {
      if (part.startsWith("timeout=")) {
        asked = parse(part.substring("timeout=".length())).orElse(most);
      }
    }
    Duration longer = asked.compareTo(LEAST) < 0 ? LEAST : asked;
    return inside(longer.compareTo(most) < 0 ? longer : most);
  }

  /** The part of a time-out in which an answer must leave. */
  static Duration inside(Duration timeout) {
    return timeout.multipliedBy(85).dividedBy(100);
  }
}
