package dev.modelsigning.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.VerifiedModel;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.model.HashAlgorithm;
import dev.modelsigning.model.HashProgress;
import dev.modelsigning.model.UncoveredEntry;
import dev.modelsigning.policy.result.CheckedSignature;
import dev.modelsigning.policy.result.Requirement;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.testing.Models;
import dev.modelsigning.testing.TestCertificate;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who signed, what the rule says, and the verdict with its rows. */
class PolicyDecisionTest {

  private static final String TWO_OF_THREE =
      """
      - match: "fraud/**"
        signatures: { of: [alice, bob, carol], at-least: 2, must-include: [bob] }
      """;

  @TempDir private Path directory;
  private Scene scene;

  @BeforeEach
  void prepare() throws Exception {
    scene = Scene.in(directory.toRealPath());
  }

  private static Requirement row(PolicyVerdict verdict, String code) {
    return verdict.requirements().stream()
        .filter(row -> row.code().equals(code))
        .findFirst()
        .orElseThrow(() -> new AssertionError(code + " in " + verdict.requirements()));
  }

  private PolicyVerdict accepted() throws Exception {
    PolicyVerdict verdict = scene.verdict();
    assertThat(verdict.unmet()).isEmpty();
    assertThat(verdict.isVerified()).isTrue();
    assertThat(verdict.isRefused()).isFalse();
    return verdict;
  }

  /** The row that is not met. */
  private Requirement refused(String code) throws Exception {
    PolicyVerdict verdict = scene.verdict();
    assertThat(verdict.isVerified()).isFalse();
    assertThat(verdict.isRefused()).isTrue();
    Requirement row = row(verdict, code);
    assertThat(row.met()).as("%s", verdict.requirements()).isFalse();
    assertThat(row.by()).isEmpty();
    return row;
  }

  // Who is counted

  @Test
  void acceptsEnoughSigners() throws Exception {
    scene.rules(TWO_OF_THREE);
    scene.sign(scene.byKey("alice"), "fraud/v3.alice.sig");
    scene.sign(scene.byKey("bob"), "fraud/v3.bob.sig");

    PolicyVerdict verdict = accepted();

    assertThat(verdict.signers()).containsExactlyInAnyOrder("alice", "bob");
    assertThat(verdict.name()).hasValue("fraud/v3");
    assertThat(row(verdict, "must-include").by()).containsExactly("bob");
  }

  @Test
  void refusesTooFewSigners() throws Exception {
    scene.rules(TWO_OF_THREE);
    scene.sign(scene.byKey("bob"), "fraud/model.sig");

    assertThat(refused("signatures").why()).contains("signed by bob only");
    assertThat(scene.verdict().reason().orElseThrow().rule()).isEqualTo(PolicyRules.POLICY_NOT_MET);
  }

  @Test
  void refusesWithoutTheSignerWhoMustBeThere() throws Exception {
    scene.rules(TWO_OF_THREE);
    scene.sign(scene.byKey("alice"), "fraud/a.sig");
    scene.sign(scene.byCertificate("carol"), "fraud/c.sig");

    assertThat(refused("must-include").why()).contains("no signature by bob verifies");
    assertThat(row(scene.verdict(), "signatures").met()).isTrue();
  }

  @Test
  void countsTwoSignaturesOfOneSignerOnce() throws Exception {
    scene.rules(TWO_OF_THREE);
    scene.sign(scene.byKey("bob"), "fraud/1.sig");
    scene.sign(scene.byKey("bob"), "fraud/2.sig");

    refused("signatures");
  }

  @Test
  void countsOneKeyUnderTwoNamesOnce() throws Exception {
    scene.policy(
        Scene.SIGNERS
            + """
              eve: { key: { public-key: keys/bob.pub } }
            models:
              - { match: "**", signatures: { of: [bob, eve], at-least: 2 } }
            """);
    scene.sign(scene.byKey("bob"), "fraud/1.sig");

    assertThat(refused("signatures").why()).contains("is the same person, and counts once");
  }

