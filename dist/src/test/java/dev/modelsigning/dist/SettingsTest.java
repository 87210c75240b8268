package dev.modelsigning.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SettingsTest {

  @Test
  void ordersASnapshotBeforeItsReleaseInDebian() {
    assertThat(settings("0.1.0-SNAPSHOT").debianVersion()).isEqualTo("0.1.0~SNAPSHOT");
    assertThat(settings("0.1.0-rc-1").debianVersion()).isEqualTo("0.1.0~rc~1");
    assertThat(settings("0.1.0").debianVersion()).isEqualTo("0.1.0");
  }

  @Test
  void refusesWhatIsMissingOrHasNoName() {
    assertThatThrownBy(() -> Settings.of("version=1"))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("no time given");
    assertThatThrownBy(() -> Settings.of("1"))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("expected name=value");
  }

  private static Settings settings(String version) {
    Path path = Path.of("x");
    return new Settings(
        version, Instant.EPOCH, "a <a@example.com>", path, path, path, path, path, path, path);
  }
}
