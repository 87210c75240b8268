package dev.modelsigning.maven.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Output paths, and paths inside a model. */
class FilesTest {

  @TempDir Path directory;

  private Path model;

  @BeforeEach
  void makeModel() throws IOException {
    model = Files.createDirectories(directory.resolve("model"));
    Files.writeString(model.resolve("a"), "a");
  }

  @Test
  void writesAFileAnewInADirectoryThatIsNotThereYet() throws Exception {
    Path file = directory.resolve("target/out/verdict.json");
    OutputFile output = OutputFile.of("verdictFile", file, model, List.of());

    output.write(out -> out.write("1".getBytes(StandardCharsets.UTF_8)));
    output.write(out -> out.write("2".getBytes(StandardCharsets.UTF_8)));

    assertThat(file).hasContent("2");
    output.clear();
    assertThat(file).doesNotExist();
  }

  @Test
  void writesNothingIntoTheModelByALinkToItEither() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), model);

    assertThatThrownBy(
            () -> OutputFile.of("sarifFile", link.resolve("x/../b.sarif"), model, List.of()))
        .hasMessageContaining("is in the model, of which it would be an unsigned file");
  }

  @Test
  void writesNothingOverWhatIsRead() throws IOException {
    Path key = Files.writeString(directory.resolve("key.pub"), "key");
    Path other = Files.createLink(directory.resolve("other"), key);

    for (Path file : List.of(key, other, directory.resolve("model/../key.pub"))) {
      assertThatThrownBy(() -> OutputFile.of("sarifFile", file, model, List.of(key)))
          .hasMessageEndingWith(" is what this goal reads");
    }
    assertThat(key).hasContent("key");
  }

  @Test
  void replacesNoLinkAndNoDirectory() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("l"), directory.resolve("nowhere"));

    for (Path file : List.of(link, Files.createDirectory(directory.resolve("d")))) {
      assertThatThrownBy(() -> OutputFile.of("sarifFile", file, model, List.of()))
          .hasMessageEndingWith(" is not a regular file");
    }
  }

  @Test
  void namesPathsByTheirNamesInTheModel() throws Exception {
    assertThat(
            Places.inModel(
                "only", List.of("a", "./b/../a", model.resolve("a").toString(), "c/d"), model))
        .containsExactly("a", "a", "a", "c/d");
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "../key", "/etc/passwd", "b/../../x", "*.bin", "a?"})
  void refusesPathsOutsideAndPatterns(String path) {
    assertThatThrownBy(() -> Places.inModel("ignorePaths", List.of(path), model))
        .isInstanceOf(WrongParameterException.class)
        .hasMessageStartingWith("<ignorePaths>: ");
  }

  @Test
  void twoExecutionsDoNotWriteTheSameFile() throws Exception {
    Object build = new Object();
    Path file = directory.resolve("model.sig");
    WrittenFiles.of(build).claim("signature", file, "sign (a) @ m");

    assertThatCode(() -> WrittenFiles.of(build).claim("signature", file, "sign (a) @ m"))
        .as("the same again, as in mvn package install")
        .doesNotThrowAnyException();
    assertThatCode(() -> WrittenFiles.of(new Object()).claim("signature", file, "sign (b) @ m"))
        .as("another build")
        .doesNotThrowAnyException();
    assertThatThrownBy(() ->
            WrittenFiles.of(build)
                .claim("signature", model.resolve("../model.sig"), "sign (b) @ m"))
        .hasMessageContaining("is written by sign (a) @ m in this build, too");
  }
}
