package dev.modelsigning.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.VerifiedModel;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.policy.result.Requirement;
import dev.modelsigning.signing.VerificationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies and their trust files, as they are loaded and used in Java. */
class PolicyLoadingTest {

  @TempDir private Path directory;
  private Scene scene;

  @BeforeEach
  void prepare() throws Exception {
    scene = Scene.in(directory.toRealPath());
  }

  private static final String TWO_OF_THREE =
      """
      - match: "fraud/**"
        signatures: { of: [alice, bob, carol], at-least: 2, must-include: [bob] }
      """;

  @Test
  void needsNoTrustFileOfASignerThatIsNotNeeded() throws Exception {
    scene.rules(TWO_OF_THREE);
    Files.delete(scene.directory.resolve("keys/alice.pub"));
    scene.sign(scene.byKey("bob"), "fraud/b.sig");
    scene.sign(scene.byCertificate("carol"), "fraud/c.sig");

    scene.accepted();
  }

  @Test
  void namesTheTrustFileThatIsMissing() throws Exception {
    scene.rules(TWO_OF_THREE);
    Files.delete(scene.directory.resolve("keys/bob.pub"));
    scene.sign(scene.byKey("bob"), "fraud/b.sig");

    assertThat(scene.refused("must-include").why())
        .contains("the signer bob cannot be used", "bob.pub");
  }

  @Test
  void refusesATrustFileThatALinkLeadsTo(@TempDir Path elsewhere) throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    scene.sign(scene.byKey("alice"), "fraud/model.sig");
    Path key = scene.directory.resolve("keys/alice.pub");
    Path moved = Files.move(key, elsewhere.resolve("alice.pub"));
    Files.createSymbolicLink(key, moved);

