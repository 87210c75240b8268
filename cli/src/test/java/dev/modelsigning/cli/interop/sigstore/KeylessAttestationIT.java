package dev.modelsigning.cli.interop.sigstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.modelsigning.cli.interop.Client;
import dev.modelsigning.cli.interop.KeyPair;
import dev.modelsigning.cli.interop.attestation.AttestedModel;
import dev.modelsigning.cli.interop.attestation.Cosign;
import dev.modelsigning.cli.interop.attestation.PredicateSample;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keyless attestations, and time stamps of attestations, with real servers. */
@WithSigstoreStack
class KeylessAttestationIT {

  private static final PredicateSample SLSA = PredicateSample.SLSA;

  @TempDir private Path directory;
  private AttestedModel model;

  @BeforeEach
  void makeModel() throws Exception {
    model = AttestedModel.in(directory);
  }

  /** The options to sign for somebody. */
  private String[] by(KeylessSigner signer, String... more) throws Exception {
    Path token = Files.writeString(directory.resolve(signer + ".jwt"), signer.token());
    List<String> options =
        new ArrayList<>(
            List.of(
                "--trust-config",
                SigstoreStack.file("trust_config.json").toString(),
                "--identity-token-file",
                token.toString()));
    options.addAll(List.of(more));
    return options.toArray(new String[0]);
  }

  private Client.Outcome attest(KeylessSigner signer, String... more) throws Exception {
    return model.attest(Client.java(), "sigstore", SLSA, by(signer, more));
  }

  private Client.Outcome verify(KeylessSigner signer, String... more) throws Exception {
    List<String> options =
        new ArrayList<>(
            List.of(
                "--trusted-root",
                SigstoreStack.file("trusted_root.json").toString(),
                "--identity",
                signer.identity(),
                "--identity-provider",
                signer.issuer()));
    options.addAll(List.of(more));
    return model.verify("sigstore", SLSA.type(), options.toArray(new String[0]));
  }

  @Test
  void whoSignedTheModelAttestsWithoutBeingNamed() throws Exception {
    model.sign(Client.java(), "sigstore", by(KeylessSigner.PERSON));
    attest(KeylessSigner.PERSON).succeeds();

    // The log proves the time.
    verify(KeylessSigner.PERSON, "--require-time")
        .endsWith(0, "with 1 attestation")
        .endsWith(0, "sigstore " + KeylessSigner.PERSON.identity());
    verify(KeylessSigner.WORKFLOW).refuses("the certificate is for ");
  }

  @Test
  void somebodyElseAttestsOnlyIfTheSignerOfTheModelIsNamed() throws Exception {
    model.sign(Client.java(), "sigstore", by(KeylessSigner.PERSON));
    attest(KeylessSigner.WORKFLOW)
        .refuses(
            "the identity token is for somebody else than the signer, '"
                + KeylessSigner.PERSON.identity()
                + "'");
    assertThat(model.claims()).doesNotExist();
    attest(
            KeylessSigner.WORKFLOW,
            "--verify-identity",
            KeylessSigner.PERSON.identity(),
            "--verify-identity-provider",
            KeylessSigner.WORKFLOW.issuer())
        .refuses("");
    assertThat(model.claims()).doesNotExist();

    attest(
            KeylessSigner.WORKFLOW,
            "--verify-identity",
            KeylessSigner.PERSON.identity(),
            "--verify-identity-provider",
            KeylessSigner.PERSON.issuer())
        .succeeds();
    // It is by another signer than the model, so it counts for neither.
    verify(KeylessSigner.PERSON)
        .refuses(model.claims() + ":1: ")
        .refuses("the certificate is for '" + KeylessSigner.WORKFLOW.identity() + "'");
    verify(KeylessSigner.WORKFLOW).refuses("the certificate is for ");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void cosignVerifiesSignatureAndAttestation(int rekor) throws Exception {
    assumeTrue(
        Cosign.isThere(),
        "no cosign on this machine; with Go run: integration/cosign/install .cache/cosign");
    Cosign cosign = Cosign.at(directory.resolve("home"));
    KeylessSigner signer = KeylessSigner.WORKFLOW;
    model.sign(Client.java(), "sigstore", by(signer, "--rekor-version=" + rekor));
    attest(signer, "--rekor-version=" + rekor).succeeds();

    for (boolean attestation : new boolean[] {false, true}) {
      Path bundle = attestation ? model.claim(1) : model.signature();
      String type = attestation ? SLSA.uri() : AttestedModel.OMS;
      cosign
          .verify(bundle, type, model.root(), trust(signer.identity(), signer.issuer()))
          .endsWith(0, Cosign.VERIFIED);
      assertRefused(
          cosign.verify(bundle, type, "ab".repeat(32), trust(signer.identity(), signer.issuer())));
      assertRefused(
          cosign.verify(
              bundle, type, model.root(), trust(KeylessSigner.PERSON.identity(), signer.issuer())));
    }
  }

  private static String[] trust(String identity, String issuer) {
    return new String[] {
      "--trusted-root",
      SigstoreStack.file("trusted_root.json").toString(),
      "--certificate-identity",
      identity,
      "--certificate-oidc-issuer",
      issuer
    };
  }

  private static void assertRefused(Client.Outcome outcome) {
    assertThat(outcome.exitCode()).as(outcome::toString).isPositive();
    assertThat(outcome.output()).doesNotContain(Cosign.VERIFIED);
  }

  @Test
  void aKeyAttestsWithATimeStampOfARealAuthority() throws Exception {
    URI authority = SigstoreStack.address("TSA_URL");
    Path chain =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(authority + "/certchain")).build(),
                BodyHandlers.ofFile(directory.resolve("tsa.pem")))
            .body();
    KeyPair keys = KeyPair.generate(directory, "P-256");
    model.sign(Client.java(), "key", "--private-key", keys.privateKey().toString());
    model
        .attest(
            Client.java(),
            "key",
            SLSA,
            "--private-key",
            keys.privateKey().toString(),
            "--tsa-url",
            authority.toString())
        .succeeds();

    model
        .verify(
            "key",
            SLSA.type(),
            "--public-key",
            keys.publicKey().toString(),
            "--tsa-certificate-chain",
            chain.toString(),
            "--require-time")
        .endsWith(0, "with 1 attestation")
        .endsWith(0, "(timestamp by ");
  }
}
