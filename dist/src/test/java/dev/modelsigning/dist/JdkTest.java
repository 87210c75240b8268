package dev.modelsigning.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JdkTest {

  @TempDir private Path directory;

  @Test
  void findsTheJdkThatTheRuntimeIsLinkedFrom() throws Exception {
    Jdk jdk = Jdk.find();

    assertThat(jdk.version()).startsWith("25");
    assertThat(jdk.tool("jlink")).isExecutable();
    assertThat(jdk.architecture()).isIn("amd64", "arm64");
  }

  @Test
  void runsACommandThereAndReturnsWhatItPrints() throws Exception {
    assertThat(Jdk.run(directory, List.of("/bin/sh", "-c", "pwd -P; echo $LC_ALL $TZ >&2")))
        .isEqualTo(directory.toRealPath() + "\nC.UTF-8 UTC\n");
  }

  @Test
  void failsWithWhatACommandSaidThatFailed() {
    assertThatThrownBy(() -> Jdk.run(directory, List.of("/bin/sh", "-c", "echo why >&2; exit 3")))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("ended with the status 3:\nwhy");
  }
}
