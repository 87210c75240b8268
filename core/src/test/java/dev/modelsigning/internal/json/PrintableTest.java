package dev.modelsigning.internal.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrintableTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a\u001bb            | a\\u001bb",
        "a\u0085b            | a\\u0085b",
        "\u202ea             | \\u202ea",
        "a\u2028b            | a\\u2028b",
        "\udb40\udc01a       | \\udb40\\udc01a",
        "a\ud83d             | a\\ud83d",
        "\ude00\ud83da       | \\ude00\\ud83da",
        "\u007f\\            | \\u007f\\\\",
        "\uffff\u00e4\ud83d\ude00 | \\uffff\u00e4\ud83d\ude00"
      })
  void escapesWhatCanSteerATerminal(String text, String shown) {
    assertThat(Printable.escape(text)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource({"abc ~!", "a\\b", "\u00e4\u4e2d", "\ud83d\ude00"})
  void leavesOtherTextAsItIs(String text) {
    assertThat(Printable.escape(text)).isSameAs(text);
  }

  @Test
  void cutsLongTextAndNeverAPair() {
    String text = "\ud83d\ude00".repeat(150);
    assertThat(Printable.brief(text)).isEqualTo("\ud83d\ude00".repeat(100) + "...");
    assertThat(Printable.quote(text)).isEqualTo("'" + "\ud83d\ude00".repeat(100) + "...'");
    assertThat(Printable.brief("x".repeat(1000), 1000)).hasSize(1000);
    assertThat(Printable.brief("x".repeat(1001), 1000)).isEqualTo("x".repeat(500) + "...");
  }
}
