package dev.modelsigning.internal.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FreshDirectoryTest {

  @TempDir private Path place;

  private Path target;

  @BeforeEach
  void choose() {
    target = place.resolve("copy");
  }

  /** During shutdown, files are removed in one thread while another one continues. */
  @Test
  void doesNotAppearOnceItsFilesAreRemoved() throws Exception {
    try (FreshDirectory directory = FreshDirectory.begin(target)) {
      directory.create("a").close();
      directory.create("b/c").close();
      directory.abandon();

      assertThatThrownBy(() -> directory.create("d"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("ending");
      assertThatThrownBy(directory::publish)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("ending");
    }
    try (Stream<Path> left = Files.list(place)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void staysOnceItHasItsName() throws Exception {
    try (FreshDirectory directory = FreshDirectory.begin(target)) {
      directory.create("a").close();
      directory.publish();
      directory.abandon();
    }
    assertThat(target.resolve("a")).exists();
  }

  /** Without its links, this path is one of a directory where only the user can write. */
  @Test
  void isRefusedWhereOthersCanWriteHoweverThatIsSpelled() throws Exception {
    Path open = Files.createDirectories(place.resolve("open/below")).getParent();
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path link = Files.createSymbolicLink(place.resolve("link"), open.resolve("below"));

    assertThatThrownBy(() -> FreshDirectory.begin(link.resolve("../copy")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("can be written to by others");
    try (Stream<Path> left = Files.list(open)) {
      assertThat(left).containsExactly(open.resolve("below"));
    }
  }
}
