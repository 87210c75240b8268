package dev.modelsigning.release;

import dev.modelsigning.signing.SigningException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.util.Map;
import java.util.SortedMap;

/**
 * Puts a release together from the results of the build, in this order, as each part covers those
 * before it: files, {@code SHA256SUMS}, {@code provenance.json} and its signature, {@code
 * model.sig}. {@code release/verify} expects exactly this layout.
 *
 * <p>Its content does not depend on when or where it is made, except for the signatures and for the
 * builder in the provenance.
 */
public final class Release {

  static final String PROVENANCE = "provenance.json";

  private Release() {}

  /**
   * Makes the release, and ends with the status 1 if it cannot be made.
   *
   * @param args see {@link Settings#of}
   */
  public static void main(String[] args) throws InterruptedException {
    try {
      Settings settings = Settings.of(args);
      Path program = settings.checkout().resolve("cli/target/model-signing.jar");
      make(settings, System.getenv(), Program.packaged(program), System.out);
    } catch (ReleaseException | IOException | SigningException | InvalidKeyException e) {
      System.err.println("release: error: " + e.getMessage());
      if (System.getenv("MODEL_SIGNING_RELEASE_TRACE") != null) {
        e.printStackTrace();
      }
      System.exit(1);
    }
  }

  static void make(
      Settings settings, Map<String, String> environment, Program program, PrintStream log)
      throws ReleaseException,
          IOException,
          SigningException,
          InvalidKeyException,
          InterruptedException {
    Commit commit = Commit.read(settings.checkout());
    if (!settings.isSnapshot() && !commit.isExact()) {
      throw new ReleaseException(
          "a release of version "
              + settings.version()
              + " is made of a commit and nothing else, found "
              + (commit.text().isEmpty() ? "no commit" : commit.text()));
    }
    Path directory = settings.directory();
    Trees.delete(directory);
    Files.deleteIfExists(settings.publicKey());
    Files.createDirectories(directory);

    new BuiltFiles(settings.checkout(), settings.version(), directory).copyAll();
    Checksums.write(directory);
    SortedMap<String, String> subjects = Checksums.of(directory);
    String provenance =
        new Provenance(settings, commit, environment)
            .statement(subjects, Materials.read(directory));
    byte[] statement = provenance.getBytes(StandardCharsets.UTF_8);
    Files.write(directory.resolve(PROVENANCE), statement);

    String trust =
        settings.keyless()
            ? new KeylessSignatures(settings, environment, program).sign(statement)
            : new KeySignatures(settings, environment, program, log).sign(statement);
    log.println("release: " + directory);
    log.println("verify it with: release/verify " + directory + " " + trust);
  }
}
