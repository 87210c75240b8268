package dev.modelsigning.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.manifest.HashProgress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The progress bar, by a clock that the test moves. */
class ProgressBarTest {

  private static final String TERMINAL = "modelsigning.terminal";
  private static final String CLEAR = "\r\u001b[K";

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
  // Starts where System.nanoTime may overflow while the bar is shown.
  private long now = Long.MAX_VALUE - TimeUnit.MILLISECONDS.toNanos(1500);
  private final ProgressBar bar = new ProgressBar(stream, () -> now);

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
    return ProgressBar.on(new Output(stream, stream, level, quiet));
  }

  @Test
  void isNotShownWhereThereIsNoTerminal() {
    assertThat(on(LogLevel.INFO, false)).isSameAs(HashProgress.NONE);
  }

  @Test
  void isShownOnATerminal() {
    System.setProperty(TERMINAL, "true");

    assertThat(on(LogLevel.INFO, false)).isInstanceOf(ProgressBar.class);
  }

  @Test
  void isNotShownToThoseWhoWantLess() {
    System.setProperty(TERMINAL, "true");

    assertThat(on(LogLevel.WARNING, false)).isSameAs(HashProgress.NONE);
    assertThat(on(LogLevel.INFO, true)).isSameAs(HashProgress.NONE);
  }

  @Test
  void printsNothingInTheFirstSecond() {
    bar.started(1, 1000);
    pass(999);
    bar.hashed(500);

    assertThat(printed()).isEmpty();
  }

  @Test
  void showsShareSizeSpeedAndTimeLeftAfterASecond() {
    bar.started(1200, 4_000_000);
    pass(2000);
    bar.finished(1000);
    bar.finished(7);
    bar.hashed(1_000_000);

    assertThat(printed())
        .isEqualTo(
            CLEAR
                + "hashing [###         ]  25%  1.0 MB of 4.0 MB  1,007/1,200 files"
                + "  500.0 kB/s  0:06 left");
  }

  @Test
  void addsUpWhatIsHashed() {
    bar.started(2, 4_000_000);
    bar.hashed(1_000_000);
    pass(1000);
    bar.hashed(1_000_000);

    assertThat(printed()).contains(" 50%  2.0 MB of 4.0 MB ");
  }

  @Test
  void paintsFiveTimesASecondAtMost() {
    bar.started(1, 1000);
    pass(1000);
    bar.hashed(1);
    assertThat(printed()).isNotEmpty();

    pass(199);
    bar.hashed(1);
    assertThat(printed()).isEmpty();
    pass(1);
    bar.hashed(1);

    assertThat(printed()).isNotEmpty();
  }

  @Test
  void goesAwayWhenHashingEnds() {
    bar.started(1, 1000);
    pass(1000);
    bar.hashed(999);
    printed();

    bar.hashed(1);
    bar.ended();

    assertThat(printed()).isEqualTo(CLEAR);
  }

  @Test
  void leavesNothingBehindWhenTheLastBytesAreShown() {
    bar.started(1, 1000);
    pass(5000);
    bar.hashed(1000);
    bar.ended();

    assertThat(printed()).contains("100%").endsWith(CLEAR);
  }

  @Test
  void printsNothingForWorkThatWasShort() {
    bar.started(1, 1000);
    bar.hashed(1000);
    bar.ended();

    assertThat(printed()).isEmpty();
  }

  @Test
  void survivesFilesThatGrow() {
    bar.started(1, 1000);
    pass(1000);
    bar.hashed(5000);
    bar.ended();

    assertThat(printed()).contains("100%  1.0 kB of 1.0 kB").endsWith(CLEAR);
  }

  @Test
  void survivesWorkOfNoBytes() {
    bar.started(1, 0);
    pass(1000);
    bar.hashed(0);
    bar.ended();

    assertThat(printed()).endsWith(CLEAR);
  }
}
