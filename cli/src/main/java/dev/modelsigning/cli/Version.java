package dev.modelsigning.cli;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.statement.Predicate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.IVersionProvider;

/**
 * The output of {@code --version}. The first line is for programs; the others state the build, the
 * runtime, and the format that is written.
 */
final class Version implements IVersionProvider {

  /** The version of the OMS specification that is implemented. */
  private static final String SPECIFICATION = "1.0";

  private static final String UNKNOWN = "unknown";

  @Override
  public String[] getVersion() throws IOException {
    String version = Main.class.getPackage().getImplementationVersion();
    return new String[] {
      "model-signing, version " + (version == null ? "unpackaged" : version),
      "commit: " + commit(),
      "Java: "
          + System.getProperty("java.runtime.version", UNKNOWN)
          + " ("
          + System.getProperty("java.vendor", UNKNOWN)
          + ")",
      "specification: OpenSSF Model Signing " + SPECIFICATION,
      "predicate: " + Predicate.SignatureV1.TYPE,
      "bundle: " + Bundle.MEDIA_TYPE
    };
  }

  /** The commit that was built, as recorded by the build. */
  private static String commit() throws IOException {
    try (InputStream file = Version.class.getResourceAsStream("commit")) {
      String commit =
          file == null ? "" : new String(file.readAllBytes(), StandardCharsets.UTF_8).strip();
      return commit.isEmpty() ? UNKNOWN : commit;
    }
  }
}
