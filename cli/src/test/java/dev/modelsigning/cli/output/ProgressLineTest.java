package dev.modelsigning.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.model.HashProgress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The progress line, with a clock that the test controls. */
class ProgressLineTest {

  private static final String TERMINAL = "modelsigning.terminal";
  private static final String CLEAR = "\r\u001b[K";

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
  // Starts where System.nanoTime may overflow while the line is shown.
  private long now = Long.MAX_VALUE - TimeUnit.MILLISECONDS.toNanos(1500);
  private final ProgressLine line = new ProgressLine(stream, () -> now);

  @AfterEach
  void forgetTheTerminal() {
    System.clearProperty(TERMINAL);
  }

  private void pass(long milliseconds) {
    now += TimeUnit.MILLISECONDS.toNanos(milliseconds);
  }

  private String printed() {
    String text = printed.toString(StandardCharsets.UTF_8);
    printed.reset();
    return text;
  }

  private HashProgress on(LogLevel level, boolean quiet) {
    return ProgressLine.on(Output.on(stream, stream, UnaryOperator.identity()).at(level, quiet));
  }

  @Test
  void isNotShownWhereThereIsNoTerminal() {
    assertThat(on(LogLevel.INFO, false)).isSameAs(HashProgress.NONE);
  }

  @Test
  void isShownOnATerminal() {
    System.setProperty(TERMINAL, "true");

    assertThat(on(LogLevel.INFO, false)).isInstanceOf(ProgressLine.class);
  }

  @Test
  void isNotShownToThoseWhoWantLess() {
    System.setProperty(TERMINAL, "true");

    assertThat(on(LogLevel.WARNING, false)).isSameAs(HashProgress.NONE);
    assertThat(on(LogLevel.INFO, true)).isSameAs(HashProgress.NONE);
  }

  @Test
  void printsNothingInTheFirstSecond() {
    line.started(1, 1000);
    pass(999);
    line.hashed(500);

    assertThat(printed()).isEmpty();
  }

  @Test
  void showsShareSizeSpeedAndTimeLeftAfterASecond() {
    line.started(1200, 4_000_000);
    pass(2000);
    line.finished(1000);
    line.finished(7);
    line.hashed(1_000_000);

    assertThat(printed())
        .isEqualTo(
            CLEAR
                + "hashing  25%  1.0 MB of 4.0 MB  1,007/1,200 files"
                + "  500.0 kB/s  0:06 left");
  }

  @Test
  void addsUpWhatIsHashed() {
    line.started(2, 4_000_000);
    line.hashed(1_000_000);
    pass(1000);
    line.hashed(1_000_000);

    assertThat(printed()).contains(" 50%  2.0 MB of 4.0 MB ");
  }

  @Test
  void paintsFiveTimesASecondAtMost() {
    line.started(1, 1000);
    pass(1000);
    line.hashed(1);
    assertThat(printed()).isNotEmpty();

    pass(199);
    line.hashed(1);
    assertThat(printed()).isEmpty();
    pass(1);
    line.hashed(1);

    assertThat(printed()).isNotEmpty();
  }

  @Test
  void goesAwayWhenHashingEnds() {
    line.started(1, 1000);
    pass(1000);
    line.hashed(999);
    printed();

    line.hashed(1);
    line.ended();

    assertThat(printed()).isEqualTo(CLEAR);
  }

  @Test
  void leavesNothingBehindWhenTheLastBytesAreShown() {
    line.started(1, 1000);
    pass(5000);
    line.hashed(1000);
    line.ended();

    assertThat(printed()).contains("100%").endsWith(CLEAR);
  }

  @Test
  void printsNothingForWorkThatWasShort() {
    line.started(1, 1000);
    line.hashed(1000);
    line.ended();

    assertThat(printed()).isEmpty();
  }

  @Test
  void survivesFilesThatGrow() {
    line.started(1, 1000);
    pass(1000);
    line.hashed(5000);
    line.ended();

    assertThat(printed()).contains("100%  1.0 kB of 1.0 kB").endsWith(CLEAR);
  }

  @Test
  void survivesWorkOfNoBytes() {
    line.started(1, 0);
    pass(1000);
    line.hashed(0);
    line.ended();

    assertThat(printed()).endsWith(CLEAR);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 13, 20, 30, 40, 60, 80, 200})
  void fitsIntoNarrowTerminals(int columns) {
    System.setProperty("modelsigning.columns", Integer.toString(columns));
    try {
      ProgressLine narrow = new ProgressLine(stream, () -> now);
      narrow.started(1_000_000, 4_000_000_000_000L);
      pass(1500);
      narrow.hashed(2_000_000_000_000L);

      String text = printed().replace(CLEAR, "");
      assertThat(text).hasSizeLessThan(Math.max(2, columns)).startsWith("h");
      assertThat("hashing  50%")
          .isEqualTo(text.length() < 12 ? "hashing  50%" : text.substring(0, 12));
      if (columns >= 40) {
        assertThat(text).endsWith("left");
      }
    } finally {
      System.clearProperty("modelsigning.columns");
    }
  }

  @Test
  void leavesTheNextLineToTheShellWhenItIsInterrupted() {
    line.started(1, 1000);
    pass(1500);
    line.hashed(500);
    assertThat(printed()).startsWith(CLEAR + "hashing");

    line.end();
    pass(1000);
    line.hashed(100);
    line.ended();

    assertThat(printed()).isEqualTo(System.lineSeparator());
  }

  @Test
  void printsNothingOfItsOwnWhenItIsInterruptedBefore() {
    line.started(1, 1000);
    line.end();
    pass(1500);
    line.hashed(500);

    assertThat(printed()).isEmpty();
  }
}
