package dev.modelsigning.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.ModelVerifier;
import dev.modelsigning.VerifiedModel;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.signing.VerificationTime;
import dev.modelsigning.signing.VerificationTime.Source;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.testing.Forge.StatementText;
import dev.modelsigning.testing.Models;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestTimestampAuthority;
import dev.modelsigning.timestamp.TimestampAuthority;
import dev.modelsigning.timestamp.TimestampVerifier;
import dev.modelsigning.timestamp.TimestampingSigner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509CRL;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The time at which certificates are validated: only a verified time stamp changes it. */
class TimestampedCertificateTest {

  private static final String PAYLOAD = new StatementText().file("a", "alpha").toString();

  @TempDir Path directory;

  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final Instant then = now.minus(Duration.ofMinutes(30));
  private final TestCertificate root = TestCertificate.root("CN=Root");

  /** Was valid when it was stamped, and is no longer. */
  private final TestCertificate expired =
      TestCertificate.named("CN=Signer")
          .signer()
          .valid(now.minus(Duration.ofHours(1)), now.minus(Duration.ofMinutes(10)))
          .issuedBy(root);

  private final TestCertificate valid = root.signer("CN=Signer");
  private final TestCertificate stampRoot = TestCertificate.root("CN=TSA Root");
  private final TestTimestampAuthority authority = TestTimestampAuthority.below(stampRoot);

  private CertificateVerifier.Builder builder() {
    return CertificateVerifier.builder()
        .trust(List.of(root.certificate()))
        .timestamps(trusting(stampRoot));
  }

  private static TimestampVerifier trusting(TestCertificate... trusted) {
    return TimestampVerifier.trusting(
        Arrays.stream(trusted).map(TestCertificate::certificate).toList());
  }

  private VerificationException refuses(Bundle bundle) throws Exception {
    CertificateVerifier verifier = builder().build();
    VerificationException failure =
        catchThrowableOfType(VerificationException.class, () -> verifier.verify(bundle));
    assertThat(failure).isNotNull();
    assertThat(failure.reason()).isEqualTo(Reason.UNTRUSTED_CERTIFICATE);
    return failure;
  }

  /** A token that does not count: it says why, and changes nothing about the time. */
  private void neverMovesTheTime(Bytes token, String why) throws Exception {
    assertThat(refuses(expired.bundle(PAYLOAD).withTimestamp(token)))
        .hasMessageContaining("expired at")
        .hasMessageContaining("(current time)")
        .hasMessageContaining("rfc3161Timestamps[0] does not count: ")
        .hasMessageContaining(why);
    VerifiedPayload verified = builder().build().verify(valid.bundle(PAYLOAD).withTimestamp(token));
    assertThat(verified.times())
        .singleElement()
        .matches(time -> time.source() == Source.CURRENT_TIME);
    assertThat(AnySigner.aside(verified.findings())).singleElement().asString().contains(why);
  }

  private Bytes over(TestCertificate signer) {
    return signer.envelope(PAYLOAD).signature();
  }

  @Test
  void acceptsASignatureThatOutlivedItsCertificate() throws Exception {
    VerifiedPayload verified =
        builder().build().verify(authority.stamp(expired.bundle(PAYLOAD), then));

    VerificationTime time = verified.times().get(0);
    assertThat(verified.times()).hasSize(1);
    assertThat(time.validUntil()).isPresent();
    assertThat(time)
        .isEqualTo(new VerificationTime(then, Source.TIMESTAMP, "CN=Test TSA", time.validUntil()));
    assertThat(AnySigner.aside(verified.findings())).isEmpty();
  }

  @Test
  void refusesTheSameSignatureWithoutATimestamp() throws Exception {
    assertThat(refuses(expired.bundle(PAYLOAD))).hasMessageContaining("expired at");
  }

  @Test
  void refusesTheSameSignatureIfNobodyTrustsTheAuthority() throws Exception {
    CertificateVerifier verifier = CertificateVerifier.trusting(List.of(root.certificate()));
    assertThatThrownBy(() -> verifier.verify(authority.stamp(expired.bundle(PAYLOAD), then)))
        .hasMessageContaining("expired at")
        .hasMessageContaining("time stamps in the bundle were not verified");
  }

