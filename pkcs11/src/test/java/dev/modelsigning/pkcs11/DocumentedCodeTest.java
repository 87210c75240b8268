package dev.modelsigning.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.testing.DocumentedCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The code in the documentation of this module compiles. */
class DocumentedCodeTest {

  @TempDir private Path directory;

  static List<DocumentedCode> all() throws IOException {
    List<DocumentedCode> found =
        DocumentedCode.below(Path.of(System.getProperty("basedir", "")).resolve("src/main/java"));
    assertThat(found).anyMatch(code -> code.isOfPackage("dev.modelsigning.pkcs11"));
    return found;
  }

  @ParameterizedTest
  @MethodSource("all")
  void compiles(DocumentedCode code) throws Exception {
    code.compile(directory);
  }
}
