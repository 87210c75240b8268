package dev.modelsigning.manifest;

import dev.modelsigning.internal.json.Printable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of bytes of a file, and its name {@code path:start:end} (OMS 6.3.2).
 *
 * @param path the canonical path of the file
 * @param start first byte, from 0
 * @param end the byte behind the last one, greater than start
 */
record Shard(String path, long start, long end) {

  // The last two colons count: a path may have colons of its own.
  private static final Pattern NAME =
      Pattern.compile("(.+):(0|[1-9][0-9]{0,18}):([1-9][0-9]{0,18})", Pattern.DOTALL);

  Shard {
    if (start < 0 || end <= start) {
      throw new IllegalArgumentException("no range of bytes: " + start + " to " + end);
    }
  }

  /**
   * Takes a shard's name apart.
   *
   * @throws IllegalArgumentException if it is not the name of a shard
   */
  static Shard parse(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          Printable.quote(name) + " is not the name of a shard, path:start:end (OMS 6.3.2)");
    }
    try {
      return new Shard(
          matcher.group(1), Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          Printable.quote(name) + " has an offset beyond 2^63 (OMS 6.3.2)", e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          Printable.quote(name) + " does not name a range of bytes (OMS 6.3.2)", e);
    }
  }

  String name() {
    return path + ":" + start + ":" + end;
  }
}
