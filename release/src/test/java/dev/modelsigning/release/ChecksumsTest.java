package dev.modelsigning.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The file {@code SHA256SUMS}. */
class ChecksumsTest {

  // FIPS 180-2, appendix B.1
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @TempDir private Path directory;

  @Test
  void listsEveryFileInTheOrderOfTheirBytes() throws Exception {
    Checkout.write(directory, "b", "abc");
    Checkout.write(directory, "a/c", "abc");
    Checkout.write(directory, "a-b", "abc");
    Checkout.write(directory, "B", "abc");

    Checksums.write(directory);

    assertThat(directory.resolve("SHA256SUMS"))
        .hasContent(String.join("", ABC, "  B\n", ABC, "  a-b\n", ABC, "  a/c\n", ABC, "  b\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {".hidden", "a b", "a/.b", "-a", "\u00e4", "a\nb", "a$b"})
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "names that it does not have")
  void refusesANameThatCouldMeanSomethingElse(String name) throws Exception {
    Checkout.write(directory, name, "abc");

    assertThatThrownBy(() -> Checksums.of(directory))
        .isInstanceOf(ReleaseException.class)
        .hasMessage("a release must not contain a file of this name: " + name);
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs symbolic links")
  void refusesALink() throws Exception {
    Files.createSymbolicLink(directory.resolve("link"), Checkout.write(directory, "a", "abc"));

    assertThatThrownBy(() -> Checksums.of(directory))
        .isInstanceOf(ReleaseException.class)
        .hasMessage("a release must contain regular files only, found link");
  }
}
