package dev.modelsigning.internal.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The string that was read last. If it has no escapes and the document is in memory, its bytes are
 * those of the document; otherwise they are decoded into a buffer.
 */
final class JsonString {

  /** Longer names are not read to the end: each character has up to six bytes. */
  private static final int NEVER_A_NAME = 6 * JsonReader.MAX_NAME;

  private final JsonTokens tokens;
  private final JsonInput input;
  private byte[] decoded = new byte[256];
  private byte[] array = decoded;
  private int from;
  private int to;
  private boolean whole = true;

  JsonString(JsonTokens tokens, JsonInput input) {
    this.tokens = tokens;
    this.input = input;
  }

  /** The array that contains the bytes, UTF-8, from {@link #from} to {@link #to}. */
  byte[] array() {
    return array;
  }

  /** Index of the first byte. */
  int from() {
    return from;
  }

  /** Index after the last byte. */
  int to() {
    return to;
  }

  /** Number of bytes. */
  int length() {
    return to - from;
  }

  /** Whether the string has no lone surrogate, which is replaced by another character here. */
  boolean isWhole() {
    return whole;
  }

  String text() {
    return new String(array, from, to - from, StandardCharsets.UTF_8);
  }

  /** Reads from after the opening quotation mark to after the closing one. */
  void read() throws MalformedJsonException {
    read(Integer.MAX_VALUE);
  }

  /** Reads the name of a member, up to a limit on its length. */
  void readName() throws MalformedJsonException {
    read(NEVER_A_NAME);
  }

  private void read(int most) throws MalformedJsonException {
    whole = true;
    byte[] buffer = input.buffer;
    int limit = input.limit;
    int i = input.at;
    while (i < limit) {
      byte next = buffer[i];
      if (next == '"') {
        array = buffer;
        from = input.at;
        to = i;
        input.at = i + 1;
        return;
      }
      if (next == '\\' || (next >= 0 && next < ' ')) {
        break;
      }
      if (next >= 0) {
        i++;
      } else {
        int length = sequence(buffer, i, limit);
        if (length == 0) {
          break;
        }
        i += length;
      }
    }
    to = 0;
    copy(i);
    readOn(most);
    array = decoded;
    from = 0;
  }

  /** Decodes the rest of a string that has escapes or extends beyond the buffer. */
  private void readOn(int most) throws MalformedJsonException {
    while (true) {
      if (!input.has(4) && !input.has(1)) {
        throw tokens.syntax("Unexpected end-of-input in a string");
      }
      int next = input.buffer[input.at];
      if (next == '"') {
        input.at++;
        return;
      }
      if (to > most) {
        throw tokens.nameTooLong(to);
      }
      if (next == '\\') {
        escape();
      } else {
        copy(input.at + length(next));
      }
    }
  }

  /** The length of the byte sequence of the character here. */
  private int length(int first) throws MalformedJsonException {
    if (first >= ' ') {
      return 1;
    }
    if (first >= 0) {
      throw tokens.syntax("Illegal unquoted character (code " + first + ") in a string");
    }
    int length = sequence(input.buffer, input.at, input.limit);
    if (length == 0) {
      throw tokens.syntax("bytes that are not UTF-8");
    }
    return length;
  }

  private void copy(int end) {
    int length = end - input.at;
    reserve(length);
    System.arraycopy(input.buffer, input.at, decoded, to, length);
    to += length;
    input.at = end;
  }

  private void reserve(int length) {
    if (decoded.length - to < length) {
      decoded = Arrays.copyOf(decoded, Math.max(to + length, 2 * decoded.length));
    }
  }

