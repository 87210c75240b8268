package dev.modelsigning.content.internal.pickle;

/** Text in pickles of protocol 0, which may contain escapes. */
final class Escapes {

  private Escapes() {}

  /** Decodes a Python 2 string literal, with quotation marks. */
  static String string(String line) {
    String text = line.strip();
    int length = text.length();
    boolean isQuoted =
        length >= 2
            && (text.charAt(0) == '\'' || text.charAt(0) == '"')
            && text.charAt(length - 1) == text.charAt(0);
    return decode(isQuoted ? text.substring(1, length - 1) : text, false);
  }

  /** Decodes Unicode text whose only escapes are those of code points. */
  static String unicode(String line) {
    return decode(line, true);
  }

  private static String decode(String text, boolean onlyCodePoints) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    StringBuilder result = new StringBuilder();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i++);
      if (c != '\\' || i == text.length()) {
        result.append(c);
        continue;
      }
      char kind = text.charAt(i++);
      int digits = kind == 'u' ? 4 : kind == 'U' ? 8 : kind == 'x' && !onlyCodePoints ? 2 : 0;
      boolean takesCodePoint = onlyCodePoints == (kind != 'x');
      int value = digits > 0 && takesCodePoint ? number(text, i, digits, 16) : -1;
      if (value >= 0 && value <= Character.MAX_CODE_POINT) {
        result.appendCodePoint(value);
        i += digits;
      } else if (!onlyCodePoints && kind >= '0' && kind <= '7') {
        int end = i;
        while (end < text.length()
            && end < i + 2
            && text.charAt(end) >= '0'
            && text.charAt(end) <= '7') {
          end++;
        }
        result.append((char) (number(text, i - 1, end - i + 1, 8) & 0xff));
        i = end;
      } else if (!onlyCodePoints && "\\'\"".indexOf(kind) >= 0) {
        result.append(kind);
      } else {
        result.append(c).append(kind);
      }
    }
    return result.toString();
  }

  private static int number(String text, int from, int digits, int radix) {
    if (from + digits > text.length()) {
      return -1;
    }
    long value = 0;
    for (int i = from; i < from + digits; i++) {
      int digit = Character.digit(text.charAt(i), radix);
      if (digit < 0) {
        return -1;
      }
      value = value * radix + digit;
    }
    return value > Integer.MAX_VALUE ? -1 : (int) value;
  }
}
