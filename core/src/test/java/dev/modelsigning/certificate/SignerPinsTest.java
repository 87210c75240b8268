package dev.modelsigning.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.internal.pkix.Certificates;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.testing.Forge.StatementText;
import dev.modelsigning.testing.TestCertificate;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A trusted authority certifies many signers; a pin selects the accepted ones. */
class SignerPinsTest {

  private static final String PAYLOAD = new StatementText().file("a", "alpha").toString();

  private final TestCertificate root = TestCertificate.root("CN=Root");
  private final TestCertificate signer =
      TestCertificate.named("CN=Release Team,O=Bank\\, Inc.,C=DE")
          .signer()
          .extension(
              Extension.subjectAlternativeName,
              false,
              new GeneralNames(
                  new GeneralName[] {
                    new GeneralName(GeneralName.rfc822Name, "release@bank.example"),
                    new GeneralName(GeneralName.dNSName, "ci.bank.example"),
                    new GeneralName(
                        GeneralName.uniformResourceIdentifier, "https://ci.bank.example/release"),
                    new GeneralName(new X500Name("CN=A directory name")),
                    new GeneralName(GeneralName.iPAddress, "192.0.2.1")
                  }))
          .issuedBy(root);

  private VerifiedPayload verify(UnaryOperator<CertificateVerifier.Builder> pins) throws Exception {
    return pins.apply(CertificateVerifier.builder().trust(List.of(root.certificate())))
        .build()
        .verify(signer.bundle(PAYLOAD));
  }

  @Test
  void namesTheSignerByTheNameThatWasAskedFor() throws Exception {
    String uri = "https://ci.bank.example/release";
    assertThat(verify(builder -> builder.identity(uri)).signer().name()).isEqualTo(uri);
    assertThat(
            verify(builder -> builder.identity("x@y.z").identity("ci.bank.example"))
                .signer()
                .name())
        .isEqualTo("ci.bank.example");
    String subject = signer.certificate().getSubjectX500Principal().toString();
    assertThat(
            verify(builder -> builder.identity("C=DE,O=Bank\\, Inc.,CN=Release Team"))
                .signer()
                .name())
        .isEqualTo(subject);
    assertThat(verify(builder -> builder).signer().name()).isEqualTo("release@bank.example");
  }

