package dev.modelsigning.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.testing.TestCertificate;
import java.nio.file.Path;
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
          assertThat(one.file()).hasFileName("e.sig");
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
}
