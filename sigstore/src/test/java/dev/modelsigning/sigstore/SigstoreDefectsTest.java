package dev.modelsigning.sigstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.sigstore.internal.data.Sha256;
import dev.modelsigning.testing.Forge.StatementText;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Defects of sigstore-java 2.0.0, each as a test that it would fail. */
class SigstoreDefectsTest {

  private static final String PAYLOAD = new StatementText().file("a", "alpha").toString();

  private final TestSigstore sigstore = new TestSigstore();

  private void verify(Bundle bundle) throws Exception {
    verify(sigstore.trustedRoot(), bundle);
  }

  private static void verify(TrustedRoot root, Bundle bundle) throws Exception {
    SigstoreVerifier.using(root, IdentityPolicy.exactly(TestSigstore.IDENTITY, TestSigstore.ISSUER))
        .verify(bundle);
  }

  private void refuses(Bundle bundle, Reason reason) {
    refuses(sigstore.trustedRoot(), bundle, reason);
  }

  private static void refuses(TrustedRoot root, Bundle bundle, Reason reason) {
    assertThatThrownBy(() -> verify(root, bundle))
        .isInstanceOfSatisfying(
            VerificationException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private TestSigning signing() {
    return TestSigning.of(sigstore, PAYLOAD);
  }

  /** A key that leaked after its certificate expired must be worth nothing. */
  @Test
  void refusesASignatureThatWasLoggedADayAfterItsCertificateExpired() {
    Instant late = TestSigning.START.plus(Duration.ofHours(24));
    refuses(signing().logDsse1(late).bundle(), Reason.UNTRUSTED_CERTIFICATE);
  }

  @Test
  void refusesASignatureThatWasLoggedBeforeItsCertificateBegan() {
    Instant early = TestSigning.START.minusSeconds(1);
    refuses(signing().logDsse1(early).bundle(), Reason.UNTRUSTED_CERTIFICATE);
  }

  /** Lengths in what is signed are numbers of bytes, not of characters. */
  @Test
  void acceptsAPayloadWithCharactersOutsideAscii() throws Exception {
    String payload =
        new StatementText().subjectName("\"mod\u00e8le-\u6a21\u578b\"").file("a", "x").toString();
    verify(TestSigning.version1(sigstore, payload));
    verify(TestSigning.version2(sigstore, payload));
  }

  /** The entries that current signers with Rekor v2 write. */
  @Test
  void acceptsAnEntryOfKindHashedrekordOverWhatTheEnvelopeSigns() throws Exception {
    verify(signing().logHashedRekord2().timestamp(TestSigning.SOON).bundle());
  }

  @Test
  void refusesAnEntryOfKindHashedrekordOverThePayloadItself() {
    TestSigning signing = signing();
    String body =
        signing
            .hashedRekord2Body()
            .replace(
                TestSigstore.base64(Sha256.of(signing.envelope.payload().pae())),
                TestSigstore.base64(Sha256.of(signing.envelope.payload().content())));
    String entry = sigstore.log2.add("hashedrekord", "0.0.2", body, TestSigning.SOON);
    refuses(signing.entry(entry).timestamp(TestSigning.SOON).bundle(), Reason.UNTRUSTED_LOG_ENTRY);
  }

  /** A log is known by its key; its name is only a name. */
  @ParameterizedTest
  @CsvSource({"localhost:8000", "rekor.test", "anything+at-all"})
  void acceptsACheckpointUnderAnyName(String name) throws Exception {
    TestSigning signing = signing();
    String body = signing.dsse1Body();
    sigstore.log1.add("dsse", "0.0.1", body, TestSigning.SOON);
    verify(
        signing
            .entry(
                sigstore.log1.entry(
                    "dsse", "0.0.1", body, TestSigning.SOON, name + " - 124190645164477", name))
            .bundle());
  }

  @Test
  void acceptsACheckpointThatWitnessesHaveSignedTooEvenUnderTheNameOfTheLog() throws Exception {
    TestSigning signing = signing();
    String entry = sigstore.log1.add("dsse", "0.0.1", signing.dsse1Body(), TestSigning.SOON);
    String witness = "\\n\\n\u2014 rekor.test:3000 " + TestSigstore.base64("some witness") + "\\n";
    verify(signing.entry(entry.replace("\\n\\n", witness)).bundle());
  }

  @Test
  void refusesACheckpointAboutATreeOfAnotherSize() {
    TestSigning signing = signing();
    String entry = sigstore.log1.add("dsse", "0.0.1", signing.dsse1Body(), TestSigning.SOON);
    String longer = entry.replace("\"treeSize\":\"6\"", "\"treeSize\":\"7\"");
    assertThat(longer).isNotEqualTo(entry);
    refuses(signing.entry(longer).bundle(), Reason.UNTRUSTED_LOG_ENTRY);
  }

  @ParameterizedTest
  @CsvSource({
    "2020-01-01T00:00:00Z, 2026-03-04T05:00:00Z",
    "2026-03-04T05:10:00Z, 2030-01-01T00:00:00Z"
  })
  void refusesAnEntryFromBeforeOrAfterTheTimeOfTheLogsKey(String start, String end) {
    TrustedRoot root =
        sigstore.trustedRoot(
            "{\"start\":\"" + start + "\",\"end\":\"" + end + "\"}",
            "{\"start\":\"2020-01-01T00:00:00Z\"}");
    refuses(root, TestSigning.version1(sigstore, PAYLOAD), Reason.UNTRUSTED_LOG_ENTRY);
    refuses(root, TestSigning.version2(sigstore, PAYLOAD), Reason.UNTRUSTED_LOG_ENTRY);
  }

  @Test
  void refusesASecondEntryThatIsAboutSomethingElse() {
    TestSigning other = TestSigning.of(sigstore, PAYLOAD);
    String unrelated = sigstore.log1.add("dsse", "0.0.1", other.dsse1Body(), TestSigning.SOON);
    refuses(
        signing().logDsse1(TestSigning.SOON).entry(unrelated).bundle(), Reason.UNTRUSTED_LOG_ENTRY);
    refuses(
        signing().entry(unrelated).logDsse1(TestSigning.SOON).bundle(), Reason.UNTRUSTED_LOG_ENTRY);
  }

  @Test
  void refusesAnEntryThatNamesAnotherCertificateForTheSameKey() {
    TestSigning signing = signing();
    TestSigning recertified =
        new TestSigning(
            sigstore,
            sigstore.certify(signing.certificate.getPublicKey(), TestSigning.START.plusSeconds(1)),
            signing.envelope);
    String entry = sigstore.log1.add("dsse", "0.0.1", recertified.dsse1Body(), TestSigning.SOON);
    refuses(signing.entry(entry).bundle(), Reason.UNTRUSTED_LOG_ENTRY);
  }
}
