package dev.modelsigning.cli.interop.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.interop.Client;
import dev.modelsigning.pkcs11.SoftHsm;
import dev.modelsigning.pkcs11.WithSoftHsm;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestTimestampAuthority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Attestations by keys on a token and by certificates, with time stamps; keyless ones need a
 * Sigstore and are tested where that is.
 */
@WithSoftHsm
class AttestationMethodsIT {

  private static final PredicateSample RESULT = PredicateSample.TEST_RESULT;
  private static final String TOKEN = "pkcs11:token=release;object=";
  private static final String MODULE = "?module-name=softhsm2";

  private static final TestCertificate ROOT = TestCertificate.root("CN=Root");
  private static final TestCertificate RELEASE = ROOT.signer("CN=Release");

  @TempDir private static Path shared;
  private static SoftHsm hsm;

  @TempDir private Path directory;
  private AttestedModel model;

  @BeforeAll
  static void makeToken() throws Exception {
    hsm = SoftHsm.at(shared.resolve("softhsm2.conf"));
    hsm.token("release")
        .generate("EC:prime256v1", "01", "P-256")
        .generate("EC:secp384r1", "02", "P-384");
    hsm.run(
        "softhsm2-util",
        "--import",
        RELEASE.writeKey(shared.resolve("release.pem")).toString(),
        "--token",
        "release",
        "--label",
        "certified",
        "--id",
        "05",
        "--pin",
        SoftHsm.PIN);
  }

  @BeforeEach
  void makeModel() throws Exception {
    model = AttestedModel.in(directory);
  }

  private static Client withToken() {
    return new Client(
        Client.java().command(),
        Map.of("SOFTHSM2_CONF", hsm.configuration().toString(), "PKCS11_PIN", SoftHsm.PIN),
        Client.java().changed());
  }

  private static String[] key(String label) {
    return new String[] {"--pkcs11-uri", TOKEN + label + MODULE};
  }

  private Path publicKey(String label) throws Exception {
    Client.Outcome printed =
        withToken()
            .run(directory, "pkcs11", "public-key", "--pkcs11-uri", TOKEN + label + MODULE)
            .succeeds();
    return Files.writeString(directory.resolve(label + ".pub"), printed.output());
  }

  private String write(String name, TestCertificate certificate) throws Exception {
    return TestCertificate.write(directory.resolve(name), certificate).toString();
  }

  private static String[] with(String[] some, String... more) {
    List<String> all = new ArrayList<>(List.of(some));
    all.addAll(List.of(more));
    return all.toArray(new String[0]);
  }

  // Keys on a token

  @Test
  void attestsWithAKeyOnAToken() throws Exception {
    model.sign(withToken(), "pkcs11-key", key("P-384"));
    model.attest(withToken(), "pkcs11-key", RESULT, key("P-384")).succeeds();

    model
        .verify("key", RESULT.type(), "--public-key", publicKey("P-384").toString())
        .endsWith(0, "with 1 attestation");
    model
        .verify("key", RESULT.type(), "--public-key", publicKey("P-256").toString())
        .refuses("the bundle was signed with another key");
  }

  @Test
  void anotherKeyOfTheTokenAttestsOnlyForWhomIsNamed() throws Exception {
    model.sign(withToken(), "pkcs11-key", key("P-384"));
    model
        .attest(withToken(), "pkcs11-key", RESULT, key("P-256"))
        .refuses("the bundle was signed with another key");
    assertThat(model.claims()).doesNotExist();
    Path trusted = publicKey("P-384");
    String content = Files.readString(trusted);
    model
        .attest(
            withToken(),
            "pkcs11-key",
            RESULT,
            with(key("P-256"), "--verify-key", trusted.toString(), "--claims", trusted.toString()))
        .refuses("the claims file would replace the model, a key");
    assertThat(trusted).hasContent(content);

    model
        .attest(
            withToken(),
            "pkcs11-key",
            RESULT,
            with(key("P-256"), "--verify-key", trusted.toString()))
        .succeeds();
    assertThat(model.claims()).isRegularFile();
    // Model and claim are by two signers.
    for (String label : List.of("P-256", "P-384")) {
      model
          .verify("key", RESULT.type(), "--public-key", publicKey(label).toString())
          .refuses("the bundle was signed with another key");
    }
  }

