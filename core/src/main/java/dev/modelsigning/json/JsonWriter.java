package dev.modelsigning.json;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/**
 * Writes one JSON document: compact, UTF-8, members in the order of the calls, only those
 * characters escaped that RFC 8259 demands. Equal calls give equal bytes.
 */
public final class JsonWriter {

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          .disable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .disable(JsonWriteFeature.ESCAPE_FORWARD_SLASHES)
          .build();

  private static final JsonFactory ASCII_FACTORY =
      FACTORY.rebuild().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private final JsonGenerator generator;

  private JsonWriter(JsonGenerator generator) {
    this.generator = generator;
  }

  /** Writes a value, or the members of an object, or the elements of an array. */
  @FunctionalInterface
  public interface Content {
    /** Writes the content. */
    void write(JsonWriter writer);
  }

  /**
   * Writes a document that is an object.
   *
   * @param members writes its members
   * @return the bytes of the document
   */
  public static byte[] document(Content members) {
    return document(FACTORY, members);
  }

  /**
   * Writes a document that is an object and has only ASCII characters, so that it cannot steer a
   * terminal whatever the strings are.
   *
   * @param members writes its members
   * @return the text of the document
   */
  public static String asciiDocument(Content members) {
    String text = new String(document(ASCII_FACTORY, members), StandardCharsets.US_ASCII);
    // The one control character that JSON lets pass; it can only stand in a string.
    return text.replace("\u007f", "\\u007f");
  }

  private static byte[] document(JsonFactory factory, Content members) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator generator = factory.createGenerator(ObjectWriteContext.empty(), bytes)) {
      new JsonWriter(generator).object(members);
    }
    return bytes.toByteArray();
  }

  /** Writes an object as an element of an array. */
  public JsonWriter object(Content members) {
    generator.writeStartObject();
    members.write(this);
    generator.writeEndObject();
    return this;
  }

  /** Writes a member that is an object. */
  public JsonWriter object(String name, Content members) {
    generator.writeName(name);
    return object(members);
  }

  /** Writes a member that is an array. */
  public JsonWriter array(String name, Content elements) {
    generator.writeName(name);
    generator.writeStartArray();
    elements.write(this);
    generator.writeEndArray();
    return this;
  }

  /** Writes a string as an element of an array. */
  public JsonWriter string(String value) {
    generator.writeString(value);
    return this;
  }

  /** Writes a member that is a string. */
  public JsonWriter string(String name, String value) {
    generator.writeName(name);
    return string(value);
  }

  /** Writes a member that is an integer. */
  public JsonWriter integer(String name, long value) {
    generator.writeName(name);
    generator.writeNumber(value);
    return this;
  }

  /** Writes a member that is true or false. */
  public JsonWriter bool(String name, boolean value) {
    generator.writeName(name);
    generator.writeBoolean(value);
    return this;
  }

  /** Writes a member whose value is JSON text already. */
  public JsonWriter raw(String name, String json) {
    generator.writeName(name);
    generator.writeRawValue(json);
    return this;
  }

  /** Writes an element of an array that is JSON text already. */
  public JsonWriter raw(String json) {
    generator.writeRawValue(json);
    return this;
  }
}
