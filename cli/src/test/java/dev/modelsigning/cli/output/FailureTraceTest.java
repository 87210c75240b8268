package dev.modelsigning.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stack traces in which untrusted messages cannot begin a line. */
class FailureTraceTest {

  private static final String HOSTILE =
      "x\nFORGED\r\nFORGED\u0085FORGED\u2028FORGED\u000bFORGED\u001b[2J";

  /** What is printed of a failure at the level DEBUG. */
  private static List<String> printed(Throwable failure) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    Output.on(stream, stream, UnaryOperator.identity()).at(LogLevel.DEBUG, false).trace(failure);
    // As a terminal would break it, and not only as Java does.
    return List.of(
        bytes.toString(StandardCharsets.UTF_8).split("[\n\r\u0085\u2028\u2029\u000b\f]", -1));
  }

  @Test
  void keepsMessagesOfCausesAndOfWhatWasSuppressedOnTheirLines() {
    IOException failure = new IOException(HOSTILE, new NoSuchFileException(HOSTILE));
    failure.addSuppressed(new IllegalStateException(HOSTILE, new Error(HOSTILE)));

    List<String> lines = printed(failure);

    assertThat(lines)
        .noneMatch(line -> line.startsWith("FORGED"))
        .noneMatch(line -> line.contains("\u001b"))
        .filteredOn(line -> line.contains("x\\u000aFORGED"))
        .hasSize(4)
        .anyMatch(line -> line.startsWith("java.io.IOException: x"))
        .anyMatch(line -> line.startsWith("Caused by: java.nio.file.NoSuchFileException: x"))
        .anyMatch(line -> line.startsWith("  Suppressed: java.lang.IllegalStateException: x"))
        .anyMatch(line -> line.startsWith("  Caused by: java.lang.Error: x"));
  }

  @Test
  void looksAsTheJdkPrintsIt() {
    IOException failure = new IOException("outer", new IllegalStateException("inner"));
    failure.addSuppressed(new IOException("beside"));
    StringWriter expected = new StringWriter();
    failure.printStackTrace(new PrintWriter(expected));

    assertThat(FailureTrace.lines(failure))
        .isEqualTo(expected.toString().replace("\t", "  ").lines().toList());
  }

  @Test
  void endsWhereCausesGoInACircleOrOnAndOn() {
    IllegalStateException one = new IllegalStateException("one");
    one.initCause(new IllegalStateException("two", one));
    assertThat(FailureTrace.lines(one)).anyMatch(line -> line.contains("CIRCULAR REFERENCE"));

    Throwable nested = new IOException("0");
    for (int i = 1; i < 3_000; i++) {
      nested = new IOException("" + i, nested);
    }
    assertThat(FailureTrace.lines(nested)).hasSize(2_001).endsWith("...");
  }

  @Test
  void showsInternalErrorsOnLinesOfTheirOwn() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    Output.on(stream, stream, UnaryOperator.identity())
        .internalError(new NoClassDefFoundError("a\nFORGED"));

    assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
        .startsWith(
            "internal error, please report it: java.lang.NoClassDefFoundError: a\\u000aFORGED")
        .noneMatch(line -> line.startsWith("FORGED"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u001b[2J", "a\rb", "\u009b2J", "\u202e", "\u007f", "\u2028"})
  void refusesToShowOnATerminalWhatCouldSteerIt(String text) {
    assertThatThrownBy(() -> Output.requireShowable("{\"a\":\"" + text + "\"}"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("could steer the terminal");
    assertThatCode(() -> Output.requireShowable("{\n\t\"a\": \"\u00e9\u6a21\"\n}"))
        .doesNotThrowAnyException();
  }
}
