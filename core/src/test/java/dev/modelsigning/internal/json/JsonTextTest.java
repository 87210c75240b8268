package dev.modelsigning.internal.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Another form of the same JSON: what a parser reads from it is the same. */
class JsonTextTest {

  private static final int ALL = Integer.MAX_VALUE;

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  /** As the predicate of a statement is read. */
  private static String compact(String json) throws Exception {
    return JsonReader.read("test", json.getBytes(UTF_8), 1_000_000, JsonReader::rawValue);
  }

  private static void isTheSame(String json) throws Exception {
    String compact = compact(json);
    JsonNode expected = MAPPER.readTree(json);
    assertThat(MAPPER.readTree(compact)).isEqualTo(expected);
    assertThat(MAPPER.readTree(JsonText.ascii(compact))).isEqualTo(expected);
    assertThat(JsonText.ascii(compact)).matches("[ -~]*");
    List<String> lines = JsonText.lines(compact, ALL);
    assertThat(MAPPER.readTree(String.join("\n", lines))).isEqualTo(expected);
    assertThat(lines).noneMatch(line -> line.matches("(?s).*[\\x00-\\x1f].*"));
    for (int most : new int[] {0, 1, lines.size() - 1, lines.size()}) {
      List<String> some = JsonText.lines(compact, most);
      assertThat(some.subList(0, Math.min(most, lines.size())))
          .isEqualTo(lines.subList(0, Math.min(most, lines.size())));
      int more = lines.size() - most;
      if (more > 0) {
        assertThat(some)
            .hasSize(most + 1)
            .last()
            .asString()
            .startsWith("... and " + more + " more");
      } else {
        assertThat(some).isEqualTo(lines);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "[[],{},[{}]]",
        "\"\"",
        "\"{[,:]}\"",
        "{\"a\\\"{\":\"\\\\\",\"b\":[1,\"\\\\\\\"\",{\"c\":null}]}",
        "{\"\":\"\\u0000\\u001b[2J\\u007f\\u0085\\u2028\\u202e\\ud83d\\ude00\"}",
        "{\"\u202e\":\"\ud83d\ude00\u0085\u2028\u007f\"}",
        "[true,false,null]",
        "7"
      })
  void isTheSameForOddTexts(String json) throws Exception {
    isTheSame(json);
  }

  /** A number is text to us: a parser would make infinity of some, and round others. */
  @ParameterizedTest
  @ValueSource(
      strings = {"1e400", "-1E-400", "0.10", "-0", "123456789012345678901234567890.5", "1E+2"})
  void keepsNumbersAsTheyAre(String number) throws Exception {
    assertThat(compact(" [ " + number + " ] ")).isEqualTo("[" + number + "]");
    assertThat(JsonText.ascii(compact("[" + number + "]"))).isEqualTo("[" + number + "]");
    assertThat(JsonText.lines(compact("[" + number + "]"), ALL))
        .containsExactly("[", "  " + number, "]");
  }

  @Test
  void indentsEachLevel() throws Exception {
    assertThat(JsonText.lines(compact("{\"a\":[1,{\"b\":{}}],\"c\":\"d\"}"), ALL))
        .containsExactly(
            "{",
            "  \"a\": [",
            "    1,",
            "    {",
            "      \"b\": {}",
            "    }",
            "  ],",
            "  \"c\": \"d\"",
            "}");
  }

  @Test
  void isTheSameForWhateverComes() throws Exception {
    Random random = new Random(18);
    for (int i = 0; i < 2_000; i++) {
      StringBuilder json = new StringBuilder();
      value(random, 0, json);
      isTheSame(json.toString());
    }
  }

  /** Far more lines than anybody reads cost neither their memory nor much time. */
  @Test
  void keepsOnlyTheLinesThatAreWanted() {
    String compact = "[" + "[0],".repeat(2_000_000) + "0]";
    assertThat(JsonText.lines(compact, 3))
        .containsExactly("[", "  [", "    0", "... and 6000000 more lines");
  }

  private static void value(Random random, int depth, StringBuilder json) {
    switch (random.nextInt(depth > 5 ? 4 : 6)) {
      case 0 -> string(random, json);
      case 1 -> json.append(random.nextInt()).append(random.nextBoolean() ? "e3" : ".25");
      case 2 -> json.append(List.of("true", "false", "null").get(random.nextInt(3)));
      case 3 -> json.append(random.nextBoolean() ? "{ }" : "[ ]");
      case 4 -> {
        json.append("[ ");
        int size = random.nextInt(4);
        for (int i = 0; i <= size; i++) {
          json.append(i == 0 ? "" : ", ");
          value(random, depth + 1, json);
        }
        json.append("\n]");
      }
      default -> {
        json.append("{");
        int size = random.nextInt(4);
        for (int i = 0; i <= size; i++) {
          json.append(i == 0 ? "\t\"" : ",\"").append(i);
          StringBuilder name = new StringBuilder();
          string(random, name);
          json.append(name.substring(1)).append(" : ");
          value(random, depth + 1, json);
        }
        json.append("}");
      }
    }
  }

  private static void string(Random random, StringBuilder json) {
    List<String> parts =
        List.of(
            "a",
            " ",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\\\"",
            "\\\\",
            "\\/",
            "\\n",
            "\\u0000",
            "\\u202e",
            "\u202e",
            "\u2028",
            "\u0085",
            "\u007f",
            "\u00e9",
            "\ud83d\ude00",
            "\\ud83d\\ude00",
            "\u6a21");
    json.append('"');
    for (int i = random.nextInt(8); i > 0; i--) {
      json.append(parts.get(random.nextInt(parts.size())));
    }
    json.append('"');
  }
}
