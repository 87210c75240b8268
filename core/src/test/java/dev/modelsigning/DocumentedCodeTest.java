package dev.modelsigning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.DocumentedCode;
import dev.modelsigning.testing.Models;
import dev.modelsigning.testing.TestCertificate;
import java.io.IOException;
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

/** The code in the documentation of the library compiles, and does what it says. */
class DocumentedCodeTest {

  private static final Path SOURCES =
      Path.of(System.getProperty("basedir", "")).resolve("src/main/java");

  @TempDir private Path directory;

  static List<DocumentedCode> all() throws IOException {
    return DocumentedCode.below(SOURCES);
  }

  private DocumentedCode first(String packageName) throws IOException {
    return all().stream()
        .filter(code -> code.isOfPackage(packageName))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no code in the documentation of " + packageName));
  }

  @ParameterizedTest
  @MethodSource("all")
  void compiles(DocumentedCode code) throws Exception {
    code.compile(directory);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dev.modelsigning",
        "dev.modelsigning.key",
        "dev.modelsigning.certificate",
        "dev.modelsigning.signingkey"
      })
  void saysHowToSignInOneSentence(String packageName) throws Exception {
    assertThat(first(packageName).code()).contains("ModelSigner.using(", ".sign(model, signature)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev.modelsigning", "dev.modelsigning.key"})
  void signsAndVerifiesWithKeyFiles(String packageName) throws Exception {
    Models.write(directory.resolve("my-model"), "a", "alpha");
    KeyPairFiles.generate(
        EcdsaScheme.P256, directory.resolve("key.pem"), directory.resolve("key.pub"));
    first(packageName).run(directory, Map.of());
    assertThat(directory.resolve("model.sig")).exists();
  }

  private void writeCertificates(String name) throws Exception {
    TestCertificate root = TestCertificate.root("CN=Root");
    TestCertificate leaf =
        TestCertificate.named("CN=Release")
            .signer()
            .names(GeneralName.rfc822Name, name)
            .issuedBy(root);
    leaf.writeKey(directory.resolve("key.pem"));
    TestCertificate.write(directory.resolve("cert.pem"), leaf);
    TestCertificate.write(directory.resolve("ca.pem"), root);
  }

  @Test
  void signsAndVerifiesWithACertificate() throws Exception {
    Models.write(directory.resolve("my-model"), "a", "alpha");
    writeCertificates("release@bank.example");
    first("dev.modelsigning.certificate").run(directory, Map.of());
    assertThat(directory.resolve("model.sig")).exists();
  }

  /** The test would prove little if the code ran with any signer. */
  @Test
  void failsWithTheCertificateOfSomebodyElse() throws Exception {
    Models.write(directory.resolve("my-model"), "a", "alpha");
    writeCertificates("somebody@bank.example");
    DocumentedCode code = first("dev.modelsigning.certificate");
    assertThatThrownBy(() -> code.run(directory, Map.of()))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("VerificationException");
  }

  @Test
  void noticesCodeThatDoesNotCompile() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("page.md"), "text\n\n```java\nKeySigner.open(\"key.pem\");\n```\n");
    assertThat(DocumentedCode.in(file))
        .singleElement()
        .satisfies(code ->
            assertThatThrownBy(() -> code.compile(directory))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("cannot find symbol"));
  }
}
