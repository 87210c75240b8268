package dev.modelsigning.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.internal.keypair.MlDsaKeyPair;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.model.HashAlgorithm;
import dev.modelsigning.policy.problem.MalformedPolicyException;
import dev.modelsigning.policy.problem.PolicyProblem;
import dev.modelsigning.policy.result.CheckedSignature;
import dev.modelsigning.signing.KeyIdentity;
import dev.modelsigning.signing.PayloadSigner;
import dev.modelsigning.signingkey.MlDsaScheme;
import dev.modelsigning.testing.Models;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Policies that ask for ML-DSA beside OMS, and those that do not. */
class DemandedAlgorithmsTest {

  /** Signers with a key of each kind, and mallory, who has the second only. */
  private static final String SIGNERS =
      """
      version: 1
      signers:
        alice: { key: { public-key: [keys/alice.pub, keys/alice-pq.pub], timestamps: ca/tsa.pem } }
        bob: { key: { public-key: [keys/bob.pub, keys/bob-pq.pub] } }
        mallory: { key: { public-key: keys/mallory-pq.pub } }
        again: { key: { public-key: keys/alice-pq.pub } }
      models:
      """;

  @TempDir private Path directory;
  private Scene scene;
  private PayloadSigner alice;
  private PayloadSigner bob;
  private PayloadSigner mallory;

  @BeforeEach
  void prepare() throws Exception {
    scene = Scene.in(directory.toRealPath());
    alice = secondKey("alice", MlDsaScheme.ML_DSA_65);
    bob = secondKey("bob", MlDsaScheme.ML_DSA_44);
    mallory = secondKey("mallory", MlDsaScheme.ML_DSA_65);
  }

  private PayloadSigner secondKey(String name, MlDsaScheme scheme) throws Exception {
    MlDsaKeyPair pair = MlDsaKeyPair.generate(scheme);
    Files.writeString(
        scene.directory.resolve("keys/" + name + "-pq.pub"), pair.verifyingKey().pem());
    return KeySigner.using(pair, scheme);
  }

  private void rule(String signatures, String more) throws Exception {
    scene.policy(
        SIGNERS + "  - match: \"**\"\n    signatures: { " + signatures + " }\n" + more.indent(4));
  }

  private void both() throws Exception {
    rule("of: [alice], algorithms: [ecdsa-p256, ml-dsa-65]", "");
  }

