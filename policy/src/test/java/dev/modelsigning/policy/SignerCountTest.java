package dev.modelsigning.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.policy.result.Requirement;
import dev.modelsigning.testing.Models;
import dev.modelsigning.testing.TestCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is counted, and who is the same person. */
class SignerCountTest {

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
  void acceptsEnoughSigners() throws Exception {
    scene.rules(TWO_OF_THREE);
    scene.sign(scene.byKey("alice"), "fraud/v3.alice.sig");
    scene.sign(scene.byKey("bob"), "fraud/v3.bob.sig");

    PolicyVerdict verdict = scene.accepted();

    assertThat(verdict.signers()).containsExactlyInAnyOrder("alice", "bob");
    assertThat(verdict.name()).hasValue("fraud/v3");
    assertThat(Scene.row(verdict, "must-include").by()).containsExactly("bob");
  }

  @Test
  void refusesTooFewSigners() throws Exception {
    scene.rules(TWO_OF_THREE);
    scene.sign(scene.byKey("bob"), "fraud/model.sig");

    assertThat(scene.refused("signatures").why()).contains("signed by bob only");
    assertThat(scene.verdict().reason().orElseThrow().rule()).isEqualTo(PolicyRules.POLICY_NOT_MET);
  }

  @Test
  void refusesWithoutTheSignerWhoMustBeThere() throws Exception {
    scene.rules(TWO_OF_THREE);
    scene.sign(scene.byKey("alice"), "fraud/a.sig");
    scene.sign(scene.byCertificate("carol"), "fraud/c.sig");

    assertThat(scene.refused("must-include").why()).contains("no signature by bob verifies");
    assertThat(Scene.row(scene.verdict(), "signatures").met()).isTrue();
  }

  @Test
  void countsTwoSignaturesOfOneSignerOnce() throws Exception {
    scene.rules(TWO_OF_THREE);
    scene.sign(scene.byKey("bob"), "fraud/1.sig");
    scene.sign(scene.byKey("bob"), "fraud/2.sig");

    scene.refused("signatures");
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

    assertThat(scene.refused("signatures").why()).contains("is the same person, and counts once");
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

    assertThat(scene.refused("signatures").why()).contains("counts once");
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

    scene.refused("signatures");
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

    assertThat(scene.accepted().signers()).containsExactlyInAnyOrder("carol", "anybody");
  }

  @Test
  void listsSignaturesByOthersAndCountsNone() throws Exception {
    scene.rules(TWO_OF_THREE);
    scene.add("eve", scene.root.signer("CN=eve"));
    scene.sign(scene.byKey("eve"), "fraud/e.sig");
    scene.sign(scene.byKey("bob"), "fraud/b.sig");

    scene.refused("signatures");
    assertThat(scene.verdict().signatures())
        .filteredOn(one -> !one.counts())
        .singleElement()
        .satisfies(one -> {
          assertThat(one.file()).endsWith("e.sig");
          assertThat(one.why()).contains("nobody in the policy signed it");
        });
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

    scene.refused("signatures");
  }

  @Test
  void namesTheKeyThatIsAskedForAndTheOneThatSigned() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    scene.add("eve", scene.root.signer("CN=eve"));
    scene.sign(scene.byKey("eve"), "fraud/e.sig");

    Requirement row = scene.refused("signatures");

    assertThat(row.why())
        .startsWith("no signature by alice verifies; ")
        .contains(
            "e.sig: nobody in the policy signed it; it names the key '" + fingerprint("eve") + "'",
            "and alice has " + fingerprint("alice"));
    assertThat(row.next())
        .isEqualTo(
            "have alice sign the model, and keep the signature beside it or attached in its registry; ask for a new key"
                + " elsewhere than where the signature is from");
  }

  private String fingerprint(String name) throws Exception {
    return KeySigner.load(scene.key(name)).publicKey().fingerprint();
  }

  @Test
  void namesTheOwnerOfTheCertificateThatSigned() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [carol] } }");
    scene.add("eve", scene.root.signer("CN=eve"));
    scene.sign(scene.byCertificate("eve"), "fraud/e.sig");

    assertThat(scene.refused("signatures").why()).contains("carol: ", "'CN=carol'", "CN=eve");
  }

  /** A file that is none, or is by another method, says less than one by another key. */
  @Test
  void quotesTheFailureThatHasMostToDoWithTheSigner() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice, carol] } }");
    Files.writeString(scene.directory.resolve("fraud/a.sig"), "{}");
    Path other = scene.directory.resolve("fraud/v4");
    Models.write(other, "others.bin", "other");
    scene.write(ModelSigner.using(scene.byKey("alice")).sign(other), "fraud/b.sig");
    assertThat(scene.refused("signatures").why()).contains("a.sig: ").doesNotContain("b.sig");

    scene.rules(
        "- { match: \"**\", signatures: { of: [alice, carol], must-include: [alice, carol] } }");
    scene.add("eve", scene.root.signer("CN=eve"));
    scene.sign(scene.byKey("eve"), "fraud/e.sig");
    assertThat(scene.refused("signatures").why()).contains("e.sig: nobody in the policy");

    scene.sign(scene.byKey("alice"), "fraud/z.sig");
    Files.writeString(scene.model.resolve("weights.bin"), "5678");
    assertThat(scene.refused("signatures").why())
        .contains("z.sig: the model is not the one that was signed: changed: weights.bin");
    assertThat(scene.refused("signatures").next()).startsWith("get the model again");
    Requirement carol =
        scene.verdict().requirements().stream()
            .filter(row -> row.text().equals("signed by carol"))
            .findFirst()
            .orElseThrow();
    assertThat(carol.why()).contains("a.sig: ");
  }

  @Test
  void countsOnlyTheSignaturesOfOtherModels() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    for (String name : List.of("v4", "v5")) {
      Path other = scene.directory.resolve("fraud/" + name);
      Models.write(other, name + ".bin", name);
      scene.write(ModelSigner.using(scene.byKey("alice")).sign(other), "fraud/" + name + ".sig");
    }

    assertThat(scene.refused("signatures").why())
        .isEqualTo(
            "no signature by alice verifies; the 2 signatures that were found are about other"
                + " models");
  }

  @Test
  void namesAFileOnceThatCannotBeRead() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    Path loop = scene.directory.resolve("fraud/loop.sig");
    Files.createSymbolicLink(loop, loop);

    assertThat(scene.refused("signatures").why())
        .containsOnlyOnce("loop.sig")
        .contains("loop.sig: ");
  }
}
