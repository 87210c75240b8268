package dev.modelsigning.pkcs11.internal.uri;

import dev.modelsigning.bundle.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Percent-encoding (RFC 3986 2.1), in which {@code +} is a plus sign. */
public final class PercentEncoding {

  private static final String HEX = "0123456789ABCDEF";

  /**
   * The characters that RFC 7512 2.3 permits unescaped everywhere, without those that have a
   * meaning in a shell.
   */
  private static final String PLAIN =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:@+,";

  private PercentEncoding() {}

  /**
   * Decodes a value.
   *
   * @throws IllegalArgumentException if an escape is not {@code %} with two hexadecimal digits, or
   *     a character is not visible ASCII; the message does not show the value
   */
  static Bytes decode(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c > '~') {
        throw new IllegalArgumentException(
            "expected visible ASCII characters, found another at position "
                + (i + 1)
                + "; write it as %XX, a blank as %20");
      }
      if (c != '%') {
        bytes.write(c);
        continue;
      }
      int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
      int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
      if (high < 0 || low < 0) {
        throw new IllegalArgumentException(
            "expected % and two hexadecimal digits at position "
                + (i + 1)
                + "; write a percent sign as %25");
      }
      bytes.write(high << 4 | low);
      i += 2;
    }
    return Bytes.of(bytes.toByteArray());
  }

  /** Encodes a text, except characters that need no escape. */
  public static String encode(Bytes text) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : text.toArray()) {
      char c = (char) Byte.toUnsignedInt(b);
      if (PLAIN.indexOf(c) >= 0) {
        encoded.append(c);
      } else {
        append(encoded, b);
      }
    }
    return encoded.toString();
  }

  /** Encodes binary data, every byte of it. */
  static String encodeAll(Bytes bytes) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : bytes.toArray()) {
      append(encoded, b);
    }
    return encoded.toString();
  }

  private static void append(StringBuilder encoded, byte b) {
    encoded.append('%').append(HEX.charAt((b >> 4) & 0xF)).append(HEX.charAt(b & 0xF));
  }

  /** The bytes of a text. */
  public static Bytes utf8(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Decodes bytes as UTF-8; invalid bytes are replaced. */
  public static String utf8(Bytes bytes) {
    return new String(bytes.toArray(), StandardCharsets.UTF_8);
  }
}
