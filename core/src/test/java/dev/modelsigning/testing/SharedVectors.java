package dev.modelsigning.testing;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder with published test data, which stands beside the project and not in it. Tests that
 * read it are marked with {@link WithSharedVectors}.
 */
public final class SharedVectors {

  private SharedVectors() {}

  private static Path folder() {
    return Path.of(System.getProperty("modelsigning.shared", "../../shared"), "vectors");
  }

  /** Whether the folder is there, as the condition of {@link WithSharedVectors}. */
  static boolean areThere() {
    return Files.isDirectory(folder());
  }

  /**
   * A file or folder of the test data.
   *
   * @throws AssertionError if it is not there. This skips no test: an assertion about exceptions
   *     around the call would take the end of the test for what it waits for.
   */
  public static Path path(String name) {
    Path path = folder().resolve(name);
    if (!Files.exists(path)) {
      throw new AssertionError(
          areThere()
              ? "the published test data has no " + path
              : "a test that needs the published test data must be marked @WithSharedVectors");
    }
    return path;
  }
}
