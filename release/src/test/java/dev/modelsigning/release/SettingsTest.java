package dev.modelsigning.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The arguments of the build. */
class SettingsTest {

  private static final List<String> ARGUMENTS =
      List.of(
          "/checkout",
          "version=1.2.3",
          "key=a=b",
          "keyless=false",
          "trustConfig=",
          "repository=https://example.org",
          "maven=3.9");

  @Test
  void areReadByName() throws Exception {
    Settings settings = Settings.of(ARGUMENTS.toArray(String[]::new));

    assertThat(settings)
        .isEqualTo(
            new Settings(
                Path.of("/checkout"), "1.2.3", "a=b", false, "", "https://example.org", "3.9"));
    assertThat(settings.isSnapshot()).isFalse();
    assertThat(settings.isTrial()).isFalse();
    assertThat(settings.directory())
        .isEqualTo(Path.of("/checkout/target/release/model-signing-1.2.3"));
    assertThat(settings.publicKey())
        .isEqualTo(Path.of("/checkout/target/release/model-signing-1.2.3.pub"));
  }

  @Test
  void refusesOneThatIsMissingOrHasNoName() {
    for (int i = 1; i < ARGUMENTS.size(); i++) {
      List<String> fewer = new ArrayList<>(ARGUMENTS);
      String name = fewer.remove(i).replaceFirst("=.*", "");
      assertThatThrownBy(() -> Settings.of(fewer.toArray(String[]::new)))
          .isInstanceOf(ReleaseException.class)
          .hasMessage("expected a setting " + name);
    }
    assertThatThrownBy(() -> Settings.of("/checkout", "version"))
        .isInstanceOf(ReleaseException.class)
        .hasMessage("expected name=value, found version");
    assertThatThrownBy(Settings::of).isInstanceOf(ReleaseException.class);
  }
}
