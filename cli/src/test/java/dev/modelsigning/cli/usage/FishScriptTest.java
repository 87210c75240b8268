package dev.modelsigning.cli.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.testing.TimedProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The completion script for fish: its lines, and, if fish is installed, its effect. */
class FishScriptTest {

  @TempDir private Path directory;

  private static String script() {
    return Invocation.of("completion", "fish").assertSucceeded().out();
  }

  // Its lines

  @ParameterizedTest
  @ValueSource(
      strings = {
        "complete -c model-signing -f",
        "complete -c model_signing -w model-signing",
        "complete -c model-signing -n '__model_signing_is' -a sign -d 'Sign a model'",
        "complete -c model-signing -n '__model_signing_is pkcs11' -a public-key"
            + " -d 'Print the public key of a key on a token, in PEM, as \\'verify key\\' ...'",
        "complete -c model-signing -n '__model_signing_is verify key' -l public-key -r -F"
            + " -d 'The public key, on P-256, P-384 or P-521: a file in PEM, or a URI ...'",
        "complete -c model-signing -n '__model_signing_is verify key' -l format -x -a 'text json sarif'"
            + " -d 'How to print the verdict on standard output: text, json, sarif'",
        "complete -c model-signing -n '__model_signing_is digest' -s q -l quiet"
            + " -d 'Print nothing but failures'",
        "complete -c model-signing -n '__model_signing_is digest' -l no-ignore-git-paths"
            + " -d 'Leave out .git, .gitattributes, .github and .gitignore at the top ...'",
        "complete -c model-signing -n '__model_signing_is digest' -F",
        "complete -c model-signing -n '__model_signing_is sign' -F",
        "complete -c model-signing -n '__model_signing_is completion' -a 'bash zsh fish'"
      })
  void hasALineForEachCommandOptionAndFile(String line) {
    assertThat(script().lines()).contains(line);
  }

  @Test
  void asksForNothingTwice() {
    assertThat(script().lines().filter(line -> line.startsWith("complete")))
        .doesNotHaveDuplicates();
  }

  /** Within quotation marks of one kind, with nothing between a word and them that is not known. */
  @Test
  void hasLinesOfOneForm() {
    String quoted = "'([^'\\\\]|\\\\['\\\\])*'";
    String word = "[A-Za-z0-9_-]+";
    assertThat(script().lines().filter(line -> line.startsWith("complete")))
        .allMatch(line ->
            line.matches(
                "complete -c "
                    + word
                    + "( -n "
                    + quoted
                    + ")?(( -[alsw] ("
                    + word
                    + "|"
                    + quoted
                    + "))| -[fFrx])+( -d "
                    + quoted
                    + ")?"));
  }

  // What is quoted

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "plain, 'plain'",
        "it's, 'it\\'s'",
        "a\\b, 'a\\\\b'",
        "\\', '\\\\\\''",
        "$HOME (date) ; rm * \"x\", '$HOME (date) ; rm * \"x\"'"
      })
  void quotesWhatFishTakesForSomethingElse(String text, String quoted) {
    assertThat(FishScript.quote(text)).isEqualTo(quoted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-x", "a;b", "a'b", "$a", "(a)", "a\nb", "ä", "a ", " a", "~", "a/b", "*"})
  void refusesANameThatIsNoWord(String name) {
    assertThatThrownBy(() -> ShellWords.word(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not a word for a shell: " + name);
  }

  @Command(name = "hostile")
  @SuppressWarnings("UnusedVariable") // only described
  private static final class Hostile {
    @Option(names = "--evil", description = "It's $(rm) \\' \\ and 100%% `true`. Not this.")
    private boolean evil;
  }

  @Test
  void quotesDescriptions() {
    String script = FishScript.of(new CommandLine(new Hostile()).getCommandSpec(), Map.of());

    assertThat(script)
        .contains("-l evil -d 'It\\'s $(rm) \\\\\\' \\\\ and 100% `true`'\n")
        .doesNotContain("Not this");
  }

  // Fish

  private static Path fish() {
    return Stream.of(Objects.requireNonNullElse(System.getenv("PATH"), "").split(":"))
        .map(each -> Path.of(each, "fish"))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(Path.of(""));
  }

  private static void requireFish() {
    assumeTrue(Files.isExecutable(fish()), "needs fish; on Debian: apt-get install fish");
  }

  private String run(String... args) throws IOException, InterruptedException {
    Path file = Files.writeString(directory.resolve("model-signing.fish"), script());
    ProcessBuilder builder = new ProcessBuilder(fish().toString(), "--no-config");
    builder.command().addAll(List.of(args));
    builder.directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().put("HOME", directory.toString());
    // Fish asks for nothing of a command that it does not find.
    Path program = directory.resolve("model-signing");
    Files.writeString(program, "#!/bin/sh\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    builder.environment().put("PATH", directory + ":" + System.getenv("PATH"));
    builder.environment().put("SCRIPT", file.toString());
    Process process = TimedProcess.start(builder);
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    return printed;
  }

  @Test
  void isUnderstoodByFish() throws Exception {
    requireFish();

    assertThat(run("--no-execute", Files.writeString(directory.resolve("s"), script()).toString()))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "model-signing si|sign",
        "model-signing sign k|key,key.pem",
        "model-signing sign key m --priv|--private-key",
        "model-signing sign key m --private-key key.|key.pem",
        "model-signing verify key m --format j|json",
        "model-signing verify key m --no-a|--no-allow-symlinks",
        "model-signing --log-level INFO verify key m --publ|--public-key",
        "model-signing verify m --identity-p|--identity-provider",
        "model-signing digest key|key.pem",
        "model-signing generate-key --curve P-3|P-384",
        "model-signing sign key --hash-algorithm=blake2|--hash-algorithm=blake2b",
        "model-signing sign pkcs11_key m --pk|--pkcs11-uri",
        "model-signing completion f|fish",
        "model-signing help verif|verify,verify-attestation",
        "model-signing pkcs11 li|list",
        "model-signing digest m --identity|\"\""
      })
  void completesInFish(String typed, String expected) throws Exception {
    requireFish();
    Files.writeString(directory.resolve("key.pem"), "");

    String printed = run("-c", "source $SCRIPT; complete -C '" + typed + "'");

    assertThat(printed.lines().map(line -> line.replaceFirst("\t.*", "")))
        .containsExactly(expected.isEmpty() ? new String[0] : expected.split(","));
  }
}
