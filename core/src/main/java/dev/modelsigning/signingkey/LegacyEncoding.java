package dev.modelsigning.signingkey;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Payload;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The encoding that model_signing 0.2 signed instead of the Pre-Authentication Encoding of DSSE:
 * {@code DSSEV1} with a capital V, and the payload as a Python {@code bytes} literal. It is as
 * unambiguous as the correct one, since every byte can be recovered.
 */
final class LegacyEncoding {

  /** More than any model of that time had; the encoding can be four times as long. */
  static final int MAX_PAYLOAD = 16 * 1024 * 1024;

  private LegacyEncoding() {}

  static Bytes of(Payload payload) {
    byte[] content = payload.content().toArray();
    ByteArrayOutputStream encoding = new ByteArrayOutputStream(content.length + 100);
    ascii(
        encoding,
        "DSSEV1 " + payload.type().length() + " " + payload.type() + " " + content.length + " ");
    writeLiteral(content, encoding);
    return Bytes.of(encoding.toByteArray());
  }

  private static void writeLiteral(byte[] bytes, ByteArrayOutputStream out) {
    // Python prefers the quote that needs no escape; JSON with strings always contains double
    // quotes.
    char quote = contains(bytes, '\'') && !contains(bytes, '"') ? '"' : '\'';
    // One buffer for all escapes: an attacker chooses their number.
    byte[] escape = {'\\', 'x', 0, 0};
    out.write('b');
    out.write(quote);
    for (byte signed : bytes) {
      int value = Byte.toUnsignedInt(signed);
      switch (value) {
        case '\\' -> ascii(out, "\\\\");
        case '\t' -> ascii(out, "\\t");
        case '\n' -> ascii(out, "\\n");
        case '\r' -> ascii(out, "\\r");
        default -> {
          if (value == quote) {
            out.write('\\');
            out.write(value);
          } else if (value < ' ' || value > '~') {
            escape[2] = (byte) hexDigit(value >> 4);
            escape[3] = (byte) hexDigit(value & 0xf);
            out.write(escape, 0, escape.length);
          } else {
            out.write(value);
          }
        }
      }
    }
    out.write(quote);
  }

  private static char hexDigit(int value) {
    return Character.forDigit(value, 16);
  }

  private static boolean contains(byte[] bytes, char character) {
    for (byte one : bytes) {
      if (one == character) {
        return true;
      }
    }
    return false;
  }

  private static void ascii(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }
}
