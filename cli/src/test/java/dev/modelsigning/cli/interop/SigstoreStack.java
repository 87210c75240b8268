package dev.modelsigning.cli.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** The real Sigstore on the loopback interface that {@code integration/sigstore/start} started. */
final class SigstoreStack {

  private static final Path ROOT = Path.of(System.getProperty("modelsigning.root"));

  private SigstoreStack() {}

  /** Whether to run tests with it: if it was started, or is required. */
  static boolean isThere() {
    return Files.exists(environment().resolveSibling("started"))
        || "true".equals(System.getenv("MODEL_SIGNING_REQUIRE_SIGSTORE"));
  }

  /** The address of one of its servers, by its name in {@code state/env}. */
  static URI address(String name) {
    try {
      return Files.readAllLines(environment()).stream()
          .filter(line -> line.startsWith(name + "="))
          .map(line -> URI.create(line.substring(name.length() + 1)))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file that was written when it was started. */
  static Path file(String name) {
    Path file = environment().resolveSibling(name);
    assertThat(file).isRegularFile();
    return file;
  }

  private static Path environment() {
    String named = System.getenv("MODEL_SIGNING_SIGSTORE");
    Path directory = named == null ? ROOT.resolve(".cache/sigstore") : Path.of(named);
    return directory.resolve("state/env");
  }
}
