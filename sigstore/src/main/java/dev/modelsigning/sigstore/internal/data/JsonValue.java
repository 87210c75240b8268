package dev.modelsigning.sigstore.internal.data;

import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.MalformedJsonException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value in an untrusted JSON document, with what is in it. */
sealed interface JsonValue {

  /** A string. */
  record Text(String text) implements JsonValue {}

  /** A number, as the nearest one of floating point. */
  record Numeral(double number) implements JsonValue {}

  /** An object: its members in the order of the document. */
  record Members(Map<String, JsonValue> members) implements JsonValue {}

  /** An array. */
  record Elements(List<JsonValue> elements) implements JsonValue {}

  /** True, false or null, which are not told apart. */
  enum Literal implements JsonValue {
    /** Any of them. */
    LITERAL
  }

  /** Reads a value of any type. */
  static JsonValue read(JsonReader json) throws MalformedJsonException {
    if (json.isString()) {
      return new Text(json.string());
    }
    if (json.isNumber()) {
      return new Numeral(json.number());
    }
    if (json.isObject()) {
      return new Members(members(json));
    }
    if (json.isArray()) {
      List<JsonValue> elements = new ArrayList<>();
      json.array(index -> elements.add(read(json)));
      return new Elements(elements);
    }
    json.skip();
    return Literal.LITERAL;
  }

  /** Reads an object. */
  static Map<String, JsonValue> members(JsonReader json) throws MalformedJsonException {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    json.object(name -> members.put(name, read(json)));
    return members;
  }
}
