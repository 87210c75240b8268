package dev.modelsigning.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.testing.DocumentedCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The code in the documentation, which readers copy. */
class DocumentedSparkTest {

  @TempDir private Path directory;

  static List<DocumentedCode> documented() throws IOException {
    Path page = Path.of(System.getProperty("modelsigning.root")).resolve("docs/spark.md");
    List<DocumentedCode> found = new ArrayList<>(DocumentedCode.in(page));
    assertThat(found).hasSize(1);
    found.addAll(
        DocumentedCode.below(Path.of(System.getProperty("basedir", "")).resolve("src/main/java")));
    assertThat(found).hasSizeGreaterThan(1);
    return found;
  }

  @ParameterizedTest
  @MethodSource("documented")
  void compiles(DocumentedCode code) throws Exception {
    code.compile(directory);
  }
}
