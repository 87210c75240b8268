package dev.modelsigning.cli.interop.sigstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.cli.interop.Client;
import dev.modelsigning.cli.interop.KeyPair;
import dev.modelsigning.cli.interop.attestation.AttestedModel;
import dev.modelsigning.cli.interop.attestation.Cosign;
import dev.modelsigning.cli.interop.attestation.PredicateSample;
import dev.modelsigning.testing.OnOneJdk;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
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
@OnOneJdk
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

  /** The vendor's base model is keyless; the model and a dataset are signed with one's own key. */
  @Test
  void aKeylessBaseModelIsVerifiedByWhoSignedIt() throws Exception {
    AttestedModel base = AttestedModel.in(Files.createDirectory(directory.resolve("vendor")));
    AttestedModel dataset = AttestedModel.in(Files.createDirectory(directory.resolve("own")));
    KeyPair keys = KeyPair.generate(directory, "P-256");
    String[] byKey = {"--private-key", keys.privateKey().toString()};
    base.sign(Client.java(), "sigstore", by(KeylessSigner.PERSON));
    dataset.sign(Client.java(), "key", byKey);
    model.sign(Client.java(), "key", byKey);

    attestMadeFrom(base, dataset, keys, KeylessSigner.WORKFLOW)
        .refuses("the base model " + base.path())
        .refuses("the certificate is for '" + KeylessSigner.PERSON.identity() + "'");
    assertThat(model.claims()).doesNotExist();

    // Whoever of the two it was: what was made of it says who.
    attestMadeFrom(base, dataset, keys, KeylessSigner.WORKFLOW, KeylessSigner.PERSON).succeeds();
    String payload =
        new String(
            Bundle.read(model.claim(1)).envelope().payload().content().toArray(),
            StandardCharsets.UTF_8);
    assertThat(payload)
        .contains(
            "\"sigstore "
                + KeylessSigner.PERSON.identity()
                + " ("
                + KeylessSigner.PERSON.issuer()
                + ")\"")
        .containsPattern("\"dev.modelsigning:oms:signer\",\"value\":\"key [0-9a-f]{64}\"")
        .doesNotContain(KeylessSigner.WORKFLOW.identity());
  }

  private Client.Outcome attestMadeFrom(
      AttestedModel base, AttestedModel dataset, KeyPair keys, KeylessSigner... vendors)
      throws Exception {
    List<String> options =
        new ArrayList<>(
            List.of(
                "--private-key",
                keys.privateKey().toString(),
                "--base-model",
                base.path().toString(),
                "--base-signature",
                base.signature().toString(),
                "--dataset",
                dataset.signature().toString(),
                "--base-verify-key",
                keys.publicKey().toString(),
                "--base-verify-trusted-root",
                SigstoreStack.file("trusted_root.json").toString()));
    for (KeylessSigner vendor : vendors) {
      options.addAll(
          List.of(
              "--base-verify-identity",
              vendor.identity(),
              "--base-verify-identity-provider",
              vendor.issuer()));
    }
    return model.attestWritten(Client.java(), "key", "cyclonedx", options.toArray(new String[0]));
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
