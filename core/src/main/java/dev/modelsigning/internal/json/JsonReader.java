package dev.modelsigning.internal.json;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JSON document strictly, so that it has only one interpretation (RFC 8259): valid UTF-8,
 * no duplicate names, no lone surrogates, nothing but white space after the value, and limited
 * depth. Values must have exactly the requested type; null is not accepted as a value.
 *
 * <p>A reader is positioned at a value, which each read method consumes. Errors give the path of
 * names and indexes to the value.
 */
public final class JsonReader {

  /** The largest depth of nested objects and arrays. */
  public static final int MAX_DEPTH = 64;

  /**
   * The largest number of members of an object. No object that we read has a hundred, and all names
   * are kept to detect duplicates.
   */
  public static final int MAX_MEMBERS = 1_000;

  /** The largest length of the name of a member, in characters. */
  static final int MAX_NAME = 10_000;

  /** The largest length of a number, in characters. */
  static final int MAX_NUMBER = 100;

  private final String document;
  private final JsonTokens tokens;

  // The path to the current value: names of members, and indexes where there is no name.
  private final @Nullable String[] stepNames = new @Nullable String[MAX_DEPTH + 1];
  private final int[] stepIndexes = new int[MAX_DEPTH + 1];
  private int steps;

  private int mostMembers = MAX_MEMBERS;
  private int mostCharacters = Integer.MAX_VALUE;

  private JsonReader(String document, JsonTokens tokens) {
    this.document = document;
    this.tokens = tokens;
  }

  /** Reads the value at the reader's position. */
  @FunctionalInterface
  public interface Production<T> {
    /** Reads the value and returns a result. */
    T read(JsonReader reader) throws MalformedJsonException;
  }

  /** Called once for each member of an object; must consume its value. */
  @FunctionalInterface
  public interface MemberHandler {
    /** Reads the value of the member with this name. */
    void member(String name) throws MalformedJsonException;
  }

  /** Called once for each element of an array; must consume it. */
  @FunctionalInterface
  public interface ElementHandler {
    /** Reads the element with this index, counted from 0. */
    void element(int index) throws MalformedJsonException;
  }

  /**
   * Reads a whole document.
   *
   * @param document the name of the document in messages
   * @param bytes its bytes, UTF-8
   * @param maxTokens the largest number of names, values and brackets
   * @param production reads its value
   * @throws MalformedJsonException if the bytes are not JSON or do not have the structure that the
   *     production expects
   */
  public static <T> T read(String document, byte[] bytes, long maxTokens, Production<T> production)
      throws MalformedJsonException {
    return read(document, new JsonInput(bytes, bytes.length), maxTokens, production);
  }

