package dev.modelsigning.cli.sign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.cli.testing.PemFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Successful runs of {@code sign key}. */
class SignKeyCommandTest {

  @TempDir private Path directory;

  private Workspace workspace;

  @BeforeEach
  void makeModelAndKeys() throws IOException {
    workspace = Workspace.in(directory);
  }

  @Test
  void saysWhatItSignedAndWithWhichKey() {
    Invocation signed = workspace.sign().assertSucceeded();

    assertThat(signed.out().lines().findFirst()).contains("Signing succeeded");
    assertThat(signed.out())
        .contains("signature    " + workspace.signature())
        .containsPattern("signer +key [0-9a-f]{64}\n +algorithm +ECDSA P-256\n")
        .containsPattern("files +3 files, 11 bytes, sha256\n")
        .containsPattern("digest +sha256:[0-9a-f]{64}\n")
        .containsPattern("not covered +nothing\n");
    assertThat(signed.err()).isEmpty();
  }

  @Test
  void writesASignatureThatVerifies() {
    workspace.sign().assertSucceeded();

    workspace.verify().assertSucceeded();
  }

  @Test
  void writesNothingButTheSignature() throws IOException {
    var before = workspace.content();

    workspace.sign().assertSucceeded();

    var after = workspace.content();
    assertThat(after.remove("model.sig")).isNotEmpty();
    assertThat(after).isEqualTo(before);
  }

  @Test
  void replacesAnEarlierSignature() throws IOException {
    workspace.sign().assertSucceeded();
    workspace.write("model/more.bin", "more");

    workspace.sign().assertSucceeded();

    workspace.verify().assertSucceeded();
  }

  @Test
  void statesTheSameBytesForTheSameModel() {
    workspace.sign().assertSucceeded();
    String first = Invocation.of("inspect", "--payload", workspace.signature()).out();

    workspace.sign("--jobs", "1").assertSucceeded();

    assertThat(Invocation.of("inspect", "--payload", workspace.signature()).out())
        .isNotEmpty()
        .isEqualTo(first);
  }

  @Test
  void leavesOutItsOwnSignatureInTheModel() {
    Path inside = workspace.model().resolve("model.sig");

    Invocation signed = workspace.signTo(inside).assertSucceeded();
    Invocation again = workspace.signTo(inside).assertSucceeded();

    assertThat(signed.out()).contains("3 files, 11 bytes");
    assertThat(again.out())
        .contains("3 files, 11 bytes")
        .contains("not covered  model.sig (the signature file)");
    workspace.verifyBy(inside).assertSucceeded();
  }

  @Test
  void leavesOutGitPathsAndSaysSo() throws IOException {
    workspace.write("model/.git/HEAD", "ref");
    workspace.write("model/.gitignore", "*.tmp");
    workspace.write("model/weights/.gitignore", "signed, since it is not at the top");

    Invocation signed = workspace.sign().assertSucceeded();

    assertThat(signed.out())
        .contains("4 files")
        .contains(".git/ (git path, ignored by default)")
        .contains(".gitignore (git path, ignored by default)");
  }

  @Test
  void signsGitPathsOnRequest() throws IOException {
    workspace.write("model/.git/HEAD", "ref");
    workspace.write("model/.gitignore", "*.tmp");

    Invocation signed = workspace.sign("--no-ignore-git-paths").assertSucceeded();

    assertThat(signed.out()).contains("5 files").containsPattern("not covered +nothing\n");
    workspace.verify().assertSucceeded();
  }

  @Test
  void signsAModelOfOneFile() {
    Path file = workspace.model().resolve("config.json");

    Invocation signed = workspace.signModel(file).assertSucceeded();

    assertThat(signed.out()).contains("1 file, 2 bytes");
    workspace.verifyModel(file).assertSucceeded();
  }

  @Test
  void coversEmptyFilesAndDotfiles() throws IOException {
    workspace.write("model/.hidden", "");

    Invocation signed = workspace.sign().assertSucceeded();

    assertThat(signed.out()).contains("4 files, 11 bytes").containsPattern("not covered +nothing");
  }

  @Test
  void printsNothingWhenQuiet() {
    Invocation signed = workspace.sign("--quiet").assertSucceeded();

    assertThat(signed.out()).isEmpty();
    assertThat(signed.err()).isEmpty();
    assertThat(workspace.signature()).exists();
  }

