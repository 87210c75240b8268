package dev.modelsigning.cli.interop.sigstore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.interop.Client;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The real Sigstore instance on the loopback interface that {@code integration/sigstore/start}
 * started.
 */
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

  /** A script of {@code integration/sigstore}. */
  static Client script(String name) {
    Path script = ROOT.resolve("integration/sigstore").resolve(name);
    return new Client(List.of("node", script.toString()), Map.of(), "");
  }

  /** Where it was installed. */
  static Path directory() {
    String named = System.getenv("MODEL_SIGNING_SIGSTORE");
    return named == null ? ROOT.resolve(".cache/sigstore") : Path.of(named);
  }

  private static Path environment() {
    return directory().resolve("state/env");
  }
}
