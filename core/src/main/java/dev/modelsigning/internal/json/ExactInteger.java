package dev.modelsigning.internal.json;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/** Integers of JSON, from text that is at most as long as the reader lets numbers be. */
final class ExactInteger {

  /** The greatest integer up to which a JSON number is the same in every implementation. */
  private static final BigDecimal MAX_EXACT = BigDecimal.valueOf(1L << 53);

  private static final BigDecimal MIN_LONG = BigDecimal.valueOf(Long.MIN_VALUE);
  private static final BigDecimal MAX_LONG = BigDecimal.valueOf(Long.MAX_VALUE);

  private static final Pattern DIGITS = Pattern.compile("-?(0|[1-9][0-9]{0,18})");

  private ExactInteger() {}

  /**
   * An integer between 1 and 2^53.
   *
   * @throws IllegalArgumentException if the number is none
   */
  static long positive(String number) {
    return between(BigDecimal.ONE, MAX_EXACT, number, "expected an integer from 1 to 2^53");
  }

  /**
   * An integer of 64 bits.
   *
   * @throws IllegalArgumentException if the number is none
   */
  static long int64(String number) {
    return between(MIN_LONG, MAX_LONG, number, "expected an integer of 64 bits");
  }

  private static long between(BigDecimal least, BigDecimal most, String number, String expected) {
    try {
      BigDecimal value = new BigDecimal(number);
      // The comparison comes first: 1e999999999 must not be expanded.
      if (value.compareTo(least) >= 0
          && value.compareTo(most) <= 0
          && (value.signum() == 0 || value.stripTrailingZeros().scale() <= 0)) {
        return value.longValueExact();
      }
    } catch (NumberFormatException e) {
      // An exponent of more than 32 bits, so the number is not in range either.
    }
    throw new IllegalArgumentException(expected + ", found " + number);
  }

  /**
   * An integer of 64 bits from its decimal digits and nothing else.
   *
   * @param text of any length
   * @throws IllegalArgumentException if it is something else
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
