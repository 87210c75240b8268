package dev.modelsigning.cli.model;

import static dev.modelsigning.cli.Workspace.SIGNING_FAILED;
import static dev.modelsigning.cli.Workspace.VERIFICATION_FAILED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * All forms of {@code --ignore-paths}. Those that depend on the current directory are in {@code
 * PackagedJarIT}, since it cannot be changed within a process.
 */
class IgnorePathsTest {

  @TempDir private Path directory;

  private Workspace workspace;

  @BeforeEach
  void makeModelWithCache() throws IOException {
    workspace = Workspace.in(directory);
    workspace.write("model/cache/x", "x");
    workspace.write("model/cache/deep/y", "y");
  }

  private void assertLeavesOutTheCache(Invocation signed) {
    assertThat(signed.assertSucceeded().out())
        .contains("3 files, 11 bytes")
        .contains("not covered  cache/ (ignored on request)\n");
    assertThat(Invocation.of("inspect", workspace.signature()).assertSucceeded().out())
        .containsPattern("left out +cache\n");
  }

  @Test
  void takesAnAbsolutePath() {
    assertLeavesOutTheCache(
        workspace.sign("--ignore-paths", workspace.model().resolve("cache").toAbsolutePath()));
  }

  @Test
  void takesAPathRelativeToTheModel() {
    assertLeavesOutTheCache(workspace.sign("--ignore-paths", "cache"));
  }

  @Test
  void takesAPathRelativeToTheCurrentDirectory() {
    Path fromHere = Path.of("").toAbsolutePath().relativize(workspace.model().resolve("cache"));
    assertThat(fromHere).isRelative();

    assertLeavesOutTheCache(workspace.sign("--ignore-paths", fromHere));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cache/", "./cache", "weights/../cache"})
  void takesAPathThatIsNotCanonical(String path) {
    assertLeavesOutTheCache(workspace.sign("--ignore-paths", path));
  }

  @Test
  void takesAPathThroughALinkAboveTheModel() throws IOException {
    workspace.link("alias", "model");

    assertLeavesOutTheCache(workspace.sign("--ignore-paths", workspace.path("alias/cache")));
  }

  @Test
  void takesSeveralPaths() {
    Invocation signed =
        workspace.sign("--ignore-paths", "cache", "--ignore-paths=weights/b.bin").assertSucceeded();

    assertThat(signed.out())
        .contains("2 files, 7 bytes")
        .contains("cache/ (ignored on request)", "weights/b.bin (ignored on request)");
  }

  @Test
  void leavesOutALinkItselfAndNotWhatItLeadsTo() throws IOException {
    workspace.link("model/link", "weights");

    Invocation signed =
        workspace.sign("--ignore-paths", workspace.model().resolve("link")).assertSucceeded();

    assertThat(signed.out())
        .contains("5 files")
        .contains("link [symbolic link] (ignored on request)");
  }

  @Test
  void matchesWholeComponentsOnly() throws IOException {
    workspace.write("model/cache2", "signed");
    workspace.write("model/weights/cache", "signed");

    assertThat(workspace.sign("--ignore-paths", "cache").assertSucceeded().out())
        .contains("5 files");
  }

  @Test
  void acceptsAPathThatDoesNotExist() {
    assertThat(workspace.sign("--ignore-paths", "nothing-there").assertSucceeded().out())
        .contains("5 files");
  }

  @Test
  void tellsProgramsOfAPathThatDoesNotExist() {
    String finding =
        "\"rule\":\"IGNORED_PATH_ABSENT\",\"severity\":\"WARNING\",\"message\":\"there is nothing to"
            + " ignore at nothing-there in the model; correct the path if it is mistyped, as whatever"
            + " is put there later is left out\"";
    for (Invocation run :
        List.of(
            workspace.sign("--format=json", "--ignore-paths", "nothing-there"),
            workspace.verify("--format=json", "--ignore-paths", "nothing-there"))) {
      assertThat(run.assertSucceeded().out()).containsOnlyOnce(finding);
      assertThat(run.err())
          .isEqualTo(
              "warning: there is nothing to ignore at nothing-there in the model; correct the path if"
                  + " it is mistyped, as whatever is put there later is left out\n");
    }
    assertThat(
            workspace
                .verify("--format=sarif", "--ignore-paths", "nothing-there")
                .assertSucceeded()
                .out())
        .contains("\"ruleId\":\"IGNORED_PATH_ABSENT\"");
  }

  @Test
  void tellsProgramsOfAPathThatIsSigned() {
    workspace.sign().assertSucceeded();

    Invocation run = workspace.verify("--format=json", "--ignore-paths", "cache").assertSucceeded();

    assertThat(run.out())
        .containsOnlyOnce(
            "\"rule\":\"IGNORED_PATH_SIGNED\",\"severity\":\"WARNING\",\"message\":\"--ignore-paths"
                + " 'cache' has no effect on what is signed, such as 'cache/");
    assertThat(run.err()).containsOnlyOnce("has no effect on what is signed");
  }

  @Test
  void recordsPathsSortedAndGitPathsBehindThem() {
    workspace.sign("--ignore-paths", "weights", "--ignore-paths", "cache").assertSucceeded();

    assertThat(Invocation.of("inspect", "--payload", workspace.signature()).assertSucceeded().out())
        .contains(
            "\"ignore_paths\":[\"cache\",\"weights\",\".git\",\".gitattributes\",\".github\","
                + "\".gitignore\"]");
  }

  @Test
  void refusesAPathOutsideTheModelAndNamesIt() throws Exception {
    Path outside = workspace.publicKey();

    workspace
        .changingNothing(() -> workspace.sign("--ignore-paths", outside))
        .assertFailed(SIGNING_FAILED, outside + ": ", "not inside the model");
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "../key.pub", "cache/../../key.pub", "."})
  void refusesARelativePathOutOfTheModel(String path) throws Exception {
    workspace
        .changingNothing(() -> workspace.sign("--ignore-paths", path))
        .assertFailed(SIGNING_FAILED, path + ": ", "not inside the model");
  }

