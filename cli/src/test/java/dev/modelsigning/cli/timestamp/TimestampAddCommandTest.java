package dev.modelsigning.cli.timestamp;

import static dev.modelsigning.cli.Workspace.VERIFICATION_FAILED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestTimestampAuthority;
import dev.modelsigning.testing.TestTimestampAuthority.Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code timestamp add}: where it writes, what it says, and what it refuses. */
class TimestampAddCommandTest {

  private static final String FAILED = "Adding a time stamp failed with error";

  @TempDir private Path directory;

  private final TestCertificate root = TestCertificate.root("CN=Root");
  private final TestCertificate leaf = TestCertificate.named("CN=Release").signer().issuedBy(root);
  private final TestCertificate stampRoot = TestCertificate.root("CN=TSA Root");

  private Workspace workspace;
  private Server authority;
  private Path trusted;
  private Path stampTrust;

  @BeforeEach
  void start() throws Exception {
    workspace = Workspace.in(directory);
    authority = TestTimestampAuthority.below(stampRoot).serve();
    trusted = TestCertificate.write(workspace.path("root.crt"), root);
    stampTrust = TestCertificate.write(workspace.path("tsa.crt"), stampRoot);
  }

  @AfterEach
  void stop() {
    authority.close();
  }

  private void sign(Path signature, Object... more) throws Exception {
    List<Object> args =
        new ArrayList<>(
            List.of(
                "sign",
                "certificate",
                workspace.model(),
                "--signature",
                signature,
                "--private-key",
                leaf.writeKey(workspace.path("leaf.pem")),
                "--signing-certificate",
                TestCertificate.write(workspace.path("leaf.crt"), leaf),
                "--certificate-chain",
                trusted));
    args.addAll(List.of(more));
    Invocation.of(args.toArray()).assertSucceeded();
  }

  private Invocation add(Path signature, Object... more) {
    List<Object> args =
        new ArrayList<>(List.of("timestamp", "add", signature, "--tsa-url", authority.uri()));
    args.addAll(List.of(more));
    return Invocation.of(args.toArray());
  }

  private Invocation verify(Path signature, Object... more) {
    List<Object> args =
        new ArrayList<>(
            List.of(
                "verify",
                "certificate",
                workspace.model(),
                "--signature",
                signature,
                "--certificate-chain",
                trusted,
                "--certificate-identity",
                "CN=Release",
                "--tsa-certificate-chain",
                stampTrust));
    args.addAll(List.of(more));
    return Invocation.of(args.toArray());
  }

  // --- a signature in the model

  @Test
  void refusesToWriteIntoTheModelBeforeTheAuthorityIsAsked() throws Exception {
    Path signature = workspace.model().resolve("model.sig");
    sign(signature);

    workspace
        .changingNothing(() -> add(signature))
        .assertFailed(
            FAILED,
            signature + ": lies in the model",
            "model.sig.tst would be a file that is not signed",
            "Move the signature out of the model");
    assertThat(authority.requests()).isZero();
  }

  @Test
  void refusesItInADirectoryOfTheModel() throws Exception {
    Path below = Files.createDirectories(workspace.model().resolve("signatures/a"));
    sign(below.resolve("model.sig"));

    workspace
        .changingNothing(() -> add(below.resolve("model.sig")))
        .assertFailed(FAILED, "lies in the model '" + workspace.model().toRealPath() + "'");
  }

  @Test
  void refusesASignatureThatWasMovedIntoTheModel() throws Exception {
    sign(workspace.signature());
    Path moved = Files.move(workspace.signature(), workspace.model().resolve("other.sig"));

    add(moved).assertFailed(FAILED, "lies in the model", "other.sig.tst");
    assertThat(workspace.model().resolve("other.sig.tst")).doesNotExist();
  }

  @Test
  void addsToASignatureThatWasMovedOutAsTheMessageSays() throws Exception {
    Path signature = workspace.model().resolve("model.sig");
    sign(signature);
    Path moved = Files.move(signature, workspace.signature());

    add(moved).assertSucceeded();

    verify(moved).assertSucceeded();
  }

  @Test
  void writesIntoADirectoryThatTheSignerLeftOut() throws Exception {
    Path below = Files.createDirectories(workspace.model().resolve("signatures"));
    sign(below.resolve("model.sig"), "--ignore-paths", below);

    add(below.resolve("model.sig")).assertSucceeded();

    assertThat(below.resolve("model.sig.tst")).exists();
    verify(below.resolve("model.sig")).assertSucceeded();
  }

