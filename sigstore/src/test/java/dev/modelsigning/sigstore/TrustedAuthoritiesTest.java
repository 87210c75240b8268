package dev.modelsigning.sigstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.signing.VerificationTime;
import dev.modelsigning.sigstore.internal.data.Sha256;
import dev.modelsigning.testing.Forge.StatementText;
import dev.modelsigning.testing.HostileCertificate;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestTimestampAuthority;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponseGenerator;
import org.bouncycastle.tsp.TimeStampTokenGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Authorities and time stamps that the other methods refuse are refused for keyless signatures too.
 * Everything is validly signed, and by authorities of the trusted root.
 */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class TrustedAuthoritiesTest {

  private static final String PAYLOAD = new StatementText().file("a", "alpha").toString();
  private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");
  private static final Instant FAR_AWAY = Instant.parse("2100-01-01T00:00:00Z");

  private final TestSigstore sigstore = new TestSigstore();
  private JsonObject root;

  @BeforeEach
  void readRoot() {
    root = JsonParser.parseString(sigstore.trustedRootJson()).getAsJsonObject();
  }

  private void trust(String list, TestCertificate... chain) {
    JsonArray certificates = new JsonArray();
    for (TestCertificate each : chain) {
      JsonObject one = new JsonObject();
      one.addProperty("rawBytes", Base64.getEncoder().encodeToString(each.der().toArray()));
      certificates.add(one);
    }
    JsonObject certChain = new JsonObject();
    certChain.add("certificates", certificates);
    root.getAsJsonArray(list).get(0).getAsJsonObject().add("certChain", certChain);
  }

  private SigstoreVerifier verifier() throws TrustConfigException {
    return SigstoreVerifier.using(
        TrustedRoot.parse(new TrustConfigDocument.Part("test", root.toString())),
        IdentityPolicy.exactly(TestSigstore.IDENTITY, TestSigstore.ISSUER));
  }

  private void refuses(Bundle bundle, Reason reason, String words) throws Exception {
    SigstoreVerifier verifier = verifier();
    VerificationException failure =
        catchThrowableOfType(VerificationException.class, () -> verifier.verify(bundle));
    assertThat(failure).isNotNull().hasMessageContaining(words);
    assertThat(failure.reason()).isEqualTo(reason);
  }

  private static TestCertificate.Plan plan(String name) {
    return TestCertificate.named(name).valid(LONG_AGO, FAR_AWAY);
  }

  // --- time stamps

  private Bundle unstamped() {
    return TestSigning.of(sigstore, PAYLOAD).logHashedRekord2().bundle();
  }

  private Bundle stamped(TestCertificate signer, TestCertificate... sent) {
    return new TestTimestampAuthority(signer, sent).stamp(unstamped(), TestSigning.SOON);
  }

  private List<VerificationTime> accepts(Bundle bundle) throws Exception {
    return verifier().verify(bundle).times();
  }

  private static TestCertificate stamper(TestCertificate issuer) {
    return plan("CN=Stamper").timestamping().issuedBy(issuer);
  }

  private final TestCertificate stampRoot = plan("CN=Stamp root").authority().selfSigned();

  @Test
  void acceptsEveryFormInWhichARootAndATokenNameTheSigner() throws Exception {
    TestCertificate middle = plan("CN=Stamp CA").authority().issuedBy(stampRoot);
    TestCertificate signer = stamper(middle);

    trust("timestampAuthorities", signer, middle, stampRoot);
    assertThat(accepts(stamped(signer))).hasSize(1);
    assertThat(accepts(stamped(signer, signer))).hasSize(1);
    assertThat(accepts(stamped(signer, signer, middle, stampRoot))).hasSize(1);
    trust("timestampAuthorities", middle, stampRoot);
    assertThat(accepts(stamped(signer, signer))).hasSize(1);
    trust("timestampAuthorities", stampRoot);
    assertThat(accepts(stamped(signer, signer, middle))).hasSize(1);
    trust("timestampAuthorities", middle);
    assertThat(accepts(stamped(signer, signer))).hasSize(1);
  }

  @Test
  void refusesAnotherSignerThanTheOneThatTheRootNames() throws Exception {
    trust("timestampAuthorities", stamper(stampRoot), stampRoot);
    TestCertificate other = stamper(stampRoot);
    refuses(
        stamped(other, other), Reason.UNTRUSTED_TIMESTAMP, "it was signed by another authority");
  }

  @Test
  void refusesATokenWhoseSignerIsNowhere() throws Exception {
    trust("timestampAuthorities", stampRoot);
    refuses(
        stamped(stamper(stampRoot)),
        Reason.UNTRUSTED_TIMESTAMP,
        "the certificate of its signer is neither in it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SHA1withECDSA", "SHA1withRSA", "SHA1withRSAandMGF1", "SHA224withECDSA"})
  void refusesATokenThatIsSignedWithAWeakHash(String algorithm) throws Exception {
    TestCertificate signer =
        (algorithm.contains("RSA") ? plan("CN=Stamper").keys("RSA", "") : plan("CN=Stamper"))
            .timestamping()
            .issuedBy(stampRoot);
    trust("timestampAuthorities", signer, stampRoot);
    Bundle bundle = unstamped();
    refuses(
        bundle.withTimestamp(token(bundle, signer, algorithm)),
        Reason.UNTRUSTED_TIMESTAMP,
        "expected a signature with SHA-256");
  }

  private static Bytes token(Bundle bundle, TestCertificate signer, String algorithm)
      throws Exception {
    TimeStampRequest request =
        new TimeStampRequestGenerator()
            .generate(TSPAlgorithms.SHA256, Sha256.of(bundle.envelope().signature()));
    TimeStampTokenGenerator tokens =
        new TimeStampTokenGenerator(
            new JcaSimpleSignerInfoGeneratorBuilder()
                .setProvider(new BouncyCastleProvider())
                .build(
                    algorithm,
                    signer.keys().getPrivate(),
                    new X509CertificateHolder(signer.certificate().getEncoded())),
            new JcaDigestCalculatorProviderBuilder()
                .build()
                .get(new AlgorithmIdentifier(TSPAlgorithms.SHA256)),
            new ASN1ObjectIdentifier("1.2.3"));
    return Bytes.of(
        new TimeStampResponseGenerator(tokens, TSPAlgorithms.ALLOWED)
            .generate(request, BigInteger.TEN, Date.from(TestSigning.SOON))
            .getEncoded());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"SHA256withRSA", "SHA512withRSA", "SHA256withRSAandMGF1", "SHA384withECDSA"})
  void acceptsTokensWithOtherHashesAndKeys(String algorithm) throws Exception {
    TestCertificate signer =
        (algorithm.contains("RSA") ? plan("CN=Stamper").keys("RSA", "") : plan("CN=Stamper"))
            .timestamping()
            .issuedBy(stampRoot);
    trust("timestampAuthorities", signer, stampRoot);
    Bundle bundle = unstamped();
    assertThat(accepts(bundle.withTimestamp(token(bundle, signer, algorithm)))).hasSize(1);
  }

  @Test
  void refusesATimeStampOfTheFuture() throws Exception {
    Instant now = Instant.now();
    KeyPair keys = TestSigstore.ecKeys();
    Bundle bundle =
        TestSigning.signed(
                sigstore, sigstore.certify(keys.getPublic(), now.minusSeconds(60)), keys, PAYLOAD)
            .logDsse1(now)
            .timestamp(now.plus(Duration.ofMinutes(5)))
            .bundle();
    refuses(bundle, Reason.UNTRUSTED_TIMESTAMP, "is in the future");
  }

  @Test
  void refusesATimeStampWhoseSignerHasADamagedExtension() throws Exception {
    TestCertificate signer =
        plan("CN=Stamper")
            .extension(Extension.keyUsage, false, new ASN1Integer(1))
            .purposes(true, KeyPurposeId.id_kp_timeStamping)
            .issuedBy(stampRoot);
    trust("timestampAuthorities", signer, stampRoot);
    refuses(stamped(signer), Reason.UNTRUSTED_TIMESTAMP, "'CN=Stamper' is damaged");
  }

  @Test
  void refusesATimeStampBelowAnAuthorityWithADamagedExtension() throws Exception {
    TestCertificate middle =
        plan("CN=Stamp CA")
            .authority()
            .extension(Extension.nameConstraints, false, new ASN1Integer(1))
            .issuedBy(stampRoot);
    trust("timestampAuthorities", stamper(middle), middle, stampRoot);
    TestCertificate signer = stamper(middle);
    trust("timestampAuthorities", signer, middle, stampRoot);
    refuses(stamped(signer), Reason.UNTRUSTED_TIMESTAMP, "'CN=Stamp CA'");
  }

  @Test
  void refusesATimeStampThatTheConstraintsOfItsAnchorDoNotAllow() throws Exception {
    TestCertificate shallow = plan("CN=Stamp root").authority(0).selfSigned();
    TestCertificate middle = plan("CN=Stamp CA").authority().issuedBy(shallow);
    TestCertificate signer = stamper(middle);
    trust("timestampAuthorities", signer, middle, shallow);
    refuses(stamped(signer), Reason.UNTRUSTED_TIMESTAMP, "the path is too long");

    TestCertificate bank =
        plan("CN=Bank root")
            .authority()
            .permitting(GeneralName.directoryName, "O=Bank")
            .selfSigned();
    TestCertificate outside = stamper(bank);
    trust("timestampAuthorities", outside, bank);
    refuses(
        stamped(outside), Reason.UNTRUSTED_TIMESTAMP, "within the name constraints of 'CN=Bank");
  }

  @Test
  void refusesATimeStampBelowAnAuthorityForAnotherPurpose() throws Exception {
    TestCertificate middle =
        plan("CN=Stamp CA")
            .authority()
            .purposes(false, KeyPurposeId.id_kp_codeSigning)
            .issuedBy(stampRoot);
    TestCertificate signer = stamper(middle);
    trust("timestampAuthorities", signer, middle, stampRoot);
    refuses(stamped(signer), Reason.UNTRUSTED_TIMESTAMP, "the authority 'CN=Stamp CA' may not");

    TestCertificate other =
        plan("CN=Code root")
            .authority()
            .purposes(false, KeyPurposeId.id_kp_codeSigning)
            .selfSigned();
    TestCertificate below = stamper(other);
    trust("timestampAuthorities", below, other);
    refuses(stamped(below), Reason.UNTRUSTED_TIMESTAMP, "the authority 'CN=Code root' may not");
  }

  @Test
  void refusesATimeStampByAKeyThatIsTooShort() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(1024);
    TestCertificate signer =
        plan("CN=Stamper").keys(generator.generateKeyPair()).timestamping().issuedBy(stampRoot);
    trust("timestampAuthorities", stampRoot);
    refuses(
        stamped(signer, signer),
        Reason.UNTRUSTED_TIMESTAMP,
        "an RSA key of 2048 to 16384 bits, Ed25519 or Ed448, found one of 1024 bits");
  }

  @Test
  void refusesATimeStampBelowAnAuthorityThatIsSignedWithAWeakHash() throws Exception {
    KeyPair keys = TestSigstore.ecKeys();
    TestCertificate middle =
        read(
            new HostileCertificate("CN=Stamp root", "CN=Stamp CA", info(keys.getPublic()))
                .valid(LONG_AGO, FAR_AWAY)
                .authority()
                .signedBy(stampRoot.keys().getPrivate(), "SHA1withECDSA"),
            keys);
    TestCertificate signer = stamper(middle);
    trust("timestampAuthorities", signer, middle, stampRoot);
    refuses(
        stamped(signer), Reason.UNTRUSTED_TIMESTAMP, "'CN=Stamp CA': expected a signature with");
  }

  @Test
  void refusesATimeStampOutsideTheTimeOfItsAuthority() throws Exception {
    TestCertificate signer = stamper(stampRoot);
    trust("timestampAuthorities", signer, stampRoot);
    validFor("timestampAuthorities").addProperty("end", "2026-03-04T00:00:00Z");
    refuses(stamped(signer), Reason.UNTRUSTED_TIMESTAMP, "is trusted only from");
  }

  private JsonObject validFor(String list) {
    return root.getAsJsonArray(list).get(0).getAsJsonObject().getAsJsonObject("validFor");
  }

  // --- certificates of signers

  private final TestCertificate codeRoot = plan("CN=Code root").authority().selfSigned();

  /** A certificate for the authority that issues to signers, with the key that it has anyway. */
  private TestCertificate issuing(TestCertificate.Plan plan, TestCertificate issuer)
      throws Exception {
    TestCertificate result =
        plan.keys(new KeyPair(issuingKey(), issuer.keys().getPrivate())).issuedBy(issuer);
    trust("certificateAuthorities", result, issuer);
    return result;
  }

  private PublicKey issuingKey() throws Exception {
    String pem = sigstore.issuersPem().get(0);
    return CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
        .getPublicKey();
  }

  private static TestCertificate.Plan issuingPlan() {
    return plan("CN=intermediate,O=test");
  }

  private void refusesTheSigner(String words) throws Exception {
    refuses(TestSigning.version1(sigstore, PAYLOAD), Reason.UNTRUSTED_CERTIFICATE, words);
  }

  @Test
  void acceptsAnAuthorityThatIsSound() throws Exception {
    issuing(issuingPlan().authority(), codeRoot);
    assertThat(accepts(TestSigning.version1(sigstore, PAYLOAD))).hasSize(1);
  }

  @Test
  void refusesASignerBelowAnAuthorityForAnotherPurpose() throws Exception {
    issuing(issuingPlan().authority().purposes(false, KeyPurposeId.id_kp_timeStamping), codeRoot);
    refusesTheSigner("the authority 'O=test, CN=intermediate' may not");
    issuing(
        issuingPlan().authority(),
        plan("CN=Stamp root")
            .authority()
            .purposes(false, KeyPurposeId.id_kp_timeStamping)
            .selfSigned());
    refusesTheSigner("the authority 'CN=Stamp root' may not");
  }

  @Test
  void refusesASignerThatTheConstraintsOfTheAnchorDoNotAllow() throws Exception {
    issuing(issuingPlan().authority(), plan("CN=Code root").authority(0).selfSigned());
    refusesTheSigner("the path is too long");
    issuing(
        issuingPlan().authority(),
        plan("CN=Code root")
            .authority()
            .permitting(GeneralName.rfc822Name, "bank.example")
            .selfSigned());
    refusesTheSigner("are not within the name constraints of 'CN=Code root'");
  }

  @Test
  void refusesASignerBelowAnAuthorityWithADamagedExtension() throws Exception {
    issuing(
        issuingPlan()
            .authority()
            .extension(Extension.subjectAlternativeName, false, new ASN1Integer(1)),
        codeRoot);
    refusesTheSigner("'O=test, CN=intermediate' is damaged");
  }

  @Test
  void refusesASignerBelowAnAuthorityThatIsSignedWithAWeakHash() throws Exception {
    TestCertificate weak =
        read(
            new HostileCertificate("CN=Code root", "CN=intermediate,O=test", info(issuingKey()))
                .valid(LONG_AGO, FAR_AWAY)
                .authority()
                .signedBy(codeRoot.keys().getPrivate(), "SHA1withECDSA"),
            codeRoot.keys());
    trust("certificateAuthorities", weak, codeRoot);
    refusesTheSigner("'O=test, CN=intermediate': expected a signature with");
  }

  @Test
  void refusesASignerWithAnExpensiveKeyAtOnce() throws Exception {
    Bytes signer =
        new HostileCertificate("CN=intermediate,O=test", "CN=S", HostileCertificate.dsa(200_000))
            .extension(
                Extension.extendedKeyUsage,
                false,
                new ExtendedKeyUsage(KeyPurposeId.id_kp_codeSigning))
            .signedByDsa(1);
    Bundle good = TestSigning.version1(sigstore, PAYLOAD);
    refuses(
        new Bundle(
            good.mediaType(),
            new dev.modelsigning.bundle.VerificationMaterial.X509Certificate(signer),
            good.tlogEntries(),
            List.of(),
            good.envelope()),
        Reason.UNTRUSTED_CERTIFICATE,
        "at most 65536 bytes");
  }

  private static SubjectPublicKeyInfo info(PublicKey key) {
    return SubjectPublicKeyInfo.getInstance(key.getEncoded());
  }

  private static TestCertificate read(Bytes der, KeyPair keys) throws Exception {
    return new TestCertificate(
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(der.toArray())),
        keys);
  }
}
