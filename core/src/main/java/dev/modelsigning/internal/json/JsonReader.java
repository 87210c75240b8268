package dev.modelsigning.internal.json;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON document strictly, so that it has one reading only (RFC 8259): UTF-8 without
 * errors, no duplicate names, no lone surrogates, nothing but white space behind the value, and
 * bounded depth. Values have exactly the type that is asked for; null is no value.
 *
 * <p>A reader stands on a value; each method that reads consumes it. Errors name the place by the
 * names and indexes that lead to it.
 */
public final class JsonReader {

  /** Greatest depth of nested objects and arrays that is read. */
  public static final int MAX_DEPTH = 64;

  /**
   * Greatest number of members of an object. No object that we read has a hundred, and the names of
   * all members are kept to find duplicates.
   */
  public static final int MAX_MEMBERS = 1_000;

  /** Greatest length of the name of a member, in characters. */
  static final int MAX_NAME = 10_000;

  /** Greatest length of a number in characters. */
  static final int MAX_NUMBER = 100;

  private final String document;
  private final JsonTokens tokens;

  // The way to the present place: names of members, and indexes where there is no name.
  private final @Nullable String[] stepNames = new @Nullable String[MAX_DEPTH + 1];
  private final int[] stepIndexes = new int[MAX_DEPTH + 1];
  private int steps;

  private int mostMembers = MAX_MEMBERS;

  private JsonReader(String document, JsonTokens tokens) {
    this.document = document;
    this.tokens = tokens;
  }

  /** Reads the value that the reader stands on. */
  @FunctionalInterface
  public interface Production<T> {
    /** Reads the value and makes something of it. */
    T read(JsonReader reader) throws MalformedJsonException;
  }

  /** Is called once for each member of an object; must consume its value. */
  @FunctionalInterface
  public interface MemberHandler {
    /** Reads the value of the member of this name. */
    void member(String name) throws MalformedJsonException;
  }

  /** Is called once for each element of an array; must consume it. */
  @FunctionalInterface
  public interface ElementHandler {
    /** Reads the element with this index, counted from 0. */
    void element(int index) throws MalformedJsonException;
  }

  /**
   * Reads a whole document.
   *
   * @param document what the document is called in messages
   * @param bytes its bytes, UTF-8
   * @param maxTokens how many names, values and brackets it may have
   * @param production reads its value
   * @throws MalformedJsonException if the bytes are not JSON or not what the production expects
   */
  public static <T> T read(String document, byte[] bytes, long maxTokens, Production<T> production)
      throws MalformedJsonException {
    return read(document, new JsonInput(bytes, bytes.length), maxTokens, production);
  }

  /**
   * Reads a whole document that is read block by block.
   *
   * @param document what the document is called in messages
   * @param bytes a stream of its bytes, UTF-8
   * @param size how many bytes are expected; there may be more or fewer
   * @param maxTokens how many names, values and brackets it may have
   * @param production reads its value
   * @throws IOException if the stream cannot be read
   * @throws MalformedJsonException if the bytes are not JSON or not what the production expects
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
   * @param document what the document is called in messages
   * @param bytes a stream in memory of its bytes, UTF-8
   * @param maxTokens how many names, values and brackets it may have
   * @param production reads its value
   * @throws MalformedJsonException if the bytes are not JSON or not what the production expects
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
   * Reads some members of an object, which must be strings, and passes over the others.
   *
   * @param names the members to read
   * @return their values by name, without those that are absent
   * @throws MalformedJsonException if this is no object, or one of them is no string
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
   * An error at the present place.
   *
   * @param problem what is wrong there
   */
  public MalformedJsonException malformed(String problem) {
    return new MalformedJsonException(
        document + ": " + (steps == 0 ? "" : path() + ": ") + problem);
  }

  /**
   * An error about a member of the object that the reader stands in.
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

  /** An error that says that this member is required and absent. */
  public MalformedJsonException missing(String name) {
    return malformed(name, "is missing");
  }

  /** An error that says that no member of this name may stand here. */
  public MalformedJsonException unknown(String name) {
    return malformed("unknown field " + Printable.quote(name));
  }

  /**
   * Lets objects have more members than usual, or fewer, from here on. The names of all members of
   * one are kept while it is read.
   *
   * @param most how many an object may have
   */
  public void allowMembers(int most) {
    mostMembers = most;
  }

  /** Reads an object. */
  public void object(MemberHandler handler) throws MalformedJsonException {
    object(mostMembers, handler);
  }

  /**
   * Reads an object that may have more members than others.
   *
   * @param most how many members it may have
   * @param handler reads one
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
   * Reads an array that is not long. What is beyond the bound is only counted.
   *
   * @param most how many elements it may have
   * @param handler reads one
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
   * Reads a string that is not long.
   *
   * @param most how many characters it may have
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
    requireWhole(value.isWhole());
    return value;
  }

  /**
   * Reads a string without making one.
   *
   * @param sink gets its bytes, UTF-8; where the document is in memory and the string has no
   *     escapes, they are where they are in the document
   */
  public void string(StringSink sink) throws MalformedJsonException {
    JsonString value = stringBytes();
    sink.string(value.array(), value.from(), value.to());
  }

  /** Takes the bytes of a string. */
  @FunctionalInterface
  public interface StringSink {
    /**
     * Takes the bytes, which may be others when this returns, unless they are in the document.
     *
     * @param bytes what holds them
     * @param from index of the first one
     * @param to index behind the last one
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

  /** Whether the value is null. */
  public boolean isNull() {
    return tokens.current() == JsonToken.NULL;
  }

  /** Whether the value is a string. */
  public boolean isString() {
    return tokens.current() == JsonToken.STRING;
  }

  /** Whether the value is an array. */
  public boolean isArray() {
    return tokens.current() == JsonToken.START_ARRAY;
  }

  /**
   * Reads an integer between 1 and 2^53. Forms such as {@code 4.0} and {@code 4e0} are integers
   * too: some writers know floating-point numbers only.
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
   * Reads an integer of 64 bits in the form that messages of Protocol Buffers have in JSON: its
   * decimal digits as a string, or a number.
   */
  public long int64() throws MalformedJsonException {
    JsonToken token = tokens.current();
    if (token != JsonToken.STRING && token != JsonToken.NUMBER) {
      throw wrongType("an integer");
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
   * and without stray bits at the end; not empty. It is decoded block by block and may be long.
   *
   * @param sink gets what it stands for
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

  /** Takes bytes. */
  @FunctionalInterface
  public interface BytesSink {
    /**
     * Takes an array, which nobody else has.
     *
     * @param array holds the bytes, from its start on, and may be longer
     * @param length number of bytes
     */
    void bytes(byte[] array, int length);
  }

  /**
   * Reads a string as Base64, as {@link #base64(BytesSink)} does.
   *
   * @param most how many bytes it may stand for
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

  /** Passes over a value of any type; it must be well-formed all the same. */
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
   * @param most how many bytes the text may have
   */
  public String rawValue(int most) throws MalformedJsonException {
    return rawValue(most, Integer.MAX_VALUE);
  }

  /**
   * Reads a value of any type and returns it as compact JSON text.
   *
   * @param most how many bytes the text may have
   * @param mostString how many characters each string in it may have
   */
  public String rawValue(int most, int mostString) throws MalformedJsonException {
    return new JsonWalk(this, tokens).copy(most, mostString);
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

  void requireWhole(boolean whole) throws MalformedJsonException {
    if (!whole) {
      throw malformed("a string holds half of a surrogate pair");
    }
  }
}
