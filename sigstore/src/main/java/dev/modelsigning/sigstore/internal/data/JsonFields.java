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
 * An object of a JSON document that somebody else made, with the place where it stands. Fields that
 * nobody asks for are passed over.
 */
public record JsonFields(String place, Struct struct) {

  /** Up to here every integer is a floating-point number, which all of them are here. */
  private static final double MAX_EXACT = 1L << 53;

  /** The end of the year 9999, in seconds since 1970. */
  private static final long LAST_SECOND = 253_402_300_799L;

  /**
   * Reads a document, strictly.
   *
   * @param document what the document is called in messages
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

  /** An object that has to be there, as has whatever is not called optional. */
  public JsonFields object(String name) throws MalformedJsonException {
    Value value = field(name, KindCase.STRUCT_VALUE, "an object");
    return new JsonFields(place + "." + name, value.getStructValue());
  }

  /** An object that may be absent. */
  Optional<JsonFields> optionalObject(String name) throws MalformedJsonException {
    return struct.containsFields(name) ? Optional.of(object(name)) : Optional.empty();
  }

  /** The one member of this object, whatever its name; it is an object. */
  public JsonFields only() throws MalformedJsonException {
    if (struct.getFieldsCount() != 1) {
      throw new MalformedJsonException(place + ": expected one member");
    }
    return object(struct.getFieldsMap().keySet().iterator().next());
  }

  /** The one element of a list; it is an object. */
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

  /** A string that may be absent, or of another type. */
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
   * Seconds since 1970 (RFC 7519 2, {@code NumericDate}), which may have decimals.
   *
   * @return the whole seconds before it
   */
  public Instant numericDate(String name) throws MalformedJsonException {
    double number = field(name, KindCase.NUMBER_VALUE, "a number").getNumberValue();
    if (!(number >= 0 && number <= LAST_SECOND)) {
      throw malformed(name, "expected seconds from 0 to " + LAST_SECOND);
    }
    return Instant.ofEpochSecond((long) number);
  }

  /** Bytes, in a string in Base64. */
  public Bytes base64(String name) throws MalformedJsonException {
    try {
      return Bytes.of(Base64.getDecoder().decode(text(name)));
    } catch (IllegalArgumentException e) {
      throw malformed(name, "is not Base64");
    }
  }

  /** Bytes, in a string in hexadecimal. */
  public Bytes hex(String name) throws MalformedJsonException {
    return hex(name, text(name));
  }

  /** Bytes of one of the strings of a field. */
  public Bytes hex(String name, String digits) throws MalformedJsonException {
    try {
      return Bytes.of(HexFormat.of().parseHex(digits));
    } catch (IllegalArgumentException e) {
      throw malformed(name, "is not hexadecimal");
    }
  }

  /** Refuses another string than the one expected. */
  public void requireText(String name, String expected) throws MalformedJsonException {
    String found = text(name);
    if (!found.equals(expected)) {
      throw malformed(
          name, "expected " + Printable.quote(expected) + ", found " + Printable.quote(found));
    }
  }

  /**
   * Refuses other bytes, in Base64, than those of a bundle.
   *
   * @param what what they are, for the message
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

  /** What is wrong with a field, and where it stands. */
  public MalformedJsonException malformed(String name, String problem) {
    return new MalformedJsonException(place + "." + name + ": " + problem);
  }
}
