package dev.modelsigning.cli.interop.sigstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.modelsigning.ModelVerifier;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.certificate.CertificateVerifier;
import dev.modelsigning.cli.interop.Client;
import dev.modelsigning.cli.interop.KeyPair;
import dev.modelsigning.internal.keyfile.CertificateFile;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationTime.Source;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TimedProcess;
import dev.modelsigning.timestamp.TimestampVerifier;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Time stamps from a real Time Stamping Authority, Sigstore's timestamp-server. */
@WithSigstoreStack
class TimestampServerIT {

  @TempDir private Path directory;

  private final TestCertificate root = TestCertificate.root("CN=Root");
  private URI authority;
  private Path authorityChain;
  private Path trusted;
  private Path model;
  private Path signature;

  @BeforeEach
  void makeModelAndGetTheChain() throws Exception {
    authority = SigstoreStack.address("TSA_URL");
    authorityChain =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(authority + "/certchain")).build(),
                BodyHandlers.ofFile(directory.resolve("tsa.pem")))
            .body();
    trusted = TestCertificate.write(directory.resolve("root.crt"), root);
    model = Files.createDirectory(directory.resolve("model"));
    Files.writeString(model.resolve("weights.bin"), "weights");
    signature = directory.resolve("model.sig");
  }

  private Client.Outcome verify(String... options) throws Exception {
    return Client.java()
        .run(directory, arguments(List.of("verify", "certificate"), trusted, options));
  }

  private String[] arguments(List<String> command, Path chain, String... options) {
    List<String> arguments = new ArrayList<>(command);
    arguments.addAll(
        List.of(
            model.toString(),
            "--signature",
            signature.toString(),
            "--certificate-chain",
            chain.toString()));
    arguments.addAll(List.of(options));
    return arguments.toArray(new String[0]);
  }

  private void sign(TestCertificate signer) throws Exception {
    signWith(
        signer,
        "--tsa-url",
        authority.toString(),
        "--tsa-certificate-chain",
        authorityChain.toString());
  }

  private void signWithoutTimestamp(TestCertificate signer) throws Exception {
    signWith(signer);
  }

  private void signWith(TestCertificate signer, String... options) throws Exception {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--private-key",
                signer.writeKey(directory.resolve("key.pem")).toString(),
                "--signing-certificate",
                TestCertificate.write(directory.resolve("signer.crt"), signer).toString()));
    all.addAll(List.of(options));
    Client.java()
        .run(
            directory,
            arguments(List.of("sign", "certificate"), trusted, all.toArray(new String[0])))
        .succeeds();
  }

  @Test
  void aSignatureOutlivesItsCertificateByARealTimestamp() throws Exception {
    Instant now = Instant.now();
    TestCertificate brief =
        TestCertificate.named("CN=Brief")
            .signer()
            .valid(now.minusSeconds(60), now.plus(Duration.ofHours(1)))
            .issuedBy(root);
    sign(brief);
    assertThat(Bundle.read(signature).rfc3161Timestamps()).hasSize(1);
    verify().succeeds();
    verify("--tsa-certificate-chain", authorityChain.toString())
        .succeeds()
        .endsWith(0, "(timestamp by ");

    // The program knows no time but now.
    CertificateVerifier.Builder later =
        CertificateVerifier.builder()
            .trust(CertificateFile.read(trusted))
            .clock(Clock.fixed(now.plus(Duration.ofHours(2)), ZoneOffset.UTC));
    assertThatThrownBy(() -> ModelVerifier.using(later.build()).verify(model, signature))
        .isInstanceOf(VerificationException.class)
        .hasMessageContaining("the certificate 'CN=Brief' expired at ");
    later.timestamps(TimestampVerifier.trusting(CertificateFile.read(trusted)));
    assertThatThrownBy(() -> ModelVerifier.using(later.build()).verify(model, signature))
        .isInstanceOf(VerificationException.class)
        .hasMessageContaining("rfc3161Timestamps[0] does not count: ");
    later.timestamps(TimestampVerifier.trusting(CertificateFile.read(authorityChain)));
    assertThat(ModelVerifier.using(later.build()).verify(model, signature).times())
        .singleElement()
        .matches(time -> time.source() == Source.TIMESTAMP);
  }

  @Test
  void aTimestampOfAnotherSignatureDoesNotCount() throws Exception {
    TestCertificate signer = root.signer("CN=Signer");
    sign(signer);
    Bundle stamped = Bundle.read(signature);
    sign(signer);
    Bundle.read(signature)
        .withoutTimestamps()
        .withTimestamp(stamped.rfc3161Timestamps().get(0))
        .write(signature);
    verify("--tsa-certificate-chain", authorityChain.toString())
        .succeeds()
        .endsWith(0, "it is over other bytes than this signature")
        .endsWith(0, "(current time)");
  }

  @Test
  void aStampedSignatureVerifiesWithThePythonClient() throws Exception {
    assumeTrue(
        Client.hasPython(), "no Python client; run: integration/python/install .cache/python");
    sign(root.signer("CN=Signer"));
    Client.python()
        .run(
            directory,
            "verify",
            "certificate",
            model.toString(),
            "--signature",
            signature.toString(),
            "--certificate_chain",
            trusted.toString())
        .succeeds();
  }

  @Test
  void aSignatureByAKeyIsStampedToo() throws Exception {
    KeyPair keys = KeyPair.generate(directory, "P-256");
    Client.java()
        .sign(model, signature, keys.privateKey(), "--tsa-url", authority.toString())
        .succeeds();
    Client.java()
        .verify(
            model,
            signature,
            keys.publicKey(),
            "--tsa-certificate-chain",
            authorityChain.toString())
        .succeeds()
        .endsWith(0, "(timestamp by ");
  }

  @Test
  void aTimestampThatIsAddedLaterChangesNothingForOthers() throws Exception {
    assumeTrue(
        Client.hasPython(), "no Python client; run: integration/python/install .cache/python");
    Instant now = Instant.now();
    TestCertificate brief =
        TestCertificate.named("CN=Brief")
            .signer()
            .valid(now.minusSeconds(60), now.plus(Duration.ofHours(1)))
            .issuedBy(root);
    signWithoutTimestamp(brief);
    byte[] before = Files.readAllBytes(signature);
    add().succeeds().endsWith(0, "proved until");

    assertThat(signature).hasBinaryContent(before);
    verify("--tsa-certificate-chain", authorityChain.toString())
        .succeeds()
        .endsWith(0, "(later timestamp by ");
    CertificateVerifier later =
        CertificateVerifier.builder()
            .trust(CertificateFile.read(trusted))
            .clock(Clock.fixed(now.plus(Duration.ofHours(2)), ZoneOffset.UTC))
            .timestamps(TimestampVerifier.trusting(CertificateFile.read(authorityChain)))
            .build();
    assertThat(ModelVerifier.using(later).verify(model, signature).times())
        .singleElement()
        .matches(time -> time.source() == Source.LATER_TIMESTAMP);
    Client.python()
        .run(
            directory,
            "verify",
            "certificate",
            model.toString(),
            "--signature",
            signature.toString(),
            "--certificate_chain",
            trusted.toString())
        .succeeds();
  }

  @Test
  void opensslVerifiesTheTimestampBesideASignature() throws Exception {
    signWithoutTimestamp(root.signer("CN=Signer"));
    add().succeeds();
    Process openssl =
        TimedProcess.start(
            new ProcessBuilder(
                    "openssl",
                    "ts",
                    "-verify",
                    "-data",
                    signature.toString(),
                    "-in",
                    signature + ".tst",
                    "-token_in",
                    "-CAfile",
                    authorityChain.toString())
                .redirectErrorStream(true));
    assertThat(new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("Verification: OK");
    assertThat(openssl.waitFor()).isZero();
  }

  @Test
  void aSignatureByAKeyIsStampedLater() throws Exception {
    assumeTrue(
        Client.hasPython(), "no Python client; run: integration/python/install .cache/python");
    KeyPair keys = KeyPair.generate(directory, "P-256");
    Client.java().sign(model, signature, keys.privateKey()).succeeds();
    add().succeeds();
    add().succeeds();
    assertThat(Bundle.read(signature).rfc3161Timestamps()).hasSize(2);
    Client.java()
        .verify(
            model,
            signature,
            keys.publicKey(),
            "--tsa-certificate-chain",
            authorityChain.toString())
        .succeeds()
        .endsWith(0, "proved until");
    Client.python().verify(model, signature, keys.publicKey()).succeeds();
  }

  private Client.Outcome add() throws Exception {
    return Client.java()
        .run(
            directory,
            "timestamp",
            "add",
            signature.toString(),
            "--tsa-url",
            authority.toString(),
            "--tsa-certificate-chain",
            authorityChain.toString());
  }
}
