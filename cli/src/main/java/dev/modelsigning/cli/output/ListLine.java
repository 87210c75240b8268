package dev.modelsigning.cli.output;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How lines of facts and lists are shown by this program. */
final class ListLine {

  /** The last line of a list that is shortened, or a file with such a name. */
  private static final Pattern REST = Pattern.compile(" +\\.\\.\\. and \\d+ more");

  /** A label and a value that begins with a digest, as in {@code signer key 0123...}. */
  private static final Pattern DIGEST =
      Pattern.compile(
          "( *)([a-z][a-z ]{0,12}?) +((?:[a-z]+ )?(?:[a-z0-9]+:)?[0-9a-f]{64,128}(?: .*)?)");

  /** How many columns a value is indented below its label. */
  private static final String BELOW = "  ";

  private ListLine() {}

  /** The same line; the last one of a shortened list names the option that shows all of it. */
  static String withOption(String line) {
    return REST.matcher(line).matches() ? line + "; --all shows them" : line;
  }

  /**
   * The lines for a terminal. A digest that does not fit beside its label is on a line of its own,
   * where it fits into 80 columns, instead of being broken by the terminal.
   */
  static List<String> broken(String line, int columns) {
    if (line.length() <= columns) {
      return List.of(line);
    }
    Matcher digest = DIGEST.matcher(line);
    return digest.matches()
        ? List.of(digest.group(1) + digest.group(2), digest.group(1) + BELOW + digest.group(3))
        : List.of(line);
  }
}