    assertThat(scene.refused("signatures").why())
        .contains("leads out of the directory of the policy");
  }

  @Test
  void opensWhatThePolicyAccepted() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    scene.sign(scene.byKey("alice"), "fraud/model.sig");

    VerifiedModel model = Policy.load(scene.directory.resolve("policy.yaml")).verify(scene.model);

    assertThat(model.readAllBytes("weights.bin")).asString().isEqualTo("1234");
  }

  @Test
  void throwsWithTheRows() throws Exception {
    Path policy = scene.rules("- { match: \"**\", signatures: { of: [alice] } }");

    assertThatThrownBy(() -> Policy.load(policy).verify(scene.model))
        .isInstanceOfSatisfying(
            RefusedModelException.class,
            e ->
                assertThat(e.verdict().unmet())
                    .extracting(Requirement::code)
                    .contains("signatures"))
        .hasMessageContaining("no signature file was found");
  }

  @Test
  void requiresItsDigest() throws Exception {
    Policy policy = Policy.load(scene.rules("- { match: \"**\", mode: warn }"));

    assertThat(policy.requireDigest(policy.identity().digest())).isSameAs(policy);
    assertThatThrownBy(() -> policy.requireDigest("sha256:" + "0".repeat(64)))
        .isInstanceOf(OtherPolicyException.class)
        .hasMessageContaining(policy.identity().digest());
    for (String malformed : List.of("", "sha256:", "0".repeat(64), "sha256:xyz")) {
      assertThatThrownBy(() -> policy.requireDigest(malformed))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void readsAPolicyThatIsSigned() throws Exception {
    Path file = scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    Path signature = scene.directory.resolve("policy.yaml.sig");
    ModelSigner.using(scene.byKey("carol")).sign(file, signature);
    scene.sign(scene.byKey("alice"), "fraud/model.sig");
    KeyVerifier carol = KeyVerifier.load(scene.directory.resolve("keys/carol.pub"));

    assertThat(
            Policy.load(file, signature, carol).examine(ModelRequest.of(scene.model)).isVerified())
        .isTrue();

    KeyVerifier bob = KeyVerifier.load(scene.directory.resolve("keys/bob.pub"));
    assertThatThrownBy(() -> Policy.load(file, signature, bob))
        .isInstanceOf(VerificationException.class);
    scene.rules("- { match: \"**\", mode: warn }");
    assertThatThrownBy(() -> Policy.load(file, signature, carol))
        .isInstanceOf(VerificationException.class)
        .hasMessageContaining("is not the one that was signed");
  }

  @Test
  void readsNoDirectoryAsAPolicy() throws Exception {
    Path signature = scene.sign(scene.byKey("alice"), "fraud/model.sig");
    KeyVerifier alice = KeyVerifier.load(scene.directory.resolve("keys/alice.pub"));

    assertThatThrownBy(() -> Policy.load(scene.model, signature, alice))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> Policy.load(scene.model)).isInstanceOf(IOException.class);
  }

  @Test
  void triesATrustFileAgainAtTheNextVerification() throws Exception {
    Policy policy = Policy.load(scene.rules("- { match: \"**\", signatures: { of: [alice] } }"));
    scene.sign(scene.byKey("alice"), "fraud/model.sig");
    Path key = scene.directory.resolve("keys/alice.pub");
    Path away = Files.move(key, scene.directory.resolve("keys/away.pub"));
    PolicyVerdict refused = policy.examine(ModelRequest.of(scene.model));
    assertThat(Scene.row(refused, "signatures").why())
        .contains("the signer alice cannot be used", "alice.pub");
    assertThat(Scene.row(refused, "signatures").next()).contains("correct the files");

    Files.move(away, key);

    assertThat(policy.examine(ModelRequest.of(scene.model)).isVerified()).isTrue();
  }

  @Test
  void saysByWhichNameAPolicyWasSigned() throws Exception {
    Path file = scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    Path signature = scene.directory.resolve("policy.sig");
    ModelSigner.using(scene.byKey("carol")).sign(file, signature);
    KeyVerifier carol = KeyVerifier.load(scene.directory.resolve("keys/carol.pub"));
    Path renamed = Files.move(file, scene.directory.resolve("other.yaml"));

    assertThatThrownBy(() -> Policy.load(renamed, signature, carol))
        .isInstanceOf(VerificationException.class)
        .hasMessageContainingAll("other.yaml: ", "was signed by the name 'policy.yaml'");
    Files.move(renamed, file);
    assertThat(Policy.load(file, signature, carol).identity().file()).endsWith("policy.yaml");
  }

  @Test
  void namesTheFilesThatDecideTogetherWithIt() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");

    assertThat(Policy.load(scene.directory.resolve("policy.yaml")).files())
        .extracting(file -> scene.directory.relativize(file).toString())
        .containsExactly("keys/alice.pub", "keys/bob.pub", "ca/tsa.pem", "ca/root.pem");
  }

  @Test
  void decidesByTheTrustThatItWasOpenedWith() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice, carol], at-least: 2 } }");
    scene.sign(scene.byKey("alice"), "fraud/a.sig");
    scene.sign(scene.byCertificate("carol"), "fraud/c.sig");
    Policy policy = Policy.load(scene.directory.resolve("policy.yaml")).openTrust();
    Files.delete(scene.directory.resolve("keys/alice.pub"));
    Files.writeString(scene.directory.resolve("ca/root.pem"), "half a file");

    assertThat(policy.verify(scene.model).manifest().fileCount()).isEqualTo(2);
  }

  @Test
  void opensTheTrustOfThoseWhoAreNeeded() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    Path file = scene.directory.resolve("policy.yaml");
    Files.delete(scene.directory.resolve("keys/bob.pub"));
    Policy.load(file).openTrust();
    Files.delete(scene.directory.resolve("keys/alice.pub"));

    assertThatThrownBy(() -> Policy.load(file).openTrust())
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("policy.yaml", "the trust of the signer alice", "alice.pub");
  }

  /** A certificate that no time stamp has a time for is valid now, or is not. */
  @Test
  void looksAtCertificatesAtItsOwnTime() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [carol] } }");
    scene.sign(scene.byCertificate("carol"), "fraud/c.sig");
    Policy policy = Policy.load(scene.directory.resolve("policy.yaml"));

    assertThat(policy.examine(ModelRequest.of(scene.model)).isVerified()).isTrue();
    Policy later = policy.withClock(Clock.offset(Clock.systemUTC(), Duration.ofDays(2)));
    assertThat(Scene.row(later.examine(ModelRequest.of(scene.model)), "signatures").why())
        .contains("expired");
  }
}
