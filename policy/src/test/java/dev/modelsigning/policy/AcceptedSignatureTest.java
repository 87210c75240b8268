package dev.modelsigning.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.model.HashAlgorithm;
import dev.modelsigning.policy.result.Requirement;
import dev.modelsigning.testing.TestCertificate;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Algorithms, digests and age of signatures. */
class AcceptedSignatureTest {

  @TempDir private Path directory;
  private Scene scene;

  @BeforeEach
  void prepare() throws Exception {
    scene = Scene.in(directory.toRealPath());
  }

  @Test
  void refusesAlgorithmsThatAreNotAccepted() throws Exception {
    scene.rules(
        """
        - { match: "**", signatures: { of: [alice] }, algorithms: { hash: sha256 } }
        """);
    scene.write(
        ModelSigner.using(scene.byKey("alice"))
            .withHasher(ModelHasher.builder().hashAlgorithm(HashAlgorithm.BLAKE3).build())
            .sign(scene.model),
        "fraud/model.sig");

    assertThat(scene.refused("algorithms.hash").why()).contains("hashed with blake3");
  }

  @Test
  void refusesAnotherDigestThanThePinnedOne() throws Exception {
    String pinned =
        """
        - { match: "**", signatures: { of: [alice] }, pin: { digest: "sha256:%s" } }
        """;
    scene.rules(pinned.formatted("0".repeat(64)));
    scene.sign(scene.byKey("alice"), "fraud/model.sig");

    scene.refused("pin");
    scene.rules(
        pinned.formatted(
            scene.verdict().proof().map(it -> it.manifest().rootDigest().hex()).orElse(root())));
    scene.accepted();
  }

  private String root() throws Exception {
    return ModelHasher.withDefaults().hash(scene.model).manifest().rootDigest().hex();
  }

  @Test
  void refusesAnAgeThatNothingProves() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [bob] }, max-age: 1d }");
    scene.sign(scene.byKey("bob"), "fraud/model.sig");

    assertThat(scene.refused("max-age").why()).contains("nothing proves when it was signed");
  }

  @Test
  void comparesAProvedAge() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [bob] }, max-age: 40m }");
    scene.signStamped(scene.byKey("bob"), Duration.ofMinutes(20), "fraud/model.sig");
    scene.accepted();

    scene.signStamped(scene.byKey("bob"), Duration.ofMinutes(50), "fraud/model.sig");
    assertThat(scene.refused("max-age").why()).contains("more than 40m ago");
  }

  @Test
  void refusesASignatureThatHasBecomeTooOld() throws Exception {
    Path file = scene.rules("- { match: \"**\", signatures: { of: [bob] }, max-age: 40m }");
    scene.signStamped(scene.byKey("bob"), Duration.ofMinutes(1), "fraud/model.sig");
    Policy policy = Policy.load(file);
    ModelRequest request = ModelRequest.of(scene.model);

    assertThat(policy.examine(request).isVerified()).isTrue();
    Policy later = policy.withClock(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(41)));
    assertThat(Scene.row(later.examine(request), "max-age").why()).contains("more than 40m ago");
  }

  @Test
  void needsAProvedAgeOfEachSignerThatIsNeeded() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice, bob], at-least: 2 }, max-age: 40m }");
    scene.signStamped(scene.byKey("bob"), Duration.ofMinutes(20), "fraud/b.sig");
    scene.sign(scene.byKey("alice"), "fraud/a.sig");

    assertThat(Scene.row(scene.verdict(), "signatures").met()).isTrue();
    assertThat(scene.refused("max-age").why()).contains("a.sig");
  }

  @Test
  void refusesSchemesThatAreNotAccepted() throws Exception {
    scene.rules(
        """
        - match: "**"
          signatures: { of: [alice] }
          algorithms: { hash: [sha256, blake2b], signature: ECDSA P-384 }
        """);
    scene.sign(scene.byKey("alice"), "fraud/model.sig");

    Requirement row = scene.refused("algorithms.signature");
    assertThat(row.text()).isEqualTo("signed with ECDSA P-384");
    assertThat(row.why()).contains("it is signed with ECDSA P-256");
    assertThat(Scene.row(scene.verdict(), "algorithms.hash").by()).containsExactly("alice");

    scene.rules(
        """
        - { match: "**", signatures: { of: [alice] }, algorithms: { signature: ECDSA P-256 } }
        """);
    scene.accepted();
  }

  /** The scheme is that of the certificate's key, for certificates too. */
  @Test
  void comparesTheSchemesOfCertificates() throws Exception {
    scene.rules(
        """
        - { match: "**", signatures: { of: [carol] }, algorithms: { signature: ECDSA P-384 } }
        """);
    scene.sign(scene.byCertificate("carol"), "fraud/model.sig");

    assertThat(scene.refused("algorithms.signature").why()).contains("ECDSA P-256");
  }

  @Test
  void acceptsWhatNobodyKnowsToBeRevokedOnlyIfThatIsEnough() throws Exception {
    scene.policy(revocation("if-known"));
    scene.sign(scene.byCertificate("carol"), "fraud/model.sig");
    scene.accepted();

    scene.policy(revocation("required"));
    assertThat(scene.refused("signatures").why()).contains("carol: ", "revo");

    TestCertificate.write(
        scene.directory.resolve("ca/root.crl"), scene.root.revoking(scene.person("carol")));
    scene.policy(
        revocation("if-known").replace("if-known", "if-known, revocation-lists: ca/root.crl"));
    assertThat(scene.refused("signatures").why()).contains("carol: ", "revoked");
  }

  private static String revocation(String mode) {
    return """
    version: 1
    signers:
      carol: { certificate: { identity: CN=carol, trust: ca/root.pem, revocation: %s } }
    models:
      - { match: "**", signatures: { of: [carol] } }
    """
        .formatted(mode);
  }
}
