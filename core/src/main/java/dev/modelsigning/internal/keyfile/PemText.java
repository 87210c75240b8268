package dev.modelsigning.internal.keyfile;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.internal.file.ByteOrderMark;
import dev.modelsigning.internal.json.Printable;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses PEM (RFC 7468) without overlooking any block. A BEGIN is recognized anywhere on a line:
 * after blanks, after a byte order mark, after an END without a line feed. Everything that looks
 * like a boundary must be one, each BEGIN must have its END, and callers must refuse blocks that
 * they do not support. Text between blocks is skipped, unless it is the content of a block without
 * its boundaries.
 */
public final class PemText {

  private static final String DASHES = "-----";

  private static final Pattern BEGIN_OR_END =
      Pattern.compile("(?<![A-Za-z0-9])(BEGIN|END)(?![A-Za-z0-9])", Pattern.CASE_INSENSITIVE);

  /** The exact text that follows BEGIN or END in a boundary. */
  private static final Pattern REST = Pattern.compile(" ([A-Z0-9.]+(?: [A-Z0-9.]+){0,7})-----");

  /** The text that follows them in something that may be meant as a boundary. */
  private static final Pattern LIKE_REST =
      Pattern.compile(
          "[\\h_]*[A-Za-z0-9. \\t_]{0,60}(?:CERT|KEY|CRL|PKCS|CMS|REQUEST|PARAM)"
              + "[A-Za-z0-9. \\t_]{0,60}[-\\p{Pd}\\u2212\\u2500]{2,}",
          Pattern.CASE_INSENSITIVE);

  /**
   * The beginning in Base64 of DER with more than 127 bytes, long enough not to be an ordinary
   * word.
   */
  private static final Pattern LOST =
      Pattern.compile("(?<![A-Za-z0-9+/=])MI[GHIM][A-Za-z0-9+/]{45}");

  private static final Pattern HEADER = Pattern.compile("\\h*([A-Za-z][A-Za-z0-9-]*): *(.*)");

  private final String text;
  private final Matcher words;
  private final List<PemBlock> blocks = new ArrayList<>();
  private final @Nullable Consumer<PemException> damaged;
  private int position;
  private int counted;
  private int line = 1;

  private PemText(String text, @Nullable Consumer<PemException> damaged) {
    this.text = text;
    this.damaged = damaged;
    this.words = BEGIN_OR_END.matcher(text);
  }

  /** BEGIN or END of a block. */
  private record Boundary(boolean begin, String label, int start, int end) {}

  /**
   * Returns the blocks of a text, in order.
   *
   * @param content the text, in ASCII except for text between blocks
   * @return the blocks, of which the caller must read or refuse each; none if there is no BEGIN
   * @throws PemException if a block, or something that looks like one, is malformed; it names the
   *     line
   */
  public static List<PemBlock> blocks(byte[] content) throws PemException {
    return blocks(content, null);
  }

  /**
   * Returns the blocks of a text with intact content, in order.
   *
   * @param content the text, in ASCII except for text between blocks
   * @param damaged receives the errors of the others
   * @return the blocks, of which the caller must read or refuse each; none if there is no BEGIN
   * @throws PemException if boundaries are malformed; it names the line
   */
  static List<PemBlock> wholeBlocks(byte[] content, Consumer<PemException> damaged)
      throws PemException {
    return blocks(content, damaged);
  }

  private static List<PemBlock> blocks(byte[] content, @Nullable Consumer<PemException> damaged)
      throws PemException {
    PemText pem = new PemText(decode(content), damaged);
    pem.requireText();
    pem.readAll();
    return pem.blocks;
  }

  /**
   * Returns the block of a text that must contain nothing else.
   *
   * @param text the text
   * @param label the kind of the block
   * @throws PemException if the text is anything else
   */
  public static PemBlock only(String text, String label) throws PemException {
    List<PemBlock> blocks = blocks(text.getBytes(StandardCharsets.UTF_8));
    if (blocks.size() != 1 || !blocks.get(0).label().equals(label)) {
      throw new PemException(
          "expected one PEM block '"
              + label
              + "', found "
              + (blocks.isEmpty() ? "none" : blocks.stream().map(PemBlock::label).toList()));
    }
    return blocks.get(0);
  }

