package dev.modelsigning.internal.keyfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.bundle.Bytes;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every BEGIN is parsed as a block, or the text is refused. */
class PemTextTest {

  private static final byte[] ONE = bytes(1);
  private static final byte[] TWO = bytes(2);
  private static final String A = pem("A", ONE);
  private static final String B = pem("B", TWO);

  private static byte[] bytes(int seed) {
    byte[] bytes = new byte[201];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static String pem(String label, byte[] content) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
        + "\n-----END "
        + label
        + "-----\n";
  }

  private static List<PemBlock> blocks(String text) throws PemException {
    return PemText.blocks(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String indented(String text, String blanks) {
    return text.replaceAll("(?m)^(?=.)", blanks);
  }

  static Stream<Arguments> textsWithTwoBlocks() {
    String withoutFeed = A.stripTrailing();
    return Stream.of(
        Arguments.of("one behind the other", A + B),
        Arguments.of("glued", withoutFeed + B),
        Arguments.of("glued with a byte order mark between", withoutFeed + '\ufeff' + B),
        Arguments.of("byte order marks", '\ufeff' + A + '\ufeff' + B),
        Arguments.of("on one line, with a blank", withoutFeed + " " + B),
        Arguments.of("behind a word", withoutFeed + "and" + B),
        Arguments.of("indented by blanks", indented(A, "    ") + indented(B, "  ")),
        Arguments.of("indented by tabs", indented(A, "\t") + indented(B, "\t\t")),
        Arguments.of("indented by no-break spaces", indented(A, "\u00a0") + indented(B, "\u3000")),
        Arguments.of("trailing blanks", (A + B).replace("\n", " \t\n")),
        Arguments.of("CRLF", (A + B).replace("\n", "\r\n")),
        Arguments.of("CR only", (A + B).replace('\n', '\r')),
        Arguments.of("empty lines", (A + B).replace("\n", "\n\n")),
        Arguments.of("no line breaks at all", (A + B).replace("\n", "")),
        Arguments.of(
            "text of openssl", "Certificate:\n  Serial: 04:7f\nsubject=CN=x\n" + A + "i\n" + B),
        Arguments.of(
            "words that only look a little alike", "a front-end, and the END of it\n" + A + B),
        Arguments.of("an end as DOS has it", A + B + '\u001a'));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("textsWithTwoBlocks")
  void findsEveryBlock(String what, String text) throws Exception {
    assertThat(blocks(text)).extracting(PemBlock::label).as(what).containsExactly("A", "B");
    assertThat(blocks(text))
        .extracting(PemBlock::content)
        .containsExactly(Bytes.of(ONE), Bytes.of(TWO));
  }

  @Test
  void findsNoneWhereThereIsNone() throws Exception {
    assertThat(blocks("")).isEmpty();
    assertThat(blocks("no key, BEGIN or end\n")).isEmpty();
    assertThat(PemText.blocks("M\u00fcller\n".getBytes(StandardCharsets.ISO_8859_1))).isEmpty();
  }

  @Test
  void countsLinesByAnyEnd() throws Exception {
    for (String end : List.of("\n", "\r\n", "\r")) {
      assertThat(blocks("x\n\n".replace("\n", end) + A))
          .extracting(PemBlock::line)
          .containsExactly(3);
    }
  }

  static Stream<Arguments> damagedTexts() {
    return Stream.of(
        Arguments.of("line 8: the block 'B' has no END", A + B.substring(0, B.indexOf("-----END"))),
        Arguments.of("line 8: an END of 'B' without its BEGIN", A + "-----END B-----\n"),
        Arguments.of("line 7: the block 'A' has the END of 'C'", A.replace("END A", "END C") + B),
        Arguments.of("a BEGIN before the END of the block 'A'", A.substring(0, 60) + "\n" + A + B),
        Arguments.of("line 9: looks like", A + "\n---- BEGIN B ----\nAAAA\n---- END B ----\n"),
        Arguments.of("line 8: looks like", A + B.replace("-----BEGIN B-----", "----BEGIN B-----")),
        Arguments.of(
            "line 8: looks like", A + B.replace("-----BEGIN B-----", "------BEGIN B-----")),
        Arguments.of("line 8: looks like", A + B.replace("BEGIN B-----", "BEGIN B------")),
        Arguments.of("line 8: looks like", A + B.replace("BEGIN B-----", "BEGIN B----")),
        Arguments.of("line 8: looks like", A + B.replace("BEGIN B-----", "BEGIN B -----")),
        Arguments.of("line 8: looks like", A + B.replace("BEGIN B-----", "BEGIN  B-----")),
        Arguments.of("line 8: looks like", A + B.replace("BEGIN B-----", "BEGIN\tB-----")),
        Arguments.of("line 8: looks like", A + B.replace("BEGIN B-----", "BEGIN\u00a0B-----")),
        Arguments.of("line 8: looks like", A + B.replace("BEGIN B-----", "BEGIN\n B-----")),
        Arguments.of("line 8: looks like", A + B.replace("BEGIN B-----", "BEGIN b-----")),
        Arguments.of("line 8: looks like", A + B.replace("BEGIN B-----", "BEGIN-----")),
        Arguments.of("line 8: looks like", A + B.replace("-----BEGIN", "----- BEGIN")),
        Arguments.of("line 8: looks like", A + B.replace("BEGIN", "Begin").replace("END", "End")),
        Arguments.of(
            "line 8: looks like",
            A + "-----begin certificate-----\nAAAA\n-----end certificate-----\n"),
        Arguments.of("line 8: looks like", A + B.replace("-----", "\u2014-")),
        Arguments.of("line 8: looks like", A + B.replace("-----", "\u2013\u2013\u2013")),
        Arguments.of(
            "line 8: looks like", A + B.replace("-----", "\u2212\u2212\u2212\u2212\u2212")),
        Arguments.of(
            "line 8: looks like", A + "BEGIN CERTIFICATE-----\nAAAA\nEND CERTIFICATE-----\n"),
        Arguments.of("line 7: looks like", (A + B).replace("-----\n-----", "-----")),
        Arguments.of(
            "line 8: the block 'B' is empty", A + "-----BEGIN B-----\n\n-----END B-----\n"),
        Arguments.of("line 8: the block 'B' is empty", A + "-----BEGIN B----------END B-----\n"),
        Arguments.of("expected base64, found '*'", A + B.replaceFirst("(?s)(.{40}).", "$1*")),
        Arguments.of(
            "expected base64, found '\\u200b'", A + B.replaceFirst("(?s)(.{40})", "$1\u200b")),
        Arguments.of("expected base64, found ':'", A.replaceFirst("\n.", "\n:") + B),
        Arguments.of("its base64 is not whole", A + B.replaceFirst("(?s)(.{40}).", "$1")),
        Arguments.of("its base64 is not whole", A + B.replaceFirst("(?s)(.{40}).", "$1=")),
        Arguments.of("has header lines", A + B.replaceFirst("\n", "\nComment: x\n\n")),
        Arguments.of("line 8: has NUL bytes", A + B.replaceAll("(?s)(.)", "$1\0")),
        Arguments.of("has control characters", A + "0\u0082\u0001\u0002" + B));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("damagedTexts")
  void refusesATextInWhichABlockIsLost(String message, String text) {
    assertThatThrownBy(() -> blocks(text))
        .isInstanceOf(PemException.class)
        .hasMessageContaining(message)
        .hasMessageStartingWith("line ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"})
  void namesTextInAnotherEncoding(String name) {
    assertThatThrownBy(() -> PemText.blocks(('\ufeff' + A).getBytes(Charset.forName(name))))
        .isInstanceOf(PemException.class)
        .hasMessage(
            "begins with a byte order mark of " + name.substring(0, 6) + "; save it as UTF-8");
  }

  @Test
  void refusesWhateverIsCutOff() throws Exception {
    String text = A + B;
    for (int length = A.length() + 10; length < text.length() - 1; length++) {
      String cut = text.substring(0, length);
      assertThatThrownBy(() -> blocks(cut))
          .as(cut)
          .isInstanceOf(PemException.class)
          .hasMessageMatching(
              "line \\d+: (looks like the BEGIN or END of a PEM block, but .*|"
                  + "the block 'B' has no END)");
    }
  }

  @Test
  void takesExactlyOneBlockOfAKindWhereOneIsExpected() throws Exception {
    assertThat(PemText.only("text\n" + A, "A").content()).isEqualTo(Bytes.of(ONE));
    assertThatThrownBy(() -> PemText.only(B, "A")).hasMessageContaining("'A', found [B]");
    assertThatThrownBy(() -> PemText.only(A + A, "A")).hasMessageContaining("found [A, A]");
    assertThatThrownBy(() -> PemText.only("", "A")).hasMessageContaining("found none");
  }

  static Stream<String> blocksWithoutBoundaries() {
    byte[] der = bytes(3);
    der[0] = 0x30;
    der[1] = (byte) 0x81;
    der[2] = (byte) (der.length - 3);
    String block = pem("X509 CRL", der);
    return Stream.of(
        block.replaceAll("-----.*", ""),
        block.replace('-', '*'),
        block.replace("-", "&#45;"),
        block.replace('-', '\u00ad'),
        block.replaceAll("BEGIN|END", "X$0"),
        block.replaceAll("(BEGIN|END) X509 ", "$1X509"),
        block.replace("EN", "E\u200bN").replace("IN", "I\u200bN"),
        indented(block, "    ").replace('-', '='));
  }

  @ParameterizedTest
  @MethodSource("blocksWithoutBoundaries")
  void refusesTheContentOfABlockWhoseBoundariesAreLost(String text) {
    for (String each : List.of(A + text, text + B, text, A + text + B)) {
      assertThatThrownBy(() -> blocks(each))
          .isInstanceOf(PemException.class)
          .hasMessageContaining("base64 that is in no PEM block");
    }
  }
}
