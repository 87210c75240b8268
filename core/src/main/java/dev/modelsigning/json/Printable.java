package dev.modelsigning.json;

/**
 * Makes text from outside safe to show: control characters, invisible format characters (among them
 * those that change the direction of writing) and line separators are shown as escapes, so that a
 * file name can neither steer a terminal nor forge a line of output.
 */
public final class Printable {

  private static final int MAX_QUOTED = 200;

  private Printable() {}

  /**
   * The text with unsafe characters escaped like {@code \}{@code u001b}.
   *
   * @param text any text
   */
  public static String escape(String text) {
    if (text.codePoints().noneMatch(Printable::isUnsafe)) {
      return text;
    }
    StringBuilder result = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(codePoint -> {
          if (codePoint == '\\') {
            // Beside escapes a backslash is one too, so that no two names look alike.
            result.append("\\\\");
          } else if (isUnsafe(codePoint)) {
            for (char c : Character.toChars(codePoint)) {
              result.append(String.format("\\u%04x", (int) c));
            }
          } else {
            result.appendCodePoint(codePoint);
          }
        });
    return result.toString();
  }

  /**
   * The text escaped, in quotation marks and cut to a length that fits into a message.
   *
   * @param text any text
   */
  public static String quote(String text) {
    String shown =
        text.length() <= MAX_QUOTED
            ? text
            : text.substring(0, text.offsetByCodePoints(0, MAX_QUOTED / 2)) + "...";
    return "'" + escape(shown) + "'";
  }

  private static boolean isUnsafe(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }
}
