package dev.modelsigning.cli.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of a published model, which {@code integration/model/install} downloads. */
public final class RealModel {

  private RealModel() {}

  /** Whether to run what needs it: if it is there, or required. */
  public static boolean isWanted() {
    return Files.isDirectory(installed())
        || System.getenv("MODEL_SIGNING_MODEL") != null
        || "true".equals(System.getenv("MODEL_SIGNING_REQUIRE_PEERS"));
  }

  private static Path installed() {
    String named = System.getenv("MODEL_SIGNING_MODEL");
    return named == null
        ? Path.of(System.getProperty("modelsigning.root"), ".cache", "model")
        : Path.of(named);
  }

  /** Copies the files to a directory, with the names that they have in their package. */
  public static void copyTo(Path directory) throws IOException {
    Path from = installed();
    try (Stream<Path> found = Files.walk(from)) {
      List<Path> files = found.filter(Files::isRegularFile).toList();
      assertThat(files).as("files in %s", from).isNotEmpty();
      for (Path file : files) {
        Path copy = directory.resolve(from.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
  }
}
