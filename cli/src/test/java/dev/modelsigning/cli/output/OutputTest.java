package dev.modelsigning.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.report.Facts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Secrets are redacted in lines of every level, by the module that knows their form. */
class OutputTest {

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
  private final Output output =
      Output.on(stream, stream, text -> text.replaceAll("secret=\\w+", "secret=..."));

  static List<Consumer<Output>> lines() {
    String text = "with secret=1234";
    return List.of(
        output -> output.result(text),
        output -> output.info(text),
        output -> output.info(new Facts().add("fact", text)),
        output -> output.note(text),
        output -> output.warning(text),
        output -> output.error(text),
        output -> output.at(LogLevel.DEBUG, false).trace(new IOException(text)),
        output -> output.internalError(new IOException(text)),
        output -> output.error(output.withoutSecrets(text)));
  }

  @ParameterizedTest
  @MethodSource("lines")
  void hidesSecretsInEveryLine(Consumer<Output> line) {
    line.accept(output);

    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("with secret=...")
        .doesNotContain("1234");
  }

  @Test
  void hidesTokensInMessagesWhateverElseIsHidden() {
    Stream.<Consumer<String>>of(output::note, output::warning, output::error)
        .forEach(
            message -> message.accept("a token eyJhbGciOiJSUzI1NiJ9.e30.c2ln and secret=1234"));

    assertThat(printed.toString(StandardCharsets.UTF_8).lines())
        .hasSize(3)
        .allMatch(line -> line.endsWith("a token (token) and secret=..."));
  }

  private String onATerminal(Map<String, String> environment, Consumer<Output> line) {
    System.setProperty("modelsigning.terminal", "true");
    System.setProperty("modelsigning.terminal.out", "true");
    try {
      printed.reset();
      line.accept(output.withColours(environment));
      return printed.toString(StandardCharsets.UTF_8);
    } finally {
      System.clearProperty("modelsigning.terminal");
      System.clearProperty("modelsigning.terminal.out");
    }
  }

  @Test
  void givesTheFirstWordOfAVerdictAColourOnATerminal() {
    assertThat(onATerminal(Map.of("NO_COLOR", ""), out -> out.verified("Verification succeeded")))
        .startsWith("\u001b[32mVerification\u001b[0m succeeded");
    assertThat(onATerminal(Map.of(), out -> out.failed("Verification failed: a \u001b[1m b")))
        .startsWith("\u001b[31mVerification\u001b[0m failed: a \\u001b[1m b");
    assertThat(onATerminal(Map.of(), out -> out.result("Signing succeeded")))
        .doesNotContain("\u001b");
  }

  @Test
  void hasNoColoursForWhoDoesNotWantThemOrHasNoTerminal() {
    for (Map<String, String> environment :
        List.of(Map.of("NO_COLOR", "1"), Map.of("TERM", "dumb"))) {
      assertThat(onATerminal(environment, out -> out.verified("Verification succeeded")))
          .startsWith("Verification succeeded");
    }
    printed.reset();
    output.withColours(Map.of()).verified("Verification succeeded");
    output.withColours(Map.of()).failed("Verification failed");
    assertThat(printed.toString(StandardCharsets.UTF_8)).doesNotContain("\u001b");
  }

  @Test
  void saysNothingOfAVerdictToWhoWantsFailuresOnly() {
    output.at(LogLevel.ERROR, true).verified("Verification succeeded");

    assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void keepsADigestWholeOnATerminalOnly() {
    String line = "  digest       sha256:" + "0123456789abcdef".repeat(4);

    assertThat(onATerminal(Map.of(), out -> out.fact(line)))
        .isEqualTo(
            "  digest"
                + System.lineSeparator()
                + "    sha256:"
                + "0123456789abcdef".repeat(4)
                + System.lineSeparator());
    assertThat(onATerminal(Map.of(), out -> out.errorFact(line))).hasLineCount(2);
    printed.reset();
    output.fact(line);
    output.errorFact(line);
    assertThat(printed.toString(StandardCharsets.UTF_8).lines()).containsExactly(line, line);
  }

  @Test
  void printsOneVerdictForMachinesAndNotAnother() {
    output.at(LogLevel.ERROR, true).verdict("{}\n");
    output.verdict("{\"verified\":false}\n");
    output.verdict(new byte[] {'x'});

    assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualTo("{}\n");
  }
}
