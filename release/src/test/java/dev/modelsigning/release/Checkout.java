package dev.modelsigning.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A checkout in small, with stand-ins for what the build makes. */
final class Checkout {

  static final String VERSION = "1.2.3-SNAPSHOT";
  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  private Checkout() {}

  /** Writes everything that is collected: two modules, packages, and the commit. */
  static Path write(Path directory) throws IOException {
    write(
        directory,
        "bom/pom.xml",
        """
        <project>
          <version>%s</version>
          <dependencies>
            <dependency>
              <groupId>dev.modelsigning</groupId>
              <artifactId>model-signing</artifactId>
            </dependency>
            <dependency>
              <groupId>dev.modelsigning</groupId>
              <artifactId>model-signing-sigstore</artifactId>
            </dependency>
          </dependencies>
        </project>
        """
            .formatted(VERSION));
    write(directory, "pom.xml", "<project/>");
    write(directory, "LICENSE", "the licence");
    writeModule(directory, "core", "model-signing");
    writeModule(directory, "sigstore", "model-signing-sigstore");
    String dist = "dist/target/model-signing";
    for (String each :
        new String[] {
          "_" + VERSION + "_amd64.deb",
          "-" + VERSION + "-linux-amd64.tar.gz",
          "-" + VERSION + ".jar",
          "-" + VERSION + "-image.tar"
        }) {
      write(directory, dist + each, each);
      write(directory, dist + each + ".cdx.json", "{}");
    }
    write(directory, dist + "-" + VERSION + "-image.tar.digest", "sha256:0\n");
    write(directory, dist + "-" + VERSION + ".other", "not released");
    writeCommit(directory, COMMIT);
    return directory;
  }

  static void writeCommit(Path directory, String commit) throws IOException {
    write(directory, "cli/target/classes/dev/modelsigning/cli/commit", commit + "\n");
  }

  private static void writeModule(Path directory, String module, String artifact)
      throws IOException {
    write(
        directory,
        module + "/pom.xml",
        "<project><parent><artifactId>x</artifactId></parent>\n<artifactId>"
            + artifact
            + "</artifactId></project>");
    String target = module + "/target/" + artifact + "-" + VERSION;
    for (String ending : new String[] {".jar", "-sources.jar", "-javadoc.jar"}) {
      write(directory, target + ending, artifact + ending);
    }
    write(directory, target + "-cyclonedx.json", "{\"components\": []}");
  }

  static Path write(Path directory, String name, String content) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.resolveSibling("."));
    return Files.writeString(file, content);
  }

  /** The settings of a release of it, signed by a key or by nobody. */
  static Settings settings(Path directory, String key) {
    return new Settings(directory, VERSION, key, false, "", "", "3.9");
  }
}
