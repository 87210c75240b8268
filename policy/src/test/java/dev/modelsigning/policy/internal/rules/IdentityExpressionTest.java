package dev.modelsigning.policy.internal.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An expression is for the whole identity, and costs neither time nor memory. */
class IdentityExpressionTest {

  @Test
  void matchesTheWholeIdentity() {
    IdentityExpression expression = IdentityExpression.of("https://a\\.example/.*|b");
    assertThat(expression.matches("https://a.example/x")).isTrue();
    assertThat(expression.matches("b")).isTrue();
    assertThat(expression.matches("bb")).isFalse();
    assertThat(expression.matches("x https://a.example/x")).isFalse();
    assertThat(expression.matches("https://a.example/x\n")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "((a{100}){100}){100}",
        "(((((((((a{10}){10}){10}){10}){10}){10}){10}){10}){10}){10}",
        "(a{1000}){11}",
        "(?:x{0,1000}){0,1000}",
        "(a{1000,}b{1000}){6}",
        "([(]{1000}[)]){1000}",
        "(\\Q(\\E{1000}){1000}",
        "([]]{1000}){1000}",
        "(()(){1000}){1000}",
        "(\\p{Greek}{1000}){1000}",
        "((a|b{500}){500}){2}"
      })
  void refusesRepetitionsThatMultiply(String text) {
    assertThatThrownBy(() -> IdentityExpression.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected an expression whose repetitions make at most 10000 steps");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[0-9a-f]{40}@[0-9a-f]{64}:[0-9a-f]{128}",
        "(a{100}){90}",
        "v[0-9]{1,3}\\.[0-9]{1,3}",
        "x{,5}",
        "\\x{10FFFF}",
        "[{}]{3}",
        "\\Qa{1000}{1000}\\E"
      })
  void acceptsRepetitionsThatDoNot(String text) {
    assertThat(IdentityExpression.of(text)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "a)", "[", "a**", "(?=a)", "\\1", "a{1001}", "\\", "{1}", "(?P<n>"})
  void refusesWhatIsNoExpressionOfRe2(String text) {
    assertThatThrownBy(() -> IdentityExpression.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("not an expression of RE2: ");
  }

  @Test
  void refusesALongOne() {
    assertThatThrownBy(() -> IdentityExpression.of("a".repeat(1_001)))
        .hasMessage("expected an expression of at most 1000 characters");
  }

  /** The JDK's expressions take exponential time for the first of these. */
  @Test
  void isFastForExpressionsThatRunForEver() {
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          String text = "a".repeat(2_000);
          assertThat(IdentityExpression.of("(a+)+b").matches(text)).isFalse();
          assertThat(IdentityExpression.of("(a|aa)+b").matches(text)).isFalse();
          assertThat(IdentityExpression.of("(a?){1000}b").matches(text)).isFalse();
          assertThat(IdentityExpression.of("(".repeat(400) + ")".repeat(400)).matches("")).isTrue();
        });
  }
}
