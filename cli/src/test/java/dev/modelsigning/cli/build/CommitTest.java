package dev.modelsigning.cli.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.testing.TimedProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The part of the build that determines the commit. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "runs git of a POSIX system")
class CommitTest {

  private static final Path SOURCES =
      Path.of(System.getProperty("modelsigning.root"), "cli/src/main/build");

  private static final String ARCHIVED = "0123456789abcdef0123456789abcdef01234567";

  @TempDir private static Path classes;

  @TempDir private Path directory;
  private Path checkout;
  private Path archive;

  @BeforeAll
  static void compile() throws Exception {
    Process javac =
        TimedProcess.start(
            new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "javac").toString(),
                    "-d",
                    classes.toString(),
                    SOURCES.resolve("Commit.java").toString())
                .inheritIO());
    assertThat(javac.waitFor()).isZero();
  }

  @BeforeEach
  void makeCheckout() throws Exception {
    checkout = Files.createDirectory(directory.resolve("a checkout"));
    archive = Files.copy(SOURCES.resolve("archive-commit"), directory.resolve("archive-commit"));
    Files.createDirectories(checkout.resolve("core/src/main/java"));
    Files.writeString(checkout.resolve("core/src/main/java/A.java"), "final class A {}");
    Files.writeString(checkout.resolve("README.md"), "read me");
    git("init", "-q");
    git("add", ".");
    git("-c", "user.name=n", "-c", "user.email=e@e.example", "commit", "-q", "-m", "first");
  }

  private String git(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).directory(checkout.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
    return printed(builder).strip();
  }

  private static String printed(ProcessBuilder builder) throws IOException, InterruptedException {
    Process process = TimedProcess.start(builder.redirectErrorStream(true));
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    return printed;
  }

  /** What it writes about a directory, with these variables and their values in the environment. */
  private String commitOf(Path top, String... environment) throws Exception {
    Path output = directory.resolve("classes/somewhere/commit");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            classes.toString(),
            "Commit",
            top.toString(),
            archive.toString(),
            output.toString());
    for (int i = 0; i < environment.length; i += 2) {
      builder.environment().put(environment[i], environment[i + 1]);
    }
    assertThat(printed(builder)).isEmpty();
    String written = Files.readString(output);
    assertThat(written).endsWith("\n");
    return written.strip();
  }

  @Test
  void isTheOneThatIsCheckedOut() throws Exception {
    assertThat(commitOf(checkout)).isEqualTo(git("rev-parse", "HEAD")).matches("[0-9a-f]{40}");
    assertThat(commitOf(checkout, "GIT_DIR", "/nowhere", "GIT_WORK_TREE", "/nowhere"))
        .isEqualTo(git("rev-parse", "HEAD"));
  }

  @Test
  void saysThatWhatIsBuiltIsNotWhatWasCommitted() throws Exception {
    String commit = git("rev-parse", "HEAD");

    Files.writeString(checkout.resolve("README.md"), "read this");
    Files.writeString(checkout.resolve("notes.txt"), "not built");
    assertThat(commitOf(checkout)).isEqualTo(commit);

    Path added = Files.writeString(checkout.resolve("core/src/main/java/B.java"), "class B {}");
    assertThat(commitOf(checkout)).isEqualTo(commit + " with changes");

    Files.delete(added);
    assertThat(commitOf(checkout)).isEqualTo(commit);

    Files.writeString(checkout.resolve("core/src/main/java/A.java"), "class A {}");
    assertThat(commitOf(checkout)).isEqualTo(commit + " with changes");
  }

  /** As for an archive that was unpacked inside another repository. */
  @Test
  void isNotThatOfAnotherRepositoryAround() throws Exception {
    Path copy = Files.createDirectories(checkout.resolve("vendor/model-signing"));

    assertThat(commitOf(copy)).isEmpty();

    Files.writeString(archive, ARCHIVED + "\n");
    assertThat(commitOf(copy)).isEqualTo(ARCHIVED);
  }

  @Test
  void isUnknownWithoutARepositoryAndWithoutGit() throws Exception {
    assertThat(commitOf(Files.createDirectory(directory.resolve("copy")))).isEmpty();
    assertThat(commitOf(checkout, "PATH", "/nowhere")).isEmpty();
  }

  @Test
  void isThatOfAnArchive() throws Exception {
    Path copy = Files.createDirectory(directory.resolve("copy"));
    for (String nothing : new String[] {"", "HEAD", ARCHIVED + "0", ARCHIVED + "\nmore"}) {
      Files.writeString(archive, nothing);
      assertThat(commitOf(copy)).as(nothing).isEmpty();
    }

    Files.delete(archive);
    assertThat(commitOf(copy)).isEmpty();

    Files.writeString(archive, ARCHIVED);
    assertThat(commitOf(copy)).isEqualTo(ARCHIVED);
  }

  /** Git replaces what is between the signs, in a file that .gitattributes names. */
  @Test
  void isLeftByGitInAnArchive() throws Exception {
    assertThat(Files.readString(SOURCES.resolve("archive-commit"))).isEqualTo("$Format:%H$\n");
    assertThat(
            Files.readAllLines(Path.of(System.getProperty("modelsigning.root"), ".gitattributes")))
        .contains("cli/src/main/build/archive-commit export-subst");
  }

  // What becomes of it

  @Test
  void standsInTheVersionWithWhatRunsAndWhatIsWritten() {
    assertThat(Invocation.of("--version").assertSucceeded().out().lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("model-signing, version "),
            line -> assertThat(line).matches("commit: ([0-9a-f]{40}( with changes)?|unknown)"),
            line ->
                assertThat(line)
                    .isEqualTo(
                        "Java: "
                            + System.getProperty("java.runtime.version")
                            + " ("
                            + System.getProperty("java.vendor")
                            + ")"),
            line -> assertThat(line).isEqualTo("specification: OpenSSF Model Signing 1.0"),
            line -> assertThat(line).isEqualTo("predicate: https://model_signing/signature/v1.0"),
            line ->
                assertThat(line)
                    .isEqualTo("bundle: application/vnd.dev.sigstore.bundle.v0.3+json"));
  }
}
