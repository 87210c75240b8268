package dev.modelsigning.internal.json;

import java.util.Arrays;
import java.util.Base64;

/**
 * Decodes canonical Base64 (RFC 4648 section 4), in which each sequence of bytes has exactly one
 * encoding: standard alphabet, padded, without line breaks, and with zero bits at the end. The text
 * is added in parts, and never held as a whole.
 */
final class Base64Sink {

  /** The number of characters that are decoded at once: a multiple of four. */
  private static final int BLOCK = 32 * 1024;

  private static final String WRONG_END = "wrong padding or stray bits at the end";

  private final byte[] text;
  private final byte[] block;
  private int textLength;
  private byte[] bytes;
  private int length;
  private boolean padded;
  private long characters;

  /**
   * Creates a sink for one text.
   *
   * @param expected the expected number of characters, to allocate memory
   */
  Base64Sink(long expected) {
    int size = (int) Math.min(BLOCK, Math.max(64, (expected + 3) & ~3L));
    this.text = new byte[size];
    this.block = new byte[size / 4 * 3];
    this.bytes = new byte[(int) Math.min(Integer.MAX_VALUE - 64, expected / 4 * 3 + 3)];
  }

  /**
   * Decodes a text.
   *
   * @param text not empty
   * @throws IllegalArgumentException if it is not canonical; the message gives the reason
   */
  static byte[] decode(JsonString text) {
    Base64Sink sink = new Base64Sink(text.length());
    sink.add(text.array(), text.from(), text.to());
    sink.end();
    return sink.toArray();
  }

  /**
   * Adds a part of the text.
   *
   * @throws IllegalArgumentException if it cannot be part of one that is canonical
   */
  void add(byte[] part, int from, int to) {
    characters += to - from;
    for (int at = from; at < to; ) {
      int number = Math.min(text.length - textLength, to - at);
      System.arraycopy(part, at, text, textLength, number);
      textLength += number;
      at += number;
      if (textLength == text.length) {
        decodeBlock(text);
      }
    }
  }

  /** The number of characters that were added. */
  long characters() {
    return characters;
  }

  /**
   * Ends the text.
   *
   * @throws IllegalArgumentException if it is not canonical; the message gives the reason
   */
  void end() {
    if (textLength > 0) {
      decodeBlock(Arrays.copyOf(text, textLength));
    }
  }

  private void decodeBlock(byte[] characters) {
    if (padded) {
      throw new IllegalArgumentException(WRONG_END);
    }
    int number = Base64.getDecoder().decode(characters, block);
    padded = number < characters.length / 4 * 3;
    int tail = number - Math.floorMod(number - 1, 3) - 1;
    byte[] last = Base64.getEncoder().encode(Arrays.copyOfRange(block, Math.max(0, tail), number));
    if (characters.length % 4 != 0
        || number == 0
        || !Arrays.equals(
            characters, characters.length - last.length, characters.length, last, 0, last.length)) {
      throw new IllegalArgumentException(WRONG_END);
    }
    if (bytes.length - length < number) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 64, 2L * length + number));
    }
    System.arraycopy(block, 0, bytes, length, number);
    length += number;
    textLength = 0;
  }

  /** The array that contains the bytes, from its start on; it may be longer. */
  byte[] array() {
    return bytes;
  }

  /** The number of bytes. */
  int length() {
    return length;
  }

  private byte[] toArray() {
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }
}
