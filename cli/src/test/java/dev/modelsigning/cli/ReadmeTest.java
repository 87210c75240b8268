package dev.modelsigning.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.testing.DocumentedCode;
import dev.modelsigning.testing.Models;
import dev.modelsigning.testing.TestCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The Java code in README compiles against all modules, and examples that need no network run. */
class ReadmeTest {

  private static final Path README = Path.of(System.getProperty("modelsigning.root"), "README.md");

  @TempDir private Path directory;

  static List<DocumentedCode> all() {
    return DocumentedCode.in(README);
  }

  private static DocumentedCode with(String words) {
    List<DocumentedCode> found =
        all().stream().filter(code -> code.code().contains(words)).toList();
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
  @ValueSource(strings = {"KeySigner.load(", "CertificateSigner.load("})
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

  /** So that what is not recognized as code is not left out. */
  @Test
  void hasNoOtherJavaCode() throws Exception {
    assertThat(all()).hasSize(4);
    assertThat(Files.readString(README).split("```java", -1)).hasSize(5);
  }
}
