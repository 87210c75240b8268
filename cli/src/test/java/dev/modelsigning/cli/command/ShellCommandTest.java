package dev.modelsigning.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.testing.TimedProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a shell parses command lines that users copy. */
class ShellCommandTest {

  /** Has a shell print the words that it reads, each on the end of a null byte. */
  private static String[] read(String words) throws Exception {
    Process bash =
        TimedProcess.start(
            new ProcessBuilder("bash", "-c", "printf '%s\\0' " + words).redirectErrorStream(true));
    String printed = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).as(printed).isZero();
    return printed.split("\0", 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        "with space",
        "it's",
        "$(touch /tmp/x)",
        "`id`",
        "a;b|c&d>e",
        "~root",
        "*",
        "!!",
        "back\\slash",
        "\"quoted\"",
        "ä ö",
        "line\nfeed",
        "esc\u001b[31m'\\",
        "right\u202eleft",
        "#x"
      })
  void aShellReadsBackWhatWasQuoted(String word) throws Exception {
    String quoted = ShellCommand.quote(word);

    assertThat(read(quoted)).containsExactly(word);
    assertThat(quoted).matches("[^\\p{Cntrl}\u202e]*");
  }

  @Test
  void leavesPlainWordsAsTheyAre() {
    assertThat(
            ShellCommand.of("verify key")
                .path(Path.of("my-model"))
                .option("--signature", Path.of("out/model.sig"))
                .option("--identity", "a@b.example"))
        .hasToString(
            "model-signing verify key my-model --signature out/model.sig --identity"
                + " a@b.example");
  }

  /** Without quotes zsh would look for a command of this name. */
  @Test
  void quotesAnEqualsSignInFront() {
    assertThat(ShellCommand.quote("=ls")).isEqualTo("'=ls'");
    assertThat(ShellCommand.quote("a=ls")).isEqualTo("a=ls");
  }

  @Test
  void nothingLooksLikeAnOptionThatIsNone() {
    assertThat(
            ShellCommand.of("verify key")
                .path(Path.of("-q"))
                .option("--signature", Path.of("@file"))
                .option("--identity", "--strict"))
        .hasToString("model-signing verify key ./-q --signature ./@file --identity=--strict");
  }

  @Test
  void anEmptyWordIsOne() {
    assertThat(ShellCommand.quote("")).isEqualTo("''");
  }
}
