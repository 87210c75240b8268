package dev.modelsigning.cli.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.testing.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Certificates of all kinds, signed with by one client and verified by the other. */
@WithPythonClient
class PythonCertificatesIT {

  @TempDir private Path directory;

  /**
   * Certificates to sign with and to trust.
   *
   * @param signer the signer's
   * @param chain what the signer puts into the bundle besides
   * @param trusted what the verifier is given
   */
  record Pki(
      String description,
      TestCertificate signer,
      List<TestCertificate> chain,
      List<TestCertificate> trusted) {

    @Override
    public String toString() {
      return description;
    }
  }

  static Stream<Pki> pkis() {
    TestCertificate root = TestCertificate.root("CN=Root");
    TestCertificate middle = root.authority("CN=Issuing");
    TestCertificate lower = middle.authority("CN=Lower");
    TestCertificate rsaRoot =
        TestCertificate.named("CN=RSA root").keys("RSA", "").authority().selfSigned();
    TestCertificate alone = TestCertificate.named("CN=Alone").signer().selfSigned();
    TestCertificate aloneAuthority =
        TestCertificate.named("CN=Alone")
            .extension(Extension.basicConstraints, true, new BasicConstraints(true))
            .signer()
            .selfSigned();
    TestCertificate leaf = middle.signer("CN=Signer,O=Bank");
    List<Pki> all = new ArrayList<>();
    all.add(new Pki("self-signed", alone, List.of(), List.of(alone)));
    all.add(new Pki("self-signed CA", aloneAuthority, List.of(), List.of(aloneAuthority)));
    all.add(new Pki("below a root", root.signer("CN=Signer"), List.of(), List.of(root)));
    all.add(new Pki("intermediate in the bundle", leaf, List.of(middle), List.of(root)));
    all.add(new Pki("root in the bundle too", leaf, List.of(middle, root), List.of(root)));
    all.add(
        new Pki(
            "two intermediates", lower.signer("CN=Signer"), List.of(lower, middle), List.of(root)));
    all.add(
        new Pki(
            "shuffled chain",
            lower.signer("CN=Signer"),
            List.of(root, middle, lower),
            List.of(root)));
    all.add(new Pki("below an RSA root", rsaRoot.signer("CN=Signer"), List.of(), List.of(rsaRoot)));
    all.add(
        new Pki(
            "one of several trusted roots",
            leaf,
            List.of(middle),
            List.of(TestCertificate.root("CN=Other"), root)));
    all.add(
        new Pki(
            "codeSigning alone",
            TestCertificate.named("CN=S")
                .purposes(false, KeyPurposeId.id_kp_codeSigning)
                .issuedBy(root),
            List.of(),
            List.of(root)));
    all.add(
        new Pki(
            "digitalSignature alone",
            TestCertificate.named("CN=S").usage(KeyUsage.digitalSignature).issuedBy(root),
            List.of(),
            List.of(root)));
    for (String curve : List.of("secp384r1", "secp521r1")) {
      all.add(
          new Pki(
              curve,
              TestCertificate.named("CN=S").keys("EC", curve).signer().issuedBy(root),
              List.of(),
              List.of(root)));
    }
    return all.stream();
  }

  static Stream<Object[]> matrix() {
    return pkis()
        .flatMap(
            pki -> Stream.of(Direction.values()).map(direction -> new Object[] {direction, pki}));
  }

  private Path model() throws IOException {
    Path model = Files.createDirectory(directory.resolve("model"));
    Files.writeString(model.resolve("config.json"), "{}");
    Files.createDirectory(model.resolve("sub"));
    Files.writeString(model.resolve("sub/weights.bin"), "weights");
    return model;
  }

  private Path signature() {
    return directory.resolve("model.sig");
  }

  private Client.Outcome sign(Client client, Path model, Pki pki) throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "sign",
                "certificate",
                model.toString(),
                "--signature",
                signature().toString(),
                "--private_key",
                pki.signer().writeKey(directory.resolve("key.pem")).toString(),
                "--signing_certificate",
                write("signer.crt", pki.signer())));
    List<TestCertificate> chain = new ArrayList<>(pki.chain());
    if (chain.isEmpty() && client.equals(Client.python())) {
      // It does not sign without a chain, so it is given one that changes nothing.
      chain.addAll(pki.trusted());
    }
    for (int i = 0; i < chain.size(); i++) {
      arguments.addAll(List.of("--certificate_chain", write("chain" + i, chain.get(i))));
    }
    return client.run(directory, arguments.toArray(new String[0]));
  }

  private Client.Outcome verify(Client client, Path model, List<TestCertificate> trusted)
      throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "verify",
                "certificate",
                model.toString(),
                "--signature",
                signature().toString(),
                "--log_fingerprints"));
    for (int i = 0; i < trusted.size(); i++) {
      arguments.addAll(List.of("--certificate_chain", write("trusted" + i, trusted.get(i))));
    }
    return client.run(directory, arguments.toArray(new String[0]));
  }

  private String write(String name, TestCertificate certificate) throws IOException {
    return TestCertificate.write(directory.resolve(name), certificate).toString();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("matrix")
  void whatOneSignsTheOtherVerifies(Direction direction, Pki pki) throws Exception {
    Path model = model();
    sign(direction.signer(), model, pki).succeeds();

    Client.Outcome verified = verify(direction.verifier(), model, pki.trusted()).succeeds();
    assertThat(verified.output())
        .contains("[  init  ] sha256 Fingerprint: ", "[ verify ] sha256 Fingerprint: ");

    Files.writeString(model.resolve("sub/weights.bin"), "Weights");
    verify(direction.verifier(), model, pki.trusted()).refuses(direction.verifier().changed());
  }

  @ParameterizedTest
  @EnumSource
  void bothRefuseWhatTheTrustedAuthorityDidNotIssue(Direction direction) throws Exception {
    TestCertificate root = TestCertificate.root("CN=Root");
    Path model = model();
    sign(
            direction.signer(),
            model,
            new Pki("", root.signer("CN=Signer"), List.of(root), List.of(root)))
        .succeeds();
    verify(direction.verifier(), model, List.of(TestCertificate.root("CN=Root"))).refuses("");
  }

  @ParameterizedTest
  @EnumSource
  void bothRefuseAChainWithoutItsIntermediate(Direction direction) throws Exception {
    TestCertificate root = TestCertificate.root("CN=Root");
    TestCertificate signer = root.authority("CN=Issuing").signer("CN=Signer");
    Path model = model();
    sign(direction.signer(), model, new Pki("", signer, List.of(), List.of(root))).succeeds();
    verify(direction.verifier(), model, List.of(root)).refuses("");
  }

  @Test
  void bothPrintTheSameFingerprints() throws Exception {
    TestCertificate root = TestCertificate.root("CN=Root");
    TestCertificate middle = root.authority("CN=Issuing");
    Path model = model();
    Pki pki = new Pki("", middle.signer("CN=Signer"), List.of(middle), List.of(root));
    sign(Client.java(), model, pki).succeeds();
    assertThat(fingerprints(verify(Client.java(), model, pki.trusted())))
        .containsExactlyElementsOf(fingerprints(verify(Client.python(), model, pki.trusted())));
  }

  private static List<String> fingerprints(Client.Outcome outcome) {
    return outcome.output().lines().filter(line -> line.contains(" Fingerprint: ")).toList();
  }
}
