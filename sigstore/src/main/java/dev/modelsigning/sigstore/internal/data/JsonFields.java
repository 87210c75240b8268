package dev.modelsigning.sigstore.internal.data;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.sigstore.internal.data.JsonValue.Elements;
import dev.modelsigning.sigstore.internal.data.JsonValue.Members;
import dev.modelsigning.sigstore.internal.data.JsonValue.Numeral;
import dev.modelsigning.sigstore.internal.data.JsonValue.Text;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * An object of an untrusted JSON document, with its path in the document. Unknown fields are
 * ignored.
 */
public final class JsonFields {

  /**
   * Up to here, floating-point numbers represent every integer exactly; all numbers here are
   * floating-point.
   */
  private static final double MAX_EXACT = 1L << 53;

  /** The end of the year 9999, in seconds since 1970. */
  private static final long LAST_SECOND = 253_402_300_799L;

  private final String place;
  private final Map<String, JsonValue> members;

  private JsonFields(String place, Map<String, JsonValue> members) {
    this.place = place;
    this.members = members;
  }

  /**
   * Parses a document strictly.
   *
   * @param document the name of the document in messages
   */
  public static JsonFields read(String document, byte[] json, long maxTokens)
      throws MalformedJsonException {
    return new JsonFields(document, JsonReader.read(document, json, maxTokens, JsonValue::members));
  }

  /** A required object. All fields are required unless the method says that they are optional. */
  public JsonFields object(String name) throws MalformedJsonException {
    if (members.get(name) instanceof Members object) {
      return new JsonFields(place + "." + name, object.members());
    }
    throw malformed(name, "expected an object");
  }

  /** An optional object; empty if it has another type. */
  public Optional<JsonFields> optionalObject(String name) {
    return members.get(name) instanceof Members object
        ? Optional.of(new JsonFields(place + "." + name, object.members()))
        : Optional.empty();
  }

  /** The only member of this object, with any name; it must be an object. */
  public JsonFields only() throws MalformedJsonException {
    if (members.size() != 1) {
      throw new MalformedJsonException(place + ": expected one member");
    }
    return object(members.keySet().iterator().next());
  }

  /** The only element of a list; it must be an object. */
  public JsonFields only(String name) throws MalformedJsonException {
    List<JsonValue> list = list(name);
    if (list.size() != 1 || !(list.get(0) instanceof Members element)) {
      throw malformed(name, "expected exactly one object in the list");
    }
    return new JsonFields(place + "." + name + "[0]", element.members());
  }

  /** The elements of a list of strings. */
  public List<String> texts(String name) throws MalformedJsonException {
    List<String> texts = new ArrayList<>();
    for (JsonValue value : list(name)) {
      if (!(value instanceof Text text)) {
        throw malformed(name, "expected a list of strings");
      }
      texts.add(text.text());
    }
    return texts;
  }

  private List<JsonValue> list(String name) throws MalformedJsonException {
    if (members.get(name) instanceof Elements list) {
      return list.elements();
    }
    throw malformed(name, "expected a list");
  }

  /**
   * Passes on all strings of this object and of objects in it, but not those in lists.
   *
   * @param except the members of this object that are left out
   */
  public void eachText(Set<String> except, Consumer<String> strings) {
    members.forEach((name, value) -> {
      if (!except.contains(name)) {
        eachText(value, strings);
      }
    });
  }

  private static void eachText(JsonValue value, Consumer<String> strings) {
    if (value instanceof Text text) {
      strings.accept(text.text());
    } else if (value instanceof Members object) {
      object.members().values().forEach(each -> eachText(each, strings));
    }
  }

  /** A string. */
  public String text(String name) throws MalformedJsonException {
    if (members.get(name) instanceof Text text) {
      return text.text();
    }
    throw malformed(name, "expected a string");
  }

  /** An optional string; empty if it has another type. */
  public Optional<String> optionalText(String name) {
    return members.get(name) instanceof Text text ? Optional.of(text.text()) : Optional.empty();
  }

  /** An integer from 0 to 2^53. */
  public long natural(String name) throws MalformedJsonException {
    double number = number(name);
    if (number < 0 || number > MAX_EXACT || number != Math.rint(number)) {
      throw malformed(name, "expected an integer from 0 to 2^53");
    }
    return (long) number;
  }

  /**
   * A time in seconds since 1970 (RFC 7519 2, {@code NumericDate}), which may have decimals.
   *
   * @return the time rounded down to whole seconds
   */
  public Instant numericDate(String name) throws MalformedJsonException {
    double number = number(name);
    if (!(number >= 0 && number <= LAST_SECOND)) {
      throw malformed(name, "expected seconds from 0 to " + LAST_SECOND);
    }
    return Instant.ofEpochSecond((long) number);
  }

  /** Bytes in a Base64 string. */
  public Bytes base64(String name) throws MalformedJsonException {
    try {
      return Bytes.of(Base64.getDecoder().decode(text(name)));
    } catch (IllegalArgumentException e) {
      throw malformed(name, "is not Base64");
    }
  }

  /** Bytes in a hexadecimal string. */
  public Bytes hex(String name) throws MalformedJsonException {
    return hex(name, text(name));
  }

  /** Bytes in one of the strings of a field. */
  public Bytes hex(String name, String digits) throws MalformedJsonException {
    try {
      return Bytes.of(HexFormat.of().parseHex(digits));
    } catch (IllegalArgumentException e) {
      throw malformed(name, "is not hexadecimal");
    }
  }

  /** Requires that a string has the expected value. */
  public void requireText(String name, String expected) throws MalformedJsonException {
    String found = text(name);
    if (!found.equals(expected)) {
      throw malformed(
          name, "expected " + Printable.quote(expected) + ", found " + Printable.quote(found));
    }
  }

  /**
   * Requires that bytes in Base64 equal those of a bundle.
   *
   * @param what the name of the bytes, for the message
   */
  public void requireBytes(String name, Bytes expected, String what) throws MalformedJsonException {
    if (!base64(name).equals(expected)) {
      throw malformed(name, "is not " + what + " of the bundle");
    }
  }

  private double number(String name) throws MalformedJsonException {
    if (members.get(name) instanceof Numeral number) {
      return number.number();
    }
    throw malformed(name, "expected a number");
  }

  /** Creates an error about a field, with its path. */
  public MalformedJsonException malformed(String name, String problem) {
    return new MalformedJsonException(place + "." + name + ": " + problem);
  }
}
