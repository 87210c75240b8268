package dev.modelsigning.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.VerificationMaterial.X509CertificateChain;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.testing.Forge.StatementText;
import dev.modelsigning.testing.HostileCertificate;
import dev.modelsigning.testing.TestCertificate;
import java.io.ByteArrayInputStream;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Security;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Chains with weak keys and hashes, validly signed; whatever the platform's properties say. */
class WeakAlgorithmTest {

  private static final String PAYLOAD = new StatementText().file("a", "alpha").toString();

  private final TestCertificate root = TestCertificate.root("CN=Root");
  private final TestCertificate signer = TestCertificate.root("CN=Keys of the signer");

  private void refuses(String words, X509Certificate trusted, Bytes... chain) throws Exception {
    CertificateVerifier verifier = CertificateVerifier.trusting(List.of(trusted));
    Bundle bundle = Bundle.of(new X509CertificateChain(List.of(chain)), signer.envelope(PAYLOAD));
    VerificationException failure =
        catchThrowableOfType(VerificationException.class, () -> verifier.verify(bundle));
    assertThat(failure).isNotNull().hasMessageContaining(words);
    assertThat(failure.reason()).isEqualTo(Reason.UNTRUSTED_CERTIFICATE);
  }

  private static SubjectPublicKeyInfo info(KeyPair keys) {
    return SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded());
  }

  private Bytes leaf(String issuer, KeyPair keys, String algorithm) {
    return new HostileCertificate(issuer, "CN=Signer", info(signer.keys()))
        .signer()
        .signedBy(keys.getPrivate(), algorithm);
  }

  private static KeyPair shortKeys() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(1024);
    return generator.generateKeyPair();
  }

  @ParameterizedTest
  @ValueSource(strings = {"SHA1withECDSA", "SHA224withECDSA"})
  void refusesWeakHashesInTheSignersCertificateAndAboveIt(String algorithm) throws Exception {
    refuses(
        "'CN=Signer': expected a signature with SHA-256 or a stronger hash",
        root.certificate(),
        leaf("CN=Root", root.keys(), algorithm));
    KeyPair keys = TestCertificate.newKeys("EC", "secp256r1");
    Bytes middle =
        new HostileCertificate("CN=Root", "CN=Middle", info(keys))
            .authority()
            .signedBy(root.keys().getPrivate(), algorithm);
    refuses(
        "'CN=Middle': expected a signature with SHA-256 or a stronger hash",
        root.certificate(),
        leaf("CN=Middle", keys, "SHA256withECDSA"),
        middle);
  }

  @Test
  void refusesWeakHashesUnderRsa() throws Exception {
    TestCertificate authority =
        TestCertificate.named("CN=Root").keys("RSA", "").authority().selfSigned();
    for (String algorithm : List.of("SHA1withRSA", "MD5withRSA", "SHA1withRSAandMGF1")) {
      refuses(
          "'CN=Signer': expected a signature with SHA-256 or a stronger hash",
          authority.certificate(),
          leaf("CN=Root", authority.keys(), algorithm));
    }
  }

  @Test
  void acceptsRsaWithPss() throws Exception {
    TestCertificate authority =
        TestCertificate.named("CN=Root").keys("RSA", "").authority().selfSigned();
    Bytes certificate = leaf("CN=Root", authority.keys(), "SHA256withRSAandMGF1");

    CertificateVerifier.trusting(List.of(authority.certificate()))
        .verify(
            Bundle.of(new X509CertificateChain(List.of(certificate)), signer.envelope(PAYLOAD)));
  }

  @Test
  void doesNotRelyOnTheSignatureOfAnAnchorButOnItsKey() throws Exception {
    KeyPair keys = TestCertificate.newKeys("EC", "secp256r1");
    X509Certificate anchor =
        read(
            new HostileCertificate("CN=Old", "CN=Old", info(keys))
                .authority()
                .signedBy(keys.getPrivate(), "SHA1withECDSA"));
    CertificateVerifier.trusting(List.of(anchor))
        .verify(
            Bundle.of(
                new X509CertificateChain(List.of(leaf("CN=Old", keys, "SHA256withECDSA"))),
                signer.envelope(PAYLOAD)));

    KeyPair weak = shortKeys();
    X509Certificate weakAnchor =
        read(
            new HostileCertificate("CN=Old", "CN=Old", info(weak))
                .authority()
                .signedBy(weak.getPrivate(), "SHA256withRSA"));
    refuses(
        "'CN=Old': expected an elliptic-curve key on P-256, P-384 or P-521, an RSA key of 2048 to"
            + " 16384 bits, Ed25519 or Ed448, found one of 1024 bits",
        weakAnchor,
        leaf("CN=Old", weak, "SHA256withRSA"));
  }

  @Test
  void refusesAShortKeyOfAnAuthority() throws Exception {
    KeyPair weak = shortKeys();
    Bytes middle =
        new HostileCertificate("CN=Root", "CN=Middle", info(weak))
            .authority()
            .signedBy(root.keys().getPrivate(), "SHA256withECDSA");
    refuses(
        "certificates[1] cannot be used: expected an elliptic-curve key on P-256, P-384 or P-521,"
            + " an RSA key of 2048 to 16384 bits, Ed25519 or Ed448, found one of 1024 bits",
        root.certificate(),
        leaf("CN=Middle", weak, "SHA256withRSA"),
        middle);
  }

  @Test
  void holdsWhateverThePropertiesOfThePlatformSay() throws Exception {
    String property = "jdk.certpath.disabledAlgorithms";
    String before = Security.getProperty(property);
    Security.setProperty(property, "");
    try {
      refuses(
          "'CN=Signer': expected a signature with SHA-256 or a stronger hash",
          root.certificate(),
          leaf("CN=Root", root.keys(), "SHA1withECDSA"));
    } finally {
      Security.setProperty(property, before);
    }
  }

  @Test
  void doesNotSignWithWhatNobodyWouldAccept() throws Exception {
    X509Certificate weak = read(leaf("CN=Root", root.keys(), "SHA1withECDSA"));
    assertThatThrownBy(() -> CertificateSigner.using(signer.keys().getPrivate(), List.of(weak)))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("'CN=Signer' would be refused by every verifier");
    X509Certificate good = read(leaf("CN=Root", root.keys(), "SHA256withECDSA"));
    KeyPair keys = shortKeys();
    X509Certificate above =
        TestCertificate.named("CN=Weak").keys(keys).authority().selfSigned().certificate();
    assertThatThrownBy(
            () -> CertificateSigner.using(signer.keys().getPrivate(), List.of(good, above)))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("'CN=Weak' would be refused by every verifier");
  }

  private static X509Certificate read(Bytes der) throws Exception {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(der.toArray()));
  }
}
