package dev.modelsigning.finding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RuleTest {

  private static Rule rule(String code) {
    return new Rule(code, Severity.ERROR, "title", "help");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "lower", "A-B", "A B", "1A", "A\n", "/A", "acme/", "Acme/A", "a/b/C", "acme/a"
      })
  void refusesACodeThatIsNotOne(String code) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rule(code))
        .withMessageStartingWith("the code of a rule: expected");
  }

  @Test
  void aMethodOfAThirdPartyHasReasonsOfItsOwn() {
    VerificationException failure =
        new VerificationException(rule("acme/NO_QUOTE"), "there is no quote");
    assertThat(failure.reason()).isEqualTo(Reason.OTHER);
    assertThat(failure.rule().code()).isEqualTo("acme/NO_QUOTE");
    VerificationException named = new VerificationException(Path.of("a.sig"), failure);
    assertThat(named.rule()).isEqualTo(failure.rule());
    assertThat(named).hasMessage("a.sig: there is no quote");
  }

  @Test
  void nobodyElseFailsForAReasonOfOurs() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new VerificationException(rule("REVOKED"), "x"))
        .withMessageEndingWith("found REVOKED");
  }

  @Test
  void aFindingKeepsItsValuesInOrder() {
    Finding finding =
        Finding.of(Rules.OLD_FORM, "old").withFile("a").withValue("z", "1").withValue("b", "2");
    assertThat(finding.values().keySet()).containsExactly("z", "b");
    assertThat(finding.severity()).isEqualTo(Severity.WARNING);
    assertThat(finding).hasToString("old");
  }
}
