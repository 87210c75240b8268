package dev.modelsigning.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.cli.output.Output;
import dev.modelsigning.cli.serve.Reloaded.UnusableFilesException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ReloadedTest {

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private Instant now = Instant.parse("2026-11-27T12:00:00Z");
  private final Clock clock =
      new Clock() {
        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }

        @Override
        public Instant instant() {
          return now;
        }
      };
  private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
  private final Records records = new Records(Output.on(out, out, UnaryOperator.identity()), clock);

  private String files = "one";
  private String problem = "";
  private int loads;

  private Reloaded<String> make() throws UnusableFilesException {
    return new Reloaded<>(
        "policy",
        () -> files,
        () -> {
          loads++;
          if (!problem.isEmpty()) {
            throw new UnusableFilesException(problem, null);
          }
          return files;
        },
        Duration.ofHours(1),
        records,
        clock);
  }

  private String lines() {
    String text = printed.toString(StandardCharsets.UTF_8);
    printed.reset();
    return text;
  }

  @Test
  void failsAtFirstIfTheFilesCannotBeUsed() {
    problem = "policy.yaml:3: broken";

    assertThatThrownBy(this::make)
        .isInstanceOf(UnusableFilesException.class)
        .hasMessage("policy.yaml:3: broken");
  }

  @Test
  void isMadeAgainWhenTheFilesChange() throws Exception {
    Reloaded<String> reloaded = make();
    reloaded.refresh();
    assertThat(loads).isEqualTo(1);

    files = "two";
    reloaded.refresh();
    assertThat(reloaded.get()).isEqualTo("two");
    assertThat(lines())
        .isEqualTo(
            "{\"time\":\"2026-11-27T12:00:00Z\",\"level\":\"info\",\"event\":\"policy-loaded\","
                + "\"message\":\"the files of the policy changed, and count from now\"}\n");
  }

  @Test
  void keepsWhatThereWasIfThatFailsAndSaysSo() throws Exception {
    Reloaded<String> reloaded = make();
    files = "two";
    problem = "policy.yaml:3: \u001b[31mbroken";

    reloaded.refresh();

    assertThat(reloaded.get()).isEqualTo("one");
    assertThat(reloaded.isCurrent()).isFalse();
    assertThat(reloaded.failures()).isEqualTo(1);
    assertThat(lines())
        .contains("\"level\":\"error\",\"event\":\"policy-refused\"")
        .contains(
            "cannot be used; what they had before goes on to count: policy.yaml:3: \\u001B[31mbroken");

    problem = "";
    reloaded.refresh();
    assertThat(reloaded.get()).isEqualTo("two");
    assertThat(reloaded.isCurrent()).isTrue();
    assertThat(reloaded.loads()).isEqualTo(2);
    assertThat(lines()).contains("policy-loaded");
  }

  @Test
  void repeatsAComplaintNowAndThen() throws Exception {
    Reloaded<String> reloaded = make();
    files = "two";
    problem = "broken";
    reloaded.refresh();
    assertThat(lines()).contains("broken");

    reloaded.refresh();
    assertThat(lines()).isEmpty();
    now = now.plus(Duration.ofMinutes(5));
    reloaded.refresh();
    assertThat(lines()).contains("broken");
    problem = "broken otherwise";
    reloaded.refresh();
    assertThat(lines()).contains("broken otherwise");
    assertThat(reloaded.failures()).isEqualTo(4);
  }

  @Test
  void isCurrentAgainIfTheFilesAreWhatTheyWere() throws Exception {
    Reloaded<String> reloaded = make();
    files = "two";
    problem = "broken";
    reloaded.refresh();
    files = "one";
    problem = "";
    reloaded.refresh();

    assertThat(reloaded.isCurrent()).isTrue();
    assertThat(reloaded.get()).isEqualTo("one");
  }

  /** A key that was written and a policy that was not, or half a file. */
  @Test
  void takesNothingOfFilesThatChangeMeanwhile() throws Exception {
    int[] reads = {0};
    Reloaded<String> reloaded =
        new Reloaded<>(
            "certificate",
            () -> Integer.toString(reads[0]++),
            () -> "made",
            Duration.ofHours(1),
            records,
            clock);

    reloaded.refresh();

    assertThat(reloaded.isCurrent()).isFalse();
    assertThat(lines()).contains("the files change while they are read");
  }

  @Test
  void isMadeAgainAfterAWhileThoughNothingChanged() throws Exception {
    Reloaded<String> reloaded = make();
    now = now.plus(Duration.ofHours(1));
    reloaded.refresh();

    assertThat(loads).isEqualTo(2);
    assertThat(lines()).isEmpty();
    reloaded.refresh();
    assertThat(loads).isEqualTo(2);
  }
}
