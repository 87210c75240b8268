package dev.modelsigning.sigstore.internal.data;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.Value.KindCase;
import com.google.protobuf.util.JsonFormat;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.internal.json.Printable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * An object of an untrusted JSON document, with its path in the document. Unknown fields are
 * ignored.
 */
public record JsonFields(String place, Struct struct) {

  /**
   * Up to here, floating-point numbers represent every integer exactly; all numbers here are
   * floating-point.
   */
  private static final double MAX_EXACT = 1L << 53;

  /** The end of the year 9999, in seconds since 1970. */
  private static final long LAST_SECOND = 253_402_300_799L;

  /**
   * Parses a document strictly.
   *
   * @param document the name of the document in messages
   */
  public static JsonFields read(String document, byte[] json, long maxTokens)
      throws MalformedJsonException {
    String text = JsonReader.read(document, json, maxTokens, JsonReader::rawValue);
    Struct.Builder struct = Struct.newBuilder();
    try {
      JsonFormat.parser().merge(text, struct);
    } catch (InvalidProtocolBufferException e) {
      MalformedJsonException malformed =
          new MalformedJsonException(document + ": " + Printable.escape("" + e.getMessage()));
      malformed.initCause(e);
      throw malformed;
    }
    return new JsonFields(document, struct.build());
  }

  /** A required object. All fields are required unless the method says that they are optional. */
  public JsonFields object(String name) throws MalformedJsonException {
    Value value = field(name, KindCase.STRUCT_VALUE, "an object");
    return new JsonFields(place + "." + name, value.getStructValue());
  }

  /** An optional object. */
  Optional<JsonFields> optionalObject(String name) throws MalformedJsonException {
    return struct.containsFields(name) ? Optional.of(object(name)) : Optional.empty();
  }

  /** The only member of this object, with any name; it must be an object. */
  public JsonFields only() throws MalformedJsonException {
    if (struct.getFieldsCount() != 1) {
      throw new MalformedJsonException(place + ": expected one member");
    }
    return object(struct.getFieldsMap().keySet().iterator().next());
  }

  /** The only element of a list; it must be an object. */
  public JsonFields only(String name) throws MalformedJsonException {
    ListValue list = list(name);
    if (list.getValuesCount() != 1 || list.getValues(0).getKindCase() != KindCase.STRUCT_VALUE) {
      throw malformed(name, "expected exactly one object in the list");
    }
    return new JsonFields(place + "." + name + "[0]", list.getValues(0).getStructValue());
  }

  /** The elements of a list of strings. */
  public List<String> texts(String name) throws MalformedJsonException {
    List<String> texts = new ArrayList<>();
    for (Value value : list(name).getValuesList()) {
      if (value.getKindCase() != KindCase.STRING_VALUE) {
        throw malformed(name, "expected a list of strings");
      }
      texts.add(value.getStringValue());
    }
    return texts;
  }

  private ListValue list(String name) throws MalformedJsonException {
    return field(name, KindCase.LIST_VALUE, "a list").getListValue();
  }

  /** A string. */
  public String text(String name) throws MalformedJsonException {
    return field(name, KindCase.STRING_VALUE, "a string").getStringValue();
  }

  /** An optional string; empty if it has another type. */
  public Optional<String> optionalText(String name) {
    Value value = struct.getFieldsOrDefault(name, Value.getDefaultInstance());
    return value.getKindCase() == KindCase.STRING_VALUE
        ? Optional.of(value.getStringValue())
        : Optional.empty();
  }

  /** An integer from 0 to 2^53. */
  public long natural(String name) throws MalformedJsonException {
    double number = field(name, KindCase.NUMBER_VALUE, "a number").getNumberValue();
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
    double number = field(name, KindCase.NUMBER_VALUE, "a number").getNumberValue();
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

  private Value field(String name, KindCase kind, String type) throws MalformedJsonException {
    Value value = struct.getFieldsOrDefault(name, Value.getDefaultInstance());
    if (value.getKindCase() != kind) {
      throw malformed(name, "expected " + type);
    }
    return value;
  }

  /** Creates an error about a field, with its path. */
  public MalformedJsonException malformed(String name, String problem) {
    return new MalformedJsonException(place + "." + name + ": " + problem);
  }
}
