package dev.modelsigning.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.report.Facts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a line is for, the secrets in it are hidden by who knows what they look like. */
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
}
