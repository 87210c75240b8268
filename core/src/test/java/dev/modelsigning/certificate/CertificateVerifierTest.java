package dev.modelsigning.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelsigning.signing.CertificateIdentity;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.testing.Forge.StatementText;
import dev.modelsigning.testing.TestCertificate;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verifier for callers with only a file of certificates and a name. */
class CertificateVerifierTest {

  private static final String PAYLOAD = new StatementText().file("a", "alpha").toString();
  private static final String NAME = "release@bank.example";

  @TempDir private Path directory;
  private Path trusted;

  private final TestCertificate root = TestCertificate.root("CN=Root");
  private final TestCertificate signer =
      planned(NAME).valid(Instant.now().minusSeconds(60), tomorrow()).issuedBy(root);

  private static TestCertificate.Plan planned(String name) {
    return TestCertificate.named("CN=Release").signer().names(GeneralName.rfc822Name, name);
  }

  private static Instant tomorrow() {
    return Instant.now().plus(Duration.ofDays(1));
  }

  @BeforeEach
  void writeRoot() throws Exception {
    trusted = TestCertificate.write(directory.resolve("ca.pem"), root);
  }

  private Reason reason(TestCertificate of, String identity) {
    VerificationException failure =
        catchThrowableOfType(
            VerificationException.class,
            () -> CertificateVerifier.load(trusted, identity).verify(of.bundle(PAYLOAD)));
    assertThat(failure).isNotNull();
    return failure.reason();
  }

  @Test
  void acceptsTheSignerOfThisNameBelowACertificateOfTheFile() throws Exception {
    VerifiedPayload verified =
        CertificateVerifier.load(trusted, NAME).verify(signer.bundle(PAYLOAD));
    assertThat(verified.signer().name()).isEqualTo(NAME);
    assertThat(verified.signer())
        .isInstanceOfSatisfying(
            CertificateIdentity.class,
            signed -> assertThat(signed.revocation()).hasToString("Optional[not checked]"));
  }

  @Test
  void refusesASignerOfAnotherName() {
    assertThat(reason(signer, "other@bank.example")).isEqualTo(Reason.WRONG_IDENTITY);
    assertThat(reason(planned("other@bank.example").issuedBy(root), NAME))
        .isEqualTo(Reason.WRONG_IDENTITY);
  }

  @Test
  void refusesASignerOfThisNameBelowAnotherAuthority() {
    TestCertificate other = planned(NAME).issuedBy(TestCertificate.root("CN=Root"));
    assertThat(reason(other, NAME)).isEqualTo(Reason.UNTRUSTED_CERTIFICATE);
  }

  @Test
  void refusesACertificateThatExpired() {
    Instant now = Instant.now();
    TestCertificate expired =
        planned(NAME).valid(now.minusSeconds(600), now.minusSeconds(60)).issuedBy(root);
    assertThat(reason(expired, NAME)).isEqualTo(Reason.UNTRUSTED_CERTIFICATE);
  }

  @Test
  void refusesAFileThatNoPathCanEndAt() throws Exception {
    Path leaf = TestCertificate.write(directory.resolve("leaf.pem"), signer);
    assertThatThrownBy(() -> CertificateVerifier.load(leaf, NAME))
        .isInstanceOf(UnusableTrustException.class)
        .hasMessageContaining("none of the trusted certificates is one of an authority");
    Path empty = Files.writeString(directory.resolve("empty.pem"), "");
    assertThatThrownBy(() -> CertificateVerifier.load(empty, NAME))
        .isInstanceOf(UnusableTrustException.class)
        .hasMessageContaining("empty.pem");
    assertThatThrownBy(() -> CertificateVerifier.load(directory.resolve("missing.pem"), NAME))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("missing.pem");
  }

  @Test
  void refusesAnEmptyName() {
    assertThatThrownBy(() -> CertificateVerifier.load(trusted, " "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the name of the signer is empty");
  }
}
