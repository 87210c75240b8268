package dev.modelsigning.internal.json;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Splits a JSON document into tokens (RFC 8259), strictly: white space, escapes, numbers and UTF-8
 * must conform exactly, names in an object must be unique, and depth and number of tokens are
 * limited. Every string is validated completely, even if it is skipped.
 */
final class JsonTokens {

  private final String document;
  private final JsonInput input;
  private final JsonString string;
  private final long maxTokens;
  private final JsonNames names = new JsonNames();

  private final boolean[] isObject = new boolean[JsonReader.MAX_DEPTH + 1];
  private final MemberNames[] members = new MemberNames[JsonReader.MAX_DEPTH + 1];
  private int depth;
  private long tokens;
  private @Nullable JsonToken current;
  private String name = "";
  private boolean nameIsWhole = true;
  private boolean unreadString;
  private byte[] number = new byte[JsonReader.MAX_NUMBER];
  private int numberLength;

  JsonTokens(String document, JsonInput input, long maxTokens) {
    this.document = document;
    this.input = input;
    this.string = new JsonString(this, input);
    this.maxTokens = maxTokens;
  }

  /** The names of the members of an object so far. */
  private static final class MemberNames {
    private static final int FEW = 8;

    private final String[] few = new String[FEW];
    private int number;
    private @Nullable Set<String> many;

    void clear() {
      number = 0;
      many = null;
    }

    boolean add(String name) {
      if (many != null) {
        return many.add(name);
      }
      for (int i = 0; i < number; i++) {
        if (few[i].equals(name)) {
          return false;
        }
      }
      if (number < FEW) {
        few[number++] = name;
        return true;
      }
      many = new HashSet<>(Set.of(few));
      return many.add(name);
    }
  }

  /** The token that was read last; {@link JsonToken#NULL} before the first one. */
  JsonToken current() {
    return current == null ? JsonToken.NULL : current;
  }

  /** The name of the member that was read last. */
  String name() {
    return name;
  }

  /** Whether that name has no lone surrogate. */
  boolean nameIsWhole() {
    return nameIsWhole;
  }

  /** The number of open objects and arrays. */
  int depth() {
    return depth;
  }

  /** Reads the current string; its text is valid until the next one is read. */
  JsonString string() throws MalformedJsonException {
    if (unreadString) {
      unreadString = false;
      string.read();
    }
    return string;
  }

  /** Decodes the current string as Base64, block by block. */
  void decode(Base64Sink sink) throws MalformedJsonException {
    unreadString = false;
    string.decode(sink);
  }

  /** The number of bytes of the document that are expected to follow. */
  long expected() {
    return input.expected();
  }

  /** The characters of the current number. */
  String number() {
    return new String(number, 0, Math.min(numberLength, number.length), StandardCharsets.US_ASCII);
  }

  /**
   * Reads the next token.
   *
   * @return null at the end of the document
   */
  @Nullable JsonToken next() throws MalformedJsonException {
    if (unreadString) {
      string();
    }
    JsonToken before = current;
    int next = input.skipWhiteSpace();
    if (depth == 0 && before != null) {
      if (next >= 0) {
        throw unexpected(next, "nothing may follow the JSON value");
      }
      current = null;
      return null;
    }
    if (next < 0) {
      if (before == null) {
        return null;
      }
      throw syntax("Unexpected end-of-input");
    }
    boolean first = before == JsonToken.START_OBJECT || before == JsonToken.START_ARRAY;
    if (depth > 0 && before != JsonToken.NAME) {
      if (next == (isObject[depth] ? '}' : ']')) {
        return end();
      }
      if (!first) {
        next = expectComma(next);
      }
      if (isObject[depth]) {
        return memberName(next);
      }
    }
    return value(next);
  }

  private int expectComma(int next) throws MalformedJsonException {
    if (next != ',') {
      throw unexpected(
          next, "was expecting comma to separate " + (isObject[depth] ? "members" : "elements"));
    }
    input.at++;
    int following = input.skipWhiteSpace();
    if (following < 0) {
      throw syntax("Unexpected end-of-input");
    }
    return following;
  }

  private JsonToken end() throws MalformedJsonException {
    input.at++;
    JsonToken token = isObject[depth] ? JsonToken.END_OBJECT : JsonToken.END_ARRAY;
    depth--;
    return counted(token);
  }

  private JsonToken start(boolean object) throws MalformedJsonException {
    input.at++;
    if (depth == JsonReader.MAX_DEPTH) {
      throw beyond("nested deeper than " + depth, depth, depth + 1L, "");
    }
    depth++;
    isObject[depth] = object;
    if (object) {
      if (members[depth] == null) {
        members[depth] = new MemberNames();
      }
      members[depth].clear();
    }
    return counted(object ? JsonToken.START_OBJECT : JsonToken.START_ARRAY);
  }

