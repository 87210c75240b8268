package dev.modelsigning.sigstore.internal.message;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * Parses a time as in {@code 2025-12-31T12:00:00.5+01:00} (RFC 3339 5.6, with capital letters as in
 * the JSON of Protocol Buffers). The formats of the JDK take longer to set up than a whole trusted
 * root to read.
 */
final class RfcTime {

  private static final long SECONDS_OF_MINUTE = 60;
  private static final long SECONDS_OF_HOUR = 3600;
  private static final long SECONDS_OF_DAY = 24 * SECONDS_OF_HOUR;

  private static final int NANO_DIGITS = 9;

  /** Longer ones have no more information. */
  private static final int MAX_LENGTH = 40;

  /** The start of the year 1 in seconds since 1970. */
  private static final long FIRST = -62_135_596_800L;

  /** The last second of the year 9999. */
  private static final long LAST = 253_402_300_799L;

  private final String text;
  private int at;
  private boolean wellFormed = true;

  private RfcTime(String text) {
    this.text = text;
  }

  /**
   * Parses a time; what a fraction has beyond nanoseconds is cut.
   *
   * @return empty if it is malformed, or not in the years 1 to 9999
   */
  static Optional<Instant> parse(String text) {
    return text.length() > MAX_LENGTH ? Optional.empty() : new RfcTime(text).parse();
  }

  private Optional<Instant> parse() {
    int year = number(4, 9999);
    skip('-');
    int month = number(2, 12);
    skip('-');
    int day = number(2, 31);
    skip('T');
    long seconds = number(2, 23) * SECONDS_OF_HOUR;
    skip(':');
    seconds += number(2, 59) * SECONDS_OF_MINUTE;
    skip(':');
    // 60 is a leap second, which clocks of computers count as the next one.
    seconds += number(2, 60);
    int nanos = fraction();
    seconds -= offset();
    if (!wellFormed || at != text.length()) {
      return Optional.empty();
    }
    try {
      seconds += LocalDate.of(year, month, day).toEpochDay() * SECONDS_OF_DAY;
    } catch (DateTimeException e) {
      // There is no such day.
      return Optional.empty();
    }
    return seconds < FIRST || seconds > LAST
        ? Optional.empty()
        : Optional.of(Instant.ofEpochSecond(seconds, nanos));
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private void skip(char expected) {
    wellFormed &= peek() == expected;
    at++;
  }

  private int digit() {
    int digit = peek() - '0';
    wellFormed &= digit >= 0 && digit <= 9;
    at++;
    return digit;
  }

  private int number(int digits, int most) {
    int number = 0;
    for (int i = 0; i < digits; i++) {
      number = 10 * number + digit();
    }
    wellFormed &= number <= most;
    return number;
  }

  /** The nanoseconds. */
  private int fraction() {
    if (peek() != '.') {
      return 0;
    }
    at++;
    int nanos = 0;
    int digits = 0;
    do {
      int digit = digit();
      if (digits < NANO_DIGITS) {
        nanos = 10 * nanos + digit;
      }
      digits++;
    } while (peek() >= '0' && peek() <= '9');
    for (; digits < NANO_DIGITS; digits++) {
      nanos *= 10;
    }
    return nanos;
  }

  /** The seconds by which the local time is ahead. */
  private long offset() {
    char sign = peek();
    at++;
    if (sign == 'Z') {
      return 0;
    }
    wellFormed &= sign == '+' || sign == '-';
    int hours = number(2, 23);
    skip(':');
    long seconds = hours * SECONDS_OF_HOUR + number(2, 59) * SECONDS_OF_MINUTE;
    return sign == '-' ? -seconds : seconds;
  }
}