  @Test
  void warnsThatAnybodyWouldPassIfNobodyIsNamed() throws Exception {
    assertThat(verify(builder -> builder).findings())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.rule()).isEqualTo(Rules.ANY_SIGNER);
          assertThat(finding.message()).contains("anybody certified by 'CN=Root' would pass");
        });
    assertThat(verify(builder -> builder.identity("ci.bank.example")).findings()).isEmpty();
    String fingerprint = Certificates.fingerprint(signer.certificate());
    assertThat(verify(builder -> builder.fingerprint(fingerprint)).findings()).isEmpty();
  }

  /** Who trusts nothing but the certificate of the signer has named the signer. */
  @Test
  void doesNotWarnIfOnlyTheSignerIsTrusted() throws Exception {
    TestCertificate alone = TestCertificate.named("CN=Alone").signer().selfSigned();
    CertificateVerifier verifier = CertificateVerifier.trusting(List.of(alone.certificate()));

    assertThat(verifier.verify(alone.bundle(PAYLOAD)).findings()).isEmpty();
    assertThat(
            CertificateVerifier.trusting(List.of(alone.certificate(), root.certificate()))
                .verify(alone.bundle(PAYLOAD))
                .findings())
        .extracting(Finding::rule)
        .containsExactly(Rules.ANY_SIGNER);
  }

  private VerificationException refuses(UnaryOperator<CertificateVerifier.Builder> pins) {
    VerificationException failure =
        catchThrowableOfType(VerificationException.class, () -> verify(pins));
    assertThat(failure).isNotNull();
    assertThat(failure.reason()).isEqualTo(Reason.WRONG_IDENTITY);
    return failure;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "release@bank.example",
        "ci.bank.example",
        "https://ci.bank.example/release",
        "C=DE,O=Bank\\, Inc.,CN=Release Team",
        "C=DE, O=\"Bank, Inc.\", CN=Release Team"
      })
  void acceptsTheSubjectAndEveryAlternativeName(String identity) throws Exception {
    verify(builder -> builder.identity(identity));
  }

  @Test
  void acceptsTheSubjectAsTheVerdictPrintsIt() throws Exception {
    verify(builder -> builder.identity(signer.certificate().getSubjectX500Principal().toString()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "release@bank.exampl",
        "Release@bank.example",
        "bank.example",
        "*.bank.example",
        "https://ci.bank.example/release/",
        "CN=Release Team",
        "Release Team",
        "C=DE,O=Bank\\, Inc.,CN=release team",
        "CN=A directory name",
        "192.0.2.1",
        ".*"
      })
  void refusesWhatIsNotTheSignersNameToTheLetter(String identity) {
    assertThat(refuses(builder -> builder.identity(identity)))
        .hasMessageContaining("the signer is somebody else: expected '" + identity + "'")
        .hasMessageContaining("'release@bank.example', 'ci.bank.example'");
  }

  /** As from a variable that is not set; a certificate without a subject would match it. */
  @ParameterizedTest
  @ValueSource(strings = {"", " "})
  void refusesAnEmptyPin(String name) {
    assertThatThrownBy(() -> CertificateVerifier.builder().identity(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the name of the signer is empty");
  }

  @Test
  void acceptsAnyOfSeveralIdentities() throws Exception {
    verify(builder -> builder.identity("somebody else").identity("ci.bank.example"));
  }

  @Test
  void acceptsTheFingerprintAsPeopleWriteIt() throws Exception {
    String hex = Certificates.fingerprint(signer.certificate());
    String colons = hex.toUpperCase(Locale.ROOT).replaceAll("(..)(?=.)", "$1:");
    verify(builder -> builder.fingerprint(hex));
    verify(builder -> builder.fingerprint(colons));
    verify(builder -> builder.fingerprint("sha256:" + hex));
    verify(builder -> builder.fingerprint("SHA256:" + colons));
    verify(builder -> builder.fingerprint("0".repeat(64)).fingerprint(hex));
  }

  @Test
  void refusesAnotherFingerprint() {
    assertThat(refuses(builder -> builder.fingerprint("0".repeat(64))))
        .hasMessageContaining("expected the SHA-256 fingerprint 000000");
  }

  @Test
  void requiresBothPinsIfBothAreGiven() {
    String hex = Certificates.fingerprint(signer.certificate());
    refuses(builder -> builder.fingerprint(hex).identity("somebody else"));
    refuses(builder -> builder.fingerprint("0".repeat(64)).identity("ci.bank.example"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "00", "sha1:00", "zz"})
  void refusesWhatIsNoFingerprint(String text) {
    assertThatThrownBy(() -> CertificateVerifier.builder().fingerprint(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a SHA-256 fingerprint of 64 hexadecimal digits");
  }

  /** The owner of a certificate can often choose what stands in a name of another kind. */
  @ParameterizedTest
  @CsvSource({
    "1, 'CN=Release,O=Bank'",
    "1, https://ci.bank.example/release",
    "2, release@bank.example",
    "1, ci.bank.example"
  })
  void refusesANameOfAnotherKind(int tag, String name) throws Exception {
    TestCertificate other =
        TestCertificate.named("CN=Mallory").signer().names(tag, name).issuedBy(root);
    CertificateVerifier verifier =
        CertificateVerifier.builder().trust(List.of(root.certificate())).identity(name).build();
    VerificationException failure =
        catchThrowableOfType(
            VerificationException.class, () -> verifier.verify(other.bundle(PAYLOAD)));
    assertThat(failure.reason()).isEqualTo(Reason.WRONG_IDENTITY);
    assertThat(
            CertificateVerifier.trusting(List.of(root.certificate()))
                .verify(other.bundle(PAYLOAD))
                .signer()
                .name())
        .isEqualTo("CN=Mallory");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CN=Seal, OID.2.5.4.97=VATDE-123456789, O=Bank, C=DE",
        "CN=Seal, organizationIdentifier=VATDE-123456789, O=Bank, C=DE"
      })
  void acceptsSubjectsWithAttributesThatHaveNoShortName(String pin) throws Exception {
    TestCertificate seal =
        TestCertificate.named("C=DE,O=Bank,2.5.4.97=VATDE-123456789,CN=Seal")
            .signer()
            .issuedBy(root);
    CertificateVerifier.builder()
        .trust(List.of(root.certificate()))
        .identity(pin)
        .build()
        .verify(seal.bundle(PAYLOAD));
  }
}