  @Test
  void stampsASignatureByAKeyInTheModelAsNoFileIsAdded() throws Exception {
    Path signature = workspace.model().resolve("model.sig");
    workspace.signTo(signature).assertSucceeded();

    add(signature).assertSucceeded();

    assertThat(Bundle.read(signature).rfc3161Timestamps()).hasSize(1);
    workspace.verifyBy(signature).assertSucceeded();
  }

  @Test
  void stampsTheSignatureOfASingleFileBesideIt() throws Exception {
    Path file = workspace.write("weights.bin", "1234");
    Path signature = workspace.path("weights.bin.sig");
    Invocation.of(
            "sign",
            "certificate",
            file,
            "--signature",
            signature,
            "--private-key",
            leaf.writeKey(workspace.path("leaf.pem")),
            "--signing-certificate",
            TestCertificate.write(workspace.path("leaf.crt"), leaf))
        .assertSucceeded();

    add(signature).assertSucceeded();

    assertThat(workspace.path("weights.bin.sig.tst")).exists();
  }

  @Test
  void verificationSaysWhatToDoAboutTimestampsInTheModel() throws Exception {
    Path signature = workspace.model().resolve("model.sig");
    sign(signature);
    Path outside = Files.copy(signature, workspace.signature());
    add(outside).assertSucceeded();
    Files.copy(workspace.path("model.sig.tst"), workspace.model().resolve("model.sig.tst"));

    verify(signature)
        .assertFailed(
            VERIFICATION_FAILED,
            "model.sig.tst has time stamps of a signature, and is not signed itself",
            "move it out of the model together with its signature",
            "--signature");
    // Also if it belongs to another signature than the one that is verified.
    verify(outside).assertFailed(VERIFICATION_FAILED, "move it out of the model");
  }

  // --- JSON

  @Test
  void printsWhatWasWrittenAsJson() throws Exception {
    sign(workspace.signature());
    String stated =
        "\"signature\":\"%s\",\"file\":\"%s.tst\",\"beside\":true,\"time\":\"20"
            .formatted(workspace.signature(), workspace.signature());

    assertThat(add(workspace.signature(), "--format", "json").assertSucceeded().out())
        .startsWith("{\"schemaVersion\":1,")
        .contains(stated, "\"authority\":\"CN=Test TSA\",\"authorityTrusted\":false,\"findings\":[")
        .doesNotContain("provedUntil");
    assertThat(
            add(
                    workspace.signature(),
                    "--format=json",
                    "--quiet",
                    "--tsa-certificate-chain",
                    stampTrust)
                .assertSucceeded()
                .out())
        .contains(stated, "\"authorityTrusted\":true,\"provedUntil\":\"20");
  }

  @Test
  void saysInJsonThatASignatureByAKeyWasChangedItself() {
    workspace.sign().assertSucceeded();

    assertThat(add(workspace.signature(), "--format=json").assertSucceeded().out())
        .contains("\"file\":\"%s\",\"beside\":false".formatted(workspace.signature()));
  }

  @Test
  void printsAFailureAsJson() throws Exception {
    Path signature = workspace.model().resolve("model.sig");
    sign(signature);

    Invocation refused = add(signature, "--format=json");

    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.out()).startsWith("{\"verified\":false,").contains("lies in the model");
    assertThat(Invocation.of("timestamp", "add", signature, "--format=json").out())
        .startsWith("{\"verified\":false,");
  }

  // --- other files in place of the signature

  @Test
  void saysThatTheFileWithTheTimestampsIsNotTheSignature() throws Exception {
    sign(workspace.signature());
    add(workspace.signature()).assertSucceeded();
    Path stamps = workspace.path("model.sig.tst");

    add(stamps).assertFailed(FAILED, stamps + ": ", "found DER", "name the signature itself");
    verify(stamps).assertFailed(VERIFICATION_FAILED, "found DER", "name the signature itself");
    assertThat(workspace.path("model.sig.tst.tst")).doesNotExist();
  }

  @Test
  void namesTheFileWithoutACertificateOfAnAuthority() throws Exception {
    sign(workspace.signature());
    Path other = workspace.path("leaf.crt");

    workspace
        .changingNothing(() -> add(workspace.signature(), "--tsa-certificate-chain", other))
        .assertFailed(FAILED, other + ": there is no certificate of an authority");
  }
}
