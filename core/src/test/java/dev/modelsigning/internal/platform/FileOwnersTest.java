package dev.modelsigning.internal.platform;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Files that other users could have written. */
@DisabledOnOs(OS.WINDOWS)
class FileOwnersTest {

  @TempDir private Path home;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = home.resolve("config/a");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "a");
  }

  private void require() throws IOException {
    FileOwners.requireOurs(file, "which code is run");
  }

  private static void permit(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  @Test
  void refusesWhatOthersCanWriteTo() throws IOException {
    assertThatCode(this::require).doesNotThrowAnyException();
    permit(file, "rw-rw-rw-");
    assertThatThrownBy(this::require)
        .hasMessageContainingAll(
            file.toString(), "can be written to by others", "which code is run");
    permit(file, "rw-r--r--");
    permit(file.getParent(), "rwxrwxrwx");
    assertThatThrownBy(this::require)
        .hasMessageContainingAll(file + ": ", file.getParent() + " can be written to by others");
  }

  @Test
  void refusesWhatBelongsToSomebodyElse() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "only root can give a file away");
    Files.setAttribute(file, "unix:uid", 65534);
    assertThatThrownBy(this::require).hasMessageContaining("belongs to ");
    Files.setAttribute(file, "unix:uid", 0);
    assertThatCode(this::require).doesNotThrowAnyException();
  }

  @Test
  void makesFilesOnlyWhereNobodyCanReplaceThem() throws IOException {
    assertThatCode(() -> FileOwners.requireSafeForNewFiles(file.getParent(), "it is not used"))
        .doesNotThrowAnyException();
    permit(file.getParent(), "rwxrwxrwx");
    assertThatThrownBy(() -> FileOwners.requireSafeForNewFiles(file.getParent(), "it is not used"))
        .hasMessageContaining("can be written to by others");
    Files.setAttribute(file.getParent(), "unix:mode", 01777);
    assertThatCode(() -> FileOwners.requireSafeForNewFiles(file.getParent(), "it is not used"))
        .doesNotThrowAnyException();
  }
}
