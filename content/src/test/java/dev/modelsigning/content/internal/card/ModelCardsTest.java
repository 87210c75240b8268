package dev.modelsigning.content.internal.card;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.content.CardRules;
import dev.modelsigning.content.testing.Looked;
import dev.modelsigning.facts.CardEntry;
import dev.modelsigning.facts.CardEntry.Field;
import dev.modelsigning.facts.FileFacts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
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

class ModelCardsTest {

  private static final String CARD = "README.md";
  private static final String CONFIG = "config.json";

  private static FileFacts card(String frontMatter) throws IOException {
    return Looked.into(CARD, "---\n" + frontMatter + "\n---\n# Title\n");
  }

  private static void assertUnread(FileFacts facts, String problem) {
    assertThat(facts.card()).isEmpty();
    assertThat(facts.runnable()).isEmpty();
    // Who looks for code has a finding of its own about the same file.
    assertThat(
            facts.findings().stream().filter(each -> each.rule().equals(CardRules.CARD_NOT_READ)))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.message()).contains(problem);
          assertThat(finding.file()).isPresent();
        });
  }

  @Test
  void readsWhatACardStates() throws IOException {
    FileFacts facts =
        card(
            """
            language:
            - en
            - no
            license: other
            license_name: "llama3"
            license_link: LICENSE
            library_name: transformers
            pipeline_tag: text-generation
            base_model: meta-llama/Meta-Llama-3-8B
            datasets: [a/b, 'c: d', 17]
            tags:
            - x
            model-index:
            - name: m
              results:
              - task: {type: text-generation}
                license: nested
            """);
    assertThat(facts.findings()).isEmpty();
    assertThat(facts.card())
        .containsExactlyInAnyOrder(
            new CardEntry(Field.LANGUAGE, List.of("en", "no"), CARD),
            new CardEntry(Field.LICENSE, List.of("other"), CARD),
            new CardEntry(Field.LICENSE_NAME, List.of("llama3", "LICENSE"), CARD),
            new CardEntry(Field.LIBRARY, List.of("transformers"), CARD),
            new CardEntry(Field.TASK, List.of("text-generation"), CARD),
            new CardEntry(Field.BASE_MODEL, List.of("meta-llama/Meta-Llama-3-8B"), CARD),
            new CardEntry(Field.DATASETS, List.of("a/b", "c: d", "17"), CARD));
  }

  @Test
  void readsWhatAConfigurationStates() throws IOException {
    FileFacts facts =
        Looked.into(
            CONFIG,
            """
            {"architectures": ["LlamaForCausalLM", {"x": 1}, null], "model_type": "llama",
             "vision": {"model_type": "nested"}, "eps": 1e-5}
            """);
    assertThat(facts.findings()).isEmpty();
    assertThat(facts.card())
        .containsExactlyInAnyOrder(
            new CardEntry(Field.ARCHITECTURE, List.of("LlamaForCausalLM"), CONFIG),
            new CardEntry(Field.MODEL_TYPE, List.of("llama"), CONFIG));
  }

  @ParameterizedTest
  @ValueSource(strings = {"readme.md", "docs/README.md", "README.MD", "a/config.json", "x.json"})
  void readsNothingButTheFilesAtTheTop(String name) throws IOException {
    FileFacts facts = Looked.into(name, "---\nlicense: mit\n---\n");
    assertThat(facts.card()).isEmpty();
    assertThat(facts.findings()).noneMatch(each -> each.rule().equals(CardRules.CARD_NOT_READ));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\ufeff---\nlicense: mit\n---\n",
        "---\r\nlicense: mit\r\n---\r\ntext",
        "\n\n  \n---\nlicense: mit\n---",
        "---\rlicense: mit\r---\r",
        "---\n# comment\nlicense: mit\n\n---\nlicense: no\n---\n",
        "---\nlicense: mit\n...\n---\n",
      })
  void findsTheFrontMatter(String text) throws IOException {
    FileFacts facts = Looked.into(CARD, text);
    assertThat(facts.findings()).isEmpty();
    assertThat(facts.card()).containsExactly(new CardEntry(Field.LICENSE, List.of("mit"), CARD));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "# Title\n---\nlicense: mit\n---\n",
        "--- \nlicense: mit\n---\n",
        "----\nlicense: mit\n---\n",
        "-",
        "---",
        "---\n---\n",
        "---\n# nothing\n---\n",
        "---\nlicense:\nlanguage: ~\ndatasets: null\n---\n",
      })
  void hasNothingOfACardWithoutFrontMatter(String text) throws IOException {
    assertThat(Looked.into(CARD, text)).isEqualTo(FileFacts.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "license: mit\\nlicense: apache-2.0 | expected each name once, found one again at line 3",
        "x: {a: 1, a: 2} | expected each name once, found one again at line 2",
        "license: *x | expected no aliases, found one at line 2",
        "a: &a [x]\\nb: [*a, *a] | expected no aliases, found one at line 3",
        "license: !!python/object:os.system x | expected no tags, found one at line 2",
        "x: !local [] | expected no tags, found one",
        "- license | expected fields and their values, found a list",
        "license | expected fields and their values, found a value",
        "? [a]\\n: b | expected a name, found a list or a mapping",
        "license: mit\\n--- x\\nlicense: y | expected one document, found another one",
        "\\tlicense: mit | not YAML",
        "license: [mit | not YAML",
        "license: \"mit | not YAML",
        "license: a\\u0000b | not YAML",
        "%YAML 3.0\\n--- x | not YAML",
      })
  void refusesWhatIsNoPlainMapping(String text, String problem) throws IOException {
    String frontMatter =
        text.replace("\\n", "\n").replace("\\t", "\t").replace("\\u0000", "\u0000");
    assertUnread(card(frontMatter), problem);
  }

  @Test
  void refusesFrontMatterThatIsNotUtf8() throws IOException {
    byte[] text = "---\nlicense: \u00e9\n---\n".getBytes(StandardCharsets.ISO_8859_1);
    assertUnread(Looked.into(CARD, text), "the front matter is not UTF-8");
  }

  @Test
  void readsACardWhoseTextIsNotUtf8() throws IOException {
    byte[] text = "---\nlicense: mit\n---\n\u00e9".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(Looked.into(CARD, text).card()).hasSize(1);
  }

  @Test
  void refusesFrontMatterWithoutEnd() throws IOException {
    assertUnread(Looked.into(CARD, "---\nlicense: mit\n"), "expected a line '---' at the end");
    assertUnread(Looked.into(CARD, "---\nlicense: mit\n ---\n--- x"), "expected a line '---'");
  }

  @Test
  void boundsTheFrontMatterAndNotTheFile() throws IOException {
    String filler = "#" + "x".repeat(FrontMatter.MAX_LENGTH);
    assertThat(Looked.into(CARD, "---\nlicense: mit\n---\n" + filler).card()).hasSize(1);
    assertUnread(
        Looked.into(CARD, "---\nlicense: mit\n" + filler + "\n---\n"),
        "expected at most 262144 bytes of front matter, found more");
    int fits = FrontMatter.MAX_LENGTH - "---\nlicense: mit\n#\n---\n".length();
    String most = "---\nlicense: mit\n#" + "x".repeat(fits) + "\n---\n";
    assertThat(Looked.into(CARD, most).card()).hasSize(1);
    assertThat(Looked.into(CARD, most + "text").card()).hasSize(1);
    assertUnread(Looked.into(CARD, most.replace("#", "#x")), "expected at most 262144 bytes");
  }

  @Test
  void boundsTheDepth() throws IOException {
    assertThat(card("license: mit\nx: " + "[".repeat(31) + "]".repeat(31)).card()).hasSize(1);
    assertUnread(
        card("license: mit\nx: " + "[".repeat(32) + "]".repeat(32)),
        "expected at most 32 levels, found more");
  }

  /** Aliases that double what they stand for, thirty times. */
  @Test
  void refusesABomb() throws IOException {
    String bomb =
        "a0: &a0 [x, x]\n"
            + IntStream.range(1, 30)
                .mapToObj(i -> "a%d: &a%d [*a%d, *a%d]".formatted(i, i, i - 1, i - 1))
                .collect(Collectors.joining("\n"));
    assertUnread(card(bomb), "expected no aliases");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[", "{", "{a: ", "? ", "- ", "a:\n ", "*a ", "&a ", "!", "\"\\x20", "a: b\n", "'"
      })
  void needsNoTimeForHostileFrontMatter(String piece) {
    String text = piece.repeat((FrontMatter.MAX_LENGTH - 100) / piece.length());
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20), () -> assertUnread(card(text), "was not read for what it states"));
  }

  @Test
  void cutsWhatIsLong() throws IOException {
    String languages =
        IntStream.range(0, 101).mapToObj(i -> "l" + i).collect(Collectors.joining(", "));
    FileFacts facts = card("license: " + "x".repeat(301) + "\nlanguage: [" + languages + "]");
    assertThat(facts.findings())
        .singleElement()
        .satisfies(finding -> assertThat(finding.message()).contains("states more than is shown"));
    assertThat(facts.card())
        .hasSize(2)
        .allSatisfy(entry -> {
          assertThat(entry.values()).hasSizeLessThanOrEqualTo(CardEntry.MAX_VALUES);
          assertThat(entry.values()).allMatch(value -> value.length() <= CardEntry.MAX_LENGTH);
        });
  }

  @Test
  void cutsNoCharacterInTwo() throws IOException {
    FileFacts facts = card("license: " + "x".repeat(299) + "\uD83D\uDE00");
    assertThat(facts.card().get(0).values()).containsExactly("x".repeat(299));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'model_type': 'a', 'model_type': 'b'} | Duplicate",
        "{'x': {'a': 1, 'a': 2}} | Duplicate",
        "['llama'] | expected an object",
        "{'model_type': NaN} | not valid JSON",
        "{'model_type': 'llama'} x | nothing may follow",
        "{'model_type': 'llama' | not valid JSON",
        "{'model_type': '\\ud800'} | surrogate",
      })
  void refusesAConfigurationThatIsNoStrictJson(String text, String problem) throws IOException {
    assertUnread(Looked.into(CONFIG, text.replace('\'', '"')), problem);
  }

  @Test
  void boundsTheConfiguration() throws IOException {
    String most = "{\"model_type\":\"a\"}";
    String padded = most + " ".repeat(ModelCards.MAX_CONFIGURATION - most.length());
    assertThat(Looked.into(CONFIG, padded).card()).hasSize(1);
    assertUnread(
        Looked.into(CONFIG, padded + " "), "expected at most 8388608 bytes, found 8388609");
    assertUnread(Looked.into(CONFIG, "{\"x\":" + "[".repeat(100_000)), "nested deeper");
  }

  @Test
  void readsAConfigurationWithManyLabels() throws IOException {
    String labels =
        IntStream.range(0, 21_843)
            .mapToObj(i -> "\"%d\": \"label %d\"".formatted(i, i))
            .collect(Collectors.joining(", "));
    FileFacts facts =
        Looked.into(CONFIG, "{\"id2label\": {" + labels + "}, \"model_type\": \"vit\"}");
    assertThat(facts.findings()).isEmpty();
    assertThat(facts.card()).hasSize(1);
  }

  /** Where a file is hashed in several parts, only the first is shown. */
  @Test
  void readsOnWhereOnlyTheFirstPartWasShown() throws IOException {
    ByteArrayOutputStream card = new ByteArrayOutputStream();
    card.writeBytes("---\nlicense: mit\n---\n".getBytes(StandardCharsets.UTF_8));
    assertThat(Looked.into(CARD, card.toByteArray(), 7, true).card()).hasSize(1);
    assertUnread(Looked.into(CARD, card.toByteArray(), 7, false), "only its beginning");
    byte[] config = "{\"model_type\": \"llama\"}".getBytes(StandardCharsets.UTF_8);
    assertThat(Looked.into(CONFIG, config, 7, true).card()).hasSize(1);
    assertUnread(Looked.into(CONFIG, config, 7, false), "only its beginning");
  }
}
