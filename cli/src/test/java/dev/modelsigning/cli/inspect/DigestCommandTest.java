package dev.modelsigning.cli.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code digest} prints the root digest and nothing else. */
class DigestCommandTest {

  private static final String FAILED = "Computing digest failed";

  @TempDir private Path directory;

  private Workspace workspace;

  @BeforeEach
  void makeModel() throws IOException {
    workspace = Workspace.in(directory);
  }

  /** SHA-256 over the digests of these contents, as OMS 6.5.1 has it. */
  private static String rootDigest(String... contents) throws NoSuchAlgorithmException {
    MessageDigest root = MessageDigest.getInstance("SHA-256");
    MessageDigest file = MessageDigest.getInstance("SHA-256");
    for (String content : contents) {
      root.update(file.digest(content.getBytes(StandardCharsets.UTF_8)));
    }
    return "sha256:" + HexFormat.of().formatHex(root.digest()) + System.lineSeparator();
  }

  @Test
  void printsTheRootDigestAndNothingElse() throws Exception {
    Invocation digest = Invocation.of("digest", workspace.model()).assertSucceeded();

    assertThat(digest.out()).isEqualTo(rootDigest("{}", "alpha", "beta"));
    assertThat(digest.err()).isEmpty();
  }

  @Test
  void printsWhatASignatureWouldStateAsJson() throws Exception {
    workspace.write("model/.git/x", "x");
    Invocation digest = Invocation.of("digest", workspace.model(), "--format=json", "--quiet");

    assertThat(digest.assertSucceeded().out())
        .matches(
            "\\{\"schemaVersion\":1,\"toolVersion\":\"[0-9][^\"]*\",\"model\":\"[^\"]*/model\","
                + "\"subject\":\"model\",\"digest\":\""
                + rootDigest("{}", "alpha", "beta").strip()
                + "\",\"serialization\":\\{\"method\":\"files\",\"hash\":\"sha256\","
                + "\"allowSymlinks\":false,\"ignoredPaths\":\\[[^]]*]},\"files\":3,\"bytes\":11,"
                + "\"notCovered\":\\[\\{\"name\":\".git\",\"kind\":\"DIRECTORY\","
                + "\"reason\":\"GIT_PATH\"}],\"findings\":\\[],\"warnings\":\\[]}\n");
    assertThat(digest.err()).isEmpty();
  }

  @Test
  void saysAsJsonWhyThereIsNone() {
    Path absent = workspace.path("absent");
    Invocation refused = Invocation.of("digest", absent, "--format=json");

    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.out())
        .startsWith("{\"verified\":false,")
        .contains(
            "\"model\":\""
                + absent
                + "\",\"reason\":\"IO_ERROR\",\"message\":\""
                + absent
                + ": no such");
    assertThat(refused.err()).startsWith(FAILED + ": " + absent);
  }

  /** A finding is written for programs, and printed on standard error for users. */
  @Test
  void tellsFindingsToBoth() throws Exception {
    workspace.write("elsewhere", "x");
    workspace.link("model/link", "../elsewhere");
    Invocation digest =
        Invocation.of("digest", workspace.model(), "--format=json", "--allow-symlinks");

    assertThat(digest.assertSucceeded().out())
        .contains("{\"rule\":\"LINK_LEAVES_MODEL\",\"severity\":\"WARNING\",");
    assertThat(digest.err()).startsWith("warning: ");
  }

  @Test
  void ordersNamesByCodePointAndNotByComponent() throws Exception {
    workspace.write("model/weights.json", "gamma");

    assertThat(Invocation.of("digest", workspace.model()).assertSucceeded().out())
        .isEqualTo(rootDigest("{}", "gamma", "alpha", "beta"));
  }

  @Test
  void printsTheDigestThatASignatureStates() throws IOException {
    workspace.write("model/.git/HEAD", "left out by both");
    String digest = Invocation.of("digest", workspace.model()).assertSucceeded().out().strip();

    assertThat(workspace.sign().assertSucceeded().out())
        .containsPattern("digest +" + digest + "\n");
  }

  @Test
  void isQuietAboutAllButTheDigest() throws Exception {
    assertThat(Invocation.of("digest", workspace.model(), "--quiet").assertSucceeded().out())
        .isEqualTo(rootDigest("{}", "alpha", "beta"));
  }

  @Test
  void writesNothing() throws Exception {
    workspace.changingNothing(() -> Invocation.of("digest", workspace.model())).assertSucceeded();
  }

  @Test
  void leavesOutPathsToIgnore() throws Exception {
    Path ignored = workspace.model().resolve("weights");

    assertThat(
            Invocation.of("digest", workspace.model(), "--ignore-paths", ignored)
                .assertSucceeded()
                .out())
        .isEqualTo(rootDigest("{}"));
  }

  @Test
  void digestsAModelOfOneFile() throws Exception {
    assertThat(
            Invocation.of("digest", workspace.model().resolve("config.json"))
                .assertSucceeded()
                .out())
        .isEqualTo(rootDigest("{}"));
  }

  @Test
  void countsGitPathsOnRequest() throws Exception {
    workspace.write("model/.gitignore", "*");

    assertThat(
            Invocation.of("digest", workspace.model(), "--no-ignore-git-paths")
                .assertSucceeded()
                .out())
        .isEqualTo(rootDigest("*", "{}", "alpha", "beta"));
  }

  @Test
  void digestsShards() throws Exception {
    assertThat(Invocation.of("digest", workspace.model(), "--shard-size=4").assertSucceeded().out())
        .isEqualTo(rootDigest("{}", "alph", "a", "beta"));
  }

  @Test
  void isAlwaysSha256OverDigestsOfTheChosenAlgorithm() {
    String blake2b =
        Invocation.of("digest", workspace.model(), "--hash-algorithm=blake2b")
            .assertSucceeded()
            .out();

    assertThat(blake2b).matches("sha256:[0-9a-f]{64}\\R");
    assertThat(blake2b).isNotEqualTo(Invocation.of("digest", workspace.model()).out());
  }

  @Test
  void countsAnAllowedLinkAsWhatItLeadsTo() throws Exception {
    workspace.link("model/z", "config.json");

    assertThat(
            Invocation.of("digest", workspace.model(), "--allow-symlinks").assertSucceeded().out())
        .isEqualTo(rootDigest("{}", "alpha", "beta", "{}"));
  }

  @Test
  void refusesALinkAndNamesIt() throws IOException {
    Path link = workspace.link("model/z", "config.json");

    Invocation.of("digest", workspace.model()).assertFailed(FAILED, link + ": is a symbolic link");
  }

  @ParameterizedTest
  @ValueSource(strings = {"missing", "empty"})
  void refusesAModelWithoutFilesAndNamesIt(String name) throws IOException {
    Files.createDirectory(workspace.path("empty"));

    Invocation.of("digest", workspace.path(name)).assertFailed(FAILED, workspace.path(name) + ": ");
  }
}
