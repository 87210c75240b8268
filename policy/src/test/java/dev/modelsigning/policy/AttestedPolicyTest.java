package dev.modelsigning.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.attestation.ClaimsFile;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Envelope;
import dev.modelsigning.predicate.PredicateType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
}
