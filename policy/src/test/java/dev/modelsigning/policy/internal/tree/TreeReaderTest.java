package dev.modelsigning.policy.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelsigning.policy.problem.MalformedPolicyException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One tree for one text: what could be read in two ways is refused, with its line. */
class TreeReaderTest {

  private static final Duration BOUND = Duration.ofSeconds(20);

  private static Node read(String text) throws MalformedPolicyException {
    return TreeReader.read("p.yaml", text.getBytes(StandardCharsets.UTF_8));
  }

  private static MalformedPolicyException refusal(String text) {
    return refusal(text.getBytes(StandardCharsets.UTF_8));
  }

  private static MalformedPolicyException refusal(byte[] bytes) {
    return catchThrowableOfType(
        MalformedPolicyException.class, () -> TreeReader.read("p.yaml", bytes));
  }

  /** The tree without places, with quotation marks around what was quoted. */
  private static String shown(Node node) {
    if (node instanceof TextNode text) {
      return text.quoted() ? "'" + text.text() + "'" : text.text();
    }
    if (node instanceof ListNode list) {
      return list.items().stream().map(TreeReaderTest::shown).toList().toString();
    }
    return ((MapNode) node)
        .entries().entrySet().stream()
            .map(entry -> entry.getKey() + "=" + shown(entry.getValue()))
            .collect(Collectors.joining(", ", "{", "}"));
  }

  @Test
  void readsMapsListsAndTextsWithTheirPlaces() throws Exception {
    MapNode root =
        (MapNode)
            read(
                """
                # a comment
                a: 1
                b:
                  - x
                  - c: "y"
                """);
    assertThat(shown(root)).isEqualTo("{a=1, b=[x, {c='y'}]}");
    assertThat(root.place().line()).isEqualTo(2);
    MapNode inner = (MapNode) ((ListNode) root.entries().get("b")).items().get(1);
    assertThat(inner.entries().get("c").place().line()).isEqualTo(5);
    assertThat(inner.entries().get("c").place().field()).isEqualTo("b[1].c");
  }

  @Test
  void readsJsonToTheSameTree() throws Exception {
    String json = "{\n\t\"a\": 1,\n\t\"b\":\t[\"x\\/y\", \"\\uD83D\\uDE00\", true, null]\r\n}\n";
    assertThat(shown(read(json))).isEqualTo("{a=1, b=['x/y', '\ud83d\ude00', true, null]}");
  }

  @Test
  void readsOneDocumentWithAMarkAndADirective() throws Exception {
    assertThat(shown(read("\ufeff%YAML 1.2\n---\na: b\n...\n"))).isEqualTo("{a=b}");
    assertThat(shown(read("---\na: b\n"))).isEqualTo("{a=b}");
  }

  @Test
  void readsFoldedTextOfOneLine() throws Exception {
    assertThat(shown(read("a: >-\n  x\n  y\n"))).isEqualTo("{a='x y'}");
    assertThat(shown(read("a: |-\n  x\n"))).isEqualTo("{a='x'}");
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          12, a number
          -1.5e3, a number
          0x1F, a number
          .inf, a number
          True, a truth value
          ~, nothing
          Null, nothing
          yes, a text
          180d, a text
          '"12"', a text
          """)
  void knowsWhatOtherParsersTakeATextFor(String text, String kind) throws Exception {
    assertThat(((MapNode) read("a: " + text)).entries().get("a").kind()).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          a: 1~b: 2~a: 3 ; 3 ; a: expected each key once, found it again after line 1
          a: 1~"a": 3 ; 2 ; a: expected each key once
          {"a": 1, "\\u0061": 2} ; 1 ; a: expected each key once
          x: &one {a: 1} ; 1 ; x: expected no anchor, found '&one'
          x: &one a~y: *one ; 1 ; x: expected no anchor
          x: *one ; 1 ; x: expected no alias
          &one x: 1 ; 1 ; expected no anchor
          x: !!str 1 ; 1 ; x: expected no tag, found 'tag:yaml.org,2002:str'
          x: ! 1 ; 1 ; x: expected no tag, found '!'
          x:~  !foo {a: b} ; 1 ; x: expected no tag
          !!map {a: b} ; 1 ; expected no tag
          !!str a: b ; 1 ; expected no tag
          x: !!binary aGk= ; 1 ; x: expected no tag
          a:~  <<: {b: c} ; 2 ; a: expected no merge key
          ? [a]~: b ; 1 ; expected a text as a key, found a list or a map
          ? {a: b}~: b ; 1 ; expected a text as a key
          "": b ; 1 ; expected a key of 1 to 200 characters, found one of 0
          {: b} ; 1 ; not YAML or JSON
          "a\\tb": c ; 1 ; expected text of one line, found the character U+0009
          a: b~---~c: d ; 2 ; expected one document, found another one
          a: b~...~---~c: d ; 3 ; expected one document
          %YAML 1.1~---~a: b ; 1 ; expected no directive but '%YAML 1.2'
          %FOO bar~---~a: b ; 1 ; expected no directive but '%YAML 1.2', found '%FOO bar'
          # x~%TAG ! tag:x,2000:~---~a: b ; 2 ; expected no directive but
          %YAML 2.0~---~a: b ; 1 ; not YAML or JSON
          a: b~...~%FOO x ; 3 ; not YAML or JSON
          --- ; 1 ; expected a policy, found nothing
          null ; 1 ; expected a policy, found nothing
          # only this ; 1 ; expected a policy, found nothing
          a: [1, 2 ; 1 ; a: not YAML or JSON
          a: b: c ; 1 ; not YAML or JSON
          a: 1~\tb: 2 ; 2 ; not YAML or JSON
          {"a"~: 1} ; 2 ; not YAML or JSON
          a: "x\\u0000y" ; 1 ; a: expected text of one line, found the character U+0000
          a: "x\\ny" ; 1 ; a: expected text of one line, found the character U+000A
          a: "x\\uD83D" ; 1 ; a: expected text of one line, found the character U+D83D
          a: "x\\u202Ey" ; 1 ; a: expected text of one line, found the character U+202E
          a: "\\U00110000" ; 1 ; a: not YAML or JSON
          a: |~  x~  y ; 1 ; a: expected text of one line, found the character U+000A
          """)
  void refusesWhatIsReadInTwoWays(String escaped, int line, String message) {
    String text = escaped.replace('~', '\n');
    MalformedPolicyException refusal = refusal(text);
    assertThat(refusal).as(text).hasMessageContaining("p.yaml:" + line + ": " + message);
    assertThat(refusal.line()).isEqualTo(line);
    assertThat(refusal.getMessage()).doesNotContain("\n");
  }