  @Test
  void acceptsDigestsBySha512() throws Exception {
    Bundle bundle = expired.bundle(PAYLOAD);
    Bytes token =
        authority.stamp(bundle.envelope().signature(), then, TSPAlgorithms.SHA512, "SHA-512");
    assertThat(builder().build().verify(bundle.withTimestamp(token)).times()).hasSize(1);
  }

  @Test
  void acceptsATokenWithoutCertificatesIfTheUserGaveThem() throws Exception {
    TestCertificate signer =
        TestCertificate.named("CN=Test TSA").timestamping().issuedBy(stampRoot);
    Bundle stamped = new TestTimestampAuthority(signer).stamp(expired.bundle(PAYLOAD), then);
    CertificateVerifier verifier =
        CertificateVerifier.builder()
            .trust(List.of(root.certificate()))
            .timestamps(trusting(stampRoot, signer))
            .build();
    assertThat(verifier.verify(stamped).times()).hasSize(1);
    assertThat(refuses(stamped))
        .hasMessageContaining("the certificate of its signer is neither in it nor among the given");
  }

  // --- tokens that do not count

  @Test
  void doesNotCountATimestampByAnUnknownAuthority() throws Exception {
    TestCertificate stranger = TestCertificate.root("CN=Strange root");
    Bundle stamped = TestTimestampAuthority.below(stranger).stamp(expired.bundle(PAYLOAD), then);
    assertThat(refuses(stamped))
        .hasMessageContaining("its authority is not trusted: there is no path from 'CN=Test TSA'");
    Bundle current = TestTimestampAuthority.below(stranger).stamp(valid.bundle(PAYLOAD), then);
    VerifiedPayload verified = builder().build().verify(current);
    assertThat(verified.times()).singleElement().matches(time -> !time.isAttested());
    assertThat(AnySigner.aside(verified.findings()))
        .singleElement()
        .asString()
        .contains("not trusted");
  }

  @Test
  void doesNotCountATimestampWhoseTokenBringsItsOwnRoot() throws Exception {
    TestCertificate stranger = TestCertificate.root("CN=TSA Root");
    TestCertificate signer = TestCertificate.named("CN=Test TSA").timestamping().issuedBy(stranger);
    Bundle stamped =
        new TestTimestampAuthority(signer, signer, stranger).stamp(expired.bundle(PAYLOAD), then);
    assertThat(refuses(stamped)).hasMessageContaining("its authority is not trusted");
  }

  @Test
  void doesNotTakeTheSignersOwnRootForTimestamps() throws Exception {
    Bundle stamped = TestTimestampAuthority.below(root).stamp(expired.bundle(PAYLOAD), then);
    assertThat(refuses(stamped)).hasMessageContaining("its authority is not trusted");
  }

  @Test
  void doesNotCountATimestampOverOtherBytes() throws Exception {
    Bytes other = Bytes.of("other".getBytes(StandardCharsets.UTF_8));
    neverMovesTheTime(authority.stamp(other, then), "it is over other bytes than this signature");
  }

  @Test
  void doesNotCountATimestampOverThePayloadInPlaceOfTheSignature() throws Exception {
    Bytes payload = expired.envelope(PAYLOAD).payload().content();
    neverMovesTheTime(authority.stamp(payload, then), "it is over other bytes than this signature");
  }

  @Test
  void doesNotCountATimestampByACertificateForSomethingElse() throws Exception {
    for (TestCertificate.Plan plan :
        List.of(
            TestCertificate.named("CN=Test TSA").usage(KeyUsage.digitalSignature),
            TestCertificate.named("CN=Test TSA").signer(),
            TestCertificate.named("CN=Test TSA").purposes(false, KeyPurposeId.id_kp_timeStamping),
            TestCertificate.named("CN=Test TSA")
                .purposes(true, KeyPurposeId.id_kp_timeStamping, KeyPurposeId.id_kp_serverAuth))) {
      TestCertificate wrong = plan.issuedBy(stampRoot);
      Bundle bundle = expired.bundle(PAYLOAD);
      Bytes token =
          new TestTimestampAuthority(wrong, wrong).stamp(bundle.envelope().signature(), then);
      assertThat(refuses(bundle.withTimestamp(token)))
          .hasMessageContaining("it is not validly signed for time stamping: ");
    }
  }

