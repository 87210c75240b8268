package dev.modelsigning.maven.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {

  @Test
  void readsChoices() throws WrongParameterException {
    assertThat(Values.flag("strict", "true", false)).isTrue();
    assertThat(Values.flag("strict", " false ", true)).isFalse();
    assertThat(Values.flag("strict", null, true)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"treu", "yes", "TRUE", "1", ""})
  void takesNothingElseForAChoice(String value) {
    assertThatThrownBy(() -> Values.flag("strict", value, false))
        .isInstanceOf(WrongParameterException.class)
        .hasMessage("<strict>: expected true or false, found '" + value + "'");
  }

  @Test
  void passesOverNoElementOfAList() throws WrongParameterException {
    assertThat(Values.<String>list("only", null)).isEmpty();
    assertThat(Values.list("only", List.of("a"))).containsExactly("a");
    for (String empty : new String[] {null, "", " "}) {
      assertThatThrownBy(() -> Values.list("only", Arrays.asList("a", empty)))
          .hasMessage("<only>: has an element without a value");
    }
  }

  @Test
  void readsTimesAndDays() throws WrongParameterException {
    assertThat(Values.time("t", "2026-01-31")).isEqualTo(Instant.parse("2026-01-31T00:00:00Z"));
    assertThat(Values.time("t", "2026-01-31T12:00:00+02:00"))
        .isEqualTo(Instant.parse("2026-01-31T10:00:00Z"));
    assertThatThrownBy(() -> Values.time("t", "2026-02-31"))
        .hasMessageStartingWith("<t>: expected a time such as");
  }

  @Test
  void showsNothingOfAnAddressThatIsNone() {
    assertThatThrownBy(() -> Values.address("a", "https://user:secret @host"))
        .hasMessage("<a>: expected an address such as https://example.com");
  }
}
