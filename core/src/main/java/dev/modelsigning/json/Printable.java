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
    StringBuilder result = null;
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      int next = i + Character.charCount(codePoint);
      if (isUnsafe(codePoint)) {
        if (result == null) {
          result = new StringBuilder(text.length() + 16).append(text, 0, i);
        }
        for (int j = i; j < next; j++) {
          result.append(String.format("\\u%04x", (int) text.charAt(j)));
        }
      } else if (result != null) {
        result.appendCodePoint(codePoint);
      }
      i = next;
    }
    return result == null ? text : result.toString();
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
