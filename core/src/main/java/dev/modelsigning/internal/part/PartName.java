package dev.modelsigning.internal.part;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a file that is one of several parts, such as {@code model-00001-of-00003.gguf}. All
 * parts of one model form a family.
 *
 * @param family the directory, and the name before and after the numbers
 * @param number the number of the part; valid numbers start at 1
 * @param total the number of parts
 */
record PartName(Family family, int number, int total) {

  private static final Pattern NAME =
      Pattern.compile("(.+)-([0-9]{5})-of-([0-9]{5})(\\.[^/]+)", Pattern.DOTALL);

  /**
   * What all parts of a model have in common.
   *
   * @param directory the path of their directory with a slash at its end, or empty
   * @param stem the name before the numbers
   * @param suffix the name after the numbers, starting with a dot
   */
  record Family(String directory, String stem, String suffix) {}

  /** Parses a path; empty if it is not the name of a part. */
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

  /** Whether it is a part of a split GGUF model; any part stands for all. */
  boolean isSplit() {
    return family.suffix().equals(".gguf");
  }

  /** The path of another part of the same family. */
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