  private JsonToken memberName(int next) throws MalformedJsonException {
    if (next != '"') {
      throw unexpected(next, "was expecting double-quote to start a name");
    }
    input.at++;
    string.readName();
    if (string.length() > JsonReader.MAX_NAME && string.text().length() > JsonReader.MAX_NAME) {
      throw nameTooLong(string.text().length());
    }
    String text = names.text(string.array(), string.from(), string.to());
    if (text == null) {
      throw new MalformedJsonException(
          document + ": not valid JSON: too many names of members with the same hash code");
    }
    if (!members[depth].add(text)) {
      throw syntax("Duplicate Object property \"" + text + "\"");
    }
    name = text;
    nameIsWhole = string.isWhole();
    int colon = input.skipWhiteSpace();
    if (colon != ':') {
      throw colon < 0
          ? syntax("Unexpected end-of-input")
          : unexpected(colon, "was expecting a colon to separate name and value");
    }
    input.at++;
    return counted(JsonToken.NAME);
  }

  MalformedJsonException nameTooLong(long found) {
    return beyond("a name is too long", JsonReader.MAX_NAME, found, " characters");
  }

  private JsonToken value(int next) throws MalformedJsonException {
    return switch (next) {
      case '{' -> start(true);
      case '[' -> start(false);
      case '"' -> {
        input.at++;
        unreadString = true;
        yield counted(JsonToken.STRING);
      }
      case 't' -> word("true", JsonToken.TRUE);
      case 'f' -> word("false", JsonToken.FALSE);
      case 'n' -> word("null", JsonToken.NULL);
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number(next);
      default -> throw unexpected(next, "expected a value");
    };
  }

  private JsonToken counted(JsonToken token) throws MalformedJsonException {
    tokens++;
    if (tokens > maxTokens) {
      throw beyond("too many names, values and brackets", maxTokens, tokens, "");
    }
    current = token;
    return token;
  }

  private JsonToken word(String word, JsonToken token) throws MalformedJsonException {
    boolean there = input.has(word.length());
    for (int i = 0; there && i < word.length(); i++) {
      there = input.buffer[input.at + i] == word.charAt(i);
    }
    if (!there) {
      throw syntax("Unrecognized token");
    }
    input.at += word.length();
    requireDelimiter();
    return counted(token);
  }

  private void requireDelimiter() throws MalformedJsonException {
    if (input.has(1)) {
      int next = input.buffer[input.at] & 0xff;
      if (" \t\r\n,:]}".indexOf(next) < 0) {
        throw unexpected(next, "expected a separator after the value");
      }
    }
  }

  private JsonToken number(int first) throws MalformedJsonException {
    numberLength = 0;
    if (first == '-') {
      take();
    }
    if (peek() == '0') {
      take();
    } else {
      takeDigits();
    }
    if (peek() == '.') {
      take();
      takeDigits();
    }
    if (peek() == 'e' || peek() == 'E') {
      take();
      if (peek() == '+' || peek() == '-') {
        take();
      }
      takeDigits();
    }
    if (numberLength > JsonReader.MAX_NUMBER) {
      throw beyond("a number is too long", JsonReader.MAX_NUMBER, numberLength, " characters");
    }
    requireDelimiter();
    return counted(JsonToken.NUMBER);
  }

  private int peek() {
    return input.has(1) ? input.buffer[input.at] : -1;
  }

  /** Stores as many characters as a number may have, and counts the rest. */
  private void take() {
    if (numberLength < number.length) {
      number[numberLength] = input.buffer[input.at];
    }
    numberLength++;
    input.at++;
  }

  private void takeDigits() throws MalformedJsonException {
    int before = numberLength;
    for (int next = peek(); next >= '0' && next <= '9'; next = peek()) {
      take();
    }
    if (numberLength == before) {
      throw input.has(1)
          ? unexpected(input.buffer[input.at] & 0xff, "expected a digit")
          : syntax("Unexpected end-of-input");
    }
  }

  private MalformedJsonException unexpected(int next, String expected) {
    return syntax(
        next < 0x80
            ? "Unexpected character ("
                + (next < ' ' ? "code " : Printable.quote(Character.toString(next)) + ", code ")
                + next
                + ")"
                + ", "
                + expected
            : "Unexpected character outside of a string, or bytes that are not UTF-8");
  }

  /** Creates an error about the bytes here. */
  MalformedJsonException syntax(String problem) {
    return new MalformedJsonException(
        document + ": not valid JSON" + input.place() + ": " + Printable.escape(problem));
  }

  private MalformedJsonException beyond(String what, long most, long found, String unit) {
    return new MalformedJsonException(
        document
            + ": not valid JSON: "
            + what
            + ": expected at most "
            + most
            + ", found "
            + found
            + unit);
  }
}
