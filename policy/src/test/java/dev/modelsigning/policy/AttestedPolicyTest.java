package dev.modelsigning.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.attestation.ClaimsFile;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Envelope;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.policy.result.Requirement;
import dev.modelsigning.predicate.PredicateType;
import dev.modelsigning.statement.Predicate;
import dev.modelsigning.statement.Statement;
import dev.modelsigning.statement.Subject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What must be attested, and by whom. */
class AttestedPolicyTest {

  @TempDir private Path directory;
  private Scene scene;

  @BeforeEach
  void prepare() throws Exception {
    scene = Scene.in(directory.toRealPath());
    scene.sign(scene.byKey("alice"), "fraud/model.sig");
  }

  @Test
  void acceptsWhatWasAttestedByAnotherSignerThanTheModels() throws Exception {
    scene.requires("{ type: test-result, by: bob, result: PASSED }");
    scene.tested("bob", "PASSED");

    PolicyVerdict verdict = scene.accepted();

    assertThat(Scene.row(verdict, "attestations[0]").by()).containsExactly("bob");
    assertThat(Scene.row(verdict, "attestations[0].result").met()).isTrue();
    assertThat(verdict.claims())
        .singleElement()
        .satisfies(one -> assertThat(one.counts()).isTrue());
  }

  @Test
  void refusesWithoutAnAttestation() throws Exception {
    scene.requires("{ type: test-result, by: bob, result: PASSED }");

    assertThat(scene.refused("attestations[0]").why()).contains("no attestation of this type");
  }

  @Test
  void refusesAnAttestationBySomebodyElse() throws Exception {
    scene.requires("{ type: test-result, by: bob, result: PASSED }");
    scene.tested("alice", "PASSED");

    scene.refused("attestations[0]");
    assertThat(scene.verdict().claims())
        .singleElement()
        .satisfies(one -> assertThat(one.counts()).isFalse());
  }

  @Test
  void refusesAnotherResult() throws Exception {
    scene.requires("{ type: test-result, by: bob, result: [PASSED, WARNED] }");
    scene.tested("bob", "FAILED");

    assertThat(scene.refused("attestations[0].result").why())
        .contains("the result is 'FAILED', expected PASSED or WARNED");
    scene.tested("bob", "WARNED");
    scene.accepted();
  }

  @Test
  void refusesAnAttestationOfUnprovedAge() throws Exception {
    scene.requires("{ type: test-result, by: bob, result: PASSED, max-age: 40m }");
    scene.tested("bob", "PASSED");
    assertThat(scene.refused("attestations[0].max-age").why()).contains("nothing proves when");

    scene.attest(
        scene.byKey("bob"),
        "test-result",
        Scene.PASSED.formatted("PASSED", "0".repeat(64)),
        Duration.ofMinutes(50));
    assertThat(scene.refused("attestations[0].max-age").why()).isNotEmpty();

    scene.attest(
        scene.byKey("bob"),
        "test-result",
        Scene.PASSED.formatted("PASSED", "0".repeat(64)),
        Duration.ofMinutes(20));
    scene.accepted();
  }

  @Test
  void refusesAClaimAboutAnotherModel() throws Exception {
    scene.requires("{ type: test-result, by: bob, result: PASSED }");
    scene.tested("bob", "PASSED");
    Files.writeString(scene.model.resolve("weights.bin"), "other");
    scene.sign(scene.byKey("alice"), "fraud/model.sig");

    assertThat(scene.refused("attestations[0]").why()).contains("it is about another model");
  }

  @Test
  void refusesAClaimAboutOtherNames() throws Exception {
    scene.requires("{ type: test-result, by: bob, result: PASSED }");
    scene.tested("bob", "PASSED");
    Files.move(scene.model.resolve("weights.bin"), scene.model.resolve("x.bin"));
    scene.sign(scene.byKey("alice"), "fraud/model.sig");

    assertThat(scene.refused("attestations[0]").why()).contains("other file names");
  }

  @Test
  void readsNoClaimOfAModelThatIsNotVerified() throws Exception {
    scene.requires("{ type: test-result, by: bob, result: PASSED }");
    scene.tested("bob", "PASSED");
    Files.writeString(scene.model.resolve("weights.bin"), "other");

    assertThat(scene.refused("attestations[0]").why()).contains("not checked");
    assertThat(scene.verdict().claims()).isEmpty();
  }

  @Test
  void looksAtAClaimThatIsRepeatedAFewTimesOnly() throws Exception {
    scene.requires("{ type: test-result, by: bob, result: PASSED }");
    scene.tested("bob", "FAILED");
    Path claims = scene.directory.resolve("fraud/claims.jsonl");
    Files.writeString(claims, Files.readString(claims).repeat(50));

    scene.refused("attestations[0].result");
    assertThat(scene.verdict().claims())
        .filteredOn(one -> one.why().contains("it repeats a claim"))
        .hasSize(42);
  }

  @Test
  void forgeriesOfAClaimDoNotTakeItsPlace() throws Exception {
    scene.requires("{ type: test-result, by: bob, result: PASSED }");
    scene.tested("bob", "PASSED");
    Path claims = scene.directory.resolve("fraud/claims.jsonl");
    String genuine = Files.readString(claims);
    Bundle bundle = Bundle.parse(Bytes.of(genuine.getBytes(UTF_8)));
    Files.delete(claims);
    for (int i = 0; i < 10; i++) {
      byte[] signature = bundle.envelope().signature().toArray();
      signature[signature.length - 1] ^= (byte) (i + 1);
      ClaimsFile.append(
          claims,
          Bundle.of(
              bundle.verificationMaterial(),
              new Envelope(bundle.envelope().payload(), Bytes.of(signature))));
    }
    Files.writeString(claims, Files.readString(claims) + genuine);

    assertThat(scene.accepted().claims())
        .filteredOn(one -> !one.counts())
        .hasSize(10)
        .allSatisfy(one -> assertThat(one.why()).contains("is known to have signed it: bob: "));
  }

