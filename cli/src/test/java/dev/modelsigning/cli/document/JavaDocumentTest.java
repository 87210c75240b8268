package dev.modelsigning.cli.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.testing.DocumentedCode;
import dev.modelsigning.testing.Models;
import dev.modelsigning.testing.TestCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The Java code in README and {@code docs/java.md} compiles against all modules, and what needs no
 * network runs.
 */
class JavaDocumentTest {

  private static final Path ROOT = Path.of(System.getProperty("modelsigning.root"));
  private static final Path README = ROOT.resolve("README.md");
  private static final Path PAGE = ROOT.resolve("docs/java.md");

  @TempDir private Path directory;

  static List<DocumentedCode> all() {
    return Stream.of(README, PAGE).flatMap(file -> DocumentedCode.in(file).stream()).toList();
  }

  private static DocumentedCode with(String words) {
    List<DocumentedCode> found =
        DocumentedCode.in(PAGE).stream().filter(code -> code.code().contains(words)).toList();
    assertThat(found).as("code with %s", words).hasSize(1);
    return found.get(0);
  }

  @ParameterizedTest
  @MethodSource("all")
  void compiles(DocumentedCode code) throws Exception {
    code.compile(directory);
  }

  /** One of the same shape for a key file, a certificate, an identity and a token. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ModelSigner.using(KeySigner.load(",
        "ModelSigner.using(CertificateSigner.load(",
        "ModelSigner.using(SigstoreSigner.load(",
        "ModelSigner.using(KeySigner.using(key)",
        "ModelVerifier.using(KeyVerifier.load(",
        "ModelVerifier.using(CertificateVerifier.load(",
        "ModelVerifier.using(SigstoreVerifier.load("
      })
  void hasOneSentenceForEachMethod(String beginning) {
    assertThat(with(beginning).code()).contains("sign(model, signature);");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ModelSigner.using(KeySigner.load(", "ModelSigner.using(CertificateSigner.load("})
  void signsAndVerifies(String words) throws Exception {
    Models.write(directory.resolve("my-model"), "a", "alpha");
    TestCertificate root = TestCertificate.root("CN=Root");
    TestCertificate leaf =
        TestCertificate.named("CN=Release")
            .signer()
            .names(GeneralName.rfc822Name, "release@bank.example")
            .issuedBy(root);
    leaf.writeKey(directory.resolve("key.pem"));
    leaf.writePublicKey(directory.resolve("key.pub"));
    TestCertificate.write(directory.resolve("cert.pem"), leaf);
    TestCertificate.write(directory.resolve("ca.pem"), root);
    with(words).run(directory, Map.of());
    assertThat(directory.resolve("model.sig")).exists();
  }

  /** README shows the shortest of the page. */
  @Test
  void readmeShowsWhatThePageHas() throws Exception {
    assertThat(DocumentedCode.in(README))
        .singleElement()
        .satisfies(code -> assertThat(Files.readString(PAGE)).contains(code.code()));
  }

  @Test
  void loadsWhatWasVerified() throws Exception {
    Models.write(directory.resolve("my-model"), "config.json", "{}");
    TestCertificate keys = TestCertificate.root("CN=Not used");
    keys.writeKey(directory.resolve("key.pem"));
    keys.writePublicKey(directory.resolve("key.pub"));
    with("ModelSigner.using(KeySigner.load(").run(directory, Map.of());
    with("verified.readAllBytes").run(directory, Map.of());
  }

  @Test
  void opensWhatAPolicyAccepts() throws Exception {
    Models.write(directory.resolve("my-model"), "weights.bin", "1");
    TestCertificate keys = TestCertificate.root("CN=Not used");
    keys.writeKey(directory.resolve("key.pem"));
    keys.writePublicKey(directory.resolve("key.pub"));
    with("ModelSigner.using(KeySigner.load(").run(directory, Map.of());
    Files.writeString(
        directory.resolve("policy.yaml"),
        """
        version: 1
        signers: { release: { key: { public-key: key.pub } } }
        models: [ { match: my-model, signatures: { of: release } } ]
        """);

    with("Policy.load(").run(directory, Map.of());

    Files.writeString(directory.resolve("my-model/weights.bin"), "2");
    assertThatThrownBy(() -> with("Policy.load(").run(directory, Map.of()))
        .hasMessageContaining("RefusedModelException");
  }

  @Test
  void attestsWhatWasVerified() throws Exception {
    Models.write(directory.resolve("my-model"), "config.json", "{}");
    TestCertificate keys = TestCertificate.root("CN=Not used");
    keys.writeKey(directory.resolve("key.pem"));
    keys.writePublicKey(directory.resolve("key.pub"));
    with("ModelSigner.using(KeySigner.load(").run(directory, Map.of());
    with("AttestationSigner.using(").run(directory, Map.of());
    assertThat(directory.resolve("claims.jsonl")).isNotEmptyFile();
  }

  @Test
  void verifiesInASpan() throws Exception {
    Models.write(directory.resolve("my-model"), "config.json", "{}");
    TestCertificate keys = TestCertificate.root("CN=Not used");
    keys.writeKey(directory.resolve("key.pem"));
    keys.writePublicKey(directory.resolve("key.pub"));
    with("ModelSigner.using(KeySigner.load(").run(directory, Map.of());
    with("ModelTracing.using(").run(directory, Map.of());
  }

  /** So that what is not recognized as code is not left out. */
  @Test
  void hasNoOtherJavaCode() throws Exception {
    assertThat(all()).hasSize(10);
    assertThat(Files.readString(README).split("```java", -1)).hasSize(2);
    assertThat(Files.readString(PAGE).split("```java", -1)).hasSize(10);
  }
}
