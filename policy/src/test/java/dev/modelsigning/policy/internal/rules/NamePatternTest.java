package dev.modelsigning.policy.internal.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A pattern matches the names that it says, in bounded time. */
class NamePatternTest {

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          fraud/**, fraud/v1, true
          fraud/**, fraud/v1/final, true
          fraud/**, fraud, false
          fraud/**, fraudulent/v1, false
          fraud/**, x/fraud/v1, false
          **, a, true
          **, a/b/c, true
          **/final, final, true
          **/final, a/b/final, true
          **/final, a/finally, false
          a/**/z, a/z, true
          a/**/z, a/b/c/z, true
          a/**/z, a/b/c, false
          a/**/**, a/b, true
          a/**/**, a, false
          a/**/b/**/c, a/b/x/b/c, true
          *, a, true
          *, a/b, false
          a/*, a/b, true
          a/*, a/b/c, false
          a*b, ab, true
          a*b*c, a__b__c, true
          a*b*c, a__b__d, false
          ?, a, true
          ?, ab, false
          ?, '', false
          v?.?, v1.2, true
          [a], [a], true
          [a], a, false
          a.b, axb, false
          A, a, false
          registry.example:5000/m, registry.example:5000/m, true
          **, /a, false
          **, a/../b, false
          **, ../b, false
          **, ./b, false
          **, a//b, false
          **, a/, false
          **, '', false
          """)
  void matchesWhatItSays(String pattern, String name, boolean matches) {
    assertThat(new NamePattern(pattern).matches(name)).isEqualTo(matches);
  }

  @Test
  void takesACharacterOutsideTheBasicPlaneForOne() {
    assertThat(new NamePattern("?").matches("\ud83d\ude00")).isTrue();
    assertThat(new NamePattern("??").matches("\ud83d\ude00")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          '', is empty
          /a, is absolute
          a/, ends with a slash
          a//b, has an empty component
          a/../b, has the component '..'
          .., has the component '..'
          ./a, has the component '.'
          a\\b, has a backslash
          a**, has '**' that is not a whole segment
          ***, has '**' that is not a whole segment
          a/**b/c, has '**' that is not a whole segment
          """)
  void refusesWhatCanMatchNothing(String pattern, String problem) {
    assertThatThrownBy(() -> new NamePattern(pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(problem.replace("''", "'"));
  }

  @Test
  void refusesControlCharactersAndLongPatterns() {
    assertThatThrownBy(() -> new NamePattern("a\nb")).hasMessage("has a control character");
    assertThatThrownBy(() -> new NamePattern("a".repeat(1_001)))
        .hasMessage("has more than 1000 characters");
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          a/**, a/**, true
          **, a/*, true
          a/**, a/b/**, true
          a/**, a/*, true
          a/**, a/?/c, true
          a/**, a, false
          a/**, ab/**, false
          a*/**, a*/b*, true
          a/*, a/b, true
          a/*, a/b/c, false
          a/*, a/b*, false
          a/b/**, a/**, false
          **/x, a/x, true
          """)
  void coversOnlyWhatIsCertain(String pattern, String other, boolean covers) {
    assertThat(new NamePattern(pattern).covers(new NamePattern(other))).isEqualTo(covers);
  }

  /** For random small patterns, what covers another one matches every name that it matches. */
  @Test
  void matchesWhateverACoveredPatternMatches() {
    Random random = new Random(19);
    List<NamePattern> patterns = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      patterns.add(new NamePattern(random(random, "a", "b", "*", "**", "?", "a*")));
    }
    for (int i = 0; i < 300; i++) {
      String name = random(random, "a", "b", "ab", "aa");
      for (NamePattern one : patterns) {
        assertThat(one.matches(name)).isEqualTo(simply(one.text(), name));
        for (NamePattern other : patterns) {
          if (other.matches(name) && one.covers(other)) {
            assertThat(one.matches(name)).as("%s, %s, %s", one, other, name).isTrue();
          }
        }
      }
    }
  }

  private static String random(Random random, String... segments) {
    List<String> chosen = new ArrayList<>();
    for (int n = 1 + random.nextInt(4); n > 0; n--) {
      chosen.add(segments[random.nextInt(segments.length)]);
    }
    return String.join("/", chosen);
  }

  /** The same by the JDK's expressions. */
  private static boolean simply(String pattern, String name) {
    StringBuilder expression = new StringBuilder();
    for (String segment : pattern.split("/", -1)) {
      expression.append(
          segment.equals("**")
              ? "(/[^/]+)*"
              : "/" + segment.replace("*", "[^/]*").replace("?", "[^/]"));
    }
    if (pattern.equals("**") || pattern.endsWith("/**")) {
      expression.append("(?<=(/[^/]{1,9}))");
      expression.insert(0, "(?=" + atLeast(pattern) + ")");
    }
    return ("/" + name).matches(expression.toString());
  }

  /** A last {@code **} stands for at least one segment. */
  private static String atLeast(String pattern) {
    StringBuilder expression = new StringBuilder();
    String[] segments = pattern.split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      boolean last = i == segments.length - 1;
      expression.append(
          segments[i].equals("**")
              ? "(/[^/]+)" + (last ? "+" : "*")
              : "/" + segments[i].replace("*", "[^/]*").replace("?", "[^/]"));
    }
    return expression + "$";
  }

  @Test
  void isFastForPatternsThatMakeOthersTryAgain() {
    String name = "a/".repeat(20_000) + "b";
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          assertThat(new NamePattern("**/a/".repeat(199) + "c").matches(name)).isFalse();
          assertThat(new NamePattern("**/".repeat(330) + "c").matches(name)).isFalse();
          assertThat(new NamePattern("*a".repeat(400) + "c").matches("a".repeat(40_000))).isFalse();
        });
  }
}
