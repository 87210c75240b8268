package dev.modelsigning.sigstore.internal.message;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.internal.json.Printable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads fields of messages of Protocol Buffers in their JSON form. A field has two names, that of
 * the JSON and the original one ({@code mediaType}, {@code media_type}), only one of which may be
 * there; null is the same as nothing, except in a list; unknown fields are ignored. Methods take
 * what was read for a field before, which must be nothing, and return nothing for null.
 */
final class MessageJson {

  /** The value of a field with bytes that is absent. */
  static final Bytes NO_BYTES = Bytes.of(new byte[0]);

  private static final long MAX_UINT32 = (1L << 32) - 1;

  private final String document;
  private final JsonReader json;

  /**
   * Creates a reader of fields.
   *
   * @param document the name of the document in messages about times, which need no path
   * @param json the reader, positioned at a field whenever one is read
   */
  MessageJson(String document, JsonReader json) {
    this.document = document;
    this.json = json;
  }

  /** Reads one message. */
  @FunctionalInterface
  interface Message<T> {
    T read() throws MalformedJsonException;
  }

  /** Whether a field is null; what was read for it before must be nothing, even so. */
  private boolean isNull(@Nullable Object before) throws MalformedJsonException {
    if (before != null) {
      throw json.malformed("the field is there twice, by both of its names");
    }
    return json.isNull();
  }

  @Nullable String text(@Nullable String before) throws MalformedJsonException {
    return isNull(before) ? null : json.string();
  }

  <T> @Nullable T message(@Nullable T before, Message<T> message) throws MalformedJsonException {
    return isNull(before) ? null : message.read();
  }

  <T> @Nullable List<T> list(@Nullable List<T> before, Message<T> message)
      throws MalformedJsonException {
    if (isNull(before)) {
      return null;
    }
    List<T> elements = new ArrayList<>();
    json.array(index -> elements.add(message.read()));
    return elements;
  }

  /** Reads bytes in Base64, of either alphabet and with or without padding. */
  @Nullable Bytes bytes(@Nullable Bytes before) throws MalformedJsonException {
    if (isNull(before)) {
      return null;
    }
    var read =
        new Object() {
          byte[] characters = new byte[0];
          boolean url;
        };
    json.string((array, from, to) -> {
      read.characters = Arrays.copyOfRange(array, from, to);
      for (byte c : read.characters) {
        read.url |= c == '-' || c == '_';
      }
    });
    Base64.Decoder decoder = read.url ? Base64.getUrlDecoder() : Base64.getDecoder();
    try {
      return Bytes.of(decoder.decode(read.characters));
    } catch (IllegalArgumentException e) {
      MalformedJsonException malformed =
          json.malformed("not Base64: " + Printable.brief("" + e.getMessage()));
      malformed.initCause(e);
      throw malformed;
    }
  }

  @Nullable Long uint32(@Nullable Long before) throws MalformedJsonException {
    if (isNull(before)) {
      return null;
    }
    long number = json.int64();
    if (number < 0 || number > MAX_UINT32) {
      throw json.malformed("expected an integer from 0 to " + MAX_UINT32 + ", found " + number);
    }
    return number;
  }

  @Nullable EnumText enumeration(@Nullable EnumText before) throws MalformedJsonException {
    if (isNull(before)) {
      return null;
    }
    if (json.isNumber()) {
      return EnumText.of(json.int64());
    }
    String text = json.string();
    try {
      return EnumText.of(text);
    } catch (NumberFormatException e) {
      throw json.malformed("expected a name or an integer, found " + Printable.quote(text));
    }
  }

  @Nullable TimeRange timeRange(@Nullable TimeRange before) throws MalformedJsonException {
    if (isNull(before)) {
      return null;
    }
    var range =
        new Object() {
          Optional<Instant> start = Optional.empty();
          Optional<Instant> end = Optional.empty();
        };
    json.object(name -> {
      switch (name) {
        case "start" -> range.start = time(name);
        case "end" -> range.end = time(name);
        default -> json.skip();
      }
    });
    return new TimeRange(range.start, range.end);
  }

  private Optional<Instant> time(String field) throws MalformedJsonException {
    if (json.isNull()) {
      return Optional.empty();
    }
    String text = json.string();
    Optional<Instant> time = RfcTime.parse(text);
    if (time.isEmpty()) {
      throw new MalformedJsonException(
          document
              + ": "
              + field
              + ": expected a time as in 2025-12-31T12:00:00Z, found "
              + Printable.quote(text));
    }
    return time;
  }

  static <T> T orElse(@Nullable T value, T absent) {
    return value == null ? absent : value;
  }
}
