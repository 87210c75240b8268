package dev.modelsigning.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.signing.CertificateIdentity;
import dev.modelsigning.signing.RevocationScope;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.testing.Forge.StatementText;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestOcspResponder;
import dev.modelsigning.testing.TestTimestampAuthority;
import dev.modelsigning.timestamp.TimestampVerifier;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509CRL;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Revoked certificates are refused, and so are those of unknown status, unless that was allowed.
 */
class RevocationTest {

  private static final String PAYLOAD = new StatementText().file("a", "alpha").toString();

  @TempDir Path directory;

  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final TestCertificate root = TestCertificate.root("CN=Root");
  private final TestCertificate middle = root.authority("CN=Issuing");
  private final TestCertificate leaf = middle.signer("CN=Signer");
  private final Bundle bundle = leaf.bundle(PAYLOAD, middle);
  private int files;

  private CertificateVerifier.Builder builder(X509CRL... lists) throws Exception {
    CertificateVerifier.Builder builder =
        CertificateVerifier.builder().trust(List.of(root.certificate()));
    for (X509CRL list : lists) {
      builder.revocationList(write(list));
    }
    return builder;
  }

  private Path write(X509CRL list) throws IOException {
    files++;
    return TestCertificate.write(directory.resolve("list" + files + ".pem"), list);
  }

  private static VerificationException refuses(CertificateVerifier.Builder builder, Bundle bundle)
      throws Exception {
    CertificateVerifier verifier = builder.build();
    VerificationException failure =
        catchThrowableOfType(VerificationException.class, () -> verifier.verify(bundle));
    assertThat(failure).isNotNull();
    boolean unknown = failure.getMessage().contains("cannot be found out");
    assertThat(failure.reason())
        .as(failure.getMessage())
        .isEqualTo(unknown ? Reason.REVOCATION_UNKNOWN : Reason.REVOKED);
    return failure;
  }

  private static RevocationScope scope(VerifiedPayload verified) {
    return ((CertificateIdentity) verified.signer()).revocation().orElseThrow();
  }

  // --- lists that the user gave

  @Test
  void acceptsWhatNoListNames() throws Exception {
    TestCertificate other = middle.signer("CN=Other");
    VerifiedPayload verified =
        builder(root.revoking(), middle.revoking(other)).build().verify(bundle);
    assertThat(AnySigner.aside(verified.findings())).isEmpty();
    assertThat(scope(verified)).isEqualTo(new RevocationScope(true, false, false));
  }

  @Test
  void refusesARevokedSignerWithDateAndReason() throws Exception {
    assertThat(refuses(builder(root.revoking(), middle.revoking(leaf)), bundle))
        .hasMessageMatching(
            "the certificate 'CN=Signer' was revoked at 20\\d\\d-.*Z by its issuer,"
                + " reason key compromise");
  }

  @Test
  void refusesARevokedAuthority() throws Exception {
    assertThat(refuses(builder(root.revoking(middle), middle.revoking()), bundle))
        .hasMessageContaining("the certificate 'CN=Issuing' was revoked at ");
  }

  @Test
  void refusesARevokedAuthorityEvenIfUnknownStatusIsAllowed() throws Exception {
    assertThat(refuses(builder(root.revoking(middle)).allowUnknownRevocation(true), bundle))
        .hasMessageContaining("the certificate 'CN=Issuing' was revoked at ");
  }

  @Test
  void refusesACertificateThatNoListCovers() throws Exception {
    assertThat(refuses(builder(middle.revoking()), bundle))
        .hasMessage(
            "whether the certificate 'CN=Issuing' was revoked cannot be found out: there is no"
                + " revocation list of 'CN=Root' among those given");
    assertThat(refuses(builder(root.revoking()), bundle))
        .hasMessageContaining("there is no revocation list of 'CN=Issuing' among those given");
  }

  @Test
  void acceptsUnknownStatusWithAWarningIfThatIsAllowed() throws Exception {
    VerifiedPayload verified =
        builder(middle.revoking()).allowUnknownRevocation(true).build().verify(bundle);
    assertThat(AnySigner.aside(verified.findings()))
        .singleElement()
        .asString()
        .contains("whether the certificate 'CN=Issuing' was revoked cannot be found out");
  }

  @Test
  void refusesAStaleList() throws Exception {
    X509CRL stale =
        middle.revocationList(now.minus(Duration.ofDays(2)), now.minus(Duration.ofDays(1)), 1, now);
    assertThat(refuses(builder(root.revoking(), stale), bundle))
        .hasMessageContaining(
            "the revocation list of 'CN=Issuing' is stale, it was to be replaced by ");
  }

  @Test
  void refusesAListOfTheFuture() throws Exception {
    X509CRL future =
        middle.revocationList(now.plus(Duration.ofDays(1)), now.plus(Duration.ofDays(2)), 1, now);
    assertThat(refuses(builder(root.revoking(), future), bundle))
        .hasMessageContaining("the revocation list of 'CN=Issuing' is of ");
  }