  private CheckedSignature ignored(String file) throws Exception {
    return scene.verdict().signatures().stream()
        .filter(one -> one.file().endsWith(file))
        .filter(one -> !one.counts())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void countBothOverTheSamePayload() throws Exception {
    both();
    scene.sign(scene.byKey("alice"), "fraud/model.sig");
    scene.sign(alice, "fraud/model.mldsa.sig");

    PolicyVerdict verdict = scene.accepted();

    assertThat(verdict.signers()).containsExactly("alice");
    assertThat(verdict.requirements())
        .extracting(row -> row.text())
        .containsSubsequence("signed by alice", "signed with ecdsa-p256", "signed with ml-dsa-65");
    assertThat(verdict.signatures())
        .extracting(one -> ((KeyIdentity) one.signer().orElseThrow()).algorithm())
        .containsExactlyInAnyOrder("ECDSA P-256", "ML-DSA-65");
    assertThat(verdict.allFindings()).extracting(Finding::rule).contains(Rules.NOT_OMS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[ecdsa, ml-dsa]", "[ecdsa-p256, ml-dsa]", "[ml-dsa-65, ecdsa]"})
  void canBeNamedAsFamilies(String algorithms) throws Exception {
    rule("of: [alice], algorithms: " + algorithms, "");
    scene.sign(scene.byKey("alice"), "fraud/model.sig");
    assertThat(scene.verdict().unmet()).hasSize(1);
    scene.sign(alice, "fraud/model.mldsa.sig");

    scene.accepted();
  }

  @Test
  void refuseWithoutTheSecondSignature() throws Exception {
    both();
    scene.sign(scene.byKey("alice"), "fraud/model.sig");

    scene.refused("signatures.algorithms[1]");
    assertThat(scene.verdict().unmet())
        .singleElement()
        .satisfies(row -> {
          assertThat(row.text()).isEqualTo("signed with ml-dsa-65");
          assertThat(row.why())
              .contains("no signature with ml-dsa-65 by alice", "model.mldsa.sig was looked for");
          assertThat(row.next())
              .contains("'sign key --also --beyond-oms'", "model.mldsa.sig beside model.sig");
        });
  }

  @Test
  void sayThatThePolicyHasNoKeyOfTheSigner() throws Exception {
    scene.policy(
        SIGNERS.replace("[keys/alice.pub, keys/alice-pq.pub]", "keys/alice.pub")
            + "  - match: \"**\"\n    signatures: { of: [alice], algorithms: [ecdsa, ml-dsa-65] }\n");
    scene.sign(scene.byKey("alice"), "fraud/model.sig");

    assertThat(scene.refused("signatures.algorithms[1]").why())
        .contains("the policy has no key for ml-dsa-65 of alice");
    assertThat(scene.refused("signatures.algorithms[1]").next())
        .startsWith("add the public key for ml-dsa-65 of alice to 'public-key'");
  }

  @Test
  void areReportedByLintForSignersWithoutSuchAKey() throws Exception {
    rule("of: [alice, bob], algorithms: [ecdsa, ml-dsa-65]", "");

    assertThat(Policy.lint(scene.directory.resolve("policy.yaml")))
        .extracting(PolicyProblem::message)
        .filteredOn(message -> message.startsWith("algorithms: "))
        .singleElement()
        .asString()
        .contains("the signer 'bob' has no key for ml-dsa-65");
  }

  /** The signature of ML-DSA alone is none of OMS, whatever the rule asks for. */
  @Test
  void refuseWithoutTheFirstSignature() throws Exception {
    both();
    scene.sign(alice, "fraud/model.mldsa.sig");

    assertThat(scene.refused("signatures").why()).contains("no signature by alice verifies");
    assertThat(scene.verdict().signers()).isEmpty();
    assertThat(ignored("model.mldsa.sig").why()).contains("no signature of OMS v1.0 counts");
  }

  @Test
  void refuseASecondSignatureOfAnotherModel() throws Exception {
    both();
    scene.sign(scene.byKey("alice"), "fraud/model.sig");
    Path other = Models.write(directory.resolve("other"), "config.json", "[]", "weights.bin", "1");
    scene.write(ModelSigner.using(alice).sign(other), "fraud/model.mldsa.sig");

    scene.refused("signatures.algorithms[1]");
    assertThat(ignored("model.mldsa.sig").why()).contains("is not the one that was signed");
  }

  @Test
  void refuseASecondSignatureOfOtherFiles() throws Exception {
    both();
    scene.sign(scene.byKey("alice"), "fraud/model.sig");
    Files.writeString(scene.model.resolve("more.bin"), "more");
    scene.sign(alice, "fraud/model.mldsa.sig");
    Files.delete(scene.model.resolve("more.bin"));

    scene.refused("signatures.algorithms[1]");
  }

  /** The same files, hashed in another way: both are what the model is. */
  @Test
  void acceptASecondSignatureThatIsHashedInAnotherWay() throws Exception {
    both();
    scene.sign(scene.byKey("alice"), "fraud/model.sig");
    Bundle bundle =
        ModelSigner.using(alice)
            .withHasher(ModelHasher.builder().hashAlgorithm(HashAlgorithm.BLAKE3).build())
            .sign(scene.model);
    scene.write(bundle, "fraud/model.mldsa.sig");

    scene.accepted();
  }

  @Test
  void refuseASecondSignatureBySomebodyElse() throws Exception {
    both();
    scene.sign(scene.byKey("alice"), "fraud/model.sig");
    scene.sign(mallory, "fraud/model.mldsa.sig");
    scene.sign(bob, "fraud/bob.mldsa.sig");

    scene.refused("signatures.algorithms[1]");
    assertThat(ignored("model.mldsa.sig").why()).contains("does not ask for");
  }

  @Test
  void refuseAnotherStrengthThanTheOneThatIsNamed() throws Exception {
    rule("of: [bob], algorithms: [ecdsa, ml-dsa-65]", "");
    scene.sign(scene.byKey("bob"), "fraud/model.sig");
    scene.sign(bob, "fraud/model.mldsa.sig");

    scene.refused("signatures.algorithms[1]");
    assertThat(ignored("model.mldsa.sig").why()).contains("ML-DSA-44", "OMS v1.0 does not have");
  }

  /** Whoever breaks elliptic curves must not need a single one of the signers for the rest. */
  @Test
  void askAsManySignersForEachAlgorithm() throws Exception {
    rule("of: [alice, bob], at-least: 2, algorithms: [ecdsa, ml-dsa]", "");
    scene.sign(scene.byKey("alice"), "fraud/a.sig");
    scene.sign(scene.byKey("bob"), "fraud/b.sig");
    scene.sign(alice, "fraud/a.mldsa.sig");

    assertThat(scene.refused("signatures.algorithms[1]").why()).contains("signed by alice only");
    scene.sign(bob, "fraud/b.mldsa.sig");
    scene.accepted();
  }

  /** Two keys of one signer are one person, and so is who has only one of them. */
  @Test
  void countKeysOfOneSignerOnce() throws Exception {
    rule("of: [alice, again], at-least: 2, algorithms: [ecdsa, ml-dsa]", "");
    scene.sign(scene.byKey("alice"), "fraud/model.sig");
    scene.sign(alice, "fraud/model.mldsa.sig");

    scene.refused("signatures");
    scene.refused("signatures.algorithms[1]");
  }

  /** Rules without algorithms are as they always were. */
  @Test
  void neverCountIfNobodyAsks() throws Exception {
    rule("of: [alice]", "");
    scene.sign(alice, "fraud/model.mldsa.sig");
    scene.refused("signatures");
    assertThat(ignored("model.mldsa.sig").why())
        .contains("ML-DSA-65", "OMS v1.0 does not have", "does not ask for");

    scene.sign(scene.byKey("alice"), "fraud/model.sig");
    assertThat(scene.accepted().signatures().stream().filter(CheckedSignature::counts)).hasSize(1);
  }

  @Test
  void neverCountInRulesThatAskForNoSignature() throws Exception {
    scene.policy(SIGNERS + "  - { match: \"**\", mode: warn, max-age: 1d }\n");
    scene.sign(alice, "fraud/model.mldsa.sig");

    assertThat(scene.verdict().isVerified()).isFalse();
    assertThat(scene.verdict().signers()).isEmpty();
  }

  @Test
  void neverCountForAttestations() throws Exception {
    rule(
        "of: [alice], algorithms: [ecdsa, ml-dsa]",
        "attestations: [ { type: test-result, by: alice } ]");
    scene.sign(scene.byKey("alice"), "fraud/model.sig");
    scene.sign(alice, "fraud/model.mldsa.sig");
    scene.attest(alice, "test-result", Scene.PASSED.formatted("PASSED", "0".repeat(64)));
    assertThat(scene.verdict().isVerified()).isFalse();
    assertThat(scene.verdict().unmet()).isNotEmpty();

    scene.tested("alice", "PASSED");
    scene.accepted();
  }

  /** What is required of signatures is required of the second one too. */
  @Test
  void refuseASecondSignatureWithoutAProvedTime() throws Exception {
    rule("of: [alice], algorithms: [ecdsa, ml-dsa]", "max-age: 30d");
    scene.signStamped(scene.byKey("alice"), Duration.ofMinutes(20), "fraud/model.sig");
    scene.sign(alice, "fraud/model.mldsa.sig");

    scene.refused("max-age");
    scene.signStamped(alice, Duration.ofMinutes(20), "fraud/model.mldsa.sig");
    scene.accepted();
  }

  @Test
  void mayLieInTheModelWithBothSignatures() throws Exception {
    both();
    Path first = scene.model.resolve("model.sig");
    ModelSigner.using(scene.byKey("alice"))
        .sign(scene.model, first, alice, scene.model.resolve("model.mldsa.sig"));

    scene.accepted();
    rule("of: [alice]", "");
    scene.accepted();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ml-dsa-65", "[ml-dsa-44, ml-dsa-65]", "ml-dsa"})
  void mustNameOneOfOms(String algorithms) throws Exception {
    rule("of: [alice], algorithms: " + algorithms, "");

    assertThatThrownBy(() -> scene.verdict())
        .isInstanceOf(MalformedPolicyException.class)
        .hasMessageContaining("expected at least one algorithm of OMS");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "rsa", "ML-DSA-65", "[ecdsa, ecdsa]", "[ecdsa, slh-dsa]"})
  void mustNameAlgorithmsThatThereAre(String algorithms) throws Exception {
    rule("of: [alice], algorithms: " + algorithms, "");

    assertThatThrownBy(() -> scene.verdict()).isInstanceOf(MalformedPolicyException.class);
  }
}
