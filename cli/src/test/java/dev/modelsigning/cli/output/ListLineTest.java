package dev.modelsigning.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines of facts and lists on a terminal. */
class ListLineTest {

  private static final String DIGEST = "0123456789abcdef".repeat(4);

  @Test
  void namesTheOptionThatShowsAllOfAList() {
    assertThat(ListLine.withOption("    ... and 5 more"))
        .isEqualTo("    ... and 5 more; --all shows them");
  }

  @ParameterizedTest
  @ValueSource(strings = {"    a", "", "... and 5 more", "  a ... and 5 more", "  ... and x more"})
  void leavesOtherLinesOfLists(String line) {
    assertThat(ListLine.withOption(line)).isEqualTo(line);
  }

  @Test
  void breaksADigestThatDoesNotFit() {
    assertThat(ListLine.broken("  signer       key " + DIGEST, 80))
        .containsExactly("  signer", "    key " + DIGEST);
    assertThat(ListLine.broken("      file digest  sha256:" + DIGEST, 80))
        .containsExactly("      file digest", "        sha256:" + DIGEST)
        .allMatch(line -> line.length() <= 80);
    assertThat(ListLine.broken("  signed by    key " + DIGEST + " (more)", 40))
        .containsExactly("  signed by", "    key " + DIGEST + " (more)");
  }

  @Test
  void leavesWhatFits() {
    String line = "  digest       sha256:" + DIGEST;

    assertThat(ListLine.broken(line, line.length())).containsExactly(line);
    assertThat(ListLine.broken(line, line.length() - 1)).hasSize(2);
  }

  /** What a stranger named is not broken at a place of the stranger's choice. */
  @Test
  void leavesWhatBeginsWithNoDigest() {
    for (String line :
        List.of(
            "  model        " + "x ".repeat(60),
            "    a: expected sha256:" + DIGEST + ", found sha256:" + DIGEST,
            "  " + DIGEST + "  weights/model-00001-of-00002.safetensors",
            "               a value without a label " + DIGEST)) {
      assertThat(ListLine.broken(line, 80)).containsExactly(line);
    }
  }
}