  @ParameterizedTest
  @CsvSource({"secp256r1,P-256", "secp384r1,P-384", "secp521r1,P-521"})
  void signsWithSec1KeysOnEachCurve(String curve, String shown) throws Exception {
    var pair = PemFiles.ec(curve);
    Path privateKey = PemFiles.writeTraditional(workspace.path("sec1.pem"), pair);
    Path publicKey = PemFiles.writePublic(workspace.path("sec1.pub"), pair);
    assertThat(Files.readString(privateKey)).startsWith("-----BEGIN EC PRIVATE KEY-----");

    assertThat(workspace.signWith(privateKey).assertSucceeded().out())
        .contains("algorithm    ECDSA " + shown);
    workspace.verifyWith(publicKey).assertSucceeded();
  }

  @Test
  void passesOverTextBeforeTheKey() throws IOException {
    String pem = Files.readString(workspace.privateKey());
    Path key = workspace.write("described.pem", "Public Key Info:\n\tAlgorithm: EC\n\n" + pem);

    workspace.signWith(key).assertSucceeded();

    workspace.verify().assertSucceeded();
  }

  @ParameterizedTest
  @ValueSource(strings = {"sha256", "blake2b", "blake3", "BLAKE3"})
  void signsWithEachHashAlgorithm(String algorithm) {
    String id = algorithm.toLowerCase(Locale.ROOT);

    Invocation signed = workspace.sign("--hash-algorithm", algorithm).assertSucceeded();

    assertThat(signed.out()).contains("11 bytes, " + id + "\n");
    assertThat(workspace.verify().assertSucceeded().out()).contains("11 bytes, " + id + "\n");
  }

  @Test
  void signsInShards() {
    Invocation signed = workspace.sign("--shard-size", "2").assertSucceeded();

    assertThat(signed.out()).contains("3 files, 11 bytes, sha256 in shards of 2 bytes");
    assertThat(Invocation.of("inspect", workspace.signature()).assertSucceeded().out())
        .contains("config.json:0:2", "weights/a.bin:4:5", "weights/b.bin:2:4");
    workspace.verify().assertSucceeded();
  }

  @Test
  void saysThatShardsDoNotCoverEmptyFiles() throws IOException {
    workspace.write("model/empty", "");

    Invocation signed = workspace.sign("--shard-size", "1000").assertSucceeded();

    assertThat(signed.out()).contains("empty (empty file, which shards do not cover)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--hash-algorithm=blake2b", "--hash-algorithm=blake3", "--shard-size=1000000"})
  void warnsThatThePythonCommandLineWillNotVerifyOtherHashes(String option) {
    Invocation signed = workspace.sign(option).assertSucceeded();

    assertThat(signed.errorLines()).singleElement().asString().startsWith("warning: the Python");
  }

  @Test
  void doesNotWarnAboutTheHashThatEverybodyVerifies() {
    assertThat(workspace.sign("--hash-algorithm", "sha256").assertSucceeded().err()).isEmpty();
  }

  @Test
  void signsALinkToAFileAsWhatItLeadsToOnRequest() throws IOException {
    workspace.link("model/link.json", "config.json");

    assertThat(workspace.sign("--allow-symlinks").assertSucceeded().out())
        .contains("4 files, 13 bytes");
    workspace.verify().assertSucceeded();
  }

  @Test
  void warnsAboutALinkOutOfTheModel() throws IOException {
    workspace.write("outside.json", "{}");
    workspace.link("model/link.json", "../outside.json");

    Invocation signed = workspace.sign("--allow-symlinks").assertSucceeded();

    assertThat(signed.err()).contains("'link.json' leads out of the model");
  }

  @Test
  void signsAModelBehindALinkOnRequest() throws IOException {
    Path link = workspace.link("link", "model");

    Invocation signed = workspace.signModel(link, "--allow-symlinks").assertSucceeded();

    assertThat(signed.out()).contains("3 files, 11 bytes");
  }

  @Test
  void signsThroughALinkAboveTheModel() throws IOException {
    workspace.link("alias", ".");

    workspace.signModel(workspace.path("alias/model")).assertSucceeded();
  }
}