  @Test
  void countsAKeyAndTheCertificateOverItOnce() throws Exception {
    scene.policy(
        Scene.SIGNERS
            + """
              carol-key: { key: { public-key: keys/carol.pub } }
            models:
              - { match: "**", signatures: { of: [carol, carol-key], at-least: 2 } }
            """);
    scene.sign(scene.byKey("carol"), "fraud/key.sig");
    scene.sign(scene.byCertificate("carol"), "fraud/certificate.sig");

    assertThat(refused("signatures").why()).contains("counts once");
  }

  @Test
  void countsTwoCertificatesOfOneNameOnce() throws Exception {
    TestCertificate renewed = scene.root.signer("CN=carol");
    scene.add("renewed", renewed);
    scene.policy(
        Scene.SIGNERS
            + """
              carol-again: { certificate: { identity: ["CN=carol"], trust: ca/root.pem } }
            models:
              - { match: "**", signatures: { of: [carol, carol-again], at-least: 2 } }
            """);
    scene.sign(scene.byCertificate("carol"), "fraud/1.sig");
    scene.sign(scene.byCertificate("renewed"), "fraud/2.sig");

    refused("signatures");
  }

  @Test
  void countsTwoPeopleOfWhomOneHasTwoNames() throws Exception {
    scene.policy(
        Scene.SIGNERS
            + """
              anybody: { certificate: { identity: [CN=carol, CN=alice], trust: ca/root.pem } }
            models:
              - { match: "**", signatures: { of: [carol, anybody], at-least: 2 } }
            """);
    scene.sign(scene.byCertificate("carol"), "fraud/1.sig");
    scene.sign(scene.byCertificate("alice"), "fraud/2.sig");

    assertThat(accepted().signers()).containsExactlyInAnyOrder("carol", "anybody");
  }

  @Test
  void listsSignaturesByOthersAndCountsNone() throws Exception {
    scene.rules(TWO_OF_THREE);
    scene.add("eve", scene.root.signer("CN=eve"));
    scene.sign(scene.byKey("eve"), "fraud/e.sig");
    scene.sign(scene.byKey("bob"), "fraud/b.sig");

    refused("signatures");
    assertThat(scene.verdict().signatures())
        .filteredOn(one -> !one.counts())
        .singleElement()
        .satisfies(one -> {
          assertThat(one.file()).hasFileName("e.sig");
          assertThat(one.why()).contains("nobody in the policy signed it");
        });
  }

  // Which rule

  @Test
  void refusesWhatNoRuleMatches() throws Exception {
    scene.rules(
        """
        - { match: "vendor/**", signatures: { of: [alice] } }
        """);
    scene.sign(scene.byKey("alice"), "fraud/model.sig");

    assertThat(refused("match").why()).contains("no rule of", "matches fraud/v3");
    assertThat(scene.verdict().reason().orElseThrow().rule()).isEqualTo(PolicyRules.NO_POLICY_RULE);
  }

  @Test
  void appliesTheFirstRuleThatMatches() throws Exception {
    scene.rules(
        """
        - { match: "fraud/*", signatures: { of: [bob] } }
        - { match: "**", signatures: { of: [alice] } }
        """);
    scene.sign(scene.byKey("alice"), "fraud/model.sig");

    refused("signatures");
  }

  @Test
  void refusesAModelOutsideOfThePolicysDirectory(@TempDir Path elsewhere) throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    Path other = Files.createDirectory(elsewhere.toRealPath().resolve("model"));
    Files.writeString(other.resolve("a"), "a");

    PolicyVerdict verdict = scene.verdict(other);

