package dev.modelsigning.content.internal.card;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Finds the front matter of a model card: the text between two lines {@code ---}, of which the
 * first is at the beginning of the file. White space before it is skipped, as on the hub, and so is
 * a UTF-8 byte order mark.
 */
final class FrontMatter {

  /** The largest number of bytes of a card that are examined. */
  static final int MAX_LENGTH = 256 * 1024;

  private static final int MARK_LENGTH = 3;
  private static final int DASHES = 3;

  private final byte[] bytes;
  private final boolean whole;

  private FrontMatter(byte[] bytes, boolean whole) {
    this.bytes = bytes;
    this.whole = whole;
  }

  /**
   * Finds the front matter.
   *
   * @param beginning the first bytes of the file
   * @param whole whether this is the whole file
   * @return its text; empty if the file has none
   * @throws UnreadableCardException if its end is missing, or it is not UTF-8
   */
  static Optional<String> find(byte[] beginning, boolean whole) throws UnreadableCardException {
    return new FrontMatter(beginning, whole).find();
  }

  private Optional<String> find() throws UnreadableCardException {
    int at = startsWithMark() ? MARK_LENGTH : 0;
    while (at < bytes.length && isSpace(bytes[at])) {
      at++;
    }
    if (!hasDashes(at) || !hasBreak(at + DASHES)) {
      return Optional.empty();
    }
    int start = at + DASHES;
    for (int line = start + 1; line < bytes.length; line++) {
      if (isBreak(bytes[line - 1]) && hasDashes(line) && endsLine(line + DASHES)) {
        return Optional.of(decode(start, line));
      }
    }
    throw new UnreadableCardException(
        whole
            ? "expected a line '---' at the end of the front matter, found none"
            : "expected at most " + MAX_LENGTH + " bytes of front matter, found more");
  }

  private boolean startsWithMark() {
    return bytes.length >= MARK_LENGTH
        && bytes[0] == (byte) 0xef
        && bytes[1] == (byte) 0xbb
        && bytes[2] == (byte) 0xbf;
  }

  private boolean hasDashes(int at) {
    return at + DASHES <= bytes.length
        && bytes[at] == '-'
        && bytes[at + 1] == '-'
        && bytes[at + 2] == '-';
  }

  private boolean hasBreak(int at) {
    return at < bytes.length && isBreak(bytes[at]);
  }

  /** Whether a line ends here: with a line break, or with the file. */
  private boolean endsLine(int at) {
    return at == bytes.length ? whole : isBreak(bytes[at]);
  }

  private static boolean isBreak(byte one) {
    return one == '\n' || one == '\r';
  }

  private static boolean isSpace(byte one) {
    return one == ' ' || (one >= '\t' && one <= '\r');
  }

  private String decode(int from, int to) throws UnreadableCardException {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, from, to - from))
          .toString();
    } catch (CharacterCodingException e) {
      throw (UnreadableCardException)
          new UnreadableCardException("the front matter is not UTF-8").initCause(e);
    }
  }
}
