package dev.modelsigning.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallationTest {

  @TempDir private Path directory;

  private Path man;
  private Path share;

  @BeforeEach
  void makeWhatTheModuleManBuilds() throws IOException {
    man = directory.resolve("man");
    share = directory.resolve("share");
    Files.createDirectories(man.resolve("man1"));
    Files.writeString(man.resolve("man1/model-signing.1"), "page");
    Files.writeString(man.resolve("man1/index.txt"), "no page");
    Files.createDirectories(man.resolve("completions"));
    for (String name : List.of("model-signing.bash", "_model-signing", "model-signing.fish")) {
      Files.writeString(man.resolve("completions").resolve(name), name);
    }
  }

  @Test
  void hasPagesAndCompletionsWhereTheyAreLookedFor() throws Exception {
    Installation.addPages(man, share);

    assertThat(share.resolve("man/man1")).isDirectoryContaining("glob:**/model-signing.1");
    assertThat(share.resolve("man/man1")).isDirectoryNotContaining("glob:**.txt");
    assertThat(share.resolve("bash-completion/completions/model-signing"))
        .hasContent("model-signing.bash");
    assertThat(share.resolve("zsh/site-functions/_model-signing")).hasContent("_model-signing");
    assertThat(share.resolve("fish/vendor_completions.d/model-signing.fish"))
        .hasContent("model-signing.fish");
  }

  @Test
  void refusesToBuildWithoutPages() throws IOException {
    Files.delete(man.resolve("man1/model-signing.1"));

    assertThatThrownBy(() -> Installation.addPages(man, share))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("no manual pages in " + man);
  }

  @Test
  void refusesToBuildWithoutACompletion() throws IOException {
    Files.delete(man.resolve("completions/_model-signing"));

    assertThatThrownBy(() -> Installation.addPages(man, share))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("no " + man.resolve("completions/_model-signing"));
  }

  @Test
  void refusesToBuildWithoutTheModuleMan() {
    assertThatThrownBy(() -> Installation.addPages(directory.resolve("none"), share))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("build the module man first");
  }
}