  private void put(int codePoint) {
    reserve(4);
    if (codePoint < 0x80) {
      decoded[to++] = (byte) codePoint;
      return;
    }
    if (codePoint < 0x800) {
      decoded[to++] = (byte) (0xc0 | codePoint >> 6);
    } else {
      if (codePoint < 0x10000) {
        decoded[to++] = (byte) (0xe0 | codePoint >> 12);
      } else {
        decoded[to++] = (byte) (0xf0 | codePoint >> 18);
        decoded[to++] = (byte) (0x80 | (codePoint >> 12 & 0x3f));
      }
      decoded[to++] = (byte) (0x80 | (codePoint >> 6 & 0x3f));
    }
    decoded[to++] = (byte) (0x80 | (codePoint & 0x3f));
  }

  private void escape() throws MalformedJsonException {
    int unit = unescaped();
    if (!Character.isSurrogate((char) unit)) {
      put(unit);
      return;
    }
    // The other surrogate of the pair must be an escape too.
    if (Character.isHighSurrogate((char) unit)
        && input.has(2)
        && input.buffer[input.at] == '\\'
        && input.buffer[input.at + 1] == 'u') {
      int low = unescaped();
      if (Character.isLowSurrogate((char) low)) {
        put(Character.toCodePoint((char) unit, (char) low));
        return;
      }
      whole = false;
      put('?');
      if (!Character.isSurrogate((char) low)) {
        put(low);
      }
      return;
    }
    whole = false;
    put('?');
  }

  /** Reads an escape and returns its UTF-16 code unit. */
  private int unescaped() throws MalformedJsonException {
    if (!input.has(2)) {
      throw tokens.syntax("Unexpected end-of-input in a string");
    }
    int kind = input.buffer[input.at + 1];
    if (kind == 'u') {
      return hexadecimal();
    }
    int at = "\"\\/bfnrt".indexOf(kind);
    if (at < 0) {
      throw tokens.syntax("Unrecognized character escape");
    }
    input.at += 2;
    return "\"\\/\b\f\n\r\t".charAt(at);
  }

  private int hexadecimal() throws MalformedJsonException {
    int unit = 0;
    for (int i = 2; i < 6; i++) {
      int digit = input.has(i + 1) ? hexDigit(input.buffer[input.at + i]) : -1;
      if (digit < 0) {
        throw tokens.syntax("expected four hexadecimal digits after \\u");
      }
      unit = unit << 4 | digit;
    }
    input.at += 6;
    return unit;
  }

  /** Not {@link Character#digit}, which accepts digits of all scripts. */
  private static int hexDigit(int c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    int lower = c | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }

  /**
   * The length of a UTF-8 sequence of more than one byte (Unicode, table 3-7).
   *
   * @return 0 if there is none, or it is incomplete
   */
  private static int sequence(byte[] bytes, int at, int limit) {
    int first = bytes[at] & 0xff;
    int length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (length == 0 || limit - at < length) {
      return 0;
    }
    int second = bytes[at + 1] & 0xff;
    int least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    int most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (second < least || second > most) {
      return 0;
    }
    for (int i = 2; i < length; i++) {
      if ((bytes[at + i] & 0xc0) != 0x80) {
        return 0;
      }
    }
    return length;
  }

  /** Decodes the string as Base64, a run of characters at a time. */
  void decode(Base64Sink sink) throws MalformedJsonException {
    while (true) {
      if (!input.has(1)) {
        throw tokens.syntax("Unexpected end-of-input in a string");
      }
      byte[] buffer = input.buffer;
      int i = input.at;
      while (i < input.limit && buffer[i] >= ' ' && buffer[i] != '"' && buffer[i] != '\\') {
        i++;
      }
      sink.add(buffer, input.at, i);
      input.at = i;
      if (i == input.limit) {
        continue;
      }
      if (buffer[i] == '"') {
        input.at++;
        return;
      }
      // Some writers escape the slash. Other escapes are checked as in any string.
      to = 0;
      whole = true;
      if (buffer[i] == '\\') {
        escape();
      } else if (input.has(4) || input.has(1)) {
        copy(input.at + length(input.buffer[input.at]));
      }
      sink.add(decoded, 0, to);
    }
  }
}
