package dev.modelsigning.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Envelope;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.TransparencyLogEntry;
import dev.modelsigning.bundle.VerificationMaterial;
import dev.modelsigning.bundle.VerificationMaterial.X509Certificate;
import dev.modelsigning.bundle.VerificationMaterial.X509CertificateChain;
import dev.modelsigning.internal.pkix.Certificates;
import dev.modelsigning.signing.CertificateIdentity;
import dev.modelsigning.signing.CertificateSummary;
import dev.modelsigning.signing.RevocationScope;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.signing.VerificationTime.Source;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.testing.Forge;
import dev.modelsigning.testing.Forge.StatementText;
import dev.modelsigning.testing.TestCertificate;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which chains of certificates are trusted (oms-format rules 7 to 10). All bundles are validly
 * signed by the key of the first certificate.
 */
class CertificatePathTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final String PAYLOAD = new StatementText().file("a", "alpha").toString();

  private final Instant now = Instant.now();

  private final TestCertificate root = TestCertificate.root("CN=Root");
  private final TestCertificate middle = root.authority("CN=Issuing");
  private final TestCertificate leaf = middle.signer("CN=Signer");

  private static CertificateVerifier trusting(TestCertificate... trusted) {
    return CertificateVerifier.trusting(
        Arrays.stream(trusted).map(TestCertificate::certificate).toList());
  }

  private static VerifiedPayload accepts(Bundle bundle, TestCertificate... trusted)
      throws Exception {
    return trusting(trusted).verify(bundle);
  }

  private static VerificationException refuses(
      Reason reason, Bundle bundle, TestCertificate... trusted) {
    CertificateVerifier verifier = trusting(trusted);
    VerificationException failure =
        catchThrowableOfType(VerificationException.class, () -> verifier.verify(bundle));
    assertThat(failure).isNotNull();
    assertThat(failure.reason()).as(failure.getMessage()).isEqualTo(reason);
    return failure;
  }

  private static void refuses(String words, Bundle bundle, TestCertificate... trusted) {
    assertThat(refuses(Reason.UNTRUSTED_CERTIFICATE, bundle, trusted))
        .hasMessageContaining(words)
        .hasMessageEndingWith("(OMS 8.2)");
  }

  @Test
  void acceptsAChainToATrustedRoot() throws Exception {
    VerifiedPayload verified = accepts(leaf.bundle(PAYLOAD, middle), root);

    assertThat(AnySigner.aside(verified.findings())).isEmpty();
    assertThat(verified.signer().method()).isEqualTo("certificate");
    assertThat(verified.signer().name()).isEqualTo("CN=Signer");
    java.security.cert.X509Certificate certificate = leaf.certificate();
    assertThat(verified.signer())
        .isEqualTo(
            new CertificateIdentity(
                "CN=Signer",
                List.of(),
                new CertificateSummary(
                    "CN=Signer",
                    "CN=Issuing",
                    certificate.getSerialNumber(),
                    Certificates.fingerprint(certificate),
                    "ECDSA P-256",
                    certificate.getNotBefore().toInstant(),
                    certificate.getNotAfter().toInstant()),
                Optional.of(new RevocationScope(false, false, false))));
    assertThat(verified.times())
        .singleElement()
        .matches(one -> one.source() == Source.CURRENT_TIME);
  }

  // --- what is a trust anchor: authorities, and what is signed by its own key

  @Test
  void acceptsATrustedIntermediateAsTheEndOfThePath() throws Exception {
    accepts(leaf.bundle(PAYLOAD, middle, root), middle);
    accepts(leaf.bundle(PAYLOAD), middle);
  }

  @Test
  void acceptsAnIntermediateThatTheUserGaveAndTheBundleLacks() throws Exception {
    accepts(leaf.bundle(PAYLOAD), root, middle);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void acceptsASelfSignedSignerThatIsTrustedItself(boolean authority) throws Exception {
    TestCertificate.Plan plan = TestCertificate.named("CN=Alone").signer();
    TestCertificate alone =
        (authority
                ? plan.extension(Extension.basicConstraints, true, new BasicConstraints(true))
                : plan)
            .selfSigned();
    accepts(alone.bundle(PAYLOAD), alone);
  }

  @Test
  void refusesASelfSignedSignerThatIsNotTrusted() {
    TestCertificate alone = TestCertificate.named("CN=Alone").signer().selfSigned();
    refuses(
        "the chain ends at 'CN=Alone', which is not among the trusted",
        alone.bundle(PAYLOAD),
        root);
  }

  @Test
  void refusesASelfSignedSignerWithTheNameAndNotTheKeyOfTheTrustedOne() {
    TestCertificate trusted = TestCertificate.named("CN=Alone").signer().selfSigned();
    TestCertificate alone = TestCertificate.named("CN=Alone").signer().selfSigned();
    refuses("'CN=Alone'", alone.bundle(PAYLOAD), trusted);
  }

  @Test
  void doesNotTrustASignerOfAnAuthorityByItself() {
    assertThatThrownBy(
            () -> CertificateVerifier.builder().trust(List.of(leaf.certificate())).build())
        .isInstanceOf(UnusableTrustException.class)
        .hasMessageContaining("none of the trusted certificates is one of an authority");
    refuses(
        "the certificate of its issuer 'CN=Issuing'",
        leaf.bundle(PAYLOAD),
        leaf,
        TestCertificate.root("CN=Other"));
  }

  @Test
  void refusesABundleThatBringsItsOwnRoot() {
    refuses(
        "the chain ends at 'CN=Root', which is not among the trusted certificates",
        leaf.bundle(PAYLOAD, middle, root),
        TestCertificate.root("CN=Another root"));
  }

  @Test
  void refusesABundleThatBringsARootWithTheNameOfTheTrustedOne() {
    refuses(
        "the chain ends at 'CN=Root'",
        leaf.bundle(PAYLOAD, middle, root),
        TestCertificate.root("CN=Root"));
  }

  @Test
  void refusesTheChainOfAnotherAuthorityOfTheSameName() {
    refuses(
        "was not signed by the trusted 'CN=Root', but by another authority of the same name",
        leaf.bundle(PAYLOAD, middle),
        TestCertificate.root("CN=Root"));
  }

  @Test
  void trustsWhatThePlatformTrustsIfNothingIsGiven() throws Exception {
    CertificateVerifier verifier = CertificateVerifier.builder().build();
    assertThatThrownBy(() -> verifier.verify(leaf.bundle(PAYLOAD, middle, root)))
        .isInstanceOfSatisfying(
            VerificationException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.UNTRUSTED_CERTIFICATE));
  }

  // --- the chain

  @Test
  void refusesAChainWithoutItsIntermediate() {
    refuses(
        "there is no path from 'CN=Signer' to a trusted certificate: the certificate of its issuer"
            + " 'CN=Issuing' is neither trusted nor in the bundle",
        leaf.bundle(PAYLOAD),
        root);
  }

  @Test
  void acceptsAShuffledChainWithStrangersInIt() throws Exception {
    TestCertificate lower = middle.authority("CN=Lower");
    TestCertificate signer = lower.signer("CN=Signer");
    TestCertificate stranger = TestCertificate.root("CN=Stranger");

    accepts(signer.bundle(PAYLOAD, root, stranger, middle, signer, lower, middle), root);
  }

  @Test
  void refusesAChainWhoseFirstCertificateIsNotTheSigners() {
    Bundle bundle = middle.bundle(PAYLOAD, leaf);
    Bundle swapped =
        Bundle.of(leaf.bundle(PAYLOAD, middle).verificationMaterial(), bundle.envelope());
    refuses(Reason.INVALID_SIGNATURE, swapped, root);
  }

  @Test
  void refusesMoreCertificatesThanAnyHonestChainHas() {
    TestCertificate[] many =
        Stream.generate(() -> middle).limit(17).toArray(TestCertificate[]::new);
    refuses("expected at most 17 in a chain, found 18", leaf.bundle(PAYLOAD, many), root);
  }

  @Test
  void acceptsAuthoritiesWithOtherKindsOfKeys() throws Exception {
    for (String algorithm : List.of("RSA", "Ed25519")) {
      TestCertificate other =
          TestCertificate.named("CN=Other").keys(algorithm, "").authority().issuedBy(root);
      accepts(other.signer("CN=Signer").bundle(PAYLOAD, other), root);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"secp384r1", "secp521r1"})
  void acceptsSignersOnTheOtherCurves(String curve) throws Exception {
    TestCertificate signer =
        TestCertificate.named("CN=Signer").keys("EC", curve).signer().issuedBy(middle);
    accepts(signer.bundle(PAYLOAD, middle), root);
  }

  // --- validity: of every certificate, at every time that counts

  private TestCertificate signerValid(Instant from, Instant until) {
    return TestCertificate.named("CN=Signer").signer().valid(from, until).issuedBy(middle);
  }

  @Test
  void refusesAnExpiredSigner() {
    TestCertificate expired = signerValid(now.minus(HOUR), now.minusSeconds(60));
    refuses("the certificate 'CN=Signer' expired at ", expired.bundle(PAYLOAD, middle), root);
  }

  @Test
  void refusesASignerOfTheFuture() {
    TestCertificate future = signerValid(now.plus(HOUR), now.plus(HOUR).plus(HOUR));
    refuses(
        "the certificate 'CN=Signer' is not valid before ", future.bundle(PAYLOAD, middle), root);
  }

  @Test
  void refusesAnExpiredSelfSignedSigner() {
    TestCertificate alone =
        TestCertificate.named("CN=Alone")
            .signer()
            .valid(now.minus(HOUR), now.minusSeconds(60))
            .selfSigned();
    refuses("the certificate 'CN=Alone' expired at ", alone.bundle(PAYLOAD), alone);
  }

  @Test
  void refusesAnExpiredIntermediate() {
    TestCertificate expired =
        TestCertificate.named("CN=Issuing")
            .authority()
            .valid(now.minus(HOUR), now.minusSeconds(60))
            .issuedBy(root);
    Bundle bundle = expired.signer("CN=Signer").bundle(PAYLOAD, expired);
    refuses("the certificate 'CN=Issuing' expired at ", bundle, root);
    // Not even if the user trusts it: its own validity counts as well.
    refuses("the certificate 'CN=Issuing' expired at ", bundle, expired);
  }

  @Test
  void refusesAnIntermediateOfTheFuture() {
    TestCertificate future =
        TestCertificate.named("CN=Issuing")
            .authority()
            .valid(now.plus(HOUR), now.plus(HOUR).plus(HOUR))
            .issuedBy(root);
    refuses(
        "the certificate 'CN=Issuing' is not valid before ",
        future.signer("CN=Signer").bundle(PAYLOAD, future),
        root);
  }

  @Test
  void refusesAnExpiredRoot() {
    TestCertificate expired =
        TestCertificate.named("CN=Root")
            .authority()
            .valid(now.minus(HOUR), now.minusSeconds(60))
            .selfSigned();
    refuses(
        "the certificate 'CN=Root' expired at ",
        expired.signer("CN=Signer").bundle(PAYLOAD),
        expired);
  }

  @Test
  void takesAnotherRootIfOneExpired() throws Exception {
    KeyPair keys = TestCertificate.newKeys("EC", "secp256r1");
    TestCertificate expired =
        TestCertificate.named("CN=Root")
            .keys(keys)
            .authority()
            .valid(now.minus(HOUR), now.minusSeconds(60))
            .selfSigned();
    TestCertificate renewed = TestCertificate.named("CN=Root").keys(keys).authority().selfSigned();
    accepts(expired.signer("CN=Signer").bundle(PAYLOAD), expired, renewed);
  }

  @Test
  void goesByTheClockThatItIsGiven() throws Exception {
    Bundle bundle = leaf.bundle(PAYLOAD, middle);
    CertificateVerifier inAYear =
        CertificateVerifier.builder()
            .trust(List.of(root.certificate()))
            .clock(Clock.fixed(now.plus(Duration.ofDays(365)), ZoneOffset.UTC))
            .build();
    assertThatThrownBy(() -> inAYear.verify(bundle)).hasMessageContaining("expired at ");
  }

  @Test
  void verifiesAsOfARequestedTimeAndSaysSo() throws Exception {
    TestCertificate oldRoot =
        TestCertificate.named("CN=Root")
            .authority()
            .valid(now.minus(HOUR), now.minusSeconds(60))
            .selfSigned();
    TestCertificate expired =
        TestCertificate.named("CN=Signer")
            .signer()
            .valid(now.minus(HOUR), now.minusSeconds(60))
            .issuedBy(oldRoot);
    Instant then = now.minusSeconds(600);
    CertificateVerifier verifier =
        CertificateVerifier.builder()
            .trust(List.of(oldRoot.certificate()))
            .verificationTime(then)
            .build();

    VerifiedPayload verified = verifier.verify(expired.bundle(PAYLOAD));

    assertThat(verified.times())
        .singleElement()
        .matches(time -> time.source() == Source.REQUESTED && time.instant().equals(then));
    assertThat(AnySigner.aside(verified.findings()))
        .singleElement()
        .asString()
        .contains("proves nothing");
  }

  @Test
  void refusesARequestedTimeOutsideTheValidity() throws Exception {
    CertificateVerifier verifier =
        CertificateVerifier.builder()
            .trust(List.of(root.certificate()))
            .verificationTime(now.minus(Duration.ofDays(365)))
            .build();
    assertThatThrownBy(() -> verifier.verify(leaf.bundle(PAYLOAD, middle)))
        .hasMessageContaining("is not valid before");
  }

  // --- authorities: basic constraints, key usage, length, names

  @Test
  void refusesAnIntermediateThatIsNoAuthority() {
    TestCertificate signer = root.signer("CN=Signer");
    TestCertificate below = signer.signer("CN=Below a signer");
    refuses(
        "the certificate 'CN=Signer' may not issue certificates",
        below.bundle(PAYLOAD, signer),
        root);
    TestCertificate nothing =
        TestCertificate.named("CN=Nothing").usage(KeyUsage.keyCertSign).issuedBy(root);
    refuses(
        "the certificate 'CN=Nothing' may not issue certificates",
        nothing.signer("CN=X").bundle(PAYLOAD, nothing),
        root);
  }

  @Test
  void refusesAnAuthorityWithoutTheKeyUsageToIssue() {
    TestCertificate wrong =
        TestCertificate.named("CN=Issuing")
            .extension(Extension.basicConstraints, true, new BasicConstraints(true))
            .usage(KeyUsage.digitalSignature)
            .issuedBy(root);
    Bundle bundle = wrong.signer("CN=Signer").bundle(PAYLOAD, wrong);
    refuses("the certificate 'CN=Issuing' may not issue certificates", bundle, root);
    refuses("the certificate 'CN=Issuing' may not issue certificates", bundle, wrong);
  }

  @Test
  void refusesAPathThatIsLongerThanAnIntermediateAllows() {
    TestCertificate limited = TestCertificate.named("CN=Limited").authority(0).issuedBy(root);
    TestCertificate lower = limited.authority("CN=Lower");
    refuses(
        "the path is too long", lower.signer("CN=Signer").bundle(PAYLOAD, lower, limited), root);
  }

  @Test
  void refusesAPathThatIsLongerThanTheAnchorAllows() throws Exception {
    TestCertificate limited = TestCertificate.named("CN=Root").authority(0).selfSigned();
    TestCertificate lower = limited.authority("CN=Lower");
    refuses(
        "the path is too long: 'CN=Root' allows 0 authorities below it, found 1",
        lower.signer("CN=Signer").bundle(PAYLOAD, lower),
        limited);
    accepts(limited.signer("CN=Signer").bundle(PAYLOAD), limited);
  }

  @ParameterizedTest
  @CsvSource({
    "1, bank.example, release@evil.example, release@bank.example",
    "2, bank.example, evil.example, ci.bank.example",
    "6, .bank.example, https://evil.example/x, https://ci.bank.example/x"
  })
  void refusesNamesOutsideTheNameConstraintsOfAuthorityOrAnchor(
      int tag, String permitted, String bad, String good) throws Exception {
    TestCertificate constrained =
        TestCertificate.named("CN=Bank CA").authority().permitting(tag, permitted).issuedBy(root);
    TestCertificate anchor =
        TestCertificate.named("CN=Bank root").authority().permitting(tag, permitted).selfSigned();
    for (TestCertificate issuer : List.of(constrained, anchor)) {
      TestCertificate evil =
          TestCertificate.named("CN=Signer").signer().names(tag, bad).issuedBy(issuer);
      refuses(
          "the names of the certificate 'CN=Signer' are not within",
          evil.bundle(PAYLOAD, issuer),
          root,
          anchor);
      TestCertificate honest =
          TestCertificate.named("CN=Signer").signer().names(tag, good).issuedBy(issuer);
      assertThat(accepts(honest.bundle(PAYLOAD, issuer), root, anchor).signer().name())
          .isEqualTo(good);
    }
  }

  @Test
  void refusesASubjectOutsideTheNameConstraintsOfTheAnchor() throws Exception {
    TestCertificate anchor =
        TestCertificate.named("CN=Bank root")
            .authority()
            .permitting(GeneralName.directoryName, "O=Bank")
            .selfSigned();
    refuses(
        "are not within the name constraints of 'CN=Bank root'",
        anchor.signer("O=Evil,CN=Signer").bundle(PAYLOAD),
        anchor);
    accepts(anchor.signer("O=Bank,CN=Signer").bundle(PAYLOAD), anchor);
  }

  @Test
  void appliesTheNameConstraintsOfTheAnchorToAuthoritiesBelowIt() {
    TestCertificate anchor =
        TestCertificate.named("CN=Bank root")
            .authority()
            .permitting(GeneralName.directoryName, "O=Bank")
            .selfSigned();
    TestCertificate evil = anchor.authority("O=Evil,CN=Issuing");
    refuses("of 'CN=Bank root'", evil.signer("O=Bank,CN=Signer").bundle(PAYLOAD, evil), anchor);
  }

  @Test
  void appliesTheNameConstraintsOfTheAnchorToMailAddressesInTheSubject() {
    TestCertificate anchor =
        TestCertificate.named("CN=Bank root")
            .authority()
            .permitting(GeneralName.rfc822Name, "bank.example")
            .selfSigned();
    refuses(
        "of 'CN=Bank root'",
        anchor.signer("CN=Signer,E=release@evil.example").bundle(PAYLOAD),
        anchor);
  }

  @Test
  void refusesAnUnknownCriticalExtension() {
    TestCertificate odd =
        TestCertificate.named("CN=Signer")
            .signer()
            .extension(new ASN1ObjectIdentifier("1.2.3.4"), true, new DERUTF8String("?"))
            .issuedBy(middle);
    refuses("has a critical extension that is not known", odd.bundle(PAYLOAD, middle), root);
  }

  @Test
  void refusesAnAuthorityThatIsRestrictedToTls() throws Exception {
    TestCertificate tls =
        TestCertificate.named("CN=TLS CA")
            .authority()
            .purposes(false, KeyPurposeId.id_kp_serverAuth)
            .issuedBy(root);
    refuses(
        "the authority 'CN=TLS CA' may not issue certificates for this purpose",
        tls.signer("CN=Signer").bundle(PAYLOAD, tls),
        root);
    TestCertificate code =
        TestCertificate.named("CN=CA")
            .authority()
            .purposes(false, KeyPurposeId.id_kp_codeSigning)
            .issuedBy(root);
    accepts(code.signer("CN=Signer").bundle(PAYLOAD, code), root);
  }

  // --- usage of the signer's certificate, its key, its form

  private Bundle signedBy(TestCertificate.Plan plan) {
    return plan.issuedBy(middle).bundle(PAYLOAD, middle);
  }

  @Test
  void refusesACertificateForTls() {
    refuses(
        "may not sign: its extended key usage does not have codeSigning",
        signedBy(
            TestCertificate.named("CN=Signer")
                .usage(KeyUsage.digitalSignature)
                .purposes(false, KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth)),
        root);
  }

  @Test
  void refusesACertificateWithoutUsageExtensions() {
    refuses(
        "may not sign: expected the key usage digitalSignature or the extended key usage codeSigning, found neither",
        signedBy(TestCertificate.named("CN=Signer")),
        root);
  }

  @Test
  void refusesAKeyUsageWithoutDigitalSignatureWhateverElseItHas() {
    refuses(
        "may not sign: its key usage does not have digitalSignature",
        signedBy(
            TestCertificate.named("CN=Signer")
                .usage(KeyUsage.keyEncipherment | KeyUsage.nonRepudiation)
                .purposes(false, KeyPurposeId.id_kp_codeSigning)),
        root);
  }

  @Test
  void acceptsEitherUsageAloneAndAnyPurpose() throws Exception {
    accepts(signedBy(TestCertificate.named("CN=Signer").usage(KeyUsage.digitalSignature)), root);
    accepts(
        signedBy(TestCertificate.named("CN=Signer").purposes(true, KeyPurposeId.id_kp_codeSigning)),
        root);
    accepts(
        signedBy(
            TestCertificate.named("CN=Signer").purposes(false, KeyPurposeId.anyExtendedKeyUsage)),
        root);
  }

  @ParameterizedTest
  @CsvSource({"RSA, '', this is a key for RSA", "Ed25519, '', this is a key for EdDSA"})
  void refusesASignerWithAnotherKindOfKey(String algorithm, String curve, String words) {
    TestCertificate other =
        TestCertificate.named("CN=Signer").keys(algorithm, curve).signer().issuedBy(middle);
    Bundle bundle = Bundle.of(other.bundleMaterial(middle), leaf.envelope(PAYLOAD));
    refuses(
        "the certificate 'CN=Signer': expected an elliptic-curve key on P-256, P-384 or P-521, "
            + words,
        bundle,
        root);
  }

  @Test
  void refusesASignerOnAnotherCurveBeforeItsKeyIsRead() {
    TestCertificate other =
        TestCertificate.named("CN=Signer").keys("EC", "secp256k1").signer().issuedBy(middle);
    refuses(
        "the certificate in verificationMaterial.x509CertificateChain.certificates[0] cannot be"
            + " used: expected an elliptic-curve key on P-256, P-384 or P-521",
        Bundle.of(other.bundleMaterial(middle), leaf.envelope(PAYLOAD)),
        root);
  }

  @Test
  void refusesAKeyThatIsNotTheCertificates() {
    TestCertificate other = middle.signer("CN=Other");
    Bundle bundle = Bundle.of(leaf.bundleMaterial(middle), other.envelope(PAYLOAD));
    assertThat(refuses(Reason.INVALID_SIGNATURE, bundle, root))
        .hasMessageContaining("does not verify with the bundle's certificate");
  }

  @Test
  void refusesAChangedPayload() {
    Bundle bundle = leaf.bundle(PAYLOAD, middle);
    Bundle changed =
        Bundle.of(
            bundle.verificationMaterial(),
            new Envelope(
                leaf.envelope(new StatementText().file("a", "evil").toString()).payload(),
                bundle.envelope().signature()));
    refuses(Reason.INVALID_SIGNATURE, changed, root);
  }

  // --- a certificate in place of a chain, log entries

  private Bundle withLogEntries(VerificationMaterial material) {
    return new Bundle(
        Bundle.MEDIA_TYPE,
        material,
        List.of(new TransparencyLogEntry("{}")),
        List.of(),
        leaf.envelope(PAYLOAD));
  }

  @Test
  void acceptsALoneCertificateAndWarns() throws Exception {
    Bundle bundle = Bundle.of(new X509Certificate(leaf.der()), leaf.envelope(PAYLOAD));
    assertThat(AnySigner.aside(accepts(bundle, root, middle).findings()))
        .singleElement()
        .asString()
        .contains("a certificate where a chain is expected");
  }

  @Test
  void refusesALoneCertificateWithLogEntriesAsThoseOfSigstoreHave() {
    assertThat(
            refuses(
                Reason.WRONG_METHOD, withLogEntries(new X509Certificate(leaf.der())), root, middle))
        .hasMessageContaining("the bundle was signed with Sigstore");
  }

  @Test
  void doesNotLookAtTheLogEntriesOfAChainAndSaysSo() throws Exception {
    assertThat(
            AnySigner.aside(accepts(withLogEntries(leaf.bundleMaterial(middle)), root).findings()))
        .singleElement()
        .asString()
        .contains("log entries in the bundle were not verified");
  }

  @Test
  void refusesABareKey() {
    assertThat(refuses(Reason.WRONG_METHOD, new Forge().bundle(PAYLOAD), root))
        .hasMessageContaining("signed with a bare key");
  }

  @Test
  void refusesWhatIsNoCertificate() {
    Bundle bundle =
        Bundle.of(
            new X509CertificateChain(
                List.of(leaf.der(), Bytes.of("rubbish".getBytes(StandardCharsets.UTF_8)))),
            leaf.envelope(PAYLOAD));
    assertThatThrownBy(() -> accepts(bundle, root))
        .isInstanceOf(MalformedBundleException.class)
        .hasMessage(
            "bundle: verificationMaterial.x509CertificateChain.certificates[1]: a certificate is"
                + " damaged: expected one sequence in DER and nothing after it (OMS 4.1)");
  }

  @Test
  void refusesAnEmptyChain() {
    String json = new String(leaf.bundle(PAYLOAD).toJson().toArray(), StandardCharsets.UTF_8);
    assertThatThrownBy(
            () -> Forge.parse(json.replaceFirst("\"certificates\":\\[.*?]", "\"certificates\":[]")))
        .isInstanceOf(MalformedBundleException.class)
        .hasMessageContaining("at least one is required (OMS 4.1)");
  }

  @Test
  void survivesACertificateOfWhichAByteWasChanged() throws Exception {
    CertificateVerifier verifier = trusting(root);
    byte[] der = leaf.der().toArray();
    for (int i = 0; i < der.length; i++) {
      byte[] changed = der.clone();
      changed[i] ^= 0x11;
      Bundle bundle =
          Bundle.of(
              new X509CertificateChain(List.of(Bytes.of(changed), middle.der())),
              leaf.envelope(PAYLOAD));
      assertThatThrownBy(() -> verifier.verify(bundle))
          .as("byte %d", i)
          .satisfiesAnyOf(
              failure ->
                  assertThat(failure)
                      .isInstanceOf(MalformedBundleException.class)
                      .hasMessageStartingWith(
                          "bundle: verificationMaterial.x509CertificateChain.certificates[0]: "),
              failure ->
                  assertThat(failure)
                      .isInstanceOf(VerificationException.class)
                      .extracting("reason")
                      .isIn(Reason.UNTRUSTED_CERTIFICATE, Reason.INVALID_SIGNATURE));
    }
  }

  /** As many cross-certificates as fit, which lead everywhere but to a trusted one. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @Timeout(20)
  void doesNotGetLostInAMazeOfCrossCertificates(boolean sameName) {
    List<KeyPair> keys =
        Stream.generate(() -> TestCertificate.newKeys("EC", "secp256r1")).limit(4).toList();
    List<TestCertificate> authorities = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      authorities.add(
          TestCertificate.named(sameName ? "CN=X" : "CN=X" + i)
              .keys(keys.get(i))
              .authority()
              .selfSigned());
    }
    List<TestCertificate> maze = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < 4; j++) {
        if (i != j) {
          maze.add(
              TestCertificate.named(sameName ? "CN=X" : "CN=X" + i)
                  .keys(keys.get(i))
                  .authority()
                  .issuedBy(authorities.get(j)));
        }
      }
    }
    Bundle bundle =
        authorities
            .get(0)
            .signer("CN=Signer")
            .bundle(PAYLOAD, maze.toArray(new TestCertificate[0]));
    refuses("'CN=", bundle, TestCertificate.root(sameName ? "CN=X" : "CN=Root"));
  }

  @Test
  void refusesExtensionsThatCannotBeReadEvenIfTheyAreNotCritical() {
    ASN1Encodable integer = new ASN1Integer(1);
    TestCertificate.Plan purposes =
        TestCertificate.named("CN=Signer")
            .usage(KeyUsage.digitalSignature)
            .extension(
                Extension.extendedKeyUsage,
                false,
                new DERSequence(new ASN1Encodable[] {KeyPurposeId.id_kp_serverAuth, integer}));
    refuses("'CN=Signer' is damaged", signedBy(purposes), root);
    TestCertificate.Plan usage =
        TestCertificate.named("CN=Signer")
            .extension(Extension.keyUsage, false, integer)
            .purposes(false, KeyPurposeId.id_kp_codeSigning);
    refuses("'CN=Signer' is damaged", signedBy(usage), root);
    TestCertificate loose =
        TestCertificate.named("CN=Loose")
            .authority()
            .extension(Extension.nameConstraints, false, integer)
            .issuedBy(root);
    refuses("'CN=Loose'", loose.signer("CN=Signer").bundle(PAYLOAD, loose), root);
  }

  @Test
  void refusesATrustedAuthorityThatIsRestrictedToTls() {
    TestCertificate tls =
        TestCertificate.named("CN=TLS CA")
            .authority()
            .purposes(false, KeyPurposeId.id_kp_serverAuth)
            .issuedBy(root);
    refuses("the authority 'CN=TLS CA'", tls.signer("CN=Signer").bundle(PAYLOAD, tls), root, tls);
  }

  @Test
  void refusesAKeyWhosePointIsBeyondTheField() throws Exception {
    byte[] der = leaf.der().toArray();
    // The encoded key ends with both coordinates, which are of full length however small they are.
    byte[] key = leaf.keys().getPublic().getEncoded();
    int place =
        new String(der, StandardCharsets.ISO_8859_1)
            .indexOf(new String(key, key.length - 64, 32, StandardCharsets.ISO_8859_1));
    Arrays.fill(der, place, place + 32, (byte) 0xff);
    Bundle bundle =
        Bundle.of(new X509CertificateChain(List.of(Bytes.of(der))), leaf.envelope(PAYLOAD));
    assertThatThrownBy(() -> accepts(bundle, root, middle))
        .isInstanceOfAny(VerificationException.class, MalformedBundleException.class)
        .hasMessageContaining("the elliptic-curve key is no point of its curve P-256");
  }

  @Test
  void refusesCertificatesThatAreNotInDer() {
    byte[] nested = new byte[400_000];
    for (int i = 0; i < nested.length; i += 2) {
      nested[i] = 0x30;
      nested[i + 1] = (byte) 0x80;
    }
    String pem =
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(leaf.der().toArray())
            + "\n-----END CERTIFICATE-----\n";
    for (byte[] bytes : List.of(nested, pem.getBytes(StandardCharsets.US_ASCII))) {
      Bundle bundle =
          Bundle.of(new X509CertificateChain(List.of(Bytes.of(bytes))), leaf.envelope(PAYLOAD));
      assertThatThrownBy(() -> accepts(bundle, root, middle))
          .isInstanceOf(MalformedBundleException.class)
          .hasMessageContaining("a certificate is damaged");
    }
  }
}