  @Test
  void doesNotCountATimestampWhoseCertificateHadExpired() throws Exception {
    TestCertificate old =
        TestCertificate.named("CN=Test TSA")
            .timestamping()
            .valid(now.minus(Duration.ofHours(3)), now.minus(Duration.ofHours(2)))
            .issuedBy(stampRoot);
    Bundle stamped = new TestTimestampAuthority(old, old).stamp(expired.bundle(PAYLOAD), then);
    assertThat(refuses(stamped)).hasMessageContaining("does not count");
  }

  @Test
  void countsATimestampWhoseCertificateExpiredLater() throws Exception {
    TestCertificate old =
        TestCertificate.named("CN=Test TSA")
            .timestamping()
            .valid(now.minus(Duration.ofHours(1)), now.minus(Duration.ofMinutes(5)))
            .issuedBy(stampRoot);
    Bundle stamped = new TestTimestampAuthority(old, old).stamp(expired.bundle(PAYLOAD), then);
    assertThat(builder().build().verify(stamped).times()).hasSize(1);
  }

  @Test
  void doesNotCountATimestampOfTheFuture() throws Exception {
    Bundle bundle = valid.bundle(PAYLOAD);
    Bundle stamped = authority.stamp(bundle, now.plus(Duration.ofMinutes(5)));
    VerifiedPayload verified = builder().build().verify(stamped);
    assertThat(verified.times()).singleElement().matches(time -> !time.isAttested());
    assertThat(AnySigner.aside(verified.findings()))
        .singleElement()
        .asString()
        .contains("is in the future");
  }

  @Test
  void doesNotCountRubbish() throws Exception {
    neverMovesTheTime(
        Bytes.of("rubbish".getBytes(StandardCharsets.UTF_8)), "it is not an RFC 3161 response");
    neverMovesTheTime(Bytes.of(new byte[] {0x30, 0}), "it is not an RFC 3161 response");
    neverMovesTheTime(
        TestTimestampAuthority.rejection("busy"), "the request was rejected, status 2: 'busy'");
  }

  @Test
  void doesNotCountATimestampOfWhichAByteWasChanged() throws Exception {
    Bundle bundle = expired.bundle(PAYLOAD);
    byte[] token = authority.stamp(bundle.envelope().signature(), then).toArray();
    for (int i = 0; i < token.length; i++) {
      byte[] changed = token.clone();
      changed[i] ^= 1;
      Bundle stamped = bundle.withTimestamp(Bytes.of(changed));
      List<VerificationTime> times = trusting(stampRoot).verify(stamped).times();
      // Some bytes are not signed: the status text, or what wraps the token.
      assertThat(times)
          .as("byte %d", i)
          .allMatch(time -> time.instant().equals(then) && time.authority().equals("CN=Test TSA"));
    }
  }

  // --- several tokens

  @Test
  void refusesTwoTimestampsOfWhichOneIsOutsideTheValidity() throws Exception {
    Bundle stamped = authority.stamp(authority.stamp(expired.bundle(PAYLOAD), then), now);
    assertThat(refuses(stamped))
        .hasMessageContaining("expired at")
        .hasMessageContaining("(timestamp by CN=Test TSA)");
  }

  @Test
  void goesByAllTimestampsThatCount() throws Exception {
    Instant later = then.plusSeconds(60);
    Bundle stamped = authority.stamp(authority.stamp(expired.bundle(PAYLOAD), later), then);
    assertThat(builder().build().verify(stamped).times())
        .extracting(VerificationTime::instant)
        .containsExactly(then, later);
  }

  @Test
  void goesByTheGoodTimestampAndReportsTheOther() throws Exception {
    Bundle stamped =
        authority
            .stamp(expired.bundle(PAYLOAD), then)
            .withTimestamp(Bytes.of("rubbish".getBytes(StandardCharsets.UTF_8)));
    VerifiedPayload verified = builder().build().verify(stamped);
    assertThat(verified.times()).hasSize(1);
    assertThat(AnySigner.aside(verified.findings()))
        .singleElement()
        .asString()
        .startsWith("the time stamp rfc3161Timestamps[1] does not count");
  }

  @Test
  void usesNoneOfTooManyTimestamps() throws Exception {
    Bundle stamped = expired.bundle(PAYLOAD);
    for (int i = 0; i < 21; i++) {
      stamped = stamped.withTimestamp(authority.stamp(over(expired), then));
    }
    assertThat(refuses(stamped)).hasMessageContaining("expected at most 20; none was used");
  }

