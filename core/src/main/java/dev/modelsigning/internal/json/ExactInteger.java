package dev.modelsigning.internal.json;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/** Parses JSON integers, from text of a length that the reader limits. */
final class ExactInteger {

  /** The largest integer up to which JSON numbers have the same value in every implementation. */
  private static final BigDecimal MAX_EXACT = BigDecimal.valueOf(1L << 53);

  private static final BigDecimal MIN_LONG = BigDecimal.valueOf(Long.MIN_VALUE);
  private static final BigDecimal MAX_LONG = BigDecimal.valueOf(Long.MAX_VALUE);

  private static final Pattern DIGITS = Pattern.compile("-?(0|[1-9][0-9]{0,18})");

  private ExactInteger() {}

  /**
   * Parses an integer between 1 and 2^53.
   *
   * @throws IllegalArgumentException if the number is not one
   */
  static long positive(String number) {
    return between(BigDecimal.ONE, MAX_EXACT, number, "expected an integer from 1 to 2^53");
  }

  /**
   * Parses a 64-bit integer.
   *
   * @throws IllegalArgumentException if the number is not one
   */
  static long int64(String number) {
    return between(MIN_LONG, MAX_LONG, number, "expected an integer of 64 bits");
  }

  private static long between(BigDecimal least, BigDecimal most, String number, String expected) {
    try {
      BigDecimal value = new BigDecimal(number);
      // Compared before the conversion: 1e999999999 must not be expanded.
      if (value.compareTo(least) >= 0
          && value.compareTo(most) <= 0
          && (value.signum() == 0 || value.stripTrailingZeros().scale() <= 0)) {
        return value.longValueExact();
      }
    } catch (NumberFormatException e) {
      // The exponent has more than 32 bits, so the number is out of range.
    }
    throw new IllegalArgumentException(expected + ", found " + number);
  }

  /**
   * Parses a 64-bit integer that consists of decimal digits only.
   *
   * @param text of any length
   * @throws IllegalArgumentException if it does not
   */
  static long digits(String text) {
    if (text.length() > 20 || !DIGITS.matcher(text).matches()) {
      throw notDigits(text);
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw notDigits(text);
    }
  }

  private static IllegalArgumentException notDigits(String text) {
    return new IllegalArgumentException(
        "expected an integer of 64 bits in decimal digits, found " + Printable.quote(text));
  }
}
