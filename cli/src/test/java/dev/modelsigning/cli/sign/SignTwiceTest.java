package dev.modelsigning.cli.sign;

import static dev.modelsigning.cli.Workspace.SIGNING_FAILED;
import static dev.modelsigning.cli.Workspace.VERIFICATION_FAILED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.signingkey.MlDsaScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A second signature, for ML-DSA, from one hashing. */
class SignTwiceTest {

  @TempDir private Path directory;

  private Workspace workspace;
  private Path second;
  private Path secondPublic;

  @BeforeEach
  void makeModelAndKeys() throws IOException {
    workspace = Workspace.in(directory);
    second = workspace.path("mldsa.pem");
    secondPublic = workspace.path("mldsa.pub");
    KeyPairFiles.generate(MlDsaScheme.ML_DSA_65, second, secondPublic);
  }

  private Invocation verify(Path key, Path signature, Object... more) {
    Object[] args = {
      "verify", "key", workspace.model(), "--public-key", key, "--signature", signature
    };
    Object[] all = java.util.Arrays.copyOf(args, args.length + more.length);
    System.arraycopy(more, 0, all, args.length, more.length);
    return Invocation.of(all);
  }

  private void requireBothVerify(Path first, Path beside) throws Exception {
    verify(workspace.publicKey(), first).assertSucceeded();
    verify(secondPublic, beside, "--beyond-oms").assertSucceeded();
    assertThat(Bundle.read(beside).envelope().payload())
        .isEqualTo(Bundle.read(first).envelope().payload());
  }

  @Test
  void writesBothOverOnePayload() throws Exception {
    Invocation signed = workspace.sign("--also", second, "--beyond-oms").assertSucceeded();

    assertThat(signed.out()).contains("and          " + workspace.path("model.mldsa.sig"));
    assertThat(signed.out()).contains("ML-DSA-65", "ECDSA P-256");
    assertThat(signed.out().lines().dropWhile(line -> !line.equals("Verify it with:")).skip(1))
        .hasSize(2)
        .first()
        .asString()
        .contains("--signature " + workspace.signature() + " --public-key");
    assertThat(signed.out())
        .endsWith(
            "--signature "
                + workspace.path("model.mldsa.sig")
                + " --public-key "
                + secondPublic
                + " --beyond-oms"
                + System.lineSeparator());
    requireBothVerify(workspace.signature(), workspace.path("model.mldsa.sig"));
    assertThat(
            workspace
                .sign("--also", second, "--beyond-oms", "--format", "json")
                .assertSucceeded()
                .out())
        .contains(
            "\"also\":{\"file\":\"" + workspace.path("model.mldsa.sig"),
            "\"replaced\":true,\"signer\":{\"method\":\"KEY\"",
            "\"verifyCommand\":[\"model-signing\",\"verify\",\"key\",\""
                + workspace.model()
                + "\",\"--signature\",\""
                + workspace.path("model.mldsa.sig")
                + "\",\"--public-key\",\""
                + secondPublic
                + "\",\"--beyond-oms\"]}",
            "NOT_OMS");
  }

  @ParameterizedTest
  @CsvSource({
    "release.sig, release.mldsa.sig",
    "release.json, release.json.mldsa.sig",
    ".sig, .sig.mldsa.sig"
  })
  void writesTheSecondBesideTheFirst(String name, String beside) throws Exception {
    workspace.signTo(workspace.path(name), "--also", second, "--beyond-oms").assertSucceeded();

    requireBothVerify(workspace.path(name), workspace.path(beside));
  }

  /** Each is left out of the model for the other one, and nothing else is. */
  @Test
  void bothMayLieInTheModel() throws Exception {
    Path first = workspace.path("model/model.sig");
    Path beside = workspace.path("model/model.mldsa.sig");

    workspace.signTo(first, "--also", second, "--beyond-oms").assertSucceeded();
    requireBothVerify(first, beside);
    workspace.signTo(first, "--also", second, "--beyond-oms").assertSucceeded();
    requireBothVerify(first, beside);

    workspace.write("model/other.sig", "{}");
    verify(workspace.publicKey(), first).assertFailed(VERIFICATION_FAILED, "other.sig");
    verify(secondPublic, beside, "--beyond-oms").assertFailed(VERIFICATION_FAILED, "other.sig");
  }

