package dev.modelsigning.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** The folder with published test data, which stands beside the project and not in it. */
public final class SharedVectors {

  private SharedVectors() {}

  /** A file or folder of the test data; the test is skipped if it is not there. */
  public static Path path(String name) {
    Path path = Path.of(System.getProperty("modelsigning.shared", "../../shared"), "vectors", name);
    assumeTrue(
        Files.exists(path), "needs the published test data at " + path + " (see CONTRIBUTING.md)");
    return path;
  }
}