  @Test
  void refusesTheModelItself() throws Exception {
    workspace
        .changingNothing(() -> workspace.sign("--ignore-paths", workspace.model()))
        .assertFailed(SIGNING_FAILED, workspace.model() + ": ", "not inside the model");
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "cache/*", "ca?he", "[c]ache"})
  void refusesAPatternSinceThereAreNone(String pattern) throws Exception {
    workspace
        .changingNothing(() -> workspace.sign("--ignore-paths", pattern))
        .assertUsage("--ignore-paths", "'" + pattern + "'", "no patterns");
  }

  @Test
  void refusesAPatternWhenVerifying() {
    workspace.sign().assertSucceeded();

    workspace.verify("--ignore-paths", "*.tmp").assertUsage("--ignore-paths", "'*.tmp'");
  }

  @Test
  void toleratesWhatTheVerifierIgnores() {
    workspace.sign("--ignore-paths", "cache").assertSucceeded();
    // As if the cache had come with the use of the model.
    workspace.verify("--strict").assertFailed(VERIFICATION_FAILED, "2 not signed");

    assertThat(workspace.verify("--strict", "--ignore-paths", "cache").assertSucceeded().out())
        .contains("cache/ (ignored on request)");
  }

  @Test
  void refusesAPathOutsideTheModelWhenVerifying() {
    workspace.sign().assertSucceeded();
    Path outside = workspace.publicKey();

    workspace
        .verify("--ignore-paths", outside)
        .assertFailed(VERIFICATION_FAILED, outside + ": ", "not inside the model");
  }

  @Test
  void ignoresAnUnreadableDirectoryWithoutEnteringIt() throws IOException {
    Path secret = Files.createDirectory(workspace.model().resolve("secret"));
    workspace.forbid(secret);

    workspace.sign("--ignore-paths", "secret").assertSucceeded();
  }
}