  private static String decode(byte[] content) throws PemException {
    byte[] bytes;
    try {
      bytes = ByteOrderMark.strip(content);
    } catch (CharacterCodingException e) {
      throw new PemException("" + e.getMessage(), e);
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      // Possibly a comment in an old encoding; inside a block it is refused.
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }

  /** Bytes that are not text may be a block in another encoding, or in DER. */
  private void requireText() throws PemException {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '\u001a') {
      end--; // the end-of-file character of CP/M and DOS
    }
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (c == '\0') {
        throw at(i, "has NUL bytes, so it is UTF-16 or not text; expected PEM in ASCII or UTF-8");
      }
      if (c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\u000b') {
        throw at(i, "has control characters, so it is not text; expected PEM");
      }
    }
  }

  private void readAll() throws PemException {
    int read = 0;
    for (Boundary begin = next(); begin != null; begin = next()) {
      requireNothingLost(read, begin.start());
      if (!begin.begin()) {
        throw at(begin.start(), "an END of '" + begin.label() + "' without its BEGIN");
      }
      Boundary end = next();
      if (end == null) {
        throw at(begin.start(), "the block '" + begin.label() + "' has no END");
      }
      if (end.begin()) {
        throw at(end.start(), "a BEGIN before the END of the block '" + begin.label() + "'");
      }
      if (!end.label().equals(begin.label())) {
        throw at(
            end.start(), "the block '" + begin.label() + "' has the END of '" + end.label() + "'");
      }
      try {
        blocks.add(block(begin, end));
      } catch (PemException e) {
        if (damaged == null) {
          throw e;
        }
        damaged.accept(e);
      }
      read = end.end();
    }
    requireNothingLost(read, text.length());
  }

  /**
   * Between blocks there must be text, and no content of a block whose BEGIN was not recognized.
   */
  private void requireNothingLost(int from, int to) throws PemException {
    Matcher lost = LOST.matcher(text).region(from, to);
    if (lost.find()) {
      throw at(
          lost.start(),
          "base64 that is in no PEM block, expected '-----BEGIN LABEL-----' before it and"
              + " '-----END LABEL-----' behind it");
    }
  }

  /** The next boundary, or null if there is none. */
  private @Nullable Boundary next() throws PemException {
    while (words.find()) {
      if (words.start() < position) {
        continue; // a word of the previous label
      }
      Boundary boundary = boundary(words.start(), words.end());
      if (boundary != null) {
        position = boundary.end();
        return boundary;
      }
      if (looksLikeBoundary(words.start(), words.end())) {
        throw at(
            words.start(),
            "looks like the BEGIN or END of a PEM block, but is not written as"
                + " '-----BEGIN LABEL-----' or '-----END LABEL-----'");
      }
    }
    return null;
  }

  private @Nullable Boundary boundary(int word, int wordEnd) {
    int start = word - DASHES.length();
    boolean begin = text.startsWith("BEGIN", word);
    if (start < position
        || !text.startsWith(DASHES, start)
        || !(begin || text.startsWith("END", word))
        || (start > position && isDash(text.charAt(start - 1)))) {
      return null;
    }
    Matcher rest = REST.matcher(text).region(wordEnd, text.length());
    if (!rest.lookingAt()) {
      return null;
    }
    int end = rest.end();
    boolean moreDashes = end < text.length() && isDash(text.charAt(end));
    boolean glued =
        text.startsWith(DASHES + "BEGIN ", end) || text.startsWith(DASHES + "END ", end);
    return (moreDashes && !glued) ? null : new Boundary(begin, rest.group(1), start, end);
  }

  /** Whether a word may be meant as part of a boundary: it has dashes around it. */
  private boolean looksLikeBoundary(int word, int wordEnd) {
    int dashes = dashesBefore(word);
    boolean like = LIKE_REST.matcher(text).region(wordEnd, text.length()).lookingAt();
    if (text.startsWith("BEGIN", word) || text.startsWith("END", word)) {
      return dashes >= 2 || like;
    }
    return dashes >= 4 || (dashes >= 2 && like); // lower case occurs in ordinary words too
  }

  private int dashesBefore(int word) {
    int i = word - 1;
    while (i >= 0 && isBlank(text.charAt(i)) && !isLineEnd(text.charAt(i))) {
      i--;
    }
    int dashes = 0;
    while (i >= 0 && dashes < 4 && isDash(text.charAt(i))) {
      dashes +=
          text.charAt(i) == '-' ? 1 : 2; // a dash that editors substitute for two or more hyphens
      i--;
    }
    return dashes;
  }

  private PemBlock block(Boundary begin, Boundary end) throws PemException {
    int line = lineAt(begin.start());
    Map<String, String> headers = new HashMap<>();
    int body = begin.end();
    while (body < end.start()) {
      int lineEnd = lineEnd(body, end.start());
      String content = text.substring(body, lineEnd);
      Matcher header = HEADER.matcher(content);
      if (header.matches()) {
        if (headers.put(header.group(1), header.group(2).strip()) != null) {
          throw at(body, "the header line '" + header.group(1) + "' occurs twice");
        }
      } else if (!content.isBlank()) {
        break;
      }
      body = Math.min(lineEnd + 1, end.start());
    }
    if (!headers.isEmpty() && !begin.label().endsWith("PRIVATE KEY")) {
      throw at(
          begin.start(),
          "the block '" + begin.label() + "' has header lines, expected base64 and nothing else");
    }
    return new PemBlock(begin.label(), line, headers, base64(begin, body, end.start()));
  }

  private Bytes base64(Boundary begin, int from, int to) throws PemException {
    byte[] base64 = new byte[to - from];
    int length = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c < 0x80 && (Character.isLetterOrDigit(c) || c == '+' || c == '/' || c == '=')) {
        base64[length++] = (byte) c;
      } else if (!isBlank(c)) {
        throw at(
            i,
            "the block '"
                + begin.label()
                + "' is damaged: expected base64, found "
                + Printable.quote(String.valueOf(c)));
      }
    }
    if (length == 0) {
      throw at(begin.start(), "the block '" + begin.label() + "' is empty");
    }
    try {
      if (length % 4 == 0) {
        return Bytes.of(Base64.getDecoder().decode(Arrays.copyOf(base64, length)));
      }
    } catch (IllegalArgumentException e) {
      throw at(
          begin.start(),
          "the block '" + begin.label() + "' is damaged: its base64 is not whole",
          e);
    }
    throw at(
        begin.start(), "the block '" + begin.label() + "' is damaged: its base64 is not whole");
  }

  private int lineEnd(int from, int to) {
    int i = from;
    while (i < to && !isLineEnd(text.charAt(i))) {
      i++;
    }
    return i;
  }

  private static boolean isLineEnd(char c) {
    return c == '\n' || c == '\r';
  }

  private static boolean isBlank(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\ufeff';
  }

  private static boolean isDash(char c) {
    return Character.getType(c) == Character.DASH_PUNCTUATION || c == '\u2212' || c == '\u2500';
  }

  private PemException at(int offset, String reason) {
    return new PemException("line " + lineAt(offset) + ": " + reason);
  }

  private PemException at(int offset, String reason, Exception cause) {
    return new PemException("line " + lineAt(offset) + ": " + reason, cause);
  }

  /** The line of an offset, from 1. Lines end with CR, LF or both. Offsets must be ascending. */
  private int lineAt(int offset) {
    for (; counted < offset; counted++) {
      char c = text.charAt(counted);
      boolean crOfCrLf = c == '\r' && text.startsWith("\n", counted + 1);
      if (isLineEnd(c) && !crOfCrLf) {
        line++;
      }
    }
    return line;
  }
}
