package dev.modelsigning.json;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

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
  private static final int MAX_NAME = 10_000;

  /** Greatest length of a number in characters. */
  private static final int MAX_NUMBER = 100;

  private static JsonFactory factory(long maxTokens) {
    return JsonFactory.builder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(MAX_DEPTH)
                .maxTokenCount(maxTokens)
                .maxStringLength(Integer.MAX_VALUE)
                .maxNameLength(MAX_NAME)
                .maxNumberLength(MAX_NUMBER)
                .build())
        .build();
  }

  private final String document;
  private final JsonParser parser;
  private final StringBuilder path = new StringBuilder();

  private JsonReader(String document, JsonParser parser) {
    this.document = document;
    this.parser = parser;
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
    return read(document, new ByteArrayInputStream(bytes), maxTokens, production);
  }

  /**
   * Reads a whole document.
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
    Reader characters =
        new InputStreamReader(
            bytes,
            StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT));
    try (JsonParser parser =
        factory(maxTokens).createParser(ObjectReadContext.empty(), characters)) {
      JsonReader reader = new JsonReader(document, parser);
      if (parser.nextToken() == null) {
        throw new MalformedJsonException(document + ": is empty");
      }
      T result = production.read(reader);
      if (parser.nextToken() != null) {
        throw reader.malformed("nothing may follow the JSON value");
      }
      return result;
    } catch (JacksonException e) {
      throw MalformedJsonException.notJson(document, e);
    }
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
        document + ": " + (path.length() == 0 ? "" : path + ": ") + problem);
  }

  /**
   * An error about a member of the object that the reader stands in.
   *
   * @param name the member
   * @param problem what is wrong with it
   */
  public MalformedJsonException malformed(String name, String problem) {
    return new MalformedJsonException(
        document + ": " + path + (path.length() == 0 ? "" : ".") + name + ": " + problem);
  }

  /** An error that says that this member is required and absent. */
  public MalformedJsonException missing(String name) {
    return malformed(name, "is missing");
  }

  /** An error that says that no member of this name may stand here. */
  public MalformedJsonException unknown(String name) {
    return malformed("unknown field " + Printable.quote(name));
  }

  /** Reads an object. */
  public void object(MemberHandler handler) throws MalformedJsonException {
    require(JsonToken.START_OBJECT, "an object");
    int length = path.length();
    int members = 0;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      members++;
      requireFewMembers(members);
      requireNoLoneSurrogates(name);
      parser.nextToken();
      if (length > 0) {
        path.append('.');
      }
      path.append(Printable.brief(name));
      handler.member(name);
      path.setLength(length);
    }
  }

  /** Reads an array. */
  public void array(ElementHandler handler) throws MalformedJsonException {
    require(JsonToken.START_ARRAY, "an array");
    int length = path.length();
    int index = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      path.append('[').append(index).append(']');
      handler.element(index);
      path.setLength(length);
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
    require(JsonToken.VALUE_STRING, "a string");
    String value = parser.getString();
    requireNoLoneSurrogates(value);
    return value;
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
    JsonToken token = parser.currentToken();
    if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
      throw wrongType("true or false");
    }
    return token == JsonToken.VALUE_TRUE;
  }

  /** Whether the value is null. */
  public boolean isNull() {
    return parser.currentToken() == JsonToken.VALUE_NULL;
  }

  /**
   * Reads an integer between 1 and 2^53. Forms such as {@code 4.0} and {@code 4e0} are integers
   * too: some writers know floating-point numbers only.
   */
  public long positiveInteger() throws MalformedJsonException {
    JsonToken token = parser.currentToken();
    if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
      throw wrongType("a positive integer");
    }
    try {
      return ExactInteger.positive(parser.getString());
    } catch (IllegalArgumentException e) {
      throw malformed("" + e.getMessage());
    }
  }

  /**
   * Reads an integer of 64 bits in the form that messages of Protocol Buffers have in JSON: its
   * decimal digits as a string, or a number.
   */
  public long int64() throws MalformedJsonException {
    JsonToken token = parser.currentToken();
    if (token != JsonToken.VALUE_STRING && !token.isNumeric()) {
      throw wrongType("an integer");
    }
    try {
      return token == JsonToken.VALUE_STRING
          ? ExactInteger.digits(parser.getString())
          : ExactInteger.int64(parser.getString());
    } catch (IllegalArgumentException e) {
      throw malformed("" + e.getMessage());
    }
  }

  /**
   * Reads a string as Base64 (RFC 4648 section 4): standard alphabet, padded, without line breaks
   * and without stray bits at the end; not empty.
   */
  public byte[] base64() throws MalformedJsonException {
    return decode(nonEmptyString());
  }

  /**
   * Reads a string as Base64, as {@link #base64()} does.
   *
   * @param most how many bytes it may stand for
   */
  public byte[] base64(int most) throws MalformedJsonException {
    String text = nonEmptyString();
    int padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
    long bytes = text.length() / 4 * 3L - padding;
    if (bytes > most) {
      throw malformed("expected at most " + most + " bytes, found " + bytes);
    }
    return decode(text);
  }

  private byte[] decode(String text) throws MalformedJsonException {
    try {
      return CanonicalBase64.decode(text);
    } catch (IllegalArgumentException e) {
      MalformedJsonException malformed = malformed("not Base64: " + e.getMessage());
      malformed.initCause(e);
      throw malformed;
    }
  }

  /** Passes over a value of any type; it must be well-formed all the same. */
  public void skip() throws MalformedJsonException {
    new JsonWalk(this, parser).skip();
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
    return new JsonWalk(this, parser).copy(most, mostString);
  }

  void requireFewMembers(int members) throws MalformedJsonException {
    if (members > MAX_MEMBERS) {
      throw malformed("expected at most " + MAX_MEMBERS + " fields in an object, found more");
    }
  }

  private void require(JsonToken expected, String name) throws MalformedJsonException {
    if (parser.currentToken() != expected) {
      throw wrongType(name);
    }
  }

  private MalformedJsonException wrongType(String expected) {
    String found =
        switch (parser.currentToken()) {
          case START_OBJECT -> "an object";
          case START_ARRAY -> "an array";
          case VALUE_STRING -> "a string";
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
          case VALUE_TRUE, VALUE_FALSE -> "a boolean";
          case VALUE_NULL -> "null";
          default -> "something else";
        };
    return malformed("expected " + expected + ", found " + found);
  }

  void requireNoLoneSurrogates(String text) throws MalformedJsonException {
    if (Printable.hasLoneSurrogate(text)) {
      throw malformed("a string holds half of a surrogate pair");
    }
  }
}