  @Test
  void refusesAListByAnotherAuthorityOfTheSameName() throws Exception {
    TestCertificate imposter = TestCertificate.root("CN=Issuing");
    assertThat(refuses(builder(root.revoking(), imposter.revoking()), bundle))
        .hasMessageContaining("the revocation list of 'CN=Issuing'");
  }

  @Test
  void checksASignerDirectlyBelowTheAnchor() throws Exception {
    TestCertificate direct = root.signer("CN=Direct");
    assertThat(refuses(builder(root.revoking(direct)), direct.bundle(PAYLOAD)))
        .hasMessageContaining("'CN=Direct' was revoked");
    builder(root.revoking()).build().verify(direct.bundle(PAYLOAD));
  }

  @Test
  void asksNobodyOnlineIfOnlyListsWereGiven() throws Exception {
    try (TestOcspResponder responder = new TestOcspResponder()) {
      TestCertificate signer =
          TestCertificate.named("CN=Signer")
              .signer()
              .ocsp(responder.ocsp())
              .revocationListAt(responder.list())
              .issuedBy(root);
      refuses(builder(middle.revoking()), signer.bundle(PAYLOAD));
      assertThat(responder.requests()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void refusesWhatAStaleListRevokedEvenIfUnknownStatusIsAllowed(boolean online) throws Exception {
    X509CRL stale =
        middle.revocationList(
            now.minus(Duration.ofDays(2)),
            now.minus(Duration.ofDays(1)),
            1,
            now.minusSeconds(9),
            leaf);
    assertThat(
            refuses(
                builder(root.revoking(), stale)
                    .allowUnknownRevocation(true)
                    .checkRevocationOnline(online),
                bundle))
        .hasMessageContaining("the certificate 'CN=Signer' was revoked at ");
  }

  @Test
  void believesAListThatTheUserGaveRatherThanTheResponder() throws Exception {
    try (TestOcspResponder responder = new TestOcspResponder().answeringFor(root)) {
      TestCertificate signer = online(responder, true);
      refuses(builder(root.revoking(signer)).checkRevocationOnline(true), signer.bundle(PAYLOAD));
    }
  }

  @Test
  void refusesARevokedAuthorityThatIsTrustedBesideItsOwn() throws Exception {
    CertificateVerifier.Builder builder =
        builder(root.revoking(middle), middle.revoking()).trust(List.of(middle.certificate()));
    assertThat(refuses(builder, bundle)).hasMessageContaining("'CN=Issuing' was revoked at ");
  }

  @Test
  void refusesACertificateThatExpiredAfterItWasRevoked() throws Exception {
    TestCertificate old =
        TestCertificate.named("CN=Old")
            .signer()
            .valid(now.minus(Duration.ofDays(2)), now.minus(Duration.ofDays(1)))
            .issuedBy(
                TestCertificate.named("CN=Root")
                    .keys(root.keys())
                    .authority()
                    .valid(now.minus(Duration.ofDays(3)), now.plus(Duration.ofDays(1)))
                    .selfSigned());
    X509CRL list =
        root.revocationList(
            now.minusSeconds(60),
            now.plus(Duration.ofDays(1)),
            1,
            now.minus(Duration.ofHours(40)),
            old);
    CertificateVerifier.Builder builder =
        builder(list)
            .allowUnknownRevocation(true)
            .verificationTime(now.minus(Duration.ofHours(30)));
    builder.trust(
        List.of(
            TestCertificate.named("CN=Root")
                .keys(root.keys())
                .authority()
                .valid(now.minus(Duration.ofDays(3)), now.plus(Duration.ofDays(1)))
                .selfSigned()
                .certificate()));
    assertThat(refuses(builder, old.bundle(PAYLOAD))).hasMessageContaining("'CN=Old' was revoked");
  }

  // --- revoked after the signature

  @ParameterizedTest
  @CsvSource({
    "4, superseded, true",
    "5, cessation of operation, true",
    "3, affiliation changed, true",
    "0, unspecified, false",
    "1, key compromise, false",
    "2, ca compromise, false",
    "6, certificate hold, false",
    "9, privilege withdrawn, false"
  })
  void letsASignatureOutliveARevocationOnlyForAHarmlessReason(
      int reason, String name, boolean harmless) throws Exception {
    TestCertificate stampRoot = TestCertificate.root("CN=TSA Root");
    TestCertificate stamper = TestCertificate.named("CN=TSA").timestamping().issuedBy(stampRoot);
    TestTimestampAuthority authority = new TestTimestampAuthority(stamper, stamper);
    Instant revocation = now.minus(Duration.ofMinutes(10));
    X509CRL list =
        middle.revocationList(
            now.minusSeconds(60), now.plus(Duration.ofDays(1)), reason, revocation, leaf);
    CertificateVerifier.Builder builder =
        builder(root.revoking(), list, stampRoot.revoking())
            .timestamps(TimestampVerifier.trusting(List.of(stampRoot.certificate())));

    Bundle before = authority.stamp(bundle, revocation.minusSeconds(60));
    if (harmless) {
      assertThat(AnySigner.aside(builder.build().verify(before).findings()))
          .singleElement()
          .asString()
          .contains("reason " + name + "; the signature is proven to be older");
    } else {
      assertThat(refuses(builder, before)).hasMessageEndingWith("reason " + name);
    }
    assertThat(refuses(builder, authority.stamp(bundle, revocation.plusSeconds(60))))
        .hasMessageEndingWith("reason " + name);
    assertThat(refuses(builder, bundle)).hasMessageEndingWith("reason " + name);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void goesByTheDateSinceWhichTheIssuerTrustsTheKeyNoLonger(boolean signedBefore) throws Exception {
    TestCertificate stampRoot = TestCertificate.root("CN=TSA Root");
    TestCertificate stamper = TestCertificate.named("CN=TSA").timestamping().issuedBy(stampRoot);
    Instant invalidity = now.minus(Duration.ofMinutes(20));
    X509CRL list = middle.revokingSince(invalidity, now.minus(Duration.ofMinutes(10)), 3, leaf);
    CertificateVerifier.Builder builder =
        builder(root.revoking(), list, stampRoot.revoking())
            .timestamps(TimestampVerifier.trusting(List.of(stampRoot.certificate())));
    Instant signed = invalidity.plusSeconds(signedBefore ? -60 : 60);
    Bundle stamped = new TestTimestampAuthority(stamper, stamper).stamp(bundle, signed);
    if (signedBefore) {
      assertThat(AnySigner.aside(builder.build().verify(stamped).findings())).hasSize(1);
    } else {
      assertThat(refuses(builder, stamped)).hasMessageEndingWith("reason affiliation changed");
    }
  }

  // --- online

  private TestCertificate online(TestOcspResponder responder, boolean ocsp) {
    TestCertificate.Plan plan = TestCertificate.named("CN=Signer").signer();
    return (ocsp ? plan.ocsp(responder.ocsp()) : plan.revocationListAt(responder.list()))
        .issuedBy(root);
  }

  @Test
  void asksTheOcspResponderThatTheCertificateNames() throws Exception {
    try (TestOcspResponder responder = new TestOcspResponder().answeringFor(root)) {
      TestCertificate signer = online(responder, true);
      VerifiedPayload verified =
          builder().checkRevocationOnline(true).build().verify(signer.bundle(PAYLOAD));
      assertThat(scope(verified)).isEqualTo(new RevocationScope(false, true, false));
      assertThat(responder.requests()).isPositive();

      responder.revoke(signer);
      assertThat(refuses(builder().checkRevocationOnline(true), signer.bundle(PAYLOAD)))
          .hasMessageContaining("the certificate 'CN=Signer' was revoked at ")
          .hasMessageEndingWith("reason key compromise");
    }
  }

  @Test
  void fetchesTheListFromTheDistributionPointThatTheCertificateNames() throws Exception {
    try (TestOcspResponder responder = new TestOcspResponder().answeringFor(root)) {
      TestCertificate signer = online(responder, false);
      responder.offer(root.revoking(signer));
      assertThat(refuses(builder().checkRevocationOnline(true), signer.bundle(PAYLOAD)))
          .hasMessageContaining("the certificate 'CN=Signer' was revoked at ");
    }
    // The JDK keeps lists for a while, so another place is asked for another list.
    try (TestOcspResponder responder = new TestOcspResponder().answeringFor(root)) {
      TestCertificate signer = online(responder, false);
      responder.offer(root.revoking());
      builder().checkRevocationOnline(true).build().verify(signer.bundle(PAYLOAD));
      assertThat(responder.requests()).isPositive();
    }
  }

  @Test
  void refusesACertificateWhoseResponderCannotBeReached() throws Exception {
    TestOcspResponder gone = new TestOcspResponder();
    TestCertificate signer = online(gone, true);
    gone.close();
    assertThat(refuses(builder().checkRevocationOnline(true), signer.bundle(PAYLOAD)))
        .hasMessageContaining(
            "whether the certificate 'CN=Signer' was revoked cannot be found out");

    VerifiedPayload verified =
        builder()
            .checkRevocationOnline(true)
            .allowUnknownRevocation(true)
            .build()
            .verify(signer.bundle(PAYLOAD));
    assertThat(AnySigner.aside(verified.findings()))
        .isNotEmpty()
        .allMatch(finding -> finding.message().contains("cannot be found out"));
  }

  @Test
  void refusesACertificateThatNamesNoResponder() throws Exception {
    assertThat(refuses(builder().checkRevocationOnline(true), bundle))
        .hasMessageContaining("cannot be found out");
  }

  @Test
  void doesNotBelieveTheResponderOfAnotherAuthority() throws Exception {
    try (TestOcspResponder responder =
        new TestOcspResponder().answeringFor(TestCertificate.root("CN=Root"))) {
      TestCertificate signer = online(responder, true);
      refuses(builder().checkRevocationOnline(true), signer.bundle(PAYLOAD));
    }
  }
}
