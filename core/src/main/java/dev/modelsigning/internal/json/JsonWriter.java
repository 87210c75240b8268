package dev.modelsigning.internal.json;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/**
 * Writes a JSON document: compact, UTF-8, members in the order of the calls, with only those
 * characters escaped for which RFC 8259 requires it. Equal calls give equal bytes.
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
  private final OutputStream out;

  private JsonWriter(JsonGenerator generator, OutputStream out) {
    this.generator = generator;
    this.out = out;
  }

  /** Writes a value, or the members of an object, or the elements of an array. */
  @FunctionalInterface
  public interface Content {
    /** Writes the content. */
    void write(JsonWriter writer);
  }

  /** Writes bytes to a stream. */
  @FunctionalInterface
  public interface Stream {
    /** Writes all bytes. */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes a document that is an object.
   *
   * @param out the stream, written in large blocks
   * @param members writes its members
   * @throws IOException if it cannot be written
   */
  public static void document(OutputStream out, Content members) throws IOException {
    try {
      document(FACTORY, out, members);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (JacksonIOException e) {
      throw e.getCause();
    }
  }

  /**
   * The length in bytes of a document that is an object.
   *
   * @param members writes its members
   */
  public static long length(Content members) {
    Count count = new Count();
    document(FACTORY, count, members);
    return count.bytes;
  }

  private static final class Count extends OutputStream {
    long bytes;

    @Override
    public void write(int single) {
      bytes++;
    }

    @Override
    public void write(byte[] array, int offset, int length) {
      bytes += length;
    }
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
   * Writes a document that is an object and has only printable ASCII characters, so that no string
   * can control a terminal.
   *
   * @param members writes its members
   * @return the text of the document
   */
  public static String asciiDocument(Content members) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    document(ASCII_FACTORY, new WithoutDelete(bytes), members);
    return bytes.toString(StandardCharsets.US_ASCII);
  }

  /**
   * Writes a document that is an object and has only printable ASCII characters, so that no string
   * can control a terminal.
   *
   * @param out the stream, written in large blocks
   * @param members writes its members
   * @throws IOException if it cannot be written
   */
  public static void asciiDocument(OutputStream out, Content members) throws IOException {
    try {
      document(ASCII_FACTORY, new WithoutDelete(out), members);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (JacksonIOException e) {
      throw e.getCause();
    }
  }

  /**
   * Escapes DEL, the only control character that JSON permits unescaped; it can occur only in a
   * string.
   */
  private static final class WithoutDelete extends FilterOutputStream {
    private static final byte[] ESCAPED = "\\u007f".getBytes(StandardCharsets.US_ASCII);

    WithoutDelete(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int from = offset;
      for (int i = offset; i < offset + length; i++) {
        if (bytes[i] == 0x7f) {
          out.write(bytes, from, i - from);
          out.write(ESCAPED);
          from = i + 1;
        }
      }
      out.write(bytes, from, offset + length - from);
    }

    /** Leaves the underlying stream open, which this document does not own. */
    @Override
    public void close() throws IOException {
      flush();
    }
  }

  /** A string as JSON, in quotation marks and with the same escapes as all strings written here. */
  public static byte[] quoted(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
      generator.writeString(text);
    }
    return bytes.toByteArray();
  }

  private static byte[] document(JsonFactory factory, Content members) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    document(factory, bytes, members);
    return bytes.toByteArray();
  }

  private static void document(JsonFactory factory, OutputStream out, Content members) {
    try (JsonGenerator generator = factory.createGenerator(ObjectWriteContext.empty(), out)) {
      new JsonWriter(generator, out).object(members);
    }
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

  /** Writes a member whose value is already JSON text. */
  public JsonWriter raw(String name, String json) {
    generator.writeName(name);
    generator.writeRawValue(json);
    return this;
  }

  /** Writes an element of an array that is already JSON text. */
  public JsonWriter raw(String json) {
    generator.writeRawValue(json);
    return this;
  }

  /**
   * Writes a member whose value is already JSON text, which may be long.
   *
   * @param json writes its bytes, UTF-8
   */
  public JsonWriter raw(String name, Stream json) {
    generator.writeName(name);
    generator.writeRawValue("");
    stream(json);
    return this;
  }

  /**
   * Writes a member that is a string of Base64 (RFC 4648 section 4), which may be long.
   *
   * @param bytes writes the bytes to encode
   */
  public JsonWriter base64(String name, Stream bytes) {
    generator.writeName(name);
    generator.writeRawValue("\"");
    stream(text -> {
      Base64Output encoded = new Base64Output(text);
      bytes.writeTo(encoded);
      encoded.end();
    });
    generator.writeRaw('"');
    return this;
  }

  private void stream(Stream bytes) {
    generator.flush();
    try {
      bytes.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
