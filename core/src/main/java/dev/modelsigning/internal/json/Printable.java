package dev.modelsigning.internal.json;

/**
 * Escapes untrusted text for display: control characters, invisible format characters (including
 * those that change the direction of writing) and line separators become escapes, so that a file
 * name can neither control a terminal nor forge a line of output.
 */
public final class Printable {

  private static final int MAX_QUOTED = 200;

  private Printable() {}

  /**
   * Escapes unsafe characters as in {@code \}{@code u001b}.
   *
   * @param text any text
   */
  public static String escape(String text) {
    if (!hasUnsafe(text)) {
      return text;
    }
    StringBuilder result = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      int end = i + Character.charCount(codePoint);
      if (codePoint == '\\') {
        // A backslash is escaped too if there are other escapes, so that different names never look
        // alike.
        result.append("\\\\");
      } else if (isUnsafe(codePoint)) {
        for (; i < end; i++) {
          appendEscape(text.charAt(i), result);
        }
      } else {
        result.appendCodePoint(codePoint);
      }
      i = end;
    }
    return result.toString();
  }

  private static boolean hasUnsafe(String text) {
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      if (isUnsafe(codePoint)) {
        return true;
      }
      i += Character.charCount(codePoint);
    }
    return false;
  }

  /** Without a format string, which would be a thousand times slower. */
  private static void appendEscape(char c, StringBuilder result) {
    result.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      result.append(Character.forDigit(c >> shift & 0xf, 16));
    }
  }

  /**
   * The text escaped, in quotation marks and shortened for a message.
   *
   * @param text any text
   */
  public static String quote(String text) {
    return "'" + brief(text) + "'";
  }

  /**
   * The text escaped and shortened for a message.
   *
   * @param text any text
   */
  public static String brief(String text) {
    return brief(text, MAX_QUOTED);
  }

  /**
   * The text escaped and shortened.
   *
   * @param text any text
   * @param most longer text is shortened to half as many characters
   */
  public static String brief(String text, int most) {
    return escape(
        text.length() <= most
            ? text
            : text.substring(0, text.offsetByCodePoints(0, most / 2)) + "...");
  }

  private static boolean isUnsafe(int codePoint) {
    if (codePoint >= ' ' && codePoint <= '~') {
      return false;
    }
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