  /**
   * Reads a whole document from a stream, block by block.
   *
   * @param document the name of the document in messages
   * @param bytes a stream of its bytes, UTF-8
   * @param size the expected number of bytes; the actual number may differ
   * @param maxTokens the largest number of names, values and brackets
   * @param production reads its value
   * @throws IOException if the stream cannot be read
   * @throws MalformedJsonException if the bytes are not JSON or do not have the structure that the
   *     production expects
   */
  public static <T> T read(
      String document, InputStream bytes, long size, long maxTokens, Production<T> production)
      throws IOException, MalformedJsonException {
    try {
      return read(document, new JsonInput(bytes, size), maxTokens, production);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /**
   * Reads a whole document from a stream in memory.
   *
   * @param document the name of the document in messages
   * @param bytes a stream in memory of its bytes, UTF-8
   * @param maxTokens the largest number of names, values and brackets
   * @param production reads its value
   * @throws MalformedJsonException if the bytes are not JSON or do not have the structure that the
   *     production expects
   */
  public static <T> T read(
      String document, InputStream bytes, long maxTokens, Production<T> production)
      throws MalformedJsonException {
    return read(document, new JsonInput(bytes, 0), maxTokens, production);
  }

  private static <T> T read(
      String document, JsonInput input, long maxTokens, Production<T> production)
      throws MalformedJsonException {
    JsonTokens tokens = new JsonTokens(document, input, maxTokens);
    JsonReader reader = new JsonReader(document, tokens);
    if (tokens.next() == null) {
      throw new MalformedJsonException(document + ": is empty");
    }
    T result = production.read(reader);
    if (tokens.next() != null) {
      throw reader.malformed("nothing may follow the JSON value");
    }
    return result;
  }

  /**
   * Reads some members of an object, which must be strings, and skips the others.
   *
   * @param names the members to read
   * @return their values by name, without those that are absent
   * @throws MalformedJsonException if this is not an object, or one of them is not a string
   */
  public Map<String, String> strings(Set<String> names) throws MalformedJsonException {
    Map<String, String> values = new HashMap<>();
    object(name -> {
      if (names.contains(name)) {
        values.put(name, string());
      } else {
        skip();
      }
    });
    return values;
  }

  /**
   * Creates an error at the current position.
   *
   * @param problem what is wrong there
   */
  public MalformedJsonException malformed(String problem) {
    return new MalformedJsonException(
        document + ": " + (steps == 0 ? "" : path() + ": ") + problem);
  }

  /**
   * Creates an error about a member of the current object.
   *
   * @param name the member
   * @param problem what is wrong with it
   */
  public MalformedJsonException malformed(String name, String problem) {
    return new MalformedJsonException(
        document + ": " + path() + (steps == 0 ? "" : ".") + name + ": " + problem);
  }

  private String path() {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < steps; i++) {
      String name = stepNames[i];
      if (name == null) {
        path.append('[').append(stepIndexes[i]).append(']');
      } else {
        path.append(i == 0 ? "" : ".").append(Printable.brief(name));
      }
    }
    return path.toString();
  }

  /** Creates an error for a required member that is missing. */
  public MalformedJsonException missing(String name) {
    return malformed(name, "is missing");
  }

  /** Creates an error for a member with a name that is not allowed here. */
  public MalformedJsonException unknown(String name) {
    return malformed("unknown field " + Printable.quote(name));
  }

  /**
   * Sets the largest number of members of objects from here on. The names of all members of an
   * object are kept while it is read.
   *
   * @param most the largest number of members
   */
  public void allowMembers(int most) {
    mostMembers = most;
  }

  /**
   * Limits all strings from here on, also those that are skipped or hold an integer, but not Base64
   * that is decoded into a sink.
   *
   * @param most the largest number of characters of each string
   */
  public void limitStrings(int most) {
    mostCharacters = most;
  }

  /** Reads an object. */
  public void object(MemberHandler handler) throws MalformedJsonException {
    object(mostMembers, handler);
  }

  /**
   * Reads an object with its own limit on the number of members.
   *
   * @param most the largest number of members
   * @param handler reads one member
   */
  public void object(int most, MemberHandler handler) throws MalformedJsonException {
    require(JsonToken.START_OBJECT, "an object");
    int members = 0;
    while (tokens.next() != JsonToken.END_OBJECT) {
      members++;
      requireFewMembers(members, most);
      requireWhole(tokens.nameIsWhole());
      String name = tokens.name();
      tokens.next();
      stepNames[steps++] = name;
      handler.member(name);
      steps--;
    }
  }

  /** Reads an array. */
  public void array(ElementHandler handler) throws MalformedJsonException {
    require(JsonToken.START_ARRAY, "an array");
    int index = 0;
    while (tokens.next() != JsonToken.END_ARRAY) {
      stepNames[steps] = null;
      stepIndexes[steps++] = index;
      handler.element(index);
      steps--;
      index++;
    }
  }

  /**
   * Reads an array of limited length. Elements beyond the limit are only counted.
   *
   * @param most the largest number of elements
   * @param handler reads one element
   */
  public void array(int most, ElementHandler handler) throws MalformedJsonException {
    var read =
        new Object() {
          int elements;
        };
    array(index -> {
      read.elements++;
      if (index < most) {
        handler.element(index);
      } else {
        skip();
      }
    });
    if (read.elements > most) {
      throw malformed("expected at most " + most + ", found " + read.elements);
    }
  }

  /**
   * Reads a string of limited length.
   *
   * @param most the largest number of characters
   */
  public String string(int most) throws MalformedJsonException {
    String value = string();
    if (value.length() > most) {
      throw malformed("expected at most " + most + " characters, found " + value.length());
    }
    return value;
  }

  /** Reads a string. */
  public String string() throws MalformedJsonException {
    return stringBytes().text();
  }

  private JsonString stringBytes() throws MalformedJsonException {
    require(JsonToken.STRING, "a string");
    JsonString value = tokens.string();
    requireSound(value);
    return value;
  }

  /**
   * Reads a string without creating a {@link String}.
   *
   * @param sink receives its bytes, UTF-8; if the document is in memory and the string has no
   *     escapes, these are the bytes of the document itself
   */
  public void string(StringSink sink) throws MalformedJsonException {
    JsonString value = stringBytes();
    sink.string(value.array(), value.from(), value.to());
  }

  /** Receives the bytes of a string. */
  @FunctionalInterface
  public interface StringSink {
    /**
     * Receives the bytes, which may be overwritten after this method returned, unless they are in
     * the document.
     *
     * @param bytes the array that contains them
     * @param from index of the first one
     * @param to index after the last one
     */
    void string(byte[] bytes, int from, int to) throws MalformedJsonException;
  }

  /** Reads a string that is not empty. */
  public String nonEmptyString() throws MalformedJsonException {
    String value = string();
    if (value.isEmpty()) {
      throw malformed("must not be empty");
    }
    return value;
  }

  /** Reads true or false. */
  public boolean bool() throws MalformedJsonException {
    JsonToken token = tokens.current();
    if (token != JsonToken.TRUE && token != JsonToken.FALSE) {
      throw wrongType("true or false");
    }
    return token == JsonToken.TRUE;
  }

  /** Reads a number as the nearest one of floating point; it is infinite if it is out of range. */
  public double number() throws MalformedJsonException {
    require(JsonToken.NUMBER, "a number");
    return Double.parseDouble(tokens.number());
  }

  /** Whether the value is null. */
  public boolean isNull() {
    return tokens.current() == JsonToken.NULL;
  }

  /** Whether the value is a string. */
  public boolean isString() {
    return tokens.current() == JsonToken.STRING;
  }

  /** Whether the value is a number. */
  public boolean isNumber() {
    return tokens.current() == JsonToken.NUMBER;
  }

  /** Whether the value is an object. */
  public boolean isObject() {
    return tokens.current() == JsonToken.START_OBJECT;
  }

  /** Whether the value is an array. */
  public boolean isArray() {
    return tokens.current() == JsonToken.START_ARRAY;
  }

  /**
   * Reads an integer between 1 and 2^53. Forms such as {@code 4.0} and {@code 4e0} are integers
   * too: some writers have floating-point numbers only.
   */
  public long positiveInteger() throws MalformedJsonException {
    require(JsonToken.NUMBER, "a positive integer");
    try {
      return ExactInteger.positive(tokens.number());
    } catch (IllegalArgumentException e) {
      throw malformed("" + e.getMessage());
    }
  }

  /**
   * Reads a 64-bit integer in the JSON form of Protocol Buffers: a string of decimal digits, or a
   * number.
   */
  public long int64() throws MalformedJsonException {
    JsonToken token = tokens.current();
    if (token != JsonToken.STRING && token != JsonToken.NUMBER) {
      throw wrongType("an integer");
    }
    if (token == JsonToken.STRING) {
      requireSound(tokens.string());
    }
    try {
      return token == JsonToken.STRING
          ? ExactInteger.digits(tokens.string().text())
          : ExactInteger.int64(tokens.number());
    } catch (IllegalArgumentException e) {
      throw malformed("" + e.getMessage());
    }
  }

  /**
   * Reads a string as Base64 (RFC 4648 section 4): standard alphabet, padded, without line breaks
   * and with zero bits at the end; not empty. It is decoded block by block and may be long.
   *
   * @param sink receives the decoded bytes
   */
  public void base64(BytesSink sink) throws MalformedJsonException {
    require(JsonToken.STRING, "a string");
    Base64Sink decoded = new Base64Sink(tokens.expected());
    try {
      tokens.decode(decoded);
      if (decoded.characters() == 0) {
        throw malformed("must not be empty");
      }
      decoded.end();
    } catch (IllegalArgumentException e) {
      throw notBase64(e);
    }
    sink.bytes(decoded.array(), decoded.length());
  }

  /** Receives bytes. */
  @FunctionalInterface
  public interface BytesSink {
    /**
     * Receives an array, which is not used elsewhere.
     *
     * @param array contains the bytes, from its start on, and may be longer
     * @param length number of bytes
     */
    void bytes(byte[] array, int length);
  }

  /**
   * Reads a string as Base64, as {@link #base64(BytesSink)} does.
   *
   * @param most the largest number of decoded bytes
   */
  public byte[] base64(int most) throws MalformedJsonException {
    JsonString text = stringBytes();
    if (text.length() == 0) {
      throw malformed("must not be empty");
    }
    int padding = 0;
    while (padding < 2 && padding < text.length() && text.array()[text.to() - 1 - padding] == '=') {
      padding++;
    }
    long bytes = text.length() / 4 * 3L - padding;
    if (bytes > most) {
      throw malformed("expected at most " + most + " bytes, found " + bytes);
    }
    try {
      return Base64Sink.decode(text);
    } catch (IllegalArgumentException e) {
      throw notBase64(e);
    }
  }

  private MalformedJsonException notBase64(IllegalArgumentException e) {
    MalformedJsonException malformed = malformed("not Base64: " + e.getMessage());
    malformed.initCause(e);
    return malformed;
  }

  /** Skips a value of any type, which must be well-formed nevertheless. */
  public void skip() throws MalformedJsonException {
    new JsonWalk(this, tokens).skip();
  }

  /** Reads a value of any type and returns it as compact JSON text. */
  public String rawValue() throws MalformedJsonException {
    return rawValue(Integer.MAX_VALUE);
  }

  /**
   * Reads a value of any type and returns it as compact JSON text.
   *
   * @param most the largest number of bytes of the text
   */
  public String rawValue(int most) throws MalformedJsonException {
    return new JsonWalk(this, tokens).copy(most);
  }

  void requireFewMembers(int members) throws MalformedJsonException {
    requireFewMembers(members, mostMembers);
  }

  private void requireFewMembers(int members, int most) throws MalformedJsonException {
    if (members > most) {
      throw malformed("expected at most " + most + " fields in an object, found more");
    }
  }

  private void require(JsonToken expected, String name) throws MalformedJsonException {
    if (tokens.current() != expected) {
      throw wrongType(name);
    }
  }

  private MalformedJsonException wrongType(String expected) {
    return malformed("expected " + expected + ", found " + tokens.current().description());
  }

  void requireSound(JsonString string) throws MalformedJsonException {
    requireWhole(string.isWhole());
    // A character has at least one byte, so that short strings need not be counted.
    if (string.length() > mostCharacters && string.text().length() > mostCharacters) {
      throw malformed(
          "expected strings of at most "
              + mostCharacters
              + " characters, found one of "
              + string.text().length());
    }
  }

  void requireWhole(boolean whole) throws MalformedJsonException {
    if (!whole) {
      throw malformed("a string holds half of a surrogate pair");
    }
  }
}
