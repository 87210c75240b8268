package dev.modelsigning.cli.admission;

import static dev.modelsigning.cli.admission.Reviews.DIGEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistriesTest {

  private final Registries registries =
      Registries.of(List.of("One.example", "two.example:5000/team/models", "three.example/x/"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "one.example/a",
        "ONE.example/a/b/c",
        "two.example:5000/team/models",
        "two.example:5000/team/models/fraud",
        "three.example/x",
        "three.example/x/y"
      })
  void haveWhatIsListed(String model) {
    assertThat(registries.have(ModelName.parse(model + "@" + DIGEST))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "one.example.attacker.example/a",
        "one.example:443/a",
        "one.example:0443/a",
        "xone.example/a",
        "two.example/team/models",
        "two.example:5001/team/models",
        "two.example:5000/team",
        "two.example:5000/team/models-of-others",
        "two.example:5000/other/team/models",
        "three.example/xy",
        "localhost/one.example"
      })
  void haveNothingElse(String model) {
    assertThat(registries.have(ModelName.parse(model + "@" + DIGEST))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "r.example/a:1",
        "r.example/a@sha256:1",
        "anna:pw@r.example",
        "https://r.example",
        "r.example/..",
        "r.example/A",
        "*",
        "*.example",
        "r.example//"
      })
  void refusesWhatIsNoRegistry(String text) {
    assertThatThrownBy(() -> Registries.of(List.of(text)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected HOST[:PORT][/REPOSITORY]");
  }
}
