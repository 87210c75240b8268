package dev.modelsigning.cli.interop.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.interop.attestation.WithCosign;
import dev.modelsigning.testing.OnOneJdk;
import dev.modelsigning.testing.RegistryServer.Kind;
import dev.modelsigning.testing.WithOciPeers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Attestations about models in real registries, which cosign verifies as well. */
@WithOciPeers
@WithCosign
@OnOneJdk
class RegistryAttestationsIT extends RegistryScene {

  private static final String TYPE = "https://bank.example/review/v1";

  private Invocation attest(String reference, Path signer, Object... more) throws Exception {
    Path predicate = Files.writeString(directory.resolve("review.json"), "{\"approved\":true}");
    Object[] arguments = new Object[4 + more.length];
    arguments[0] = "--predicate-type";
    arguments[1] = TYPE;
    arguments[2] = "--predicate";
    arguments[3] = predicate;
    System.arraycopy(more, 0, arguments, 4, more.length);
    return run("attest", "key", reference, "--private-key", signer, arguments);
  }

  private Invocation verifyAttestation(String reference, Object... more) {
    Object[] arguments = new Object[2 + more.length];
    arguments[0] = "--predicate-type";
    arguments[1] = TYPE;
    System.arraycopy(more, 0, arguments, 2, more.length);
    return run("verify-attestation", "key", reference, "--public-key", publicKey, arguments);
  }

  @ParameterizedTest
  @EnumSource
  void isAttachedAndVerified(Kind kind) throws Exception {
    String reference = push(repository(kind));
    sign(reference).assertSucceeded();
    verifyAttestation(reference).assertFailed(VERIFYING, TYPE);

    assertThat(attest(reference, key).assertSucceeded().out())
        .contains("Attested: attached as oci://", "verify-attestation key " + reference);
    assertThat(verifyAttestation(reference).assertSucceeded().out()).contains(TYPE);
    verifyAttestation(reference, "--format", "json").assertSucceeded();
    attest(reference, key, "--format", "json").assertSucceeded();

    tools
        .cosign(
            directory,
            "verify-attestation",
            "--key",
            publicKey.toString(),
            "--insecure-ignore-tlog",
            "--type",
            TYPE,
            plain(reference))
        .succeeds();
  }

  @ParameterizedTest
  @EnumSource
  void ofAnotherSignerDoesNotCount(Kind kind) throws Exception {
    String reference = push(repository(kind));
    sign(reference).assertSucceeded();
    Path other = directory.resolve("other.pem");
    Invocation.of(
            "generate-key", "--private-key", other, "--public-key", directory.resolve("other.pub"))
        .assertSucceeded();

    attest(reference, other).assertFailed("Attesting failed with error", "--verify-key");
    attest(reference, other, "--verify-key", publicKey).assertSucceeded();
    Invocation refused = verifyAttestation(reference);
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err())
        .contains("no attestation of the type " + TYPE, "1 claim does not count", "another key");
  }

  @ParameterizedTest
  @EnumSource
  void aFileTakesItToo(Kind kind) throws Exception {
    String reference = push(repository(kind));
    Path signature = directory.resolve("model.sig");
    Path claims = directory.resolve("claims.jsonl");
    sign(reference, "--signature", signature).assertSucceeded();
    attest(reference, key, "--claims", claims, "--no-image-statement").assertSucceeded();

    verifyAttestation(reference, "--claims", claims, "--signature", signature).assertSucceeded();
    verifyAttestation(model.toString(), "--signature", signature).assertSucceeded();
    tools
        .cosign(
            directory,
            "verify-attestation",
            "--key",
            publicKey.toString(),
            "--insecure-ignore-tlog",
            "--type",
            TYPE,
            plain(reference))
        .fails("");
  }
}