  @Test
  void saysWhatTheTypeOfAClaimAboutAnotherModelIs() throws Exception {
    scene.requires("{ type: test-result, by: bob, result: PASSED }");
    scene.tested("bob", "PASSED");
    Files.writeString(scene.model.resolve("weights.bin"), "other");
    scene.sign(scene.byKey("alice"), "fraud/model.sig");

    assertThat(scene.verdict().claims())
        .singleElement()
        .satisfies(one -> {
          assertThat(one.predicateType()).isEqualTo(PredicateType.TEST_RESULT.uri());
          assertThat(one.signers()).containsExactly("bob");
        });
  }

  /** A claim as other tools write it: without the digest that binds names. */
  private void attestWithoutNames(String who) throws Exception {
    String digest = ModelHasher.withDefaults().hash(scene.model).manifest().rootDigest().hex();
    Statement statement =
        new Statement(
            List.of(new Subject("v3", Map.of("sha256", digest), Map.of())),
            PredicateType.TEST_RESULT.uri(),
            new Predicate.Other(Optional.of(Scene.PASSED.formatted("PASSED", "0".repeat(64)))));
    ClaimsFile.append(
        scene.directory.resolve("fraud/claims.jsonl"),
        scene.byKey(who).sign(statement.toPayload()).bundle());
  }

  @Test
  void requiresThatNamesAreBoundIfThatIsAskedFor() throws Exception {
    attestWithoutNames("bob");
    scene.requires("{ type: test-result, by: bob, result: PASSED }");
    scene.accepted();

    scene.requires("{ type: test-result, by: bob, result: PASSED, require-names: true }");
    assertThat(scene.refused("attestations[0].require-names").why())
        .contains("claims.jsonl:1: it does not bind the names of the files");
    assertThat(Scene.row(scene.verdict(), "attestations[0]").met()).isTrue();
    assertThat(Scene.row(scene.verdict(), "attestations[0].result").met()).isTrue();

    scene.tested("bob", "PASSED");
    assertThat(Scene.row(scene.accepted(), "attestations[0].require-names").by())
        .containsExactly("bob");
  }

  /** Whatever somebody says whom the rule does not accept is not shown as met. */
  @Test
  void showsNoConditionAsMetByAnotherSigner() throws Exception {
    scene.rules(
        """
        - match: "**"
          signatures: { of: [alice] }
          attestations:
            - { type: test-result, by: bob, result: PASSED, require-names: true, max-age: 1d }
            - { type: cyclonedx, by: alice }
        """);
    scene.tested("alice", "PASSED");

    assertThat(scene.verdict().requirements())
        .filteredOn(row -> row.code().startsWith("attestations[0]"))
        .hasSize(4)
        .allSatisfy(row -> {
          assertThat(row.met()).isFalse();
          assertThat(row.by()).isEmpty();
          assertThat(row.next()).isNotEmpty();
        });
    assertThat(scene.refused("attestations[0]").why()).contains("it is signed by alice");
  }

  @Test
  void hasARowForEachConditionOfAnAttestationThatIsNotThere() throws Exception {
    scene.requires("{ type: vsa, by: bob, verifier: \"https://g.example\", same-name: true }");

    assertThat(scene.verdict().requirements())
        .extracting(Requirement::code)
        .endsWith(
            "attestations[0]",
            "attestations[0].result",
            "attestations[0].verifier",
            "attestations[0].same-name");
    assertThat(scene.refused("attestations[0].verifier").why()).startsWith("not checked");
  }

  @Test
  void quotesARefusedClaimOfTheTypeThatIsAskedFor() throws Exception {
    scene.rules(
        """
        - match: "**"
          signatures: { of: [alice] }
          attestations:
            - { type: cyclonedx, by: bob }
            - { type: test-result, by: bob }
        """);
    scene.attest(scene.byKey("bob"), "cyclonedx", Scene.bom("", ""));
    scene.tested("bob", "PASSED");
    Files.writeString(scene.model.resolve("weights.bin"), "other");
    scene.sign(scene.byKey("alice"), "fraud/model.sig");

    assertThat(scene.refused("attestations[0]").why()).contains("claims.jsonl:1: it is about");
    assertThat(scene.refused("attestations[1]").why()).contains("claims.jsonl:2: it is about");

    scene.requires("{ type: slsa, by: bob }");
    assertThat(scene.refused("attestations[0]").why()).doesNotContain("claims.jsonl");
  }

  @Test
  void listsABoundedNumberOfClaimsThatDoNotCount() throws Exception {
    scene.requires("{ type: test-result, by: bob }");
    scene.tested("bob", "PASSED");
    Path claims = scene.directory.resolve("fraud/claims.jsonl");
    Files.writeString(claims, "{}\n".repeat(1_003) + Files.readString(claims));

    PolicyVerdict verdict = scene.accepted();

    assertThat(verdict.claims()).hasSize(1_001);
    assertThat(verdict.claims().get(0).counts()).isTrue();
    assertThat(verdict.moreClaims()).isEqualTo(3);
  }
}
