package dev.modelsigning.content.internal.config;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Divides JSON into its strings, in blocks of any size, and goes on whatever it finds: what a
 * strict reader refuses, a lenient loader may take, and then what it loads must not be hidden. It
 * says whether all was as RFC 8259 has it.
 */
final class LenientJson {

  /** How many bytes of a string are kept. */
  static final int MAX_TEXT = 600;

  /** Numbers have fewer characters than this. */
  private static final int MAX_NUMBER = 100;

  /** How deep objects and arrays are told apart. */
  static final int MAX_DEPTH = 200;

  /** Takes strings. */
  interface Handler {
    /**
     * Takes a string that is a value, or null for one of another type.
     *
     * @param json tells the way to it
     * @param text the string, perhaps cut
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

  // Of the watched names, a bit for each that leads to here.
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

  // What may come next in the present object or array.
  private boolean awaitsKey;
  private boolean awaitsColon;
  private boolean awaitsValue = true;
  private boolean mayEnd;

  /**
   * A reader.
   *
   * @param watched names of which {@link #isBelow} is asked, at most 32
   */
  LenientJson(Handler handler, String... watched) {
    this.handler = handler;
    this.watched = watched.clone();
  }

  /** Whether all so far was as the RFC has it. */
  boolean isStrict() {
    return isStrict;
  }

  /** Whether a whole value was read, and nothing is open. */
  boolean isWhole() {
    return depth == 0
        && tooDeep == 0
        && state != State.STRING
        && state != State.ESCAPE
        && state != State.UNICODE
        && !awaitsValue;
  }

  /** There are no more bytes: a number or a word at the end is one now. */
  void end() {
    if (state == State.LITERAL) {
      endLiteral();
    }
  }

  /** How many objects and arrays the present value is in. */
  int depth() {
    return depth;
  }

  /**
   * The name of the member that leads on, or null in an array.
   *
   * @param level 1 for the outermost object
   */
  @Nullable String key(int level) {
    return level >= 1 && level <= depth ? keys[level] : null;
  }

  /** The number of the element that leads on, from 0, for arrays. */
  int index(int level) {
    return indexes[level];
  }

  /**
   * Whether a member of this name leads to the present value. It costs the same however deep that
   * is, as it is asked of each.
   *
   * @param name one that is watched
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

  /** Files may have millions of numbers, so no text is made of one, nor a pattern. */
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

  /** Where the digits end that begin here. */
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
