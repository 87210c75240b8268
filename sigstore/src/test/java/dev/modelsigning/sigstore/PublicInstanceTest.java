package dev.modelsigning.sigstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.ModelVerifier;
import dev.modelsigning.internal.http.ServiceClient;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.testing.DocumentedCode;
import dev.modelsigning.testing.Models;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The signer and the verifier for callers with only an identity. The repository of the public
 * instance is replaced by a local one.
 */
class PublicInstanceTest {

  @TempDir private Path directory;

  private TestServices services;
  private TestRepository server;
  private TrustRepository repository;
  private Path model;
  private Path signature;

  @BeforeEach
  void start() throws Exception {
    services = new TestServices();
    server = new TestRepository();
    String signing =
        TrustConfigDocument.parse("test", services.configJson().getBytes(StandardCharsets.UTF_8))
            .signingConfig()
            .orElseThrow()
            .text();
    server.publish(
        Duration.ofDays(1),
        Map.of(
            "trusted_root.json",
            services.sigstore.trustedRootJson(),
            "signing_config.v0.2.json",
            signing));
    repository =
        TrustRepository.at(server.address(), server.writeRoot(directory.resolve("root.json")))
            .withCache(directory.resolve("cache"))
            .withClient(ServiceClient.with(Duration.ofSeconds(5), Duration.ofMillis(1)));
    model = Models.write(directory.resolve("model"), "a", "alpha");
    signature = directory.resolve("model.sig");
  }

  @AfterEach
  void stop() {
    server.close();
    services.close();
  }

  private void verify(String identity, String provider) throws Exception {
    ModelVerifier.using(SigstoreVerifier.load(repository, identity, provider))
        .verify(model, signature);
  }

  private void sign() throws Exception {
    IdentityTokenSource tokens = IdentityTokenSource.of(TestServices.token());
    ModelSigner.using(SigstoreSigner.load(repository, tokens)).sign(model, signature);
  }

  @Test
  void signsAndVerifiesByWhatTheRepositorySays() throws Exception {
    sign();
    verify(TestSigstore.IDENTITY, TestSigstore.ISSUER);
  }

  @ParameterizedTest
  @CsvSource({
    "mallory@example.com, " + TestSigstore.ISSUER,
    TestSigstore.IDENTITY + ", https://other.example"
  })
  void refusesAnotherIdentityAndAnotherProvider(String identity, String provider) throws Exception {
    sign();
    assertThatThrownBy(() -> verify(identity, provider))
        .isInstanceOfSatisfying(
            VerificationException.class,
            e -> assertThat(e.reason()).isEqualTo(VerificationException.Reason.WRONG_IDENTITY));
  }

  @Test
  void goesByTheLastAnswerWithoutANetworkAndByNothingElse() throws Exception {
    sign();
    server.close();
    verify(TestSigstore.IDENTITY, TestSigstore.ISSUER);
    TrustRepository fresh = repository.withCache(directory.resolve("other cache"));
    assertThatThrownBy(
            () -> SigstoreVerifier.load(fresh, TestSigstore.IDENTITY, TestSigstore.ISSUER))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("there is no earlier answer");
    IdentityTokenSource tokens = IdentityTokenSource.of(TestServices.token());
    assertThatThrownBy(() -> SigstoreSigner.load(fresh, tokens))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("there is no earlier answer");
  }

  /** Before anything is asked of a network, or this would take long or fail in another way. */
  @ParameterizedTest
  @CsvSource({"'', https://provider.example", "you@example.com, ''"})
  void refusesAnEmptyIdentityAndAnEmptyProvider(String identity, String provider) {
    assertThatThrownBy(() -> SigstoreVerifier.load(repository, identity, provider))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("identity and issuer must not be empty");
    assertThat(server.requests).isEmpty();
    assertThatThrownBy(() -> SigstoreVerifier.load(identity, provider))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("identity and issuer must not be empty");
  }

  static List<DocumentedCode> documented() throws IOException {
    List<DocumentedCode> found =
        DocumentedCode.below(Path.of(System.getProperty("basedir", "")).resolve("src/main/java"));
    assertThat(found).anyMatch(code -> code.isOfPackage("dev.modelsigning.sigstore"));
    return found;
  }

  @ParameterizedTest
  @MethodSource("documented")
  void theCodeInTheDocumentationCompiles(DocumentedCode code) throws Exception {
    code.compile(directory);
  }
}
