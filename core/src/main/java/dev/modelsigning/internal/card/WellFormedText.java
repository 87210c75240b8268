package dev.modelsigning.internal.card;

/** Text that can be written as UTF-8. */
public final class WellFormedText {

  private WellFormedText() {}

  /** The text, with a replacement character in place of each half of a surrogate pair. */
  public static String of(String text) {
    if (text.codePoints().noneMatch(WellFormedText::isHalf)) {
      return text;
    }
    StringBuilder result = new StringBuilder(text.length());
    text.codePoints().map(c -> isHalf(c) ? 0xfffd : c).forEach(result::appendCodePoint);
    return result.toString();
  }

  private static boolean isHalf(int codePoint) {
    return Character.getType(codePoint) == Character.SURROGATE;
  }
}