  /** In the words of those who write policies, and at the line that they have to look at. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          a:~  - match: ** ; 2 ; a[0].match: not YAML or JSON: the pattern begins with '*', which YAML keeps for itself; quote the pattern: match: "**"
          a: [{match: **/v1, x: 1}] ; 1 ; a: not YAML or JSON: the pattern begins with '*', which YAML keeps for itself; quote the pattern: match: "**/v1"
          match: * ; 1 ; match: not YAML or JSON: the pattern begins with '*', which YAML keeps for itself; quote the pattern: match: "*"
          a: [*, b] ; 1 ; a: not YAML or JSON: a text begins with '*', which YAML keeps for itself; put it in quotation marks
          a: "b\\v3" ; 1 ; a: expected text of one line, found the character U+000B; a backslash in double quotation marks begins such a character
          a: 1~--- ; 2 ; expected one document, found another one; leave out the line '---' that begins it
          match: *x ; 1 ; match: the pattern begins with '*', which YAML keeps for itself; quote the pattern: match: "*x"
          a: @x ; 1 ; a: not YAML or JSON: the text begins with '@', which YAML keeps for itself; quote the text: a: "@x"
          x: *one ; 1 ; x: expected no alias, found '*one'; write the value itself, or, if it is a text, quote it
          a:~	b: 1 ; 2 ; a: not YAML or JSON: expected spaces at the start of the line, found a tab
          a:~  - b: 1~    c: 2~   d: 3 ; 4 ; a: not YAML or JSON: wrong indentation: expected 0, 2 or 4 spaces, as lines above have, found 3
          a:~- b: 1~ c: 2 ; 3 ; not YAML or JSON: wrong indentation: expected 0 or 2 spaces, as lines above have, found 1
          a:~  b: 1~    c: 2 ; 3 ; a: not YAML or JSON: wrong indentation: expected 0 or 2 spaces, as lines above have, found 4
          a: 1~  b: 2 ; 2 ; not YAML or JSON: wrong indentation: expected 0 spaces, as lines above have, found 2
          # x~~a:1~b: 2 ; 3 ; not YAML or JSON: expected a space after the colon, such as 'a: 1'
          a:~  - b:x/**~    c: 1 ; 2 ; a: not YAML or JSON: expected a space after the colon, such as 'b: x/**'
          a: b: c ; 1 ; not YAML or JSON: expected one 'name: value' in a line, found another ': ' in the value
          a: [1, 2 ; 1 ; a: not YAML or JSON: expected ',' or ']' after a value of the list that begins in line 1, found the end of the file
          {"a": 1,~"b": [2}~} ; 2 ; b: not YAML or JSON: expected ',' or ']' after a value of the list that begins in line 2, found '}'
          {"a": 1~"b": 2} ; 2 ; not YAML or JSON: expected ',' or '}' after a value of the map that begins in line 1
          a: "x~b: 1~c: 2 ; 1 ; a: not YAML or JSON: the text in quotation marks that begins here has no end
          """)
  void saysWhatWasExpectedWhereTheSyntaxIsWrong(String escaped, int line, String message) {
    String text = escaped.replace('~', '\n').replace("\\t", "\t");
    assertThat(refusal(text))
        .as(text)
        .hasMessageStartingWith("p.yaml:" + line + ": " + message)
        .matches(refusal -> refusal.place().column() > 0);
  }

  @Test
  void findsAllPatternsThatNeedQuotationMarks() {
    Refusals refusals = Refusals.collected();
    assertThat(
            catchThrowableOfType(
                MalformedPolicyException.class,
                () ->
                    TreeReader.read(
                        "p.yaml",
                        "a:\n- match: **\n- match: a\n- { match: *.onnx }\n# match: **\n"
                            .getBytes(StandardCharsets.UTF_8),
                        refusals)))
        .hasMessageContaining("p.yaml:2: a[0].match: ");
    assertThat(refusals.all()).extracting(MalformedPolicyException::line).containsExactly(2, 4);
    assertThat(refusals.all().get(1).what()).endsWith("quote the pattern: match: \"*.onnx\"");
  }

  @ParameterizedTest
  @ValueSource(
      ints = {0x00, 0x07, 0x1b, 0x7f, 0x85, 0x2028, 0x202e, 0x2067, 0x200f, 0xfeff, 0xffff})
  void refusesCharactersThatHideWhatIsThere(int character) {
    String text = "a: b\n# x" + Character.toString(character) + "\n";
    assertThat(refusal(text))
        .hasMessage("p.yaml:2: found the character U+%04X".formatted(character));
  }

  @Test
  void refusesLatin1WithItsLineAndByte() {
    byte[] latin1 = "a: b\nc: caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(refusal(latin1))
        .hasMessage("p.yaml:2: expected UTF-8, found the byte 0xE9 at offset 11");
  }

  @Test
  void countsTheOffsetFromTheStartOfTheFile() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes("\ufeffa: ".getBytes(StandardCharsets.UTF_8));
    bytes.write(0xC3);
    assertThat(refusal(bytes.toByteArray()))
        .hasMessage("p.yaml:1: expected UTF-8, found the byte 0xC3 at offset 6");
  }

  @Test
  void refusesUtf16WithTheRemedy() {
    assertThat(refusal("a: b".getBytes(StandardCharsets.UTF_16)))
        .hasMessageContaining("UTF-16; save it as UTF-8");
  }

  @Test
  void refusesAFileThatIsTooLarge() throws Exception {
    String start = "a: b\n#";
    String full = start + "x".repeat(TreeReader.MAX_SIZE - start.length());
    assertThat(shown(read(full))).isEqualTo("{a=b}");
    assertThatThrownBy(() -> read(full + "x"))
        .hasMessage("p.yaml:1: expected at most 1 MiB, found 1048577 bytes");
  }

  @Test
  void refusesTooManyLevels() throws Exception {
    read("[".repeat(31) + "a" + "]".repeat(31));
    read("[".repeat(32) + "]".repeat(32));
    assertThat(refusal("[".repeat(33) + "]".repeat(33)))
        .hasMessageContaining("expected at most 32 levels");
  }

  @Test
  void refusesTooManyValues() throws Exception {
    read("[" + "1,".repeat(TreeReader.MAX_NODES - 1) + "]");
    assertThat(refusal("[" + "1,".repeat(TreeReader.MAX_NODES) + "]"))
        .hasMessageContaining("expected at most 100000 values");
  }

  @Test
  void refusesAKeyThatIsTooLong() throws Exception {
    read("{\"" + "k".repeat(200) + "\": 1}");
    assertThat(refusal("{\"" + "k".repeat(201) + "\": 1}"))
        .hasMessageContaining("expected a key of 1 to 200 characters, found one of 201");
    // YAML has no key of more than 1,024 characters, and reads a key without a value.
    assertThat(refusal("{\"" + "k".repeat(2_000) + "\": 1}"))
        .hasMessageContaining("expected a key of 1 to 200 characters, found one of 2000");
  }

  @Test
  void shortensTheMessageOfTheParser() {
    assertThat(refusal("a: [" + "\n".repeat(50) + "x".repeat(5_000)).getMessage())
        .hasSizeLessThan(500)
        .doesNotContain("\n");
  }

  /** Each takes a parser that starts again, or looks far ahead, very long. */
  @Test
  void isFastForAnyFileOfTheLargestSize() {
    int most = TreeReader.MAX_SIZE - 16;
    List<String> texts =
        List.of(
            "[".repeat(most),
            "{".repeat(most),
            "- ".repeat(most / 2),
            "? ".repeat(most / 2),
            "a: ".repeat(most / 3),
            "a: \"" + "\\n".repeat(most / 2 - 4) + "\"",
            "a: " + "x ".repeat(most / 2 - 4),
            "a: '" + "'' ".repeat(most / 3 - 4) + "'",
            "a: |\n" + " \n".repeat(most / 2 - 4),
            "#\n".repeat(most / 2),
            "%YAML 1.2\n".repeat(most / 10),
            "!".repeat(most),
            "&".repeat(most),
            "\n".repeat(most),
            "a: [" + "b: c,".repeat(most / 5 - 2) + "]",
            IntStream.range(0, 90_000)
                .mapToObj(i -> "k" + i + ":\n")
                .collect(Collectors.joining()));
    for (String text : texts) {
      Assertions.assertTimeoutPreemptively(
          BOUND,
          () -> {
            try {
              read(text);
            } catch (MalformedPolicyException e) {
              assertThat(e.getMessage()).hasSizeLessThan(1_000);
            }
          },
          () -> text.substring(0, 20));
    }
  }
}
