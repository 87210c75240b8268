package dev.modelsigning.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.VerifiedModel;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.policy.result.CheckedSignature;
import dev.modelsigning.testing.Models;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was signed: signatures in the model, of other models, and over different files. */
class SignedFilesTest {

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
  void refusesAModelThatWasChanged() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    scene.sign(scene.byKey("alice"), "fraud/model.sig");
    Files.writeString(scene.model.resolve("weights.bin"), "5678");

    assertThat(scene.refused("signatures").why()).contains("is not the one that was signed");
  }

  @Test
  void excusesSignaturesInTheModelThatVerify() throws Exception {
    scene.rules(TWO_OF_THREE);
    Path first = scene.sign(scene.byKey("alice"), "fraud/alice.sig");
    Path second = scene.sign(scene.byKey("bob"), "fraud/bob.sig");
    Files.move(first, scene.model.resolve("alice.sig"));
    Files.move(second, scene.model.resolve("model.sig"));

    scene.accepted();
  }

  @Test
  void refusesASignatureInTheModelThatIsByNobodyInThePolicy() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    scene.add("eve", scene.root.signer("CN=eve"));
    Path strange = scene.sign(scene.byKey("eve"), "fraud/eve.sig");
    scene.sign(scene.byKey("alice"), "fraud/model.sig");
    Files.move(strange, scene.model.resolve("eve.sig"));

    assertThat(scene.refused("forbid.unsigned-files").why()).contains("not signed: eve.sig");
  }

  @Test
  void refusesAnOldSignatureInTheModel() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice, bob] } }");
    Path old = scene.sign(scene.byKey("bob"), "fraud/old.sig");
    Files.writeString(scene.model.resolve("weights.bin"), "5678");
    scene.sign(scene.byKey("alice"), "fraud/model.sig");
    Files.move(old, scene.model.resolve("old.sig"));

    assertThat(scene.refused("signatures").why()).contains("old.sig");
  }

  @Test
  void readsAModelOnceForEqualManifests() throws Exception {
    scene.rules(TWO_OF_THREE);
    scene.sign(scene.byKey("alice"), "fraud/alice.sig");
    scene.sign(scene.byKey("bob"), "fraud/bob.sig");
    CountedBytes counted = new CountedBytes();

    PolicyVerdict verdict =
        Policy.load(scene.directory.resolve("policy.yaml"))
            .examine(
                ModelRequest.of(scene.model)
                    .reading(Reading.withDefaults().parallelism(1).progress(counted)));

    assertThat(verdict.isVerified()).isTrue();
    assertThat(counted.bytes()).isEqualTo(6);
  }

  @Test
  void findsSignaturesBesideAModelThatIsNamedByDots() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    scene.sign(scene.byKey("alice"), "fraud/model.sig");
    Files.createDirectory(scene.directory.resolve("fraud/other"));

    for (String name : List.of("fraud/v3/.", "fraud/./v3", "fraud/other/../v3", "fraud/v3/")) {
      assertThat(scene.verdict(scene.directory.resolve(name)).unmet()).as(name).isEmpty();
    }
  }

  @Test
  void doesNotCountSignaturesOverDifferentFilesTogether() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice, bob], at-least: 2 } }");
    scene.signPart("alice", "weights.bin", "fraud/a.sig");
    scene.sign(scene.byKey("bob"), "fraud/b.sig");

    scene.refused("signatures");
    PolicyVerdict verdict = scene.verdict();
    assertThat(verdict.proof().orElseThrow().manifest().paths())
        .containsExactly("config.json", "weights.bin");
    assertThat(verdict.signatures())
        .filteredOn(one -> !one.counts())
        .singleElement()
        .satisfies(one -> assertThat(one.why()).contains("covers other files"));
    // The one who signed a part signs all of it.
    scene.sign(scene.byKey("alice"), "fraud/a2.sig");
    scene.accepted();
  }

  @Test
  void verifiesWhatThePartHasThatMeetsTheRule() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice, bob], at-least: 2 } }");
    scene.signPart("alice", "weights.bin", "fraud/a.sig");
    scene.signPart("bob", "weights.bin", "fraud/b.sig");
    scene.sign(scene.byKey("bob"), "fraud/c.sig");

    assertThat(scene.accepted().proof().orElseThrow().manifest().paths())
        .containsExactly("config.json");
  }

  @Test
  void doesNotCountPartsTogetherWhereUnsignedFilesAreAllowed() throws Exception {
    scene.rules(
        """
        - match: "**"
          signatures: { of: [alice, bob], at-least: 2 }
          forbid: { unsigned-files: false, ignored-paths: all }
        """);
    Path weights = scene.model.resolve("weights.bin");
    byte[] bytes = Files.readAllBytes(weights);
    Files.delete(weights);
    scene.sign(scene.byKey("bob"), "fraud/b.sig");
    Files.write(weights, bytes);
    scene.sign(scene.byKey("alice"), "fraud/a.sig");

    scene.refused("signatures");
  }

  @Test
  void returnsAProofByASignerWhoCounts() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice, bob] }, max-age: 1h }");
    scene.sign(scene.byKey("alice"), "fraud/a.sig");
    scene.signStamped(scene.byKey("bob"), Duration.ofMinutes(1), "fraud/b.sig");

    PolicyVerdict verdict = scene.accepted();

    VerifiedModel proof = verdict.proof().orElseThrow();
    assertThat(proof.signer().name()).isEqualTo(fingerprint("bob"));
    assertThat(proof.times()).hasSize(1);
    assertThat(proof.readAllBytes("config.json")).asString().isEqualTo("{}");
    // Only the signature that does not count has no time stamp.
    assertThat(verdict.findings()).noneMatch(one -> one.rule().equals(Rules.NO_TIMESTAMP));
    assertThat(verdict.signatures())
        .extracting(CheckedSignature::counts)
        .containsExactly(true, false);
  }

  private String fingerprint(String name) throws Exception {
    return KeySigner.load(scene.key(name)).publicKey().fingerprint();
  }

  @Test
  void excusesNoSignatureInTheModelThatWasNotCompared() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    for (int i = 0; i < 16; i++) {
      scene.signPart("alice", "absent" + i, "fraud/" + (char) ('a' + i) + ".sig");
    }
    Path last = scene.signPart("alice", "absent", "last.sig");
    Files.move(last, scene.model.resolve("last.sig"));
    scene.accepted();

    // Those in the model come first, so they are compared; more of them than that are not.
    for (int i = 0; i < 17; i++) {
      Path more = scene.signPart("alice", "more" + i, "m.sig");
      Files.move(more, scene.model.resolve("m" + i + ".sig"));
    }
    scene.refused("signatures");
    assertThat(scene.verdict().signatures())
        .anyMatch(one -> one.why().contains("lies in the model"));
  }

  @Test
  void findsTheSignatureOfAModelAmongThoseOfManyOthers() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    CountedBytes counted = new CountedBytes();
    for (int i = 0; i < 30; i++) {
      Path other = scene.directory.resolve("fraud/m" + (char) ('a' + i % 26) + i);
      Models.write(other, "config.json", "{}", "weights.bin", "123" + (char) ('a' + i));
      scene.write(
          ModelSigner.using(scene.byKey("alice")).sign(other),
          "fraud/" + other.getFileName() + ".sig");
    }
    scene.sign(scene.byKey("alice"), "fraud/v3.sig");

    PolicyVerdict verdict =
        Policy.load(scene.directory.resolve("policy.yaml"))
            .examine(
                ModelRequest.of(scene.model)
                    .reading(Reading.withDefaults().parallelism(1).progress(counted)));

    assertThat(verdict.isVerified()).isTrue();
    assertThat(counted.bytes()).isEqualTo(6);
    assertThat(verdict.signatures())
        .filteredOn(one -> !one.counts())
        .hasSize(30)
        .allSatisfy(one -> assertThat(one.why()).contains("another model", "weights.bin"));
  }

  @Test
  void saysWhatIsNotSignedOnlyOfThisModel() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    Path other = scene.directory.resolve("fraud/v4");
    Models.write(other, "weights.bin", "other");
    scene.write(ModelSigner.using(scene.byKey("alice")).sign(other), "fraud/v4.sig");
    scene.sign(scene.byKey("alice"), "fraud/v3.sig");
    Files.writeString(scene.model.resolve("more.txt"), "1");

    assertThat(scene.refused("forbid.unsigned-files").why()).isEqualTo("not signed: more.txt");
  }

  @Test
  void readsAModelForFewManifestsOnly() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    for (int i = 0; i < 20; i++) {
      scene.signPart("alice", "absent" + i, "fraud/" + (char) ('a' + i) + ".sig");
    }

    assertThat(scene.accepted().signatures())
        .filteredOn(one -> one.why().contains("is not read again"))
        .hasSize(4);
  }

  @Test
  void namesTheFirstFilesThatDiffer() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    for (int i = 0; i < 5; i++) {
      Files.writeString(scene.model.resolve("part" + i), "part");
    }
    scene.sign(scene.byKey("alice"), "fraud/model.sig");
    for (int i = 0; i < 5; i++) {
      Files.writeString(scene.model.resolve("part" + i), "trap");
    }
    Files.delete(scene.model.resolve("config.json"));
    Files.writeString(scene.model.resolve("more"), "1");

    assertThat(scene.refused("signatures").why())
        .endsWith(
            "the model is not the one that was signed: changed: part0, part1, part2 and 2 more;"
                + " missing: config.json; not signed: more");
  }

  @Test
  void namesAFileThatWasRemovedOfTwoSignatures() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice, bob], at-least: 2 } }");
    Files.writeString(scene.model.resolve("more"), "1");
    scene.sign(scene.byKey("alice"), "fraud/a.sig");
    scene.sign(scene.byKey("bob"), "fraud/b.sig");
    Files.delete(scene.model.resolve("more"));

    assertThat(scene.refused("signatures").why())
        .endsWith(
            "a.sig: the model is not the one that was signed: 1 of the 3 files that were signed are"
                + " not there: more");
  }

  @Test
  void readsABoundedNumberOfFilesBesideAModel() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    for (int i = 0; i < 1_000; i++) {
      Files.createFile(scene.directory.resolve("fraud/" + i + ".sig"));
    }
    assertThat(scene.verdict().signatures()).hasSize(1_000);

    scene.sign(scene.byKey("alice"), "fraud/model.sig");
    assertThatThrownBy(scene::verdict)
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("has more than 1000 files that may be signatures or claims");
    assertThat(
            Policy.load(scene.directory.resolve("policy.yaml"))
                .examine(
                    ModelRequest.of(scene.model)
                        .signatures(List.of(scene.directory.resolve("fraud/model.sig")))
                        .claims(List.of(scene.directory.resolve("fraud/model.sig"))))
                .isVerified())
        .isTrue();
  }

  /** Whoever can write beside a model can copy its signature, and copies decide nothing. */
  @Test
  void looksAtCopiesOfASignatureOnce() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice, bob], at-least: 2 } }");
    Path later = scene.sign(scene.byKey("bob"), "b.bundle");
    Path signature = scene.sign(scene.byKey("alice"), "fraud/a.sig");
    for (int i = 0; i < 50; i++) {
      Files.copy(signature, scene.directory.resolve("fraud/copy" + i + ".sig"));
    }
    Files.copy(signature, scene.model.resolve("inside.sig"));
    CountedBytes counted = new CountedBytes();
    ModelRequest request =
        ModelRequest.of(scene.model)
            .reading(Reading.withDefaults().parallelism(1).progress(counted));
    Policy policy = Policy.load(scene.directory.resolve("policy.yaml"));

    PolicyVerdict verdict = policy.examine(request);

    assertThat(Scene.row(verdict, "signatures").why()).startsWith("signed by alice only");
    assertThat(verdict.signatures()).hasSize(52).allMatch(CheckedSignature::counts);
    assertThat(counted.bytes()).isEqualTo(6);

    Files.move(later, scene.directory.resolve("fraud/b.sig"));
    assertThat(policy.examine(request).isVerified()).isTrue();
    // A copy in the model is no longer its signature once the model is another one.
    Files.writeString(scene.model.resolve("weights.bin"), "5678");
    scene.signPart("bob", "inside.sig", "fraud/b.sig");
    scene.rules("- { match: \"**\", signatures: { of: [bob] } }");
    assertThat(scene.refused("signatures").why()).contains("inside.sig lies in the model");
  }
}