  /** Strict verification excuses only the signature that it is given. */
  @Test
  void bothMayNotLieInTheModelForStrictVerification() throws Exception {
    Path first = workspace.path("model/model.sig");
    workspace.signTo(first, "--also", second, "--beyond-oms").assertSucceeded();

    verify(workspace.publicKey(), first, "--strict")
        .assertFailed(VERIFICATION_FAILED, "model.mldsa.sig");
  }

  @Test
  void needsToBeAskedForBeyondOms() {
    workspace
        .sign("--also", second)
        .assertFailed(SIGNING_FAILED, "--also", "OMS v1.0 does not have", "--beyond-oms");
    requireNothingWritten();
  }

  @Test
  void needsOneKeyOfEachKind() throws Exception {
    Path other = workspace.path("other.pem");
    KeyPairFiles.generate(EcdsaScheme.P384, other, workspace.path("other.pub"));

    workspace
        .sign("--also", other, "--beyond-oms")
        .assertFailed(
            SIGNING_FAILED, "expected a key for ML-DSA with --also", "found one for ECDSA P-384");
    workspace
        .signWith(second, "--also", second, "--beyond-oms")
        .assertFailed(
            SIGNING_FAILED, "expected an elliptic-curve key with --private-key", "ML-DSA-65");
    requireNothingWritten();
  }

  private void requireNothingWritten() {
    assertThat(workspace.signature()).doesNotExist();
    assertThat(workspace.path("model.mldsa.sig")).doesNotExist();
  }

  @Test
  void writesNoneIfOneCannotBeWritten() throws Exception {
    Files.createDirectory(workspace.path("model.mldsa.sig"));
    workspace
        .sign("--also", second, "--beyond-oms")
        .assertFailed(SIGNING_FAILED, "model.mldsa.sig", "it is a directory");
    assertThat(workspace.signature()).doesNotExist();
  }

  @Test
  void overwritesNeitherKeyNorModel() throws Exception {
    Path key = Files.copy(second, workspace.path("key.mldsa.sig"));
    workspace
        .signTo(workspace.path("key.sig"), "--also", key, "--beyond-oms")
        .assertFailed(SIGNING_FAILED, "the signature would replace a key");

    workspace.write("model/model.mldsa.sig", "a file of the model");
    workspace
        .signTo(workspace.path("model/model.sig"), "--also", second, "--beyond-oms")
        .assertFailed(SIGNING_FAILED, "which is part of the model and not a signature");
    assertThat(workspace.path("model/model.sig")).doesNotExist();
  }

  @Test
  void replacesNothingButASignatureUnderANameThatNobodyTyped() throws Exception {
    Path notes = workspace.write("model.mldsa.sig", "notes");
    workspace
        .sign("--also", second, "--beyond-oms")
        .assertFailed(SIGNING_FAILED, notes + ", which is not a signature");
    assertThat(notes).hasContent("notes");
    assertThat(workspace.signature()).doesNotExist();
  }

  @Test
  void warnsOfTheSecondPrivateKeyInTheModel() throws Exception {
    Files.copy(second, workspace.path("model/mldsa.pem"));

    assertThat(workspace.sign("--also", second, "--beyond-oms").assertSucceeded().err())
        .contains("mldsa.pem");
  }

  /** Before the registry is asked, of which there is none at this port. */
  @Test
  void replacesNoOtherFileForAModelInARegistry() throws Exception {
    Path notes = workspace.write("model.mldsa.sig", "notes");

    inRegistry("--beyond-oms", "--signature", workspace.signature())
        .assertFailed(SIGNING_FAILED, notes + ", which is not a signature");

    assertThat(notes).hasContent("notes");
    inRegistry().assertFailed(SIGNING_FAILED);
    inRegistry("--beyond-oms").assertFailed(SIGNING_FAILED, "takes no connection there");
  }

  private Invocation inRegistry(Object... more) {
    Object[] args = {
      "sign",
      "key",
      "oci://127.0.0.1:1/model:v1",
      "--private-key",
      workspace.privateKey(),
      "--also",
      second
    };
    Object[] all = java.util.Arrays.copyOf(args, args.length + more.length);
    System.arraycopy(more, 0, all, args.length, more.length);
    return Invocation.of(all);
  }
}
