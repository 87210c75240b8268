package dev.modelsigning.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a library of the JDK that runs this, which needs the JVM and the C library. */
class SystemLibrariesTest {

  @TempDir private Path top;

  @BeforeEach
  void copyALibrary() throws IOException {
    Path library = Path.of(System.getProperty("java.home"), "lib", "libjava.so");
    Files.copy(library, top.resolve("libjava.so"));
  }

  @Test
  void refusesALibraryOfWhichNoPackageIsKnown() {
    assertThatThrownBy(() -> SystemLibraries.of(top))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("libjvm.so, and no Debian package is known that has it");
  }

  @Test
  void dependsOnTheCLibraryAndOnNothingThatIsInstalledToo() throws Exception {
    Files.createFile(top.resolve("libjvm.so"));
    Files.createFile(top.resolve("libjli.so"));

    assertThat(SystemLibraries.of(top).depends())
        .first()
        .asString()
        .matches("libc6 \\(>= 2\\.[1-9][0-9]?\\)");
  }
}
