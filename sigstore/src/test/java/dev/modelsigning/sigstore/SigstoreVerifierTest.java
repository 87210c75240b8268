package dev.modelsigning.sigstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.signing.KeylessIdentity;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.signing.VerificationTime.Source;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.statement.Statement;
import dev.modelsigning.testing.Forge.StatementText;
import java.io.ByteArrayOutputStream;
import java.security.KeyPair;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import org.assertj.core.api.AbstractThrowableAssert;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.OtherName;
import org.bouncycastle.util.BigIntegers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which validly signed and logged bundles a verifier accepts and refuses. */
class SigstoreVerifierTest {

  private static final String PAYLOAD = new StatementText().file("a", "alpha").toString();

  private final TestSigstore sigstore = new TestSigstore();

  private SigstoreVerifier verifier() {
    return verifier(sigstore.trustedRoot());
  }

  private static SigstoreVerifier verifier(TrustedRoot root) {
    return SigstoreVerifier.using(
        root, IdentityPolicy.exactly(TestSigstore.IDENTITY, TestSigstore.ISSUER));
  }

  private AbstractThrowableAssert<?, ?> refuses(Bundle bundle, Reason reason) {
    return refuses(verifier(), bundle, reason);
  }

  private static AbstractThrowableAssert<?, ?> refuses(
      SigstoreVerifier verifier, Bundle bundle, Reason reason) {
    return assertThatThrownBy(() -> verifier.verify(bundle))
        .isInstanceOfSatisfying(
            VerificationException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private TestSigning signing() {
    return TestSigning.of(sigstore, PAYLOAD);
  }

  // --- what is accepted

  @Test
  void acceptsABundleOfRekorV1() throws Exception {
    VerifiedPayload verified = verifier().verify(TestSigning.version1(sigstore, PAYLOAD));
    assertThat(verified.signer().name()).isEqualTo(TestSigstore.IDENTITY);
    KeylessIdentity signer = (KeylessIdentity) verified.signer();
    assertThat(signer.provider()).isEqualTo(TestSigstore.ISSUER);
    assertThat(signer.certificate().issuer()).isNotEqualTo(TestSigstore.ISSUER).contains("=");
    assertThat(signer.logEntries())
        .containsExactly(
            new KeylessIdentity.LogPosition(
                1005, "http://rekor.test:3000/api/v1/log/entries?logIndex=1005"));
    assertThat(verified.times())
        .singleElement()
        .satisfies(time -> {
          assertThat(time.instant()).isEqualTo(TestSigning.SOON);
          assertThat(time.source()).isEqualTo(Source.TRANSPARENCY_LOG);
          assertThat(time.authority()).isEqualTo("rekor.test:3000 - 42");
        });
  }

  @Test
  void acceptsABundleOfRekorV2() throws Exception {
    VerifiedPayload verified = verifier().verify(TestSigning.version2(sigstore, PAYLOAD));
    assertThat(verified.times())
        .singleElement()
        .satisfies(time -> {
          assertThat(time.instant()).isEqualTo(TestSigning.SOON);
          assertThat(time.source()).isEqualTo(Source.TIMESTAMP);
          assertThat(time.authority()).contains("CN=time");
        });
  }

  @Test
  void acceptsOtherKindsOfEntries() throws Exception {
    assertThat(verifier().verify(signing().logDsse2().timestamp(TestSigning.SOON).bundle()).times())
        .hasSize(1);
    assertThat(verifier().verify(signing().logIntoto2(TestSigning.SOON).bundle()).times())
        .hasSize(1);
  }

  @Test
  void givesAllTimesTheEarliestFirst() throws Exception {
    Instant later = TestSigning.SOON.plusSeconds(60);
    Bundle bundle =
        signing().timestamp(later).logDsse1(TestSigning.SOON).logHashedRekord2().bundle();
    assertThat(verifier().verify(bundle).times())
        .extracting(time -> time.instant())
        .containsExactly(TestSigning.SOON, later);
  }

  @ParameterizedTest
  @CsvSource({"6, https://ci.example.com/flow@refs/heads/main", "1, bob@example.com"})
  void acceptsUrisAndAddressesAsIdentities(int tag, String identity) throws Exception {
    assertThat(verifyIdentity(new GeneralName(tag, identity), identity)).isEqualTo(identity);
  }

  @Test
  void acceptsUserNamesAsIdentities() throws Exception {
    OtherName name =
        new OtherName(
            new ASN1ObjectIdentifier("1.3.6.1.4.1.57264.1.7"), new DERUTF8String("carol!corp"));
    assertThat(verifyIdentity(new GeneralName(GeneralName.otherName, name), "carol!corp"))
        .isEqualTo("carol!corp");
  }

  private String verifyIdentity(GeneralName name, String expected) throws Exception {
    KeyPair keys = TestSigstore.ecKeys();
    X509Certificate certificate = sigstore.certify(keys.getPublic(), name, TestSigning.START);
    Bundle bundle =
        TestSigning.signed(sigstore, certificate, keys, PAYLOAD)
            .logDsse1(TestSigning.SOON)
            .bundle();
    return SigstoreVerifier.using(
            sigstore.trustedRoot(), IdentityPolicy.exactly(expected, TestSigstore.ISSUER))
        .verify(bundle)
        .signer()
        .name();
  }

  @Test
  void registersNoSecurityProvider() throws Exception {
    int before = Security.getProviders().length;
    verifier().verify(TestSigning.version2(sigstore, PAYLOAD));
    assertThat(Security.getProviders()).hasSize(before);
    assertThat(Security.getProvider("BC")).isNull();
  }

  // --- certificates

  @Test
  void refusesACertificateOfAnotherAuthority() {
    TestSigstore stranger = new TestSigstore();
    KeyPair keys = TestSigstore.ecKeys();
    X509Certificate certificate = stranger.certify(keys.getPublic(), TestSigning.START);
    Bundle bundle =
        TestSigning.signed(sigstore, certificate, keys, PAYLOAD)
            .logDsse1(TestSigning.SOON)
            .bundle();
    refuses(bundle, Reason.UNTRUSTED_CERTIFICATE).hasMessageContaining("http://fulcio.test");
  }

  @Test
  void refusesACertificateThatNoTrustedLogHasSeen() {
    refuses(
            certifiedBy(TestSigstore.ecKeys(), KeyPurposeId.id_kp_codeSigning),
            Reason.UNTRUSTED_CERTIFICATE)
        .hasMessageContaining("was not published");
  }

  /** The JDK takes a negative number for the positive one with the same bits. */
  @Test
  void refusesACertificateTimestampWhoseSignatureHasANegativeNumber() {
    KeyPair keys = TestSigstore.ecKeys();
    List<Boolean> changed = new ArrayList<>();
    sigstore.timestamps =
        signature -> {
          byte[] other = withoutLeadingZeros(signature);
          changed.add(other.length < signature.length);
          return other;
        };
    X509Certificate certificate;
    do {
      certificate = sigstore.certify(keys.getPublic(), TestSigning.START);
    } while (!changed.get(changed.size() - 1));
    Bundle bundle =
        TestSigning.signed(sigstore, certificate, keys, PAYLOAD)
            .logDsse1(TestSigning.SOON)
            .bundle();
    refuses(bundle, Reason.UNTRUSTED_CERTIFICATE).hasMessageContaining("was not published");
  }

  /** Numbers in DER whose first bit is not a sign. */
  private static byte[] withoutLeadingZeros(byte[] signature) {
    ByteArrayOutputStream numbers = new ByteArrayOutputStream();
    for (ASN1Encodable each : ASN1Sequence.getInstance(signature)) {
      byte[] number =
          BigIntegers.asUnsignedByteArray(ASN1Integer.getInstance(each).getPositiveValue());
      numbers.write(2);
      numbers.write(number.length);
      numbers.writeBytes(number);
    }
    byte[] content = numbers.toByteArray();
    numbers.reset();
    numbers.write(0x30);
    numbers.write(content.length);
    numbers.writeBytes(content);
    return numbers.toByteArray();
  }

  @Test
  void refusesACertificateForAnotherPurpose() {
    refuses(
            certifiedBy(TestSigstore.ecKeys(), KeyPurposeId.id_kp_serverAuth),
            Reason.UNTRUSTED_CERTIFICATE)
        .hasMessageContaining("codeSigning");
  }

  private Bundle certifiedBy(KeyPair certificateLog, KeyPurposeId purpose) {
    KeyPair keys = TestSigstore.ecKeys();
    X509Certificate certificate =
        sigstore.certify(
            keys.getPublic(),
            new GeneralName(GeneralName.rfc822Name, TestSigstore.IDENTITY),
            TestSigning.START,
            certificateLog,
            purpose);
    return TestSigning.signed(sigstore, certificate, keys, PAYLOAD)
        .logDsse1(TestSigning.SOON)
        .bundle();
  }

  @Test
  void refusesAnAuthorityAndACertificateLogBeyondTheirTime() {
    TrustedRoot root =
        sigstore.trustedRoot(
            "{\"start\":\"2020-01-01T00:00:00Z\"}",
            "{\"start\":\"2020-01-01T00:00:00Z\",\"end\":\"2026-03-04T00:00:00Z\"}");
    refuses(verifier(root), TestSigning.version1(sigstore, PAYLOAD), Reason.UNTRUSTED_CERTIFICATE)
        .hasMessageContaining("2026-03-04T00:00:00Z");
  }

  @Test
  void refusesATrustedCertificateBeyondItsOwnDates() {
    TestSigstore old = new TestSigstore(Duration.ofDays(365));
    refuses(
            verifier(old.trustedRoot()),
            TestSigning.version1(old, PAYLOAD),
            Reason.UNTRUSTED_CERTIFICATE)
        .hasMessageContaining("'O=test, CN=root' expired at");
  }

  @Test
  void refusesACertificateLogBeyondTheTimeOfItsKey() throws Exception {
    JsonObject root = JsonParser.parseString(sigstore.trustedRootJson()).getAsJsonObject();
    root.getAsJsonArray("ctlogs")
        .get(0)
        .getAsJsonObject()
        .getAsJsonObject("publicKey")
        .getAsJsonObject("validFor")
        .addProperty("end", "2026-03-04T00:00:00Z");
    TrustedRoot changed = TrustedRoot.parse(new TrustConfigDocument.Part("test", root.toString()));
    refuses(
            verifier(changed),
            TestSigning.version1(sigstore, PAYLOAD),
            Reason.UNTRUSTED_CERTIFICATE)
        .hasMessageContaining("was not published");
  }

  // --- the signature

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void refusesASignatureByAnotherKeyAlthoughTheLogHasIt(int version) {
    X509Certificate certificate =
        sigstore.certify(TestSigstore.ecKeys().getPublic(), TestSigning.START);
    TestSigning signing = TestSigning.signed(sigstore, certificate, TestSigstore.ecKeys(), PAYLOAD);
    refuses(
        version == 1
            ? signing.logDsse1(TestSigning.SOON).bundle()
            : signing.logHashedRekord2().timestamp(TestSigning.SOON).bundle(),
        Reason.INVALID_SIGNATURE);
  }

  // --- times

  /** Logs of version 2 promise nothing, so what looks like a promise gives no time. */
  @Test
  void takesNoTimeFromAPromiseUnderAnEntryOfVersion2() {
    TestSigning signing = signing();
    String entry =
        sigstore.log1.add("hashedrekord", "0.0.2", signing.hashedRekord2Body(), TestSigning.SOON);
    refuses(signing.entry(entry).bundle(), Reason.UNTRUSTED_TIMESTAMP);
  }

  @Test
  void refusesATimeOfALogThatNobodySigned() {
    TestSigning signing = signing();
    String entry =
        sigstore.log2.add("hashedrekord", "0.0.2", signing.hashedRekord2Body(), TestSigning.SOON);
    String timed = "{\"integratedTime\":\"1772600772\"," + entry.substring(1);
    refuses(signing.entry(timed).timestamp(TestSigning.SOON).bundle(), Reason.UNTRUSTED_LOG_ENTRY)
        .hasMessageContaining("integratedTime");
  }

  @Test
  void refusesABundleWithoutAnyTime() {
    refuses(signing().logHashedRekord2().bundle(), Reason.UNTRUSTED_TIMESTAMP);
  }

  @ParameterizedTest
  @CsvSource({"-1", "601", "86400", "-86400"})
  void refusesATimeStampAtWhichTheCertificateWasNotValid(long seconds) {
    Instant time = TestSigning.START.plusSeconds(seconds);
    refuses(signing().logHashedRekord2().timestamp(time).bundle(), Reason.UNTRUSTED_CERTIFICATE);
  }

  @Test
  void refusesWhereOneOfTwoTimesIsNotWithinTheValidityOfTheCertificate() {
    Instant late = TestSigning.START.plus(TestSigstore.LIFETIME).plus(Duration.ofSeconds(1));
    refuses(
        signing().logDsse1(TestSigning.SOON).timestamp(late).bundle(),
        Reason.UNTRUSTED_CERTIFICATE);
    refuses(
        signing().logDsse1(late).timestamp(TestSigning.SOON).bundle(),
        Reason.UNTRUSTED_CERTIFICATE);
  }

  @Test
  void refusesATimeStampOfAnotherAuthority() {
    TestSigning signing = signing().logHashedRekord2();
    TestSigning stranger =
        new TestSigning(new TestSigstore(), signing.certificate, signing.envelope)
            .timestamp(TestSigning.SOON);
    Bundle bundle = signing.bundle();
    refuses(
            new Bundle(
                Bundle.MEDIA_TYPE,
                bundle.verificationMaterial(),
                bundle.tlogEntries(),
                stranger.bundle().rfc3161Timestamps(),
                bundle.envelope()),
            Reason.UNTRUSTED_TIMESTAMP)
        .hasMessageContaining("http://tsa.test");
  }

  // --- log entries

  @Test
  void refusesACheckpointAboutAnotherTree() {
    sigstore.log1.checkpoints = text -> text.replace("\n6\n", "\n7\n");
    refuses(TestSigning.version1(sigstore, PAYLOAD), Reason.UNTRUSTED_LOG_ENTRY)
        .hasMessageContaining("a tree of 7 entries");
    String other = TestSigstore.base64(new byte[32]);
    sigstore.log2.checkpoints =
        text -> text.replaceFirst("[^\n]+\n$", Matcher.quoteReplacement(other + "\n"));
    refuses(TestSigning.version2(sigstore, PAYLOAD), Reason.UNTRUSTED_LOG_ENTRY)
        .hasMessageContaining("another root hash");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x\n", "\n6\nAAAA\n", "x\n06\nAAAA\n", "x\n6\n!\n", "x\n-1\nAAAA\n"})
  void refusesACheckpointOfAnotherForm(String text) {
    sigstore.log1.checkpoints = right -> text;
    refuses(TestSigning.version1(sigstore, PAYLOAD), Reason.UNTRUSTED_LOG_ENTRY)
        .hasMessageContaining("checkpoint");
  }

  @Test
  void refusesAnEntryOfAnUnknownLog() {
    SigstoreVerifier stranger = verifier(new TestSigstore().trustedRoot());
    refuses(stranger, TestSigning.version1(sigstore, PAYLOAD), Reason.UNTRUSTED_LOG_ENTRY)
        .hasMessageContaining("has no log");
  }

  @Test
  void refusesAnEntryOfAnotherKind() {
    TestSigning signing = signing();
    String body = signing.dsse1Body().replace("\"kind\":\"dsse\"", "\"kind\":\"rekord\"");
    refuses(
            signing.entry(sigstore.log1.add("rekord", "0.0.1", body, TestSigning.SOON)).bundle(),
            Reason.UNTRUSTED_LOG_ENTRY)
        .hasMessageContaining("'rekord 0.0.1'");
  }

  @Test
  void refusesAPayloadThatIsNotAboutAModelOnlyAfterItsSignature() throws Exception {
    Bundle bundle = TestSigning.version1(sigstore, "{\"hello\":\"world\"}");
    VerifiedPayload verified = verifier().verify(bundle);
    assertThatThrownBy(() -> Statement.read(verified))
        .isInstanceOf(MalformedBundleException.class)
        .hasMessageStartingWith("payload: ");
    refuses(verifier(new TestSigstore().trustedRoot()), bundle, Reason.UNTRUSTED_LOG_ENTRY);
  }

  @Test
  void refusesMoreEntriesThanAnyHonestBundleHas() {
    TestSigning signing = signing();
    String entry = sigstore.log1.add("dsse", "0.0.1", signing.dsse1Body(), TestSigning.SOON);
    for (int i = 0; i < 33; i++) {
      signing.entry(entry);
    }
    refuses(signing.bundle(), Reason.UNTRUSTED_LOG_ENTRY).hasMessageContaining("more than 32");
  }

  @ParameterizedTest
  @CsvSource({
    "'\"logIndex\":\"1005\"', '\"logIndex\":\"-1\"'",
    "'\"logIndex\":\"1005\"', '\"logIndex\":\"x\"'",
    "'\"logIndex\":\"1005\"', '\"logIndex\":[]'",
    "'\"inclusionProof\":', '\"noProof\":'",
    "'\"checkpoint\":', '\"noCheckpoint\":'",
    "'\"canonicalizedBody\":', '\"noBody\":'"
  })
  void refusesAnEntryOfAnotherForm(String from, String to) {
    TestSigning signing = signing();
    String entry =
        sigstore.log1.add("dsse", "0.0.1", signing.dsse1Body(), TestSigning.SOON).replace(from, to);
    Bundle bundle = signing.entry(entry).bundle();
    assertThatThrownBy(() -> verifier().verify(bundle))
        .isInstanceOf(MalformedBundleException.class)
        .hasMessageStartingWith("bundle: verificationMaterial.tlogEntries: ");
  }

  @Test
  void saysWhatIsWrongWithoutAnyControlCharacter() {
    TestSigning signing = signing();
    String body = signing.dsse1Body().replace("sha256", "sha\\u001b[31m256");
    refuses(
            signing.entry(sigstore.log1.add("dsse", "0.0.1", body, TestSigning.SOON)).bundle(),
            Reason.UNTRUSTED_LOG_ENTRY)
        .satisfies(e ->
            assertThat(Arrays.stream(e.getMessage().split("")).filter("\u001b"::equals)).isEmpty());
  }
}
