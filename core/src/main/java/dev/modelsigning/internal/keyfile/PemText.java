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
 * Reads PEM (RFC 7468) so that no block is lost. A BEGIN counts wherever it stands on a line:
 * behind blanks, behind a byte order mark, behind an END without a line feed. Everything that looks
 * like a boundary must be one, each BEGIN must have its END, and whoever asks for the blocks must
 * refuse those that it does not read. Text between blocks is passed over, unless it is the content
 * of a block that lost its boundaries.
 */
public final class PemText {

  private static final String DASHES = "-----";

  private static final Pattern BEGIN_OR_END =
      Pattern.compile("(?<![A-Za-z0-9])(BEGIN|END)(?![A-Za-z0-9])", Pattern.CASE_INSENSITIVE);

  /** What follows BEGIN or END in a boundary, exactly. */
  private static final Pattern REST = Pattern.compile(" ([A-Z0-9.]+(?: [A-Z0-9.]+){0,7})-----");

  /** What follows them in something that may have been meant as one. */
  private static final Pattern LIKE_REST =
      Pattern.compile(
          "[\\h_]*[A-Za-z0-9. \\t_]{0,60}(?:CERT|KEY|CRL|PKCS|CMS|REQUEST|PARAM)"
              + "[A-Za-z0-9. \\t_]{0,60}[-\\p{Pd}\\u2212\\u2500]{2,}",
          Pattern.CASE_INSENSITIVE);

  /** How DER of more than 127 bytes begins in base64, with so much of it that it is no word. */
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
   * The blocks of a text, in order.
   *
   * @param content the text, in ASCII but for what stands between blocks
   * @return the blocks, of which the caller must read or refuse each; none if there is no BEGIN
   * @throws PemException if a block is damaged, or something looks like one; it names the line
   */
  public static List<PemBlock> blocks(byte[] content) throws PemException {
    return blocks(content, null);
  }

  /**
   * The blocks of a text whose content is whole, in order.
   *
   * @param content the text, in ASCII but for what stands between blocks
   * @param damaged takes the others, each as what is wrong with it
   * @return the blocks, of which the caller must read or refuse each; none if there is no BEGIN
   * @throws PemException if boundaries are damaged; it names the line
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
   * The only block of a text that holds nothing else.
   *
   * @param text the text
   * @param label the kind of the block
   * @throws PemException if the text is something else
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
      // A comment in an old encoding, perhaps; in a block it is refused.
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }

  /** Bytes that are no text may be a block in another encoding, or in DER. */
  private void requireText() throws PemException {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '\u001a') {
      end--; // how texts ended under CP/M and DOS
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

  /** Between blocks there is text, and no content of one whose BEGIN nobody could recognize. */
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
        continue; // a word of the last label
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

  /** Whether a word may have been meant as part of a boundary: there are dashes around it. */
  private boolean looksLikeBoundary(int word, int wordEnd) {
    int dashes = dashesBefore(word);
    boolean like = LIKE_REST.matcher(text).region(wordEnd, text.length()).lookingAt();
    if (text.startsWith("BEGIN", word) || text.startsWith("END", word)) {
      return dashes >= 2 || like;
    }
    return dashes >= 4 || (dashes >= 2 && like); // lower case is also in ordinary words
  }

  private int dashesBefore(int word) {
    int i = word - 1;
    while (i >= 0 && isBlank(text.charAt(i)) && !isLineEnd(text.charAt(i))) {
      i--;
    }
    int dashes = 0;
    while (i >= 0 && dashes < 4 && isDash(text.charAt(i))) {
      dashes += text.charAt(i) == '-' ? 1 : 2; // what editors make of two or more
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
          throw at(body, "the header line '" + header.group(1) + "' stands there twice");
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

  /** The line of a place, from 1. Lines end with CR, LF or both. Places are asked for in order. */
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
