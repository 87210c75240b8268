package dev.modelsigning.cli.interop.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.interop.Client;
import dev.modelsigning.kms.aws.LocalKms;
import dev.modelsigning.kms.aws.WithLocalKms;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.OnOneJdk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys in local-kms, with the packaged program: other clients verify what they signed. */
@WithLocalKms
@OnOneJdk
class AwsPeersIT {

  @TempDir private Path directory;

  private static Client java() {
    Client client = Client.java();
    for (Map.Entry<String, String> variable : LocalKms.environment().entrySet()) {
      client = client.with(variable.getKey(), variable.getValue());
    }
    return client;
  }

  @ParameterizedTest
  @ValueSource(strings = {"P-256", "P-384", "P-521"})
  void peersVerify(String curve) throws Exception {
    EcdsaScheme scheme =
        EcdsaScheme.values().stream()
            .filter(each -> each.curve().equals(curve))
            .findFirst()
            .orElseThrow();
    AttestedModel model = AttestedModel.in(directory);
    try (LocalKms kms = LocalKms.in(directory)) {
      kms.make("models", scheme);
      model.sign(java(), "key", "--private-key", kms.uri("models"));
      Path publicKey =
          Files.writeString(
              directory.resolve("models.pub"),
              java().run(directory, "public-key", kms.uri("models")).succeeds().output());
      java()
          .run(
              directory,
              "verify",
              "key",
              model.path().toString(),
              "--signature",
              model.signature().toString(),
              "--public-key",
              kms.uri("models"))
          .endsWith(0, "key service  " + kms.address());
      Client.java().verify(model.path(), model.signature(), publicKey).succeeds();
      if (Client.hasPython()) {
        Client.python().verify(model.path(), model.signature(), publicKey).succeeds();
      }
      if (Cosign.isThere()) {
        Cosign.at(directory.resolve("home"))
            .verify(
                model.signature(), AttestedModel.OMS, model.root(), Cosign.key(publicKey, curve))
            .endsWith(0, Cosign.VERIFIED);
      }
    }
  }

  /** Nothing is printed but what this program says: the SDK logs, and looks for a logger. */
  @Test
  void printsNothingOfTheSdk() throws Exception {
    try (LocalKms kms = LocalKms.in(directory)) {
      kms.make("models", EcdsaScheme.P256);
      assertThat(java().run(directory, "fingerprint", kms.uri("models")).succeeds().output())
          .matches("[0-9a-f]{64}\\R");
      assertThat(java().run(directory, "fingerprint", kms.uri("absent")).refuses("no key").output())
          .doesNotContain("SLF4J", "\tat ")
          .hasLineCount(1);
    }
  }
}
