package dev.modelsigning.report;

/** Numbers in words. */
public final class Amounts {

  private Amounts() {}

  /** A number with its unit, such as {@code 1,024 bytes}; the plural is formed with an s. */
  public static String of(long number, String singular) {
    return grouped(number) + " " + singular + (number == 1 ? "" : "s");
  }

  /** A number with commas. A format string would load the symbols of a locale first. */
  static String grouped(long number) {
    StringBuilder digits = new StringBuilder(Long.toString(number));
    for (int i = digits.length() - 3; i > 0; i -= 3) {
      digits.insert(i, ',');
    }
    return digits.toString();
  }

  /** A number of bytes with a decimal unit, such as {@code 22.9 MB}. */
  public static String size(long bytes) {
    String[] units = {"kB", "MB", "GB", "TB", "PB", "EB"};
    if (bytes < 1000) {
      return of(bytes, "byte");
    }
    double value = bytes;
    int unit = -1;
    while (value >= 999.95 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    long tenths = Math.round(value * 10);
    return tenths / 10 + "." + tenths % 10 + " " + units[unit];
  }
}
