package dev.modelsigning.cli.sign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that are signed in parts, on the command line. */
class SplitCommandsTest {

  @TempDir private Path directory;

  private Workspace workspace;

  @BeforeEach
  void write() throws IOException {
    workspace = Workspace.in(directory);
  }

  private Invocation sign(Object... more) {
    return run(
        List.of(
            "sign",
            "key",
            workspace.model(),
            "--private-key",
            workspace.privateKey(),
            "--split-by-prefix"),
        more);
  }

  private Invocation verify(Object... more) {
    return run(
        List.of(
            "verify",
            "key",
            workspace.model(),
            "--public-key",
            workspace.publicKey(),
            "--signature",
            directory.resolve("parts")),
        more);
  }

  private static Invocation run(List<Object> first, Object... more) {
    List<Object> args = new ArrayList<>(first);
    args.addAll(Arrays.asList(more));
    return Invocation.of(args.toArray());
  }

  private Invocation signTwoParts(Object... more) {
    List<Object> args = new ArrayList<>(Arrays.asList(more));
    args.addAll(List.of("--signature", directory.resolve("parts"), "--split-size", "2"));
    return sign(args.toArray());
  }

  @Test
  void signsAndVerifiesAllParts() {
    Invocation signed = signTwoParts().assertSucceeded();
    assertThat(signed.out())
        .contains("signed in 2 parts")
        .containsPattern("files +3 ")
        .contains("verify key " + workspace.model() + " --signature " + directory.resolve("parts"));
    Invocation verified = verify().assertSucceeded();
    assertThat(verified.out())
        .contains("Verification succeeded")
        .contains("verified  part-00001.sig")
        .contains("verified  part-00002.sig");
  }

  @Test
  void saysForProgramsWhatItDid() {
    assertThat(signTwoParts("--format", "json").assertSucceeded().out())
        .contains("SIGNED_IN_PARTS");
    assertThat(verify("--format", "json").assertSucceeded().out()).contains("part-00002.sig");
  }

  @Test
  void onePartThatFailsIsAFailure() throws IOException {
    signTwoParts().assertSucceeded();
    workspace.write("model/weights/a.bin", "gamma");
    workspace.write("model/other/c.bin", "in no part");
    Invocation failed = verify();
    assertThat(failed.status()).isEqualTo(1);
    assertThat(failed.err()).contains("2 of 2 parts").contains("are not verified");
    assertThat(failed.out()).contains("weights/a.bin: expected").contains("other/c.bin (file)");
    assertThat(verify("--ignore-unsigned-files").err()).contains("1 of 2 parts");
  }

  @Test
  void anIndexThatWasChangedIsAFailure() throws IOException {
    signTwoParts().assertSucceeded();
    Files.delete(directory.resolve("parts/part-00001.sig"));
    verify().assertFailed(Workspace.VERIFICATION_FAILED, "'part-00001.sig' is missing");
    assertThat(verify("--format", "json").out())
        .contains("\"model\":\"" + workspace.model())
        .contains("\"reason\":\"MODEL_MISMATCH\"");
  }

  @Test
  void theIndexCanBeNamedToo() throws IOException {
    signTwoParts().assertSucceeded();
    Path index = directory.resolve("parts/index.json");
    assertThat(verifyBy(index).assertSucceeded().out()).contains("verified  part-00002.sig");
    Path signature = directory.resolve("parts/index.sig");
    assertThat(verifyBy(signature).assertSucceeded().out()).contains("verified  part-00002.sig");
    Invocation asModel =
        Invocation.of(
            "verify",
            "key",
            directory.resolve("parts"),
            "--public-key",
            workspace.publicKey(),
            "--signature",
            signature);
    assertThat(asModel.assertSucceeded().out()).doesNotContain("verified  part");
    Files.delete(index);
    verify().assertFailed(Workspace.VERIFICATION_FAILED, "'index.json' is missing");
  }

  private Invocation verifyBy(Path signature, Object... more) {
    return run(
        List.of(
            "verify",
            "key",
            workspace.model(),
            "--public-key",
            workspace.publicKey(),
            "--signature",
            signature),
        more);
  }

  @Test
  void aPartInPlaceOfTheIndexIsRefused() throws IOException {
    signTwoParts().assertSucceeded();
    Path part = Files.copy(directory.resolve("parts/part-00002.sig"), directory.resolve("whole"));
    for (Path file : List.of(part, directory.resolve("parts/part-00002.sig"))) {
      Invocation refused = verifyBy(file, "--ignore-unsigned-files", "--format", "json");
      assertThat(refused.status()).isEqualTo(1);
      assertThat(refused.out()).contains("\"reason\":\"PART_OF_MODEL\"");
      assertThat(refused.err()).contains("this is the signature of part 2 of 2");
    }
  }

  @Test
  void warnsOfTheKeyInTheModelAndOfWhatIsNotCovered() throws IOException {
    workspace.write("model/.gitignore", "nothing");
    Files.copy(workspace.privateKey(), workspace.model().resolve("weights/key.pem"));
    Invocation signed =
        sign("--signature", directory.resolve("parts"), "--split-size", "3").assertSucceeded();
    assertThat(signed.err()).contains("private key").contains("weights/key.pem");
    assertThat(signed.err()).doesNotContain("in 2 parts");
    assertThat(signed.out()).contains(".gitignore");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--only weights", "--copy-to x", "--report x.html", "--format sarif"})
  void refusesWhatIsOfOneSignature(String options) {
    signTwoParts().assertSucceeded();
    Invocation refused = verify((Object[]) options.split(" "));
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains("signed in parts");
  }

  @Test
  void refusesWhatCannotBeSignedInParts() {
    Path parts = directory.resolve("parts");
    assertThat(sign("--signature", parts, "--update").status()).isEqualTo(2);
    assertThat(sign("--signature", parts, "--split-size", "0").status()).isEqualTo(2);
    assertThat(sign("--signature", parts, "--split-size", "1700001").status()).isEqualTo(2);
    assertThat(sign("--signature", "s3://bucket/parts").status()).isEqualTo(2);
    assertThat(
            Invocation.of(
                    "sign",
                    "key",
                    workspace.model(),
                    "--private-key",
                    workspace.privateKey(),
                    "--split-size",
                    "5")
                .status())
        .isEqualTo(2);
    sign("--signature", parts, "--split-size", "1")
        .assertFailed(Workspace.SIGNING_FAILED, "2 files or shards lie directly in 'weights/'");
    assertThat(parts).doesNotExist();
    sign("--signature", directory)
        .assertFailed(Workspace.SIGNING_FAILED, "exists; the parts and their index are a new");
  }
}
