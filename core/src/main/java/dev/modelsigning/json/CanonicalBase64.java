package dev.modelsigning.json;

import java.util.Arrays;
import java.util.Base64;

/**
 * Base64 (RFC 4648 section 4) of which every sequence of bytes has exactly one text: standard
 * alphabet, padded, without line breaks and without stray bits at the end.
 */
final class CanonicalBase64 {

  private CanonicalBase64() {}

  /**
   * The bytes that a text stands for.
   *
   * @param text not empty
   * @throws IllegalArgumentException if it is not canonical; the message says why
   */
  static byte[] decode(String text) {
    byte[] bytes = Base64.getDecoder().decode(text);
    int tail = bytes.length - Math.floorMod(bytes.length - 1, 3) - 1;
    byte[] last = Arrays.copyOfRange(bytes, tail, bytes.length);
    if (text.length() % 4 != 0 || !text.endsWith(Base64.getEncoder().encodeToString(last))) {
      throw new IllegalArgumentException("wrong padding or stray bits at the end");
    }
    return bytes;
  }
}
