package dev.modelsigning.cli.interop.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.modelsigning.cli.interop.Client;
import dev.modelsigning.kms.vault.TransitServer;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.OciTools;
import dev.modelsigning.testing.OnOneJdk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Keys in a server that answers as Vault does: other clients verify what they signed, and cosign,
 * which knows Vault itself, uses the same keys.
 */
@OnOneJdk
class VaultPeersIT {

  private static final String KEY = "hashivault://models";
  private static final PredicateSample RESULT = PredicateSample.TEST_RESULT;

  @TempDir private Path directory;

  private AttestedModel model;
  private TransitServer server;
  private Client java;

  @BeforeEach
  void start() throws Exception {
    model = AttestedModel.in(directory);
    server = new TransitServer();
    java = Client.java();
    for (Map.Entry<String, String> variable : server.environment().entrySet()) {
      java = java.with(variable.getKey(), variable.getValue());
    }
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private Path sign(EcdsaScheme scheme) throws Exception {
    server.rotate("models", scheme);
    model.sign(java, "key", "--private-key", KEY);
    return Files.writeString(
        directory.resolve("models.pub"),
        java.run(directory, "public-key", KEY).succeeds().output());
  }

  private static EcdsaScheme scheme(String curve) {
    return EcdsaScheme.values().stream()
        .filter(each -> each.curve().equals(curve))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"P-256", "P-384", "P-521"})
  void theReferenceClientVerifies(String curve) throws Exception {
    assumeTrue(Client.hasPython(), "needs the Python client");
    Path publicKey = sign(scheme(curve));
    Client.python().verify(model.path(), model.signature(), publicKey).succeeds();
  }

  @ParameterizedTest
  @ValueSource(strings = {"P-256", "P-384", "P-521"})
  void cosignVerifies(String curve) throws Exception {
    assumeTrue(Cosign.isThere(), "needs cosign");
    Path publicKey = sign(scheme(curve));
    model.attest(java, "key", RESULT, "--private-key", KEY).succeeds();
    Cosign cosign = Cosign.at(directory.resolve("home"));
    String[] trust = Cosign.key(publicKey, curve);
    cosign
        .verify(model.signature(), AttestedModel.OMS, model.root(), trust)
        .endsWith(0, Cosign.VERIFIED);
    cosign.verify(model.claim(1), RESULT.uri(), model.root(), trust).endsWith(0, Cosign.VERIFIED);
  }

  private Client.Outcome cosign(String... arguments) throws Exception {
    Path home = Files.createDirectories(directory.resolve("home"));
    Client client =
        new Client(List.of(OciTools.cosignProgram().toString()), Map.of(), "")
            .with("HOME", home.toString())
            .with("TUF_ROOT", home.resolve("tuf").toString())
            .with("TUF_MIRROR", "http://localhost:1");
    for (Map.Entry<String, String> variable : server.environment().entrySet()) {
      client = client.with(variable.getKey(), variable.getValue());
    }
    return client.run(directory, arguments);
  }

  @Test
  void cosignVerifiesWithTheKeyInVault() throws Exception {
    assumeTrue(Cosign.isThere(), "needs cosign");
    sign(EcdsaScheme.P256);
    int before = server.asked().size();
    cosign(
            "verify-blob-attestation",
            "--key",
            KEY,
            "--insecure-ignore-tlog",
            "--bundle",
            model.signature().toString(),
            "--type",
            AttestedModel.OMS,
            "--digest",
            model.root(),
            "--digestAlg",
            "sha256")
        .endsWith(0, Cosign.VERIFIED);
    assertThat(server.asked()).hasSizeGreaterThan(before);
  }

  @Test
  void whatCosignAttestsWithTheKeyInVaultCounts() throws Exception {
    assumeTrue(Cosign.isThere(), "needs cosign");
    sign(EcdsaScheme.P256);
    Path predicate = Files.writeString(directory.resolve("predicate.json"), RESULT.json());
    Path claims = directory.resolve("cosign.sigstore.json");
    cosign(
            "attest-blob",
            "--key",
            KEY,
            "--use-signing-config=false",
            "--tlog-upload=false",
            "--yes",
            "--bundle",
            claims.toString(),
            "--predicate",
            predicate.toString(),
            "--type",
            RESULT.uri(),
            "--hash",
            model.root(),
            "model")
        .succeeds();
    java.run(
            directory,
            "verify-attestation",
            "key",
            model.path().toString(),
            "--signature",
            model.signature().toString(),
            "--claims",
            claims.toString(),
            "--predicate-type",
            RESULT.type(),
            "--public-key",
            KEY)
        .endsWith(0, "with 1 attestation");
  }
}
