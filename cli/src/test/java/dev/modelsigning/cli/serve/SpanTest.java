package dev.modelsigning.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpanTest {

  @ParameterizedTest
  @CsvSource({
    "10s, 10000",
    "1m30s, 90000",
    "500ms, 500",
    "1h, 3600000",
    "0s, 0",
    "1s500ms, 1500",
    "2m, 120000"
  })
  void reads(String text, long milliseconds) {
    assertThat(Span.parse(text)).contains(Duration.ofMillis(milliseconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10", "s", "-1s", "1.5s", "10 s", "10S", "1s1m", "1d", "99999999s"})
  void readsNothingElse(String text) {
    assertThat(Span.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "timeout=10s, 8500", "timeout=2s, 1700", "timeout=30s, 8500", "a=b&timeout=1s, 850",
    "'', 8500", "timeout=x, 8500", "timeout=, 8500", "timeout=0s, 850",
    "timeout=1ms, 850"
  })
  void takesLessTimeThanItIsGiven(String query, long milliseconds) {
    assertThat(Span.forAnswer(query, Duration.ofSeconds(10)))
        .isEqualTo(Duration.ofMillis(milliseconds));
  }
}
