package dev.modelsigning.internal.part;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a file that is one of several parts, such as {@code model-00001-of-00003.gguf}. What
 * its parts have in common is their family.
 *
 * @param family the directory, and what stands before and behind the numbers
 * @param number which part it is, in a good name from 1
 * @param total how many there are
 */
record PartName(Family family, int number, int total) {

  private static final Pattern NAME =
      Pattern.compile("(.+)-([0-9]{5})-of-([0-9]{5})(\\.[^/]+)", Pattern.DOTALL);

  /**
   * What parts have in common.
   *
   * @param directory the path of their directory with a slash at its end, or empty
   * @param stem what stands before the numbers
   * @param suffix what stands behind them, with its dot
   */
  record Family(String directory, String stem, String suffix) {}

  /** Takes a path apart; empty if it is no name of a part. */
  static Optional<PartName> of(String path) {
    int slash = path.lastIndexOf('/') + 1;
    Matcher matcher = NAME.matcher(path.substring(slash));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new PartName(
            new Family(path.substring(0, slash), matcher.group(1), matcher.group(4)),
            Integer.parseInt(matcher.group(2)),
            Integer.parseInt(matcher.group(3))));
  }

  /** Whether it is one of a model in GGUF that was split; any of them stands for all. */
  boolean isSplit() {
    return family.suffix().equals(".gguf");
  }

  /** The path of another part. */
  String part(int other) {
    return String.format(
        Locale.ROOT,
        "%s%s-%05d-of-%05d%s",
        family.directory(),
        family.stem(),
        other,
        total,
        family.suffix());
  }
}
