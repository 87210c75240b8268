package dev.modelsigning.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherScriptTest {

  private static final Path SOURCES = Path.of("src/main/launcher");

  private static final String READS =
      "# shellcheck source=shared.sh\n. \"${0%/*}/shared.sh\" # here\n";

  @TempDir private Path directory;

  private Path write(String launcher, String shared) throws Exception {
    Files.writeString(directory.resolve("model-signing"), launcher);
    Files.writeString(directory.resolve("shared.sh"), shared);
    Path target = directory.resolve("written");
    LauncherScript.write(directory, target);
    return target;
  }

  @Test
  void putsTheSharedFileInThePlaceOfTheLineThatReadsIt() throws Exception {
    assertThat(write("#!/bin/sh\n" + READS + "run \"$@\"\n", "run() { echo \"$1\\n\"; }\n"))
        .hasContent("#!/bin/sh\nrun() { echo \"$1\\n\"; }\nrun \"$@\"\n");
  }

  @Test
  void refusesALauncherThatReadsNoSharedFile() {
    assertThatThrownBy(() -> write("#!/bin/sh\nrun \"$@\"\n", "run() { :; }\n"))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("reads shared.sh, found 0");
  }

  @Test
  void refusesALauncherThatReadsItTwice() {
    assertThatThrownBy(() -> write(READS + READS, "run() { :; }\n"))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("reads shared.sh, found 2");
  }

  /** No other file is read where the package is installed, and no name of a file is left. */
  @Test
  void writesALauncherThatIsWhole() throws Exception {
    Path target = directory.resolve("written");

    LauncherScript.write(SOURCES, target);

    List<String> lines = Files.readAllLines(target);
    assertThat(lines).first().isEqualTo("#!/bin/sh");
    assertThat(lines).noneMatch(line -> line.startsWith(". ") || line.contains("shared.sh"));
    assertThat(lines).contains("run_program() {").endsWith("run_program \"$@\"");
  }

  @Test
  void writesWhatAShellCanRead() throws Exception {
    Path target = directory.resolve("written");
    LauncherScript.write(SOURCES, target);

    Process shell = new ProcessBuilder("/bin/sh", "-n", target.toString()).inheritIO().start();

    assertThat(shell.waitFor()).isZero();
  }
}
