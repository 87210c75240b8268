package dev.modelsigning.policy.internal.tree;

import dev.modelsigning.internal.file.ByteOrderMark;
import dev.modelsigning.policy.problem.MalformedPolicyException;
import dev.modelsigning.policy.problem.Place;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The characters of a policy. What hides or reorders what a reviewer sees is refused, in comments
 * too: control characters, marks that change the direction of writing, line ends that only some
 * programs know.
 */
final class PolicyBytes {

  private PolicyBytes() {}

  /**
   * Decodes a policy.
   *
   * @throws MalformedPolicyException if it is too large, not UTF-8, or has such a character
   */
  static String decode(String file, byte[] bytes) throws MalformedPolicyException {
    if (bytes.length > TreeReader.MAX_SIZE) {
      throw refused(file, 1, "expected at most 1 MiB, found " + bytes.length + " bytes");
    }
    byte[] content;
    try {
      content = ByteOrderMark.strip(bytes);
    } catch (CharacterCodingException e) {
      throw new MalformedPolicyException(file, new Place(1, ""), String.valueOf(e.getMessage()), e);
    }
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(content);
    CharBuffer out = CharBuffer.allocate(content.length);
    CoderResult result = decoder.decode(in, out, true);
    String text = out.flip().toString();
    if (result.isError()) {
      int at = in.position();
      throw refused(
          file,
          lineAt(text, text.length()),
          "expected UTF-8, found the byte 0x%02X at offset %d"
              .formatted(content[at], at + bytes.length - content.length));
    }
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      if (isRefused(c) && c != '\t' && c != '\n' && c != '\r') {
        throw refused(file, lineAt(text, i), "found the character " + name(c));
      }
    }
    return text;
  }

  /** The line of a character, counted as the parser of YAML counts. */
  private static int lineAt(String text, int end) {
    int line = 1;
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (c == '\n' || (c == '\r' && !text.startsWith("\r\n", i))) {
        line++;
      }
    }
    return line;
  }

  /** Whether texts cannot have a character, however it is written. */
  static boolean isRefused(int codePoint) {
    if (codePoint >= ' ' && codePoint <= '~') {
      return false;
    }
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      // Emoji and some scripts need joiners; nothing needs what reorders a line.
      case Character.FORMAT -> isDirection(codePoint) || codePoint == 0xFEFF;
      default -> (codePoint & 0xFFFE) == 0xFFFE;
    };
  }

  private static boolean isDirection(int codePoint) {
    return (codePoint >= 0x202A && codePoint <= 0x202E)
        || (codePoint >= 0x2066 && codePoint <= 0x2069)
        || codePoint == 0x200E
        || codePoint == 0x200F
        || codePoint == 0x061C;
  }

  /** The name of a character that cannot be shown. */
  static String name(int codePoint) {
    return String.format(Locale.ROOT, "U+%04X", codePoint);
  }

  private static MalformedPolicyException refused(String file, int line, String what) {
    return new MalformedPolicyException(file, new Place(line, ""), what);
  }
}
