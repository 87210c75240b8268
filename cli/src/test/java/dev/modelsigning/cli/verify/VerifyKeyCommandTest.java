package dev.modelsigning.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code verify key} accepts, and what it reports about it. */
class VerifyKeyCommandTest {

  @TempDir private Path directory;

  private Workspace workspace;

  @BeforeEach
  void signAModel() throws IOException {
    workspace = Workspace.in(directory);
    workspace.sign().assertSucceeded();
  }

  @Test
  void saysWhatItVerified() {
    Invocation verified = workspace.verify().assertSucceeded();

    assertThat(verified.out().lines().findFirst()).contains("Verification succeeded");
    assertThat(verified.out())
        .contains("model        " + workspace.model() + " (signed as model)\n")
        .containsPattern("signer +key [0-9a-f]{64}\n +algorithm +ECDSA P-256\n")
        .containsPattern("files +3 files, 11 bytes, sha256\n")
        .containsPattern("digest +sha256:[0-9a-f]{64}\n")
        .containsPattern("not covered +nothing\n");
    assertThat(verified.err()).isEmpty();
  }

  @Test
  void writesNothing() throws Exception {
    workspace.changingNothing(workspace::verify).assertSucceeded();
  }

  @Test
  void namesTheSameSignerAndDigestAsTheOneWhoSigned() {
    String signed = workspace.sign().assertSucceeded().out();

    String verified = workspace.verify().assertSucceeded().out();

    for (String fact : new String[] {"  signer ", "  digest "}) {
      String line = signed.lines().filter(one -> one.startsWith(fact)).findFirst().orElseThrow();
      assertThat(verified.lines()).contains(line);
    }
  }

  @Test
  void acceptsAModelThatWasRenamed() throws IOException {
    Path renamed = Files.move(workspace.model(), workspace.path("renamed"));

    assertThat(workspace.verifyModel(renamed).assertSucceeded().out())
        .contains(renamed + " (signed as model)");
  }

  @Test
  void acceptsASignatureThatWasMovedIntoTheModel() throws IOException {
    Path inside = Files.move(workspace.signature(), workspace.model().resolve("model.sig"));

    assertThat(workspace.verifyBy(inside).assertSucceeded().out())
        .contains("not covered  model.sig (the signature file)");
  }

  @Test
  void acceptsAnEmptyDirectoryMore() throws IOException {
    Files.createDirectories(workspace.model().resolve("empty/nested"));

    workspace.verify().assertSucceeded();
  }

  @Test
  void acceptsGitPathsThatCameLaterAndSaysSo() throws IOException {
    workspace.write("model/.git/HEAD", "ref");

    assertThat(workspace.verify().assertSucceeded().out())
        .contains("not covered  .git/ (git path, ignored by default)");
  }

  @Test
  void verifiesGitPathsThatWereSigned() throws IOException {
    workspace.write("model/.gitignore", "*.tmp");
    workspace.sign("--no-ignore-git-paths").assertSucceeded();

    assertThat(workspace.verify().assertSucceeded().out()).contains("4 files");
  }

  @Test
  void acceptsWhatTheSignerLeftOutAndSaysSo() throws IOException {
    Path file = workspace.write("model/cache/x", "x");
    workspace.sign("--ignore-paths", file.getParent()).assertSucceeded();

    assertThat(workspace.verify().assertSucceeded().out())
        .contains("not covered  cache/ (left out by the signer)");
  }

  @Test
  void toleratesUnsignedFilesOnRequestAndListsThem() throws Exception {
    workspace.write("model/extra.bin", "x");
    workspace.link("model/link", "nowhere");

    Invocation verified = workspace.verify("--ignore-unsigned-files").assertSucceeded();

    assertThat(verified.out())
        .contains("3 files, 11 bytes")
        .contains("not covered  extra.bin (unsigned, allowed on request)\n")
        .containsPattern("\n +link \\[[a-z ]*link\\] \\(unsigned, allowed on request\\)\n");
  }

