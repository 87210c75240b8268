package dev.modelsigning.internal.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text with its escapes decoded (percent-encoding, JSON and HTML, also nested), in which each
 * character knows its position in the original. Characters outside ASCII are represented by their
 * UTF-8 bytes, as in percent-encoding.
 */
final class DecodedText {

  private static final int MAX_ROUNDS = 5;

  private static final Pattern ESCAPE =
      Pattern.compile(
          "%([0-9a-fA-F]{2})|\\\\u([0-9a-fA-F]{4})|\\\\x([0-9a-fA-F]{2})|&#[xX]([0-9a-fA-F]{1,4});"
              + "|&#([0-9]{1,5});|&(amp|lt|gt|quot|apos);|\\\\([\"'\\\\/bfnrt])");

  private final StringBuilder characters = new StringBuilder();
  private int[] starts;
  private int[] ends;

  private DecodedText(int capacity) {
    starts = new int[capacity];
    ends = new int[capacity];
  }

  /** Returns the text without escapes. */
  static DecodedText of(String text) {
    DecodedText result = new DecodedText(text.length());
    for (int i = 0; i < text.length(); ) {
      int next = i + Character.charCount(text.codePointAt(i));
      result.add(text.substring(i, next), i, next);
      i = next;
    }
    for (int round = 0; round < MAX_ROUNDS; round++) {
      int before = result.characters.length();
      result = result.decoded();
      if (result.characters.length() == before) {
        break;
      }
    }
    return result;
  }

  private DecodedText decoded() {
    DecodedText result = new DecodedText(characters.length());
    Matcher escape = ESCAPE.matcher(characters);
    int done = 0;
    while (escape.find()) {
      result.copy(this, done, escape.start());
      int start = starts[escape.start()];
      int end = ends[escape.end() - 1];
      if (escape.group(1) != null) {
        result.addByte((char) Integer.parseInt(escape.group(1), 16), start, end);
      } else {
        result.add(meaning(escape), start, end);
      }
      done = escape.end();
    }
    result.copy(this, done, characters.length());
    return result;
  }

  private static String meaning(Matcher escape) {
    for (int group : new int[] {2, 3, 4}) {
      if (escape.group(group) != null) {
        return String.valueOf((char) Integer.parseInt(escape.group(group), 16));
      }
    }
    if (escape.group(5) != null) {
      return String.valueOf((char) Integer.parseInt(escape.group(5)));
    }
    if (escape.group(6) != null) {
      return switch (escape.group(6)) {
        case "amp" -> "&";
        case "lt" -> "<";
        case "gt" -> ">";
        case "quot" -> "\"";
        default -> "'";
      };
    }
    String character = escape.group(7);
    return "bfnrt".contains(character) ? " " : character;
  }

  /**
   * Returns the same text without what encodings and line breaks add or change: white space and
   * control characters are removed, and the two alphabets of Base64 are unified.
   */
  DecodedText folded() {
    DecodedText result = new DecodedText(characters.length());
    for (int i = 0; i < characters.length(); i++) {
      char c = characters.charAt(i);
      if (c > ' ' && c != 0x7f && c != '+' && c != '-' && c != '=') {
        result.addByte(c == '_' ? '/' : c, starts[i], ends[i]);
      }
    }
    return result;
  }

  /** The text itself. */
  String text() {
    return characters.toString();
  }

  /** Marks the positions of a part of it in the original. */
  void mark(boolean[] places, int from, int to) {
    if (from < to) {
      Arrays.fill(places, starts[from], ends[to - 1], true);
    }
  }

  private void copy(DecodedText other, int from, int to) {
    for (int i = from; i < to; i++) {
      addByte(other.characters.charAt(i), other.starts[i], other.ends[i]);
    }
  }

  private void add(String text, int start, int end) {
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      addByte((char) Byte.toUnsignedInt(each), start, end);
    }
  }

  private void addByte(char c, int start, int end) {
    int length = characters.length();
    if (length == starts.length) {
      starts = Arrays.copyOf(starts, length * 2 + 4);
      ends = Arrays.copyOf(ends, length * 2 + 4);
    }
    characters.append(c);
    starts[length] = start;
    ends[length] = end;
  }
}
