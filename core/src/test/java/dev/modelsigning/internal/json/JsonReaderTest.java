package dev.modelsigning.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/** Strict JSON, both in memory and as a stream. */
class JsonReaderTest {

  private static final int MAX_TOKENS = 100_000;

  /** Another strict implementation to compare with. */
  private static final JsonFactory JACKSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** A stream that hands out a few bytes at a time. */
  private static InputStream slow(byte[] bytes, int most) {
    return new ByteArrayInputStream(bytes) {
      @Override
      public synchronized int read(byte[] target, int offset, int length) {
        return super.read(target, offset, Math.min(length, most));
      }
    };
  }

  private static String ours(byte[] json) throws MalformedJsonException {
    return JsonReader.read("document", json, MAX_TOKENS, JsonReader::rawValue);
  }

  private static String oursInParts(byte[] json, int most)
      throws MalformedJsonException, IOException {
    return JsonReader.read(
        "document", slow(json, most), json.length, MAX_TOKENS, JsonReader::rawValue);
  }

  /** Whether Jackson accepts it, with our additional rules. */
  private static boolean isJson(byte[] json) {
    List<String> texts = new ArrayList<>();
    try (JsonParser parser =
        JACKSON.createParser(
            ObjectReadContext.empty(),
            new InputStreamReader(
                new ByteArrayInputStream(json),
                StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)))) {
      if (parser.nextToken() == null) {
        return false;
      }
      int depth = 0;
      do {
        JsonToken token = parser.currentToken();
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (token == JsonToken.PROPERTY_NAME || token == JsonToken.VALUE_STRING) {
          texts.add(parser.getString());
        }
      } while (parser.nextToken() != null && depth > 0);
      if (parser.currentToken() != null || parser.nextToken() != null) {
        return false;
      }
    } catch (JacksonException e) {
      return false;
    }
    return texts.stream().allMatch(text -> StandardCharsets.UTF_8.newEncoder().canEncode(text));
  }

  private static boolean isTaken(byte[] json) {
    try {
      ours(json);
      return true;
    } catch (MalformedJsonException e) {
      assertThat(e.getMessage()).startsWith("document: ");
      return false;
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "[1]",
        "{\"a\":1}",
        " { \"a\" : [ ] } ",
        "1",
        "\"a\"",
        "true",
        "null",
        "-0",
        "0.5e-3",
        "1E5",
        "[1,2]",
        "\"\\u00e9\\ud83d\\ude00\"",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
        "\"\u6a21\u578b\"",
        "{\"\":0}",
        "[[[]]]",
        "\t\r\n[]",
        "[0]\n",
        "\"\u007f\"",
        "",
        " ",
        "{",
        "[",
        "}",
        "]",
        "{}{}",
        "[] []",
        "{,}",
        "[,]",
        "[1,]",
        "{\"a\":1,}",
        "[1 2]",
        "{\"a\" 1}",
        "{\"a\":}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":1 \"b\":2}",
        "[1}",
        "{\"a\":1]",
        "01",
        "-",
        "+1",
        ".5",
        "1.",
        "1e",
        "1e+",
        "-01",
        "1x",
        "0x1",
        "NaN",
        "Infinity",
        "--1",
        "tru",
        "True",
        "truex",
        "nul",
        "nullnull",
        "\"",
        "\"a",
        "\"\\\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\\ud800\"",
        "\"\\udc00\"",
        "\"\\ud800\\ud800\"",
        "\"\\ud800\\u0041\"",
        "\"\\ud800x\"",
        "\"\n\"",
        "\"\t\"",
        "\"\u0000\"",
        "\u00a0[]",
        "\ufeff[]",
        "[]\u0000",
        "/* */[]",
        "[]//",
        "{\"a\":1,\"a\":2}",
        "{\"a\":1,\"\\u0061\":2}",
        "{\"\\ud800\":1}",
        "[\"\\u005c\"]",
        "\"\\U0041\"",
        "\"\u2028\"",
        "1 ",
        "\"a\"x",
        "[\"a\"\"b\"]",
        "{\"a\"}",
        "{\"a\",\"b\"}",
        "[1:2]"
      })
  void takesWhatIsJsonAndNothingElse(String text) throws Exception {
    byte[] json = utf8(text);
    assertThat(isTaken(json)).isEqualTo(isJson(json));
    for (int most : new int[] {1, 3}) {
      if (isJson(json)) {
        assertThat(oursInParts(json, most)).isEqualTo(ours(json));
      } else {
        assertThatThrownBy(() -> oursInParts(json, most))
            .isInstanceOf(MalformedJsonException.class);
      }
    }
  }

  /** Which Jackson takes for the letter a, as it looks at half of the character. */
  @Test
  void takesNoDigitsOfOtherScriptsInEscapes() {
    assertThatThrownBy(() -> ours(utf8("\"\\u\u0661234\"")))
        .hasMessageContaining("expected four hexadecimal digits");
  }

  /** Overlong forms, surrogates, numbers beyond Unicode, and sequences that are cut short. */
  @Test
  void takesNoBytesThatAreNotUtf8() {
    for (int first = 0x80; first < 0x100; first++) {
      for (int second : new int[] {'"', 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0}) {
        for (int length = 1; length <= 4; length++) {
          byte[] json = new byte[length + 2];
          Arrays.fill(json, (byte) 0x80);
          json[0] = '"';
          json[1] = (byte) first;
          if (length > 1) {
            json[2] = (byte) second;
          }
          json[length + 1] = '"';
          assertThat(isTaken(json)).as(Arrays.toString(json)).isEqualTo(isJson(json));
        }
      }
    }
  }

  @Test
  void agreesWithAnotherImplementationAboutRandomChanges() throws Exception {
    Random random = new Random(1);
    byte[] seed =
        utf8("{\"a\\n\":[1,-2.5e+3,true,null,{\"b\":\"\\ud83d\\ude00\u6a21\"}],\"c\":\"/\\/\"}");
    byte[] alphabet = utf8("{}[]:,\"\\u0123dDbe+-.truefalsn/ \n\u6a21\u00e9");
    int taken = 0;
    for (int i = 0; i < 200_000; i++) {
      byte[] json = seed.clone();
      for (int changes = random.nextInt(3); changes >= 0; changes--) {
        json[random.nextInt(json.length)] = alphabet[random.nextInt(alphabet.length)];
      }
      if (random.nextInt(4) == 0) {
        json = Arrays.copyOf(json, random.nextInt(json.length));
      }
      boolean isTaken = isTaken(json);
      assertThat(isTaken).as(new String(json, StandardCharsets.UTF_8)).isEqualTo(isJson(json));
      if (isTaken) {
        taken++;
        assertThat(oursInParts(json, 1 + random.nextInt(5))).isEqualTo(ours(json));
      }
    }
    assertThat(taken).isBetween(1000, 199_000);
  }

  @Test
  void readsStringsAcrossTheBordersOfBlocks() throws Exception {
    for (String piece : new String[] {"a", "\\u6a21", "\u6a21", "\ud83d\ude00", "\\\\"}) {
      for (int shift = 0; shift < 8; shift++) {
        byte[] json = utf8("[\"" + "x".repeat(shift) + piece.repeat(70_000) + "\",\"end\"]");
        assertThat(oursInParts(json, Integer.MAX_VALUE)).isEqualTo(ours(json)).endsWith("\"end\"]");
      }
    }
  }

  private static byte[] decoded(byte[] json, int most) throws Exception {
    byte[][] result = new byte[1][];
    JsonReader.Production<Boolean> production =
        json2 -> {
          json2.base64((bytes, length) -> result[0] = Arrays.copyOf(bytes, length));
          return true;
        };
    JsonReader.read("document", slow(json, most), json.length, MAX_TOKENS, production);
    return result[0];
  }

  @Test
  void decodesBase64OfAllLengthsBlockByBlock() throws Exception {
    Random random = new Random(2);
    for (int size : new int[] {1, 2, 3, 4, 24_575, 24_576, 24_577, 49_152, 200_001}) {
      byte[] content = new byte[size];
      random.nextBytes(content);
      String text = Base64.getEncoder().encodeToString(content);
      assertThat(decoded(utf8("\"" + text + "\""), 65_536)).isEqualTo(content);
      assertThat(decoded(utf8("\"" + text + "\""), 1021)).isEqualTo(content);
      assertThat(decoded(utf8("\"" + text.replace("/", "\\/") + "\""), 65_536)).isEqualTo(content);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "A",
        "AA",
        "AAA",
        "AA=",
        "AB==",
        "AAB=",
        "AA==AA==",
        "AAAA=",
        "AAAA====",
        "=AAA",
        "A=AA",
        "AA AA",
        "AAA\u6a21",
        "AA\\nAA",
        "-_-_",
        "AAAA\\u003d"
      })
  void refusesBase64ThatIsNotCanonical(String text) {
    for (String before : new String[] {"", "A".repeat(32_768), "A".repeat(65_536 - 4)}) {
      if (!text.isEmpty() || before.isEmpty()) {
        assertThatThrownBy(() -> decoded(utf8("\"" + before + text + "\""), 65_536))
            .isInstanceOf(MalformedJsonException.class);
      }
    }
  }

  @Test
  void refusesControlCharactersInBase64() {
    for (String bad : new String[] {"\n", "\t", "\u0000"}) {
      assertThatThrownBy(() -> decoded(utf8("\"AAAA" + bad + "AAAA\""), 65_536))
          .hasMessageContaining("not valid JSON");
    }
  }

  /** Names that are different, and so are their hash codes, but not what is left of these. */
  @Test
  void isNotSlowWhereNamesAreInOneSlot() {
    List<String> names = new ArrayList<>();
    for (int i = 0; names.size() < 5000; i++) {
      String name = Integer.toString(i, Character.MAX_RADIX);
      int hash = 0;
      for (int at = 0; at < name.length(); at++) {
        hash = 33 * hash + name.charAt(at);
      }
      if (((hash ^ (hash >>> 15)) & 255) == 0) {
        names.add(name);
      }
    }
    StringBuilder json = new StringBuilder("[0");
    for (int i = 0; i < 1_000_000; i++) {
      json.append(",{\"").append(names.get(i % names.size())).append("\":0}");
    }
    byte[] bytes = utf8(json.append(']').toString());
    Assertions.assertTimeout(
        Duration.ofSeconds(3),
        () -> {
          JsonReader.read(
              "document",
              bytes,
              10_000_000,
              reader -> {
                reader.skip();
                return true;
              });
        });
  }

  @Test
  void passesOnWhatTheStreamFailsWith() {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("Input/output error");
          }

          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            throw new IOException("Input/output error");
          }
        };
    assertThatThrownBy(
            () -> JsonReader.read("document", broken, 10, MAX_TOKENS, JsonReader::rawValue))
        .isInstanceOf(IOException.class)
        .hasMessage("Input/output error");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[\"%s\"]", "[{\"a\":\"%s\"}]"})
  void limitsStringsAlsoWhereTheyAreSkippedOrCopied(String json) throws Exception {
    for (boolean copied : List.of(false, true)) {
      JsonReader.Production<Boolean> production =
          reader -> {
            reader.limitStrings(3);
            reader.array(index -> {
              if (copied) {
                reader.rawValue();
              } else {
                reader.skip();
              }
            });
            return true;
          };
      // Characters of two or three bytes, and one of four bytes that counts as two.
      for (String fits : List.of("", "abc", "\u00e4\u20ac\u00e4", "a\ud83d\ude00")) {
        byte[] bytes = utf8(json.formatted(fits));
        assertThat(JsonReader.read("document", bytes, MAX_TOKENS, production)).isTrue();
      }
      for (String tooLong : List.of("abcd", "\u00e4\u20ac\u00e4a", "ab\ud83d\ude00")) {
        byte[] bytes = utf8(json.formatted(tooLong));
        assertThatThrownBy(() -> JsonReader.read("document", bytes, MAX_TOKENS, production))
            .hasMessageContaining("expected strings of at most 3 characters, found one of 4");
      }
    }
  }

  @Test
  void limitsStringsThatHoldIntegers() throws Exception {
    JsonReader.Production<Long> production =
        reader -> {
          reader.limitStrings(3);
          return reader.int64();
        };

    assertThat(JsonReader.read("document", utf8("\"123\""), MAX_TOKENS, production)).isEqualTo(123);
    assertThatThrownBy(() -> JsonReader.read("document", utf8("\"1234\""), MAX_TOKENS, production))
        .hasMessageContaining("expected strings of at most 3 characters, found one of 4");
  }

  @Test
  void readsNumbers() throws Exception {
    for (String number : List.of("0", "-0", "1", "1.5", "-2e3", "1E-400", "12345678901234567")) {
      assertThat(JsonReader.read("document", utf8(number), MAX_TOKENS, JsonReader::number))
          .isEqualTo(Double.parseDouble(number));
    }
    assertThat(JsonReader.read("document", utf8("1e999"), MAX_TOKENS, JsonReader::number))
        .isInfinite();
    assertThatThrownBy(
            () -> JsonReader.read("document", utf8("\"1\""), MAX_TOKENS, JsonReader::number))
        .hasMessage("document: expected a number, found a string");
  }

  /** What the library would write for the tokens that it reads. */
  private static String copyByJackson(String json) {
    StringWriter copy = new StringWriter();
    try (JsonParser parser =
            JACKSON.createParser(ObjectReadContext.empty(), new StringReader(json));
        JsonGenerator generator = JACKSON.createGenerator(ObjectWriteContext.empty(), copy)) {
      while (parser.nextToken() != null) {
        if (parser.currentToken().isNumeric()) {
          generator.writeNumber(parser.getString());
        } else {
          generator.copyCurrentEvent(parser);
        }
      }
    }
    return copy.toString();
  }

  @Test
  void copiesEachCharacterAndEachFormAsAnotherImplementationDoes() throws Exception {
    List<String> documents =
        new ArrayList<>(
            List.of(
                "null",
                "[ ]",
                "{ }",
                "[[],[[]],{},[{}, {}],1 , -0, 1.50e+3, true,false,null,\"\"]",
                "{\"a\" : [ {\"b\":{}, \"c\":[1,2]} , 3 ] , \"\":\"/\\/\", \"d\":0.10}"));
    for (int c = 0; c <= Character.MAX_CODE_POINT; c += c < 0x3000 ? 1 : 97) {
      if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
        String text = Character.toString(c);
        StringBuilder escaped = new StringBuilder();
        text.chars().forEach(unit -> escaped.append("\\u%04x".formatted(unit)));
        documents.add("{\"x" + escaped + "\":\"" + escaped + "x" + escaped + "\"}");
        if (c >= ' ' && c != '"' && c != '\\') {
          documents.add("[\"" + text + "\"]");
        }
      }
    }
    for (String json : documents) {
      assertThat(ours(utf8(json))).as(json).isEqualTo(copyByJackson(json));
    }
  }

  @Test
  void limitsCopies() {
    JsonReader.Production<String> production = reader -> reader.rawValue(10);
    for (String json : List.of("[1, 2, 3, 4, 5]", "\"123456789\"", "[\"\\u0001\",1]")) {
      assertThatThrownBy(() -> JsonReader.read("document", utf8(json), MAX_TOKENS, production))
          .as(json)
          .hasMessage("document: expected at most 10 bytes, found more");
    }
    assertThatCode(
            () -> JsonReader.read("document", utf8("[ 1,2 ,34 , 5]"), MAX_TOKENS, production))
        .doesNotThrowAnyException();
  }

  @Test
  void namesThePlaceByLineAndColumn() {
    assertThatThrownBy(() -> ours(utf8("{\n  \"a\": x\n}")))
        .hasMessageStartingWith(
            "document: not valid JSON at line 2, column 8: Unexpected character");
  }
}