  // --- revoked authorities, requested times

  @Test
  void doesNotCountATimestampByARevokedAuthority() throws Exception {
    TestCertificate signer =
        TestCertificate.named("CN=Test TSA").timestamping().issuedBy(stampRoot);
    Bundle stamped =
        new TestTimestampAuthority(signer, signer).stamp(expired.bundle(PAYLOAD), then);
    X509CRL list = stampRoot.revoking(signer);
    TimestampVerifier verifier = trusting(stampRoot).withRevocation(List.of(list), false, false);
    assertThat(verifier.verify(stamped).times()).isEmpty();
    assertThat(AnySigner.aside(verifier.verify(stamped).findings()))
        .singleElement()
        .asString()
        .contains("the certificate 'CN=Test TSA' was revoked at ")
        .contains("key compromise");
  }

  @Test
  void letsTheUserSetTheTimeWhateverTimestampsSay() throws Exception {
    Bundle stamped = authority.stamp(expired.bundle(PAYLOAD), then);
    CertificateVerifier verifier = builder().verificationTime(now).build();
    assertThatThrownBy(() -> verifier.verify(stamped)).hasMessageContaining("(requested)");
  }

  // --- the whole way

  @Test
  void signsWithATimestampAndVerifiesAfterTheCertificateExpired() throws Exception {
    Path model = Models.write(directory.resolve("model"), "a", "alpha");
    Path signature = directory.resolve("model.sig");
    try (TestTimestampAuthority.Server server = authority.serve()) {
      CertificateSigner signer =
          CertificateSigner.using(valid.keys().getPrivate(), List.of(valid.certificate()));
      ModelSigner.using(
              TimestampingSigner.using(signer, TimestampAuthority.at(server.uri()))
                  .verifyingBy(trusting(stampRoot)))
          .sign(model, signature);
    }
    Clock inTwoDays = Clock.fixed(now.plus(Duration.ofDays(2)), ZoneOffset.UTC);
    VerifiedModel verified =
        ModelVerifier.using(builder().clock(inTwoDays).build()).verify(model, signature);
    assertThat(verified.times()).singleElement().matches(time -> time.source() == Source.TIMESTAMP);

    CertificateVerifier without =
        CertificateVerifier.builder().trust(List.of(root.certificate())).clock(inTwoDays).build();
    assertThatThrownBy(() -> ModelVerifier.using(without).verify(model, signature))
        .hasMessageContaining("expired at");
  }

  @Test
  void outlivesACertificateThatEndsBetweenTwoVerifications() throws Exception {
    TestCertificate brief =
        TestCertificate.named("CN=Brief")
            .signer()
            .valid(now.minusSeconds(5), now.plus(Duration.ofHours(1)))
            .issuedBy(root);
    Clock before = Clock.fixed(now, ZoneOffset.UTC);
    Clock after = Clock.fixed(now.plus(Duration.ofHours(1)).plusSeconds(1), ZoneOffset.UTC);
    Path model = Models.write(directory.resolve("model"), "a", "alpha");
    Path stamped = directory.resolve("stamped.sig");
    Path bare = directory.resolve("bare.sig");
    CertificateSigner signer = signer(brief, before);
    try (TestTimestampAuthority.Server server = authority.serve()) {
      ModelSigner.using(TimestampingSigner.using(signer, TimestampAuthority.at(server.uri())))
          .sign(model, stamped);
    }
    ModelSigner.using(signer).sign(model, bare);
    ModelVerifier.using(builder().clock(before).build()).verify(model, bare);

    ModelVerifier verifier = ModelVerifier.using(builder().clock(after).build());
    assertThat(verifier.verify(model, stamped).times())
        .singleElement()
        .matches(time -> time.source() == Source.TIMESTAMP);
    assertThatThrownBy(() -> verifier.verify(model, bare)).hasMessageContaining("expired at");
    assertThatThrownBy(() -> ModelSigner.using(signer(brief, after)).sign(model, bare))
        .hasMessageContaining("nothing was signed, get a certificate that is valid now");
  }

  private static CertificateSigner signer(TestCertificate certificate, Clock clock)
      throws SigningException {
    return CertificateSigner.using(
        certificate.keys().getPrivate(), List.of(certificate.certificate()), clock);
  }
}
