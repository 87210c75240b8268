package dev.modelsigning.cli.interop.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.cli.interop.Client;
import dev.modelsigning.cli.interop.KeyPair;
import dev.modelsigning.testing.Forge;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** cosign verifies the summaries that are signed of what a policy decided. */
@WithCosign
class CosignSummaryIT {

  @TempDir private Path directory;

  private Cosign cosign;
  private AttestedModel model;
  private Path summary;

  @BeforeEach
  void signAModel() throws Exception {
    cosign = Cosign.at(directory.resolve("home"));
    model = AttestedModel.in(directory);
    summary = directory.resolve("summary.json");
    KeyPair signer = keys("signer", "P-256");
    model.sign(Client.java(), "key", "--private-key", signer.privateKey().toString());
  }

  private KeyPair keys(String name, String curve) throws Exception {
    return KeyPair.generate(Files.createDirectories(directory.resolve(name)), curve);
  }

  private Client.Outcome decide(String rule, KeyPair gate) throws Exception {
    Path policy =
        Files.writeString(
            directory.resolve("policy.yaml"),
            """
            version: 1
            signers:
              signer: { key: { public-key: signer/P-256.pub } }
              others: { key: { public-key: others/P-256.pub } }
            models:
              - { match: model, %s }
            """
                .formatted(rule));
    return Client.java()
        .run(
            directory,
            "verify",
            "policy",
            model.path().toString(),
            "--policy",
            policy.toString(),
            "--vsa",
            summary.toString(),
            "--vsa-key",
            gate.privateKey().toString());
  }

  private Client.Outcome verify(String type, String digest, KeyPair keys, String curve)
      throws Exception {
    return cosign.verify(summary, type, digest, Cosign.key(keys.publicKey(), curve));
  }

  private static void assertRefused(Client.Outcome outcome, String words) {
    assertThat(outcome.exitCode()).as(outcome::toString).isPositive();
    assertThat(outcome.output()).doesNotContain(Cosign.VERIFIED).contains(words);
  }

  @ParameterizedTest
  @ValueSource(strings = {"P-256", "P-384", "P-521"})
  void verifiesTheSummary(String curve) throws Exception {
    KeyPair gate = keys("gate", curve);
    String type = PredicateSample.VSA.uri();
    decide("signatures: { of: signer }", gate).succeeds();

    verify(type, model.root(), gate, curve).endsWith(0, Cosign.VERIFIED);
    assertRefused(verify(type, Forge.sha256("another model"), gate, curve), "");
    assertRefused(verify(type, model.root(), keys("other", curve), curve), "");
    assertRefused(
        verify(PredicateSample.SLSA.uri(), model.root(), gate, curve), "invalid predicate type");
  }

  /** The signature is valid in any case: what it says has to be read. */
  @Test
  void verifiesTheSummaryOfARefusedModelAsWell() throws Exception {
    KeyPair gate = keys("gate", "P-256");
    keys("others", "P-256");
    decide("signatures: { of: others }", gate).refuses("says FAILED");

    verify(PredicateSample.VSA.uri(), model.root(), gate, "P-256").endsWith(0, Cosign.VERIFIED);
    assertThat(AttestedModel.payload(Bundle.read(summary)))
        .contains("\"verificationResult\":\"FAILED\"")
        .doesNotContain("PASSED");
  }
}