    assertThat(verdict.isRefused()).isTrue();
    assertThat(verdict.name()).isEmpty();
    assertThat(row(verdict, "match").why())
        .isEqualTo(
            "the model is not below "
                + scene.directory
                + ", the directory of the policy, so it has no name that a rule could match; name the"
                + " directory that the models are below");
  }

  @Test
  void namesModelsBelowAnotherDirectory() throws Exception {
    scene.rules("- { match: v3, signatures: { of: [alice] } }");
    scene.sign(scene.byKey("alice"), "fraud/v3.sig");
    Policy policy = Policy.load(scene.directory.resolve("policy.yaml"));
    Path root = scene.directory.resolve("fraud");

    assertThat(scene.verdict().name()).hasValue("fraud/v3");
    for (Path named :
        List.of(scene.model, root.resolve("./v3"), root.resolve("../fraud/v3/../v3"))) {
      PolicyVerdict verdict = policy.namedBelow(root).examine(ModelRequest.of(named));
      assertThat(verdict.name()).as("%s", named).hasValue("v3");
      assertThat(verdict.isVerified()).isTrue();
    }
  }

  @Test
  void resolvesLinksInTheNameBelowAnotherDirectory(@TempDir Path elsewhere) throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    scene.sign(scene.byKey("alice"), "fraud/v3.sig");
    Path link = elsewhere.toRealPath().resolve("link");
    Files.createSymbolicLink(link, scene.directory);
    Policy policy = Policy.load(scene.directory.resolve("policy.yaml")).namedBelow(link);

    assertThat(policy.examine(ModelRequest.of(scene.model)).name()).hasValue("fraud/v3");
    assertThat(policy.examine(ModelRequest.of(link.resolve("fraud/v3"))).name())
        .hasValue("fraud/v3");
    assertThat(policy.examine(ModelRequest.of(link.resolve("fraud/../fraud/v3"))).name())
        .hasValue("fraud/v3");
  }

  @Test
  void refusesAModelOutsideOfTheDirectoryThatIsNamed(@TempDir Path elsewhere) throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    scene.sign(scene.byKey("alice"), "fraud/v3.sig");
    Path root = Files.createDirectory(elsewhere.toRealPath().resolve("models"));
    Policy policy = Policy.load(scene.directory.resolve("policy.yaml")).namedBelow(root);

    for (Path model : List.of(scene.model, root, root.resolve("../models"))) {
      PolicyVerdict verdict = policy.examine(ModelRequest.of(model));
      assertThat(verdict.isRefused()).isTrue();
      assertThat(verdict.name()).isEmpty();
      assertThat(row(verdict, "match").why())
          .isEqualTo(
              "the model is not below "
                  + root
                  + ", the directory that models are named below, so it has no name that a rule could"
                  + " match");
    }
  }

  @Test
  void refusesADirectoryForNamesThatIsNone() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    Policy policy = Policy.load(scene.directory.resolve("policy.yaml"));

    assertThatThrownBy(() -> policy.namedBelow(scene.directory.resolve("gone")))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("does not exist, expected the directory");
    assertThatThrownBy(() -> policy.namedBelow(scene.directory.resolve("policy.yaml")))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("is not a directory");
  }

  @Test
  void resolvesALinkBeforeTwoDots() throws Exception {
    scene.rules(
        """
        - { match: "sandbox/**", mode: warn }
        - { match: "**", signatures: { of: [bob] } }
        """);
    Path sandbox = Files.createDirectories(scene.directory.resolve("sandbox/deep"));
    Files.createSymbolicLink(
        scene.directory.resolve("sandbox/link"), scene.directory.resolve("fraud/v3"));

    PolicyVerdict verdict = scene.verdict(sandbox.getParent().resolve("link/../v3"));

    assertThat(verdict.name()).hasValue("fraud/v3");
    assertThat(verdict.isRefused()).isTrue();
  }

  @Test
  void neverVerifiesByARuleThatOnlyWarns() throws Exception {
    scene.rules(
        """
        - { match: "**", mode: warn, signatures: { of: [alice] } }
        """);
    scene.sign(scene.byKey("alice"), "fraud/model.sig");

    PolicyVerdict verdict = scene.verdict();

    assertThat(verdict.unmet()).isEmpty();
    assertThat(verdict.isVerified()).isFalse();
    assertThat(verdict.isRefused()).isFalse();
    assertThatThrownBy(
            () -> Policy.load(scene.directory.resolve("policy.yaml")).verify(scene.model))
        .isInstanceOf(RefusedModelException.class)
        .hasMessageContaining("only warns");
  }

  // What was signed

  @Test
  void refusesAModelThatWasChanged() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    scene.sign(scene.byKey("alice"), "fraud/model.sig");
    Files.writeString(scene.model.resolve("weights.bin"), "5678");

    assertThat(refused("signatures").why()).contains("is not the one that was signed");
  }

  @Test
  void excusesSignaturesInTheModelThatVerify() throws Exception {
    scene.rules(TWO_OF_THREE);
    Path first = scene.sign(scene.byKey("alice"), "fraud/alice.sig");
    Path second = scene.sign(scene.byKey("bob"), "fraud/bob.sig");
    Files.move(first, scene.model.resolve("alice.sig"));
    Files.move(second, scene.model.resolve("model.sig"));

    accepted();
  }

  @Test
  void refusesASignatureInTheModelThatIsByNobodyInThePolicy() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    scene.add("eve", scene.root.signer("CN=eve"));
    Path strange = scene.sign(scene.byKey("eve"), "fraud/eve.sig");
    scene.sign(scene.byKey("alice"), "fraud/model.sig");
    Files.move(strange, scene.model.resolve("eve.sig"));

    assertThat(refused("forbid.unsigned-files").why()).contains("not signed: eve.sig");
  }

  @Test
  void refusesAnOldSignatureInTheModel() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice, bob] } }");
    Path old = scene.sign(scene.byKey("bob"), "fraud/old.sig");
    Files.writeString(scene.model.resolve("weights.bin"), "5678");
    scene.sign(scene.byKey("alice"), "fraud/model.sig");
    Files.move(old, scene.model.resolve("old.sig"));

    assertThat(refused("signatures").why()).contains("old.sig");
  }

  @Test
  void readsAModelOnceForEqualManifests() throws Exception {
    scene.rules(TWO_OF_THREE);
    scene.sign(scene.byKey("alice"), "fraud/alice.sig");
    scene.sign(scene.byKey("bob"), "fraud/bob.sig");
    Counted counted = new Counted();

    PolicyVerdict verdict =
        Policy.load(scene.directory.resolve("policy.yaml"))
            .examine(
                ModelRequest.of(scene.model)
                    .reading(Reading.withDefaults().parallelism(1).progress(counted)));

    assertThat(verdict.isVerified()).isTrue();
    assertThat(counted.bytes).isEqualTo(6);
  }

  private static final class Counted implements HashProgress {
    private long bytes;

    @Override
    public void hashed(long more) {
      bytes += more;
    }

    @Override
    public void started(long files, long expected) {}

    @Override
    public void ended() {}
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

  private Path signPart(String who, String leftOut, String file) throws Exception {
    return scene.write(
        ModelSigner.using(scene.byKey(who))
            .withHasher(
                ModelHasher.builder().reading(Reading.withDefaults().ignorePath(leftOut)).build())
            .sign(scene.model),
        file);
  }

  @Test
  void doesNotCountSignaturesOverDifferentFilesTogether() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice, bob], at-least: 2 } }");
    signPart("alice", "weights.bin", "fraud/a.sig");
    scene.sign(scene.byKey("bob"), "fraud/b.sig");

    refused("signatures");
    PolicyVerdict verdict = scene.verdict();
    assertThat(verdict.proof().orElseThrow().manifest().paths())
        .containsExactly("config.json", "weights.bin");
    assertThat(verdict.signatures())
        .filteredOn(one -> !one.counts())
        .singleElement()
        .satisfies(one -> assertThat(one.why()).contains("covers other files"));
    // The one who signed a part signs all of it.
    scene.sign(scene.byKey("alice"), "fraud/a2.sig");
    accepted();
  }

  @Test
  void verifiesWhatThePartHasThatMeetsTheRule() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice, bob], at-least: 2 } }");
    signPart("alice", "weights.bin", "fraud/a.sig");
    signPart("bob", "weights.bin", "fraud/b.sig");
    scene.sign(scene.byKey("bob"), "fraud/c.sig");

    assertThat(accepted().proof().orElseThrow().manifest().paths()).containsExactly("config.json");
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

    refused("signatures");
  }

  @Test
  void countsThoseOnceWhoHaveTheSameSubjectAndOtherNamesBeside() throws Exception {
    TestCertificate mail =
        TestCertificate.named("CN=carol")
            .signer()
            .names(1, "carol@bank.example")
            .issuedBy(scene.root);
    scene.add("mail", mail);
    scene.policy(
        Scene.SIGNERS
            + """
              mail: { certificate: { identity: carol@bank.example, trust: ca/root.pem } }
            models:
              - { match: "**", signatures: { of: [carol, mail], at-least: 2 } }
            """);
    scene.sign(scene.byCertificate("carol"), "fraud/1.sig");
    scene.sign(scene.byCertificate("mail"), "fraud/2.sig");

    refused("signatures");
  }

  @Test
  void returnsAProofByASignerWhoCounts() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice, bob] }, max-age: 1h }");
    scene.sign(scene.byKey("alice"), "fraud/a.sig");
    scene.signStamped(scene.byKey("bob"), Duration.ofMinutes(1), "fraud/b.sig");

    PolicyVerdict verdict = accepted();

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
      signPart("alice", "absent" + i, "fraud/" + (char) ('a' + i) + ".sig");
    }
    Path last = signPart("alice", "absent", "last.sig");
    Files.move(last, scene.model.resolve("last.sig"));
    accepted();

    // Those in the model come first, so they are compared; more of them than that are not.
    for (int i = 0; i < 17; i++) {
      Path more = signPart("alice", "more" + i, "m.sig");
      Files.move(more, scene.model.resolve("m" + i + ".sig"));
    }
    refused("signatures");
    assertThat(scene.verdict().signatures())
        .anyMatch(one -> one.why().contains("lies in the model"));
  }

  @Test
  void findsTheSignatureOfAModelAmongThoseOfManyOthers() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    Counted counted = new Counted();
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
    assertThat(counted.bytes).isEqualTo(6);
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

    assertThat(refused("forbid.unsigned-files").why()).isEqualTo("not signed: more.txt");
  }

  @Test
  void readsAModelForFewManifestsOnly() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    for (int i = 0; i < 20; i++) {
      signPart("alice", "absent" + i, "fraud/" + (char) ('a' + i) + ".sig");
    }

    assertThat(accepted().signatures())
        .filteredOn(one -> one.why().contains("is not read again"))
        .hasSize(4);
  }

  // Algorithms, digests, age

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

    assertThat(refused("algorithms").why()).contains("hashed with blake3");
  }

  @Test
  void refusesAnotherDigestThanThePinnedOne() throws Exception {
    String pinned =
        """
        - { match: "**", signatures: { of: [alice] }, pin: { digest: "sha256:%s" } }
        """;
    scene.rules(pinned.formatted("0".repeat(64)));
    scene.sign(scene.byKey("alice"), "fraud/model.sig");

    refused("pin");
    scene.rules(
        pinned.formatted(
            scene.verdict().proof().map(it -> it.manifest().rootDigest().hex()).orElse(root())));
    accepted();
  }

  private String root() throws Exception {
    return ModelHasher.withDefaults().hash(scene.model).manifest().rootDigest().hex();
  }

  @Test
  void refusesAnAgeThatNothingProves() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [bob] }, max-age: 1d }");
    scene.sign(scene.byKey("bob"), "fraud/model.sig");

    assertThat(refused("max-age").why()).contains("nothing proves when it was signed");
  }

  @Test
  void comparesAProvedAge() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [bob] }, max-age: 40m }");
    scene.signStamped(scene.byKey("bob"), Duration.ofMinutes(20), "fraud/model.sig");
    accepted();

    scene.signStamped(scene.byKey("bob"), Duration.ofMinutes(50), "fraud/model.sig");
    assertThat(refused("max-age").why()).contains("more than 40m ago");
  }

  @Test
  void refusesASignatureThatHasBecomeTooOld() throws Exception {
    Path file = scene.rules("- { match: \"**\", signatures: { of: [bob] }, max-age: 40m }");
    scene.signStamped(scene.byKey("bob"), Duration.ofMinutes(1), "fraud/model.sig");
    Policy policy = Policy.load(file);
    ModelRequest request = ModelRequest.of(scene.model);

    assertThat(policy.examine(request).isVerified()).isTrue();
    Policy later = policy.withClock(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(41)));
    assertThat(row(later.examine(request), "max-age").why()).contains("more than 40m ago");
  }

  @Test
  void needsAProvedAgeOfEachSignerThatIsNeeded() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice, bob], at-least: 2 }, max-age: 40m }");
    scene.signStamped(scene.byKey("bob"), Duration.ofMinutes(20), "fraud/b.sig");
    scene.sign(scene.byKey("alice"), "fraud/a.sig");

    assertThat(row(scene.verdict(), "signatures").met()).isTrue();
    assertThat(refused("max-age").why()).contains("a.sig");
  }

  // What is forbidden

  @Test
  void refusesWhatTheSignerLeftOut() throws Exception {
    scene.rules(
        """
        - { match: "**", signatures: { of: [alice] }, forbid: { ignored-paths: all-but-git } }
        """);
    Files.writeString(scene.model.resolve("extra.py"), "import os");
    Files.createDirectory(scene.model.resolve(".git"));
    scene.write(
        ModelSigner.using(scene.byKey("alice"))
            .withHasher(
                ModelHasher.builder()
                    .reading(Reading.withDefaults().ignorePath("extra.py"))
                    .build())
            .sign(scene.model),
        "fraud/model.sig");

    assertThat(refused("forbid.ignored-paths").why()).contains("leaves out extra.py");
    assertThat(scene.verdict().uncovered()).isEmpty();
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    assertThat(accepted().uncovered())
        .extracting(UncoveredEntry::name)
        .containsExactly(".git", "extra.py");
    scene.rules(
        """
        - { match: "**", signatures: { of: [alice] }, forbid: { ignored-paths: all-but-git } }
        """);
    Files.delete(scene.model.resolve("extra.py"));
    accepted();
  }

  @Test
  void refusesLinks() throws Exception {
    scene.rules(
        """
        - { match: "**", signatures: { of: [alice] }, forbid: { symlinks: true } }
        """);
    Files.createSymbolicLink(scene.model.resolve("link.json"), Path.of("config.json"));
    scene.write(
        ModelSigner.using(scene.byKey("alice"))
            .withHasher(
                ModelHasher.builder().reading(Reading.withDefaults().allowSymlinks(true)).build())
            .sign(scene.model),
        "fraud/model.sig");

    assertThat(refused("forbid.symlinks").why()).contains("the model has links: link.json");
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    accepted();
  }

  @Test
  void cannotExcludeLinksInWhatWasLeftOut() throws Exception {
    scene.rules(
        """
        - { match: "**", signatures: { of: [alice] }, forbid: { symlinks: true } }
        """);
    Files.createDirectory(scene.model.resolve("cache"));
    Files.createSymbolicLink(scene.model.resolve("cache/link"), Path.of("/etc"));
    signPart("alice", "cache", "fraud/model.sig");

    assertThat(refused("forbid.symlinks").why()).contains("cache");
  }

  @Test
  void saysThatGitsFilesWereNotSearched() throws Exception {
    scene.rules(
        """
        - match: "**"
          signatures: { of: [alice] }
          forbid: { ignored-paths: all-but-git, symlinks: true, code: all }
        """);
    Files.createDirectories(scene.model.resolve(".git/hooks"));
    Files.writeString(scene.model.resolve(".git/hooks/evil.py"), "import os");
    scene.sign(scene.byKey("alice"), "fraud/model.sig");

    PolicyVerdict verdict = accepted();

    for (String code : List.of("forbid.symlinks", "forbid.code")) {
      assertThat(row(verdict, code).why()).isEqualTo("git's own files were not searched: .git");
    }
  }

  @Test
  void refusesCode() throws Exception {
    scene.rules(
        """
        - { match: "**", signatures: { of: [alice] }, forbid: { code: [python, pickle] } }
        """);
    Files.writeString(scene.model.resolve("modeling.py"), "import os");
    scene.sign(scene.byKey("alice"), "fraud/model.sig");

    assertThat(refused("forbid.code").why()).contains("modeling.py (python)");
  }

  @Test
  void acceptsUnsignedFilesIfTheyAreAllowed() throws Exception {
    scene.rules(
        """
        - { match: "**", signatures: { of: [alice] }, forbid: { unsigned-files: false } }
        """);
    scene.sign(scene.byKey("alice"), "fraud/model.sig");
    Files.writeString(scene.model.resolve("notes.txt"), "1");
    accepted();

    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    assertThat(refused("forbid.unsigned-files").why()).contains("notes.txt");
  }

  @Test
  void failsForAFileThatWasNamedAndIsNotThere() throws Exception {
    Policy policy = Policy.load(scene.rules("- { match: \"**\", signatures: { of: [alice] } }"));
    Path signature = scene.sign(scene.byKey("alice"), "fraud/model.sig");
    Path absent = scene.directory.resolve("absent");
    ModelRequest request = ModelRequest.of(scene.model);
    assertThat(policy.examine(request.signatures(List.of(signature))).isVerified()).isTrue();

    for (ModelRequest wrong :
        List.of(
            request.signatures(List.of(signature, absent)),
            request.claims(List.of(absent)),
            ModelRequest.of(absent))) {
      assertThatThrownBy(() -> policy.examine(wrong))
          .isInstanceOf(NoSuchFileException.class)
          .hasMessage(absent.toString());
    }
  }

  // Trust files

  @Test
  void needsNoTrustFileOfASignerThatIsNotNeeded() throws Exception {
    scene.rules(TWO_OF_THREE);
    Files.delete(scene.directory.resolve("keys/alice.pub"));
    scene.sign(scene.byKey("bob"), "fraud/b.sig");
    scene.sign(scene.byCertificate("carol"), "fraud/c.sig");

    accepted();
  }

  @Test
  void namesTheTrustFileThatIsMissing() throws Exception {
    scene.rules(TWO_OF_THREE);
    Files.delete(scene.directory.resolve("keys/bob.pub"));
    scene.sign(scene.byKey("bob"), "fraud/b.sig");

    assertThat(refused("must-include").why()).contains("the signer bob cannot be used", "bob.pub");
  }

  @Test
  void refusesATrustFileThatALinkLeadsTo(@TempDir Path elsewhere) throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    scene.sign(scene.byKey("alice"), "fraud/model.sig");
    Path key = scene.directory.resolve("keys/alice.pub");
    Path moved = Files.move(key, elsewhere.resolve("alice.pub"));
    Files.createSymbolicLink(key, moved);

    assertThat(refused("signatures").why()).contains("leads out of the directory of the policy");
  }

  // In Java

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
}