  @Test
  void attestsWithACertificateOfAKeyOnAToken() throws Exception {
    String[] signer =
        with(
            key("certified"),
            "--signing-certificate",
            write("release.crt", RELEASE),
            "--certificate-chain",
            write("root.crt", ROOT));
    model.sign(withToken(), "pkcs11-certificate", signer);
    model.attest(withToken(), "pkcs11-certificate", RESULT, signer).succeeds();

    model
        .verify("certificate", RESULT.type(), "--certificate-chain", write("root.crt", ROOT))
        .endsWith(0, "with 1 attestation")
        .endsWith(0, "CN=Release");
    model
        .verify(
            "certificate",
            RESULT.type(),
            "--certificate-chain",
            write("other.crt", TestCertificate.root("CN=Root")))
        .refuses("");
  }

  // Certificates, with time stamps

  @Test
  void countsStampedAttestationsAloneWhereATimeIsRequired() throws Exception {
    TestCertificate stampRoot = TestCertificate.root("CN=TSA Root");
    String[] signer = {
      "--private-key",
      RELEASE.writeKey(directory.resolve("key.pem")).toString(),
      "--signing-certificate",
      write("release.crt", RELEASE),
      "--certificate-chain",
      write("root.crt", ROOT)
    };
    model.sign(Client.java(), "certificate", signer);
    model.attest(Client.java(), "certificate", RESULT, signer).succeeds();
    String[] trust = {
      "--certificate-chain",
      write("root.crt", ROOT),
      "--tsa-certificate-chain",
      write("tsa.crt", stampRoot)
    };
    model.verify("certificate", RESULT.type(), trust).endsWith(0, "with 1 attestation");
    model
        .verify("certificate", RESULT.type(), with(trust, "--require-time"))
        .refuses(model.claims() + ":1: ")
        .refuses("no time stamp or log entry that is trusted proves when it was signed");

    try (TestTimestampAuthority.Server server = TestTimestampAuthority.below(stampRoot).serve()) {
      model
          .attest(
              Client.java(),
              "certificate",
              RESULT,
              with(signer, "--tsa-url", server.uri().toString()))
          .succeeds();
      assertThat(server.requests()).isEqualTo(1);
    }
    model
        .verify("certificate", RESULT.type(), with(trust, "--require-time"))
        .endsWith(0, "with 1 attestation")
        .endsWith(0, "Attestation in " + model.claims() + ":2")
        .endsWith(0, "(timestamp by ")
        .endsWith(0, model.claims() + ":1: does not count: no time stamp");
    // Nobody whom the verifier trusts stamped it.
    model
        .verify(
            "certificate",
            RESULT.type(),
            "--certificate-chain",
            write("root.crt", ROOT),
            "--tsa-certificate-chain",
            write("other.crt", TestCertificate.root("CN=TSA Root")),
            "--require-time")
        .refuses("");
    model
        .verify(
            "certificate",
            RESULT.type(),
            "--certificate-chain",
            write("root.crt", ROOT),
            "--require-time")
        .refuses("no time stamp or log entry that is trusted");
  }

  @Test
  void aRenewedCertificateCountsOnlyWithASignatureOfItsOwn() throws Exception {
    model.sign(
        Client.java(),
        "certificate",
        "--private-key",
        RELEASE.writeKey(directory.resolve("key.pem")).toString(),
        "--signing-certificate",
        write("release.crt", RELEASE));
    TestCertificate renewed = ROOT.signer("CN=Release");
    String[] signer = {
      "--private-key",
      renewed.writeKey(directory.resolve("renewed.pem")).toString(),
      "--signing-certificate",
      write("renewed.crt", renewed)
    };
    model
        .attest(
            Client.java(),
            "certificate",
            RESULT,
            with(signer, "--verify-certificate-chain", write("root.crt", ROOT)))
        .succeeds();
    model
        .verify("certificate", RESULT.type(), "--certificate-chain", write("root.crt", ROOT))
        .refuses("with another certificate");

    TestCertificate other = ROOT.signer("CN=Somebody");
    model
        .attest(
            Client.java(),
            "certificate",
            PredicateSample.SLSA,
            "--private-key",
            other.writeKey(directory.resolve("other.pem")).toString(),
            "--signing-certificate",
            write("other.crt", other),
            "--verify-certificate-chain",
            write("root.crt", ROOT))
        .succeeds();
    model
        .verify("certificate", "slsa", "--certificate-chain", write("root.crt", ROOT))
        .refuses(model.claims() + ":2: ")
        .refuses("and the model by ");
  }
}
