package dev.modelsigning.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestOcspResponder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code --watch} asks again in each round besides the model: whom to trust. */
class WatchTrustTest {

  @TempDir private Path directory;

  private Workspace workspace;

  @BeforeEach
  void makeModel() throws IOException {
    workspace = Workspace.in(directory);
  }

  private static Invocation watch(Invocation.Between between, List<Object> words, Object... more) {
    List<Object> args = new ArrayList<>(words);
    args.addAll(List.of(more));
    args.addAll(List.of("--watch", "1s"));
    return Invocation.watching(Map.of(), between, args.toArray());
  }

  /** Signs by a certificate of this authority. */
  private List<Object> signedBy(TestCertificate signer, TestCertificate root) throws Exception {
    Invocation.of(
            "sign",
            "certificate",
            workspace.model(),
            "--signature",
            workspace.signature(),
            "--private-key",
            signer.writeKey(workspace.path("signer.pem")),
            "--signing-certificate",
            TestCertificate.write(workspace.path("signer.crt"), signer))
        .assertSucceeded();
    return List.of(
        "verify",
        "certificate",
        workspace.model(),
        "--signature",
        workspace.signature(),
        "--certificate-chain",
        TestCertificate.write(workspace.path("root.crt"), root));
  }

  @Test
  void readsListsOfRevokedCertificatesAgain() throws Exception {
    TestCertificate root = TestCertificate.root("CN=Root");
    TestCertificate signer = TestCertificate.named("CN=Release").signer().issuedBy(root);
    Path list = TestCertificate.write(workspace.path("root.crl"), root.revoking());

    Invocation ended =
        watch(
            round -> TestCertificate.write(list, root.revoking(signer)),
            signedBy(signer, root),
            "--crl",
            list,
            "--format",
            "json");

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.out().lines()).hasSize(2);
    assertThat(ended.out()).contains("\"reason\":\"REVOKED\"");
  }

  @Test
  void asksForRevocationAgain() throws Exception {
    TestCertificate root = TestCertificate.root("CN=Root");
    try (TestOcspResponder responder = new TestOcspResponder().answeringFor(root)) {
      TestCertificate signer =
          TestCertificate.named("CN=Online").signer().ocsp(responder.ocsp()).issuedBy(root);

      Invocation ended =
          watch(round -> responder.revoke(signer), signedBy(signer, root), "--revocation-check");

      assertThat(ended.status()).isEqualTo(1);
      assertThat(ended.err()).contains("'CN=Online' was revoked at ");
    }
  }

  private static void stop(TestOcspResponder responder) {
    responder.close();
  }

  /** Who cannot be asked has not said yes. */
  @Test
  void failsIfAServiceDoesNotAnswer() throws Exception {
    TestCertificate root = TestCertificate.root("CN=Root");
    try (TestOcspResponder responder = new TestOcspResponder().answeringFor(root)) {
      TestCertificate signer =
          TestCertificate.named("CN=Online").signer().ocsp(responder.ocsp()).issuedBy(root);

      Invocation ended =
          watch(round -> stop(responder), signedBy(signer, root), "--revocation-check");

      assertThat(ended.status()).isEqualTo(1);
      assertThat(ended.out()).contains("  round 1 verified: ").contains("  round 2 failed: ");
      assertThat(ended.err()).contains("cannot be found out");
    }
  }

  /** Unless the user accepts that. */
  @Test
  void goesOnIfTheUserAcceptsThatAServiceDoesNotAnswer() throws Exception {
    TestCertificate root = TestCertificate.root("CN=Root");
    try (TestOcspResponder responder = new TestOcspResponder().answeringFor(root)) {
      TestCertificate signer =
          TestCertificate.named("CN=Online").signer().ocsp(responder.ocsp()).issuedBy(root);

      Invocation ended =
          watch(
              round -> {
                stop(responder);
                if (round == 2) {
                  Thread.currentThread().interrupt();
                }
              },
              signedBy(signer, root),
              "--revocation-check",
              "--revocation-soft-fail");

      ended.assertSucceeded();
      assertThat(ended.out()).contains("  round 2 verified: ");
      // It is a warning of the second round, and no warning of the first.
      assertThat(ended.err()).containsOnlyOnce("cannot be found out");
    }
  }

  private void writePolicy(String signer) throws IOException {
    workspace.write(
        "policy.yaml",
        """
        version: 1
        signers:
          us: { key: { public-key: key.pub } }
          them: { key: { public-key: other.pub } }
        models:
          - { match: model, signatures: { of: %s } }
        """
            .formatted(signer));
  }

  private List<Object> byPolicy() throws IOException {
    workspace.sign().assertSucceeded();
    KeyPairFiles.generate(
        EcdsaScheme.P256, workspace.path("other.pem"), workspace.path("other.pub"));
    writePolicy("us");
    return List.of(
        "verify",
        "policy",
        workspace.model(),
        "--policy",
        workspace.path("policy.yaml"),
        "--signature",
        workspace.signature());
  }

  @Test
  void readsAPolicyAgain() throws Exception {
    Path log = directory.resolve("log");
    Invocation ended =
        watch(
            round -> {
              if (round == 2) {
                writePolicy("them");
              }
            },
            byPolicy(),
            "--termination-log",
            log);

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.out())
        .containsOnlyOnce("Verification succeeded")
        .contains("  round 2 verified: " + workspace.model() + " sha256:")
        .contains("  round 3 failed: ");
    assertThat(log)
        .content()
        .contains("  round 3\nVerification failed with error: ")
        .contains("policy.yaml");
  }

  @Test
  void failsIfAPolicyCannotBeUsedAnyMore() throws Exception {
    Invocation ended =
        watch(
            round -> workspace.write("policy.yaml", "version: 1\nmodels"),
            byPolicy(),
            "--format",
            "json");

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.out().lines()).hasSize(2);
    assertThat(ended.out()).contains("\"reason\":\"MALFORMED_POLICY\"").contains("\"number\":2");
  }

  /** As without it, the exit status is 0; the line does not say that the model is verified. */
  @Test
  void goesOnIfAPolicyOnlyWarns() throws Exception {
    List<Object> words = byPolicy();
    String rules = Files.readString(workspace.path("policy.yaml"));
    workspace.write("policy.yaml", rules.replace("of: us }", "of: them }, mode: warn"));
    for (String format : List.of("text", "json")) {
      Invocation ended =
          watch(
              round -> {
                if (round == 2) {
                  Thread.currentThread().interrupt();
                }
              },
              words,
              "--format",
              format);

      assertThat(ended.status()).as(ended.err()).isZero();
      assertThat(ended.out())
          .doesNotContain("round 1 verified")
          .doesNotContain("\"verified\":true");
      if (format.equals("text")) {
        assertThat(ended.out()).contains("  round 2 Not verified: the policy only warns");
      }
    }
  }

  @Test
  void refusesAPageAndASummary() throws Exception {
    List<Object> words = byPolicy();
    watch(round -> {}, words, "--report", directory.resolve("page.html"))
        .assertUsage("--report cannot be used with --watch");
    watch(
            round -> {},
            words,
            "--vsa",
            directory.resolve("vsa.json"),
            "--vsa-key",
            workspace.privateKey())
        .assertUsage("--vsa cannot be used with --watch");
  }

  @Test
  void refusesALogThatIsReadOrInAModel() throws Exception {
    List<Object> words = byPolicy();
    watch(round -> {}, words, "--termination-log", workspace.path("policy.yaml"))
        .assertUsage("is what this command reads");
    watch(round -> {}, words, "--termination-log", workspace.path("model/log"))
        .assertUsage("is in the model");
    // No option names it.
    Invocation refused = watch(round -> {}, words, "--termination-log", workspace.publicKey());
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).contains("has something else than a verdict");
    assertThat(workspace.publicKey()).content().contains("PUBLIC KEY");
  }
}
