package dev.modelsigning.cli.interop.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.cli.interop.Client;
import dev.modelsigning.cli.interop.KeyPair;
import dev.modelsigning.testing.Forge;
import dev.modelsigning.testing.OnOneJdk;
import dev.modelsigning.testing.TestCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** cosign verifies what we sign, as it is: signatures of models, and attestations about them. */
@WithCosign
@OnOneJdk
class CosignIT {

  private static final String OTHER_DIGEST = Forge.sha256("another model");

  @TempDir private Path directory;

  private Cosign cosign;
  private AttestedModel model;

  @BeforeEach
  void makeModel() throws Exception {
    cosign = Cosign.at(directory.resolve("home"));
    model = AttestedModel.in(directory);
  }

  private KeyPair signWithKey(String curve) throws Exception {
    KeyPair keys = KeyPair.generate(directory, curve);
    model.sign(Client.java(), "key", "--private-key", keys.privateKey().toString());
    return keys;
  }

  private void attest(KeyPair keys, PredicateSample predicate) throws Exception {
    model
        .attest(Client.java(), "key", predicate, "--private-key", keys.privateKey().toString())
        .succeeds();
  }

  @ParameterizedTest
  @ValueSource(strings = {"P-256", "P-384", "P-521"})
  void verifiesSignatureAndAttestationByAKey(String curve) throws Exception {
    KeyPair keys = signWithKey(curve);
    attest(keys, PredicateSample.CYCLONEDX);
    Path claim = model.claim(1);
    String[] trust = Cosign.key(keys.publicKey(), curve);
    KeyPair others = KeyPair.generate(Files.createDirectories(directory.resolve("other")), curve);

    for (Bundled each :
        List.of(
            new Bundled(model.signature(), AttestedModel.OMS),
            new Bundled(claim, PredicateSample.CYCLONEDX.uri()))) {
      cosign.verify(each.bundle, each.type, model.root(), trust).endsWith(0, Cosign.VERIFIED);
      refuses(each, OTHER_DIGEST, "", trust);
      refuses(each, model.root(), "", Cosign.key(others.publicKey(), curve));
    }
    refuses(
        new Bundled(model.signature(), PredicateSample.CYCLONEDX.uri()),
        model.root(),
        "invalid predicate type",
        trust);
    refuses(
        new Bundled(claim, PredicateSample.SLSA.uri()),
        model.root(),
        "invalid predicate type",
        trust);
  }

  /** A bundle, and the type of predicate that it is to have. */
  private record Bundled(Path bundle, String type) {}

  private void refuses(Bundled bundled, String digest, String words, String... trust)
      throws Exception {
    Client.Outcome outcome = cosign.verify(bundled.bundle, bundled.type, digest, trust);
    assertThat(outcome.exitCode()).as(outcome::toString).isPositive();
    assertThat(outcome.output()).doesNotContain(Cosign.VERIFIED).contains(words);
  }

  @Test
  void verifiesAttestationsOfEachType() throws Exception {
    KeyPair keys = signWithKey("P-256");
    int line = 0;
    for (PredicateSample predicate : PredicateSample.values()) {
      attest(keys, predicate);
      line++;
      cosign
          .verify(
              model.claim(line),
              predicate.uri(),
              model.root(),
              Cosign.key(keys.publicKey(), "P-256"))
          .endsWith(0, Cosign.VERIFIED);
    }
  }

  /**
   * Whether cosign accepts a subject with an annotation was the question when the digest of the
   * names was put there: it does.
   */
  @Test
  void acceptsTheAnnotationThatBindsTheNames() throws Exception {
    KeyPair keys = signWithKey("P-256");
    attest(keys, PredicateSample.TEST_RESULT);

    Path claim = model.claim(1);
    assertThat(AttestedModel.payload(Bundle.read(claim)))
        .containsPattern("\"annotations\":\\{\"dev.modelsigning/names-sha256\":\"[0-9a-f]{64}\"}");
    cosign
        .verify(
            claim,
            PredicateSample.TEST_RESULT.uri(),
            model.root(),
            Cosign.key(keys.publicKey(), "P-256"))
        .endsWith(0, Cosign.VERIFIED);
  }

  @Test
  void takesTheModelForTheDigestAndNothingElse() throws Exception {
    KeyPair keys = signWithKey("P-256");
    attest(keys, PredicateSample.TEST_RESULT);

    // cosign hashes no directories: whoever gives it the digest has to have verified the model.
    Files.writeString(model.path().resolve("config.json"), "[]");
    cosign
        .verify(
            model.claim(1),
            PredicateSample.TEST_RESULT.uri(),
            model.root(),
            Cosign.key(keys.publicKey(), "P-256"))
        .endsWith(0, Cosign.VERIFIED);
    model
        .verify("key", "test-result", "--public-key", keys.publicKey().toString())
        .refuses("  changed (1):");
  }

  // Certificates

  /**
   * The options to trust an authority, for a signer with this name, with neither log nor stamps.
   */
  private String[] certificate(TestCertificate root, String name) throws Exception {
    Path file = TestCertificate.write(directory.resolve("root.pem"), root);
    Path trusted = directory.resolve("trusted_root.json");
    cosign
        .run(
            "trusted-root",
            "create",
            "--fulcio",
            "url=https://bank.example,certificate-chain=" + file,
            "--out",
            trusted.toString())
        .succeeds();
    return new String[] {
      "--trusted-root",
      trusted.toString(),
      "--certificate-identity",
      name,
      "--certificate-oidc-issuer-regexp",
      ".*",
      "--allow-certificate-chain",
      "--insecure-ignore-sct",
      "--insecure-ignore-tlog"
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"secp256r1", "secp384r1", "secp521r1"})
  void verifiesSignatureAndAttestationByACertificate(String curve) throws Exception {
    TestCertificate root = TestCertificate.root("CN=Root");
    String name = "release@bank.example";
    TestCertificate signer =
        TestCertificate.named("CN=Release")
            .keys("EC", curve)
            .signer()
            .names(GeneralName.rfc822Name, name)
            .issuedBy(root);
    String[] key = {
      "--private-key",
      signer.writeKey(directory.resolve("key.pem")).toString(),
      "--signing-certificate",
      TestCertificate.write(directory.resolve("signer.pem"), signer).toString()
    };
    model.sign(Client.java(), "certificate", key);
    List<String> attesting = new ArrayList<>(List.of(key));
    attesting.addAll(
        List.of(
            "--verify-certificate-chain",
            TestCertificate.write(directory.resolve("ca.pem"), root).toString()));
    model
        .attest(
            Client.java(), "certificate", PredicateSample.SLSA, attesting.toArray(new String[0]))
        .succeeds();

    for (Bundled each :
        List.of(
            new Bundled(model.signature(), AttestedModel.OMS),
            new Bundled(model.claim(1), PredicateSample.SLSA.uri()))) {
      cosign
          .verify(each.bundle, each.type, model.root(), certificate(root, name))
          .endsWith(0, Cosign.VERIFIED);
      refuses(each, OTHER_DIGEST, "", certificate(root, name));
      refuses(each, model.root(), "", certificate(root, "somebody@bank.example"));
      refuses(each, model.root(), "", certificate(TestCertificate.root("CN=Root"), name));
    }
  }
}