  @Test
  void listsTheFirstTwentyOfWhatIsNotCovered() throws IOException {
    for (int i = 10; i < 35; i++) {
      workspace.write("model/extra" + i, "x");
    }

    Invocation verified = workspace.verify("--ignore-unsigned-files").assertSucceeded();

    assertThat(verified.out()).contains("extra10 ", "extra29 ", "... and 5 more");
    assertThat(verified.out()).doesNotContain("extra30");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "2", "7"})
  void comesToTheSameVerdictWithAnyNumberOfJobs(String jobs) {
    assertThat(workspace.verify("--jobs", jobs).assertSucceeded().out())
        .isEqualTo(workspace.verify().out());
  }

  @Test
  void printsNothingWhenQuiet() {
    Invocation verified = workspace.verify("--quiet").assertSucceeded();

    assertThat(verified.out()).isEmpty();
    assertThat(verified.err()).isEmpty();
  }

  @Test
  void acceptsTheFlagThatThePythonToolNeedsForLinks() throws IOException {
    workspace.link("model/link.json", "config.json");
    workspace.sign("--allow-symlinks").assertSucceeded();

    workspace.verify("--allow-symlinks").assertSucceeded();
  }

  @Test
  void verifiesStrictlyWhereEverythingIsSigned() {
    workspace.verify("--strict").assertSucceeded();
  }

  @Test
  void letsTheSignatureLieInTheModelAlsoWhenStrict() throws IOException {
    Path inside = Files.move(workspace.signature(), workspace.model().resolve("model.sig"));

    workspace.verifyBy(inside, "--strict").assertSucceeded();
  }

  @Test
  void letsTheUserIgnoreAPathAlsoWhenStrict() throws IOException {
    Path file = workspace.write("model/notes.txt", "mine");

    assertThat(workspace.verify("--strict", "--ignore-paths", file).assertSucceeded().out())
        .contains("notes.txt (ignored on request)");
  }

  @Test
  void saysThatIgnoringWhatIsSignedHasNoEffect() throws IOException {
    workspace.sign().assertSucceeded();
    String expected = "has no effect on what is signed, such as 'weights/a.bin'";

    Invocation verified = workspace.verify("--ignore-paths", "weights").assertSucceeded();
    assertThat(verified.err()).contains("--ignore-paths 'weights' " + expected);

    workspace.write("model/weights/a.bin", "other");
    assertThat(workspace.verify("--ignore-paths", "weights/a.bin").err())
        .contains("--ignore-paths 'weights/a.bin' " + expected);
    assertThat(workspace.verify("--ignore-paths", "weights/a").err()).doesNotContain("no effect");
  }

  @Test
  void saysThatIgnoringAFileWithSignedRangesHasNoEffect() throws IOException {
    workspace.sign("--shard-size", "2").assertSucceeded();

    assertThat(workspace.verify("--ignore-paths", "weights/a.bin").assertSucceeded().err())
        .contains("such as 'weights/a.bin:0:2'");
  }

  @Test
  void showsListsAsAWholeIfAskedTo() throws IOException {
    workspace.sign().assertSucceeded();
    for (int i = 10; i < 40; i++) {
      workspace.write("model/many/" + i, "x");
    }

    assertThat(workspace.verify().err()).contains("many/29").contains("... and 10 more");
    assertThat(workspace.verify("--all").err()).contains("many/39").doesNotContain("more");
    assertThat(workspace.verify("--ignore-unsigned-files").out()).contains("... and 10 more");
    assertThat(workspace.verify("--ignore-unsigned-files", "--all").out())
        .contains("many/39")
        .doesNotContain("more");
  }

  /** A key or a certificate in place of the signature. */
  @ParameterizedTest
  @ValueSource(strings = {"", "\n  "})
  void saysThatAKeyIsNoSignature(String before) throws Exception {
    String pem = Files.readString(workspace.publicKey());
    Path file = workspace.write("other.sig", before + pem);

    workspace
        .verifyBy(file)
        .assertFailed(
            Workspace.VERIFICATION_FAILED,
            file
                + ": bundle: expected JSON, found PEM with 'PUBLIC KEY'; the signature is the file"
                + " that 'sign' wrote, often model.sig\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-----BEGIN", "-----BEGIN x-----", "{-----BEGIN A-----"})
  void saysOfOtherTextThatItIsNoJson(String text) throws Exception {
    Path file = workspace.write("other.sig", text);

    assertThat(workspace.verifyBy(file).assertFailed(Workspace.VERIFICATION_FAILED).err())
        .contains(file + ": bundle: not valid JSON at line 1, column ");
  }
}
