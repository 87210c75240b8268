package dev.modelsigning.internal.json;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Compact JSON text of tokens: numbers as they were written, and only those characters escaped for
 * which RFC 8259 requires it.
 */
final class JsonCopy {

  /** The letters of short escapes for the control characters from backspace to carriage return. */
  private static final String SHORT = "btn\0fr";

  private static final String DIGITS = "0123456789ABCDEF";

  private final ByteArrayOutputStream text = new ByteArrayOutputStream();
  private boolean afterValue;

  /** The number of bytes so far. */
  int size() {
    return text.size();
  }

  String text() {
    return text.toString(StandardCharsets.UTF_8);
  }

  /** Adds the current token. */
  void add(JsonToken token, JsonTokens tokens) throws MalformedJsonException {
    boolean ends = token == JsonToken.END_OBJECT || token == JsonToken.END_ARRAY;
    if (afterValue && !ends) {
      text.write(',');
    }
    afterValue =
        switch (token) {
          case NAME, START_OBJECT, START_ARRAY -> false;
          default -> true;
        };
    switch (token) {
      case START_OBJECT -> text.write('{');
      case END_OBJECT -> text.write('}');
      case START_ARRAY -> text.write('[');
      case END_ARRAY -> text.write(']');
      case NAME -> {
        byte[] name = tokens.name().getBytes(StandardCharsets.UTF_8);
        quote(name, 0, name.length);
        text.write(':');
      }
      case STRING -> {
        JsonString string = tokens.string();
        quote(string.array(), string.from(), string.to());
      }
      case NUMBER -> write(tokens.number());
      case TRUE -> write("true");
      case FALSE -> write("false");
      case NULL -> write("null");
    }
  }

  private void write(String ascii) {
    text.writeBytes(ascii.getBytes(StandardCharsets.US_ASCII));
  }

  /** Writes a string in quotation marks, whose bytes are UTF-8. */
  private void quote(byte[] bytes, int from, int to) {
    text.write('"');
    int start = from;
    for (int i = from; i < to; i++) {
      byte next = bytes[i];
      if (next == '"' || next == '\\' || (next >= 0 && next < ' ')) {
        text.write(bytes, start, i - start);
        start = i + 1;
        escape(next);
      }
    }
    text.write(bytes, start, to - start);
    text.write('"');
  }

  private void escape(byte character) {
    text.write('\\');
    if (character >= ' ') {
      text.write(character);
    } else if (character >= '\b' && character <= '\r' && character != '\013') {
      text.write(SHORT.charAt(character - '\b'));
    } else {
      write("u00");
      text.write(DIGITS.charAt(character >> 4));
      text.write(DIGITS.charAt(character & 0xf));
    }
  }
}
