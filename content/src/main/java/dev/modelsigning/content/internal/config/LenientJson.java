package dev.modelsigning.content.internal.config;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Extracts the strings of JSON, in blocks of any size, and continues after errors: a lenient loader
 * may accept what a strict parser refuses, and what it loads must not be hidden. It also reports
 * whether the input conforms to RFC 8259.
 */
final class LenientJson {

  /** The largest number of bytes of a string that are kept. */
  static final int MAX_TEXT = 600;

  /** Legitimate numbers have fewer characters than this. */
  private static final int MAX_NUMBER = 100;

  /** The depth to which nested objects and arrays are distinguished. */
  static final int MAX_DEPTH = 200;

  /** Receives strings. */
  interface Handler {
    /**
     * Receives a value: a string, or null for another type.
     *
     * @param json provides the path to it
     * @param text the string, possibly truncated
     */
    void value(LenientJson json, @Nullable String text);
  }

  private enum State {
    BETWEEN,
    STRING,
    ESCAPE,
    UNICODE,
    LITERAL
  }

  private final Handler handler;
  private final @Nullable String[] keys = new @Nullable String[MAX_DEPTH + 1];
  private final int[] indexes = new int[MAX_DEPTH + 1];
  private final boolean[] isObject = new boolean[MAX_DEPTH + 1];

  // A bit for each watched name on the path to each level.
  private final int[] below = new int[MAX_DEPTH + 1];
  private final String[] watched;
  private final byte[] text = new byte[MAX_TEXT];
  private int kept;
  private int depth;
  private int tooDeep;
  private State state = State.BETWEEN;
  private int unicode;
  private int unicodeDigits;
  private int highSurrogate;
  private boolean isStrict = true;

  // What is allowed next in the current object or array.
  private boolean awaitsKey;
  private boolean awaitsColon;
  private boolean awaitsValue = true;
  private boolean mayEnd;

  /**
   * Creates a reader.
   *
   * @param watched the names for {@link #isBelow}, at most 32
   */
  LenientJson(Handler handler, String... watched) {
    this.handler = handler;
    this.watched = watched.clone();
  }

  /** Whether the input so far conforms to the RFC. */
  boolean isStrict() {
    return isStrict;
  }

  /** Whether a complete value was read, and nothing is open. */
  boolean isWhole() {
    return depth == 0
        && tooDeep == 0
        && state != State.STRING
        && state != State.ESCAPE
        && state != State.UNICODE
        && !awaitsValue;
  }

  /** Ends the input, which also ends a number or literal. */
  void end() {
    if (state == State.LITERAL) {
      endLiteral();
    }
  }

  /** The number of objects and arrays that contain the current value. */
  int depth() {
    return depth;
  }

  /**
   * The name of the member on the path, or null in an array.
   *
   * @param level 1 for the outermost object
   */
  @Nullable String key(int level) {
    return level >= 1 && level <= depth ? keys[level] : null;
  }

  /** The index of the element on the path, from 0, for arrays. */
  int index(int level) {
    return indexes[level];
  }

  /**
   * Whether a member with this name is on the path to the current value. Its cost is independent of
   * the depth, as it is called for each value.
   *
   * @param name a watched name
   */
  boolean isBelow(String name) {
    return (below[depth] & bitOf(name)) != 0;
  }

  private int bitOf(String name) {
    for (int i = 0; i < watched.length; i++) {
      if (watched[i].equals(name)) {
        return 1 << i;
      }
    }
    return 0;
  }

  private void setKey(@Nullable String key) {
    keys[depth] = key;
    below[depth] = below[depth - 1] | (key == null ? 0 : bitOf(key));
  }

  void accept(ByteBuffer block) {
    while (block.hasRemaining()) {
      int c = block.get() & 0xff;
      switch (state) {
        case BETWEEN -> between(c);
        case STRING -> string(c);
        case ESCAPE -> escape(c);
        case UNICODE -> unicode(c);
        case LITERAL -> {
          if (c == ',' || c == ']' || c == '}' || c == '{' || c == '[' || c <= ' ' || c == '"'
              || c == ':') {
            endLiteral();
            between(c);
          } else {
            append(c);
          }
        }
      }
    }
  }

  private void between(int c) {
    switch (c) {
      case ' ', '\t', '\r', '\n' -> {}
      case '{' -> open(true);
      case '[' -> open(false);
      case '}' -> close(true);
      case ']' -> close(false);
      case ',' -> comma();
      case ':' -> {
        isStrict &= awaitsColon;
        awaitsColon = false;
        awaitsValue = true;
      }
      case '"' -> {
        isStrict &= awaitsKey || awaitsValue;
        kept = 0;
        state = State.STRING;
      }
      default -> {
        kept = 0;
        append(c);
        state = State.LITERAL;
      }
    }
  }

