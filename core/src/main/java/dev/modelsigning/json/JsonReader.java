package dev.modelsigning.json;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.math.BigDecimal;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
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

  /** The greatest integer up to which a JSON number is the same in every implementation. */
  private static final BigDecimal MAX_EXACT = BigDecimal.valueOf(1L << 53);

  private static JsonFactory factory(long maxTokens) {
    return JsonFactory.builder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(MAX_DEPTH)
                .maxTokenCount(maxTokens)
                .maxStringLength(Integer.MAX_VALUE)
                .maxNameLength(10_000)
                .maxNumberLength(100)
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
    Reader characters =
        new InputStreamReader(
            new ByteArrayInputStream(bytes),
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
      throw notJson(document, e);
    }
  }

  private static MalformedJsonException notJson(String document, JacksonException e) {
    TokenStreamLocation location = e.getLocation();
    String place =
        location == null || location.getLineNr() < 1
            ? ""
            : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    String problem = problem(e);
    MalformedJsonException malformed =
        new MalformedJsonException(document + ": not valid JSON" + place + ": " + problem);
    malformed.initCause(e);
    return malformed;
  }

  private static String problem(JacksonException e) {
    if (e.getCause() instanceof CharacterCodingException) {
      return "bytes that are not UTF-8";
    }
    if (e instanceof StreamConstraintsException) {
      return "nested deeper than " + MAX_DEPTH + ", too many values, or a name or number too long";
    }
    // What stands behind the colon is advice on how to configure the parser.
    String message = e.getOriginalMessage();
    int colon = message.indexOf(": ");
    return Printable.escape(colon < 0 ? message : message.substring(0, colon));
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
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      requireNoLoneSurrogates(name);
      parser.nextToken();
      if (length > 0) {
        path.append('.');
      }
      path.append(Printable.escape(name));
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
    BigDecimal value;
    try {
      value = new BigDecimal(parser.getString());
    } catch (NumberFormatException e) {
      throw malformed("expected an integer from 1 to 2^53, found " + parser.getString());
    }
    // The comparison comes first: 1e999999999 must not be expanded.
    if (value.signum() <= 0
        || value.compareTo(MAX_EXACT) > 0
        || value.stripTrailingZeros().scale() > 0) {
      throw malformed("expected an integer from 1 to 2^53, found " + parser.getString());
    }
    return value.longValueExact();
  }

  /**
   * Reads a string as Base64 (RFC 4648 section 4): standard alphabet, padded, without line breaks
   * and without stray bits at the end; not empty.
   */
  public byte[] base64() throws MalformedJsonException {
    String text = nonEmptyString();
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      MalformedJsonException malformed = malformed("not Base64: " + e.getMessage());
      malformed.initCause(e);
      throw malformed;
    }
    int tail = bytes.length - Math.floorMod(bytes.length - 1, 3) - 1;
    byte[] last = Arrays.copyOfRange(bytes, tail, bytes.length);
    if (text.length() % 4 != 0 || !text.endsWith(Base64.getEncoder().encodeToString(last))) {
      throw malformed("not canonical Base64: wrong padding or stray bits at the end");
    }
    return bytes;
  }

  /** Passes over a value of any type; it must be well-formed all the same. */
  public void skip() throws MalformedJsonException {
    int depth = 0;
    do {
      depth += checkToken();
    } while (depth > 0 && parser.nextToken() != null);
  }

  /** Reads a value of any type and returns it as compact JSON text. */
  public String rawValue() throws MalformedJsonException {
    ByteArrayOutputStream copy = new ByteArrayOutputStream();
    try (JsonGenerator generator =
        new JsonFactory().createGenerator(ObjectWriteContext.empty(), copy)) {
      int depth = 0;
      do {
        depth += checkToken();
        if (parser.currentToken().isNumeric()) {
          generator.writeNumber(parser.getString());
        } else {
          generator.copyCurrentEvent(parser);
        }
      } while (depth > 0 && parser.nextToken() != null);
    }
    return copy.toString(StandardCharsets.UTF_8);
  }

  /** Checks the text of the current token; returns by how much it changes the depth. */
  private int checkToken() throws MalformedJsonException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.PROPERTY_NAME) {
      requireNoLoneSurrogates(parser.currentName());
    } else if (token == JsonToken.VALUE_STRING) {
      requireNoLoneSurrogates(parser.getString());
    }
    return token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
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

  private void requireNoLoneSurrogates(String text) throws MalformedJsonException {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw malformed("a string holds half of a surrogate pair");
      }
    }
  }
}
