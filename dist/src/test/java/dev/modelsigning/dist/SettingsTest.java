package dev.modelsigning.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {

  @Test
  void ordersASnapshotBeforeItsReleaseInDebian() {
    assertThat(settings("0.1.0-SNAPSHOT").debianVersion()).isEqualTo("0.1.0~SNAPSHOT");
    assertThat(settings("0.1.0-rc-1").debianVersion()).isEqualTo("0.1.0~rc~1");
    assertThat(settings("0.1.0").debianVersion()).isEqualTo("0.1.0");
  }

  @Test
  void wantsManualPagesWhereTheirModuleIs(@TempDir Path checkout)
      throws IOException, BuildException {
    Settings settings =
        Settings.of(
            "version=1",
            "time=2025-01-01T00:00:00Z",
            "maintainer=a",
            "checkout=x",
            "jar=x",
            "sbom=x",
            "man=" + checkout.resolve("man/target"),
            "sources=x",
            "cache=x",
            "output=x");
    assertThat(settings.manRequired()).isFalse();

    Files.createDirectories(checkout.resolve("man"));
    Files.createFile(checkout.resolve("man/pom.xml"));

    assertThat(settings.manRequired()).isTrue();
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