  private void open(boolean object) {
    isStrict &= awaitsValue;
    if (tooDeep > 0 || depth == MAX_DEPTH) {
      isStrict = false;
      tooDeep++;
    } else {
      depth++;
      setKey(null);
      indexes[depth] = 0;
      isObject[depth] = object;
    }
    awaitsKey = object;
    awaitsColon = false;
    awaitsValue = !object;
    mayEnd = true;
  }

  private void close(boolean object) {
    if (tooDeep > 0) {
      tooDeep--;
      return;
    }
    isStrict &= depth > 0 && isObject[depth] == object && (mayEnd || isAfterValue());
    if (depth > 0) {
      depth--;
    }
    afterValue();
  }

  private boolean isAfterValue() {
    return !awaitsKey && !awaitsColon && !awaitsValue;
  }

  private void afterValue() {
    awaitsKey = false;
    awaitsColon = false;
    awaitsValue = false;
    mayEnd = false;
  }

  private void comma() {
    isStrict &= depth > 0 && isAfterValue();
    mayEnd = false;
    awaitsColon = false;
    awaitsKey = depth > 0 && isObject[depth];
    awaitsValue = !awaitsKey;
    if (depth > 0) {
      indexes[depth]++;
      if (isObject[depth]) {
        setKey(null);
      }
    }
  }

  private void string(int c) {
    switch (c) {
      case '"' -> {
        state = State.BETWEEN;
        String value = new String(text, 0, kept, StandardCharsets.UTF_8);
        if (awaitsKey && depth > 0) {
          setKey(value);
          awaitsKey = false;
          awaitsColon = true;
          mayEnd = false;
        } else {
          value(value);
        }
      }
      case '\\' -> state = State.ESCAPE;
      default -> {
        isStrict &= c >= ' ';
        append(c);
      }
    }
  }

  private void escape(int c) {
    state = State.STRING;
    switch (c) {
      case 'u' -> {
        unicode = 0;
        unicodeDigits = 0;
        state = State.UNICODE;
      }
      case 'n' -> append('\n');
      case 't' -> append('\t');
      case 'r' -> append('\r');
      case 'b' -> append('\b');
      case 'f' -> append('\f');
      case '"', '\\', '/' -> append(c);
      default -> {
        isStrict = false;
        append(c);
      }
    }
  }

  private void unicode(int c) {
    int digit = c < 0x80 ? Character.digit((char) c, 16) : -1;
    if (digit < 0) {
      isStrict = false;
      state = State.STRING;
      string(c);
      return;
    }
    unicode = unicode << 4 | digit;
    if (++unicodeDigits < 4) {
      return;
    }
    state = State.STRING;
    char unit = (char) unicode;
    if (Character.isHighSurrogate(unit)) {
      highSurrogate = unit;
    } else {
      String decoded =
          Character.isLowSurrogate(unit) && highSurrogate != 0
              ? new String(new char[] {(char) highSurrogate, unit})
              : String.valueOf(unit);
      highSurrogate = 0;
      for (byte one : decoded.getBytes(StandardCharsets.UTF_8)) {
        append(one);
      }
    }
  }

  private void endLiteral() {
    state = State.BETWEEN;
    isStrict = isStrict && awaitsValue && isLiteral();
    value(null);
  }

  /** Files may have millions of numbers, so no string or pattern is used for them. */
  private boolean isLiteral() {
    return isWord("true") || isWord("false") || isWord("null") || (kept < MAX_NUMBER && isNumber());
  }

  private boolean isWord(String word) {
    if (kept != word.length()) {
      return false;
    }
    for (int i = 0; i < kept; i++) {
      if (text[i] != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private boolean isNumber() {
    int at = kept > 0 && text[0] == '-' ? 1 : 0;
    int afterInteger = digitsFrom(at);
    if (afterInteger == at || (text[at] == '0' && afterInteger > at + 1)) {
      return false;
    }
    at = afterInteger;
    if (at < kept && text[at] == '.') {
      int afterFraction = digitsFrom(at + 1);
      if (afterFraction == at + 1) {
        return false;
      }
      at = afterFraction;
    }
    if (at < kept && (text[at] == 'e' || text[at] == 'E')) {
      at++;
      if (at < kept && (text[at] == '+' || text[at] == '-')) {
        at++;
      }
      int afterExponent = digitsFrom(at);
      return afterExponent > at && afterExponent == kept;
    }
    return at == kept;
  }

  /** The end of the digits that begin here. */
  private int digitsFrom(int from) {
    int at = from;
    while (at < kept && text[at] >= '0' && text[at] <= '9') {
      at++;
    }
    return at;
  }

  private void value(@Nullable String value) {
    afterValue();
    if (tooDeep == 0) {
      handler.value(this, value);
    }
  }

  private void append(int c) {
    if (kept < MAX_TEXT) {
      text[kept++] = (byte) c;
    }
  }
}
