package dev.modelsigning.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.VerifiedModel;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.certificate.CertificateVerifier;
import dev.modelsigning.finding.Rule;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.CertificateSummary;
import dev.modelsigning.signing.KeylessIdentity;
import dev.modelsigning.signing.PayloadEncoding;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.signing.VerificationTime.Source;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.testing.Forge;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestTimestampAuthority;
import dev.modelsigning.timestamp.TimestampVerifier;
import dev.modelsigning.timestamp.TimestampedVerifier;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who signed the model has to have signed the claim, and at a proved time if that is wanted. */
class ClaimSignersTest {

  @TempDir private Path directory;

  private final Forge forge = new Forge();
  private final TestCertificate root = TestCertificate.root("CN=Root");
  private final TestCertificate signer = root.signer("CN=Release");
  private final TestCertificate stampRoot = TestCertificate.root("CN=TSA Root");
  private final TestTimestampAuthority authority = TestTimestampAuthority.below(stampRoot);
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

  private ClaimedModel claimed;

  @BeforeEach
  void makeModel() throws IOException {
    claimed = ClaimedModel.in(directory);
  }

  private static CertificateVerifier trusting(TestCertificate... trusted) throws Exception {
    return CertificateVerifier.trusting(
        Arrays.stream(trusted).map(TestCertificate::certificate).toList());
  }

  /** What counts of the claims by somebody, about a model that the signer signed. */
  private AttestationOutcome outcome(BundleVerifier verifier, Bundle model, Bundle... claims)
      throws Exception {
    VerifiedModel verified = claimed.verify(model, verifier);
    for (Bundle claim : claims) {
      claimed.add(claim);
    }
    return claimed.outcome(verified, verifier);
  }

  private void counts(BundleVerifier verifier, TestCertificate model, TestCertificate claim)
      throws Exception {
    AttestationOutcome outcome =
        outcome(verifier, model.bundle(ClaimedModel.statement()), claim.bundle(claimed.claim()));
    assertThat(outcome.refused()).isEmpty();
    assertThat(outcome.attestations()).hasSize(1);
  }

  private RefusedClaim refuses(
      BundleVerifier verifier, TestCertificate model, TestCertificate claim, Rule rule)
      throws Exception {
    return refuses(
        outcome(verifier, model.bundle(ClaimedModel.statement()), claim.bundle(claimed.claim())),
        rule);
  }

  private static RefusedClaim refuses(AttestationOutcome outcome, Rule rule) {
    assertThat(outcome.attestations()).isEmpty();
    assertThat(outcome.refused()).hasSize(1);
    RefusedClaim refused = outcome.refused().get(0);
    assertThat(refused.why().rule()).isEqualTo(rule);
    assertThat(refused.place()).endsWith("claims.jsonl:1");
    return refused;
  }

  // --- keys

  @Test
  void refusesAClaimByAnotherKey() throws Exception {
    AttestationOutcome outcome =
        outcome(
            forge.verifier(),
            forge.bundle(ClaimedModel.statement()),
            new Forge().bundle(claimed.claim()));
    refuses(outcome, Reason.WRONG_KEY.rule());
  }

  /** A verifier of several keys tells nothing about which one signed the model. */
  @Test
  void refusesAClaimByAnotherKeyThatIsTrustedToo() throws Exception {
    Forge other = new Forge();
    BundleVerifier either =
        bundle -> {
          try {
            return forge.verifier().verify(bundle);
          } catch (VerificationException e) {
            return other.verifier().verify(bundle);
          }
        };
    AttestationOutcome outcome =
        outcome(either, forge.bundle(ClaimedModel.statement()), other.bundle(claimed.claim()));

    assertThat(refuses(outcome, AttestationRules.CLAIM_OTHER_SIGNER).why().message())
        .contains("it was signed by ", "and the model by ");
  }

  // --- certificates

  @Test
  void countsAClaimByTheSameCertificate() throws Exception {
    counts(trusting(root), signer, signer);
  }

  /** An authority can have two of a name, whom alternative names tell apart that are not shown. */
  @Test
  void refusesAClaimByAnotherCertificateOfTheSameName() throws Exception {
    assertThat(
            refuses(
                    trusting(root),
                    signer,
                    root.signer("CN=Release"),
                    AttestationRules.CLAIM_OTHER_SIGNER)
                .why()
                .message())
        .contains("with another certificate");
  }

  @Test
  void refusesAClaimByAnotherOwnerOfTheSameAuthority() throws Exception {
    assertThat(
            refuses(
                    trusting(root),
                    signer,
                    root.signer("CN=Somebody"),
                    AttestationRules.CLAIM_OTHER_SIGNER)
                .why()
                .message())
        .contains("Somebody")
        .contains("Release");
  }

  @Test
  void refusesAClaimByTheSameNameOfAnotherAuthority() throws Exception {
    TestCertificate other = TestCertificate.root("CN=Other Root");
    assertThat(
            refuses(
                    trusting(root, other),
                    signer,
                    other.signer("CN=Release"),
                    AttestationRules.CLAIM_OTHER_SIGNER)
                .why()
                .message())
        .contains("with another certificate");
  }

  @Test
  void refusesAClaimByTheSameSubjectWithOtherNames() throws Exception {
    TestCertificate mine =
        TestCertificate.named("CN=Release")
            .signer()
            .names(GeneralName.rfc822Name, "release@bank.example")
            .issuedBy(root);
    TestCertificate other =
        TestCertificate.named("CN=Release")
            .signer()
            .names(GeneralName.rfc822Name, "intern@bank.example")
            .issuedBy(root);
    refuses(trusting(root), mine, other, AttestationRules.CLAIM_OTHER_SIGNER);
  }

  @Test
  void refusesAClaimByAnotherWithoutASubject() throws Exception {
    GeneralNames names =
        new GeneralNames(new GeneralName(GeneralName.dNSName, "release.bank.example"));
    TestCertificate mine =
        TestCertificate.named("")
            .signer()
            .extension(Extension.subjectAlternativeName, true, names)
            .issuedBy(root);
    TestCertificate other =
        TestCertificate.named("")
            .signer()
            .extension(Extension.subjectAlternativeName, true, names)
            .issuedBy(root);
    refuses(trusting(root), mine, other, AttestationRules.CLAIM_OTHER_SIGNER);
  }

  /** Anybody can issue one to himself, under any name. */
  @Test
  void refusesAClaimByASelfSignedCertificateOfTheSameSubject() throws Exception {
    TestCertificate mine = TestCertificate.named("CN=Release").signer().selfSigned();
    TestCertificate other = TestCertificate.named("CN=Release").signer().selfSigned();
    refuses(trusting(mine, other), mine, other, AttestationRules.CLAIM_OTHER_SIGNER);
  }

  @Test
  void refusesAClaimByASelfSignedCertificateThatNobodyTrusts() throws Exception {
    TestCertificate other = TestCertificate.named("CN=Release").signer().selfSigned();
    refuses(trusting(root), signer, other, Reason.UNTRUSTED_CERTIFICATE.rule());
  }

  @Test
  void refusesAClaimByTheSameKeyWithoutItsCertificate() throws Exception {
    Bundle key = forge.bundle(claimed.claim());
    refuses(
        outcome(trusting(root), signer.bundle(ClaimedModel.statement()), key),
        Reason.WRONG_METHOD.rule());
  }

  // --- keyless

  /** Whoever signed with the forge's key is said to be the one that the payload names. */
  private BundleVerifier keyless() {
    return bundle -> {
      VerifiedPayload verified = forge.verifier().verify(bundle);
      String text = new String(verified.payload().content().toArray(), StandardCharsets.UTF_8);
      CertificateSummary certificate =
          new CertificateSummary("", "CN=fulcio", BigInteger.ONE, "00", "ECDSA P-256", now, now);
      return VerifiedPayload.assertion(
          verified.payload(),
          PayloadEncoding.PAE,
          new KeylessIdentity(
              text.contains("intern") ? "intern@bank.example" : "release@bank.example",
              text.contains("elsewhere") ? "https://elsewhere.example" : "https://id.example",
              certificate,
              List.of()),
          List.of(),
          List.of());
    };
  }

  private AttestationOutcome keyless(String word) throws Exception {
    return outcome(
        keyless(),
        forge.bundle(ClaimedModel.statement()),
        forge.bundle(claimed.claim().replace("good", word)));
  }

  @Test
  void countsAClaimByTheSameIdentity() throws Exception {
    assertThat(keyless("good").attestations()).hasSize(1);
  }

  @Test
  void refusesAClaimByAnotherIdentity() throws Exception {
    assertThat(refuses(keyless("intern"), AttestationRules.CLAIM_OTHER_SIGNER).why().message())
        .contains("intern@bank.example")
        .contains("release@bank.example");
  }

  @Test
  void refusesAClaimByTheSameIdentityOfAnotherProvider() throws Exception {
    refuses(keyless("elsewhere"), AttestationRules.CLAIM_OTHER_SIGNER);
  }

  // --- time

  private BundleVerifier stamped() {
    return TimestampedVerifier.using(
        forge.verifier(), TimestampVerifier.trusting(List.of(stampRoot.certificate())));
  }

  private AttestationOutcome withTime(BundleVerifier verifier, Bundle claim) throws Exception {
    VerifiedModel verified =
        claimed.verify(forge.bundle(ClaimedModel.statement()), forge.verifier());
    claimed.add(claim);
    return claimed.outcome(verified, AttestationVerifier.using(verifier).requireTime());
  }

  @Test
  void countsAProvedTime() throws Exception {
    AttestationOutcome outcome =
        withTime(stamped(), authority.stamp(forge.bundle(claimed.claim()), now));

    assertThat(outcome.refused()).isEmpty();
    assertThat(outcome.attestations().get(0).times())
        .anyMatch(time -> time.source() == Source.TIMESTAMP && time.instant().equals(now));
  }

  /** A stamp makes another bundle, and no other statement. */
  @Test
  void countsAStatementWithAndWithoutAStampOnce() throws Exception {
    Bundle plain = forge.bundle(claimed.claim());
    claimed.add(plain);
    AttestationOutcome outcome = withTime(stamped(), authority.stamp(plain, now));
    claimed.add(authority.stamp(plain, now.minusSeconds(60)));

    assertThat(outcome.attestations()).hasSize(1);
    assertThat(outcome.refused()).as("where a time is wanted").hasSize(1);
    VerifiedModel verified =
        claimed.verify(forge.bundle(ClaimedModel.statement()), forge.verifier());
    assertThat(claimed.outcome(verified, stamped()).attestations())
        .extracting(Attestation::repeated)
        .containsExactly(2L);
  }

  @Test
  void refusesAClaimWithoutATimeWhereOneIsWanted() throws Exception {
    assertThat(
            refuses(
                    withTime(forge.verifier(), forge.bundle(claimed.claim())),
                    AttestationRules.CLAIM_TIME_NOT_PROVED)
                .why()
                .message())
        .contains("no time stamp or log entry");
  }

  @Test
  void refusesATimeStampThatNobodyVerifies() throws Exception {
    refuses(
        withTime(forge.verifier(), authority.stamp(forge.bundle(claimed.claim()), now)),
        AttestationRules.CLAIM_TIME_NOT_PROVED);
  }

  @Test
  void refusesATimeStampOfTheFuture() throws Exception {
    AttestationOutcome outcome =
        withTime(
            stamped(),
            authority.stamp(forge.bundle(claimed.claim()), now.plus(Duration.ofHours(5))));
    assertThat(refuses(outcome, AttestationRules.CLAIM_TIME_NOT_PROVED).why().message())
        .contains("rfc3161Timestamps[0] does not count: ")
        .contains("is in the future");
  }

  @Test
  void refusesATimeStampOverAnotherSignature() throws Exception {
    Bundle other = forge.bundle(claimed.claim().replace("good", "bad"));
    AttestationOutcome outcome =
        withTime(
            stamped(),
            forge
                .bundle(claimed.claim())
                .withTimestamp(authority.stamp(other.envelope().signature(), now)));
    assertThat(refuses(outcome, AttestationRules.CLAIM_TIME_NOT_PROVED).why().message())
        .contains("rfc3161Timestamps[0] does not count: ");
  }

  /** The clock of who verifies proves nothing about when it was signed. */
  @Test
  void refusesTheTimeOfTheVerifierForAProvedOne() throws Exception {
    VerifiedModel verified =
        claimed.verify(signer.bundle(ClaimedModel.statement()), trusting(root));
    claimed.add(signer.bundle(claimed.claim()));
    refuses(
        claimed.outcome(verified, AttestationVerifier.using(trusting(root)).requireTime()),
        AttestationRules.CLAIM_TIME_NOT_PROVED);
  }

  // --- signing

  @Test
  void signsNoSignatureOfAModel() throws Exception {
    VerifiedModel verified =
        claimed.verify(forge.bundle(ClaimedModel.statement()), forge.verifier());
    AttestationSigner attesting =
        AttestationSigner.using(payload -> {
          throw new AssertionError("signed " + payload);
        });
    for (String type :
        List.of("https://model_signing/signature/v1.0", "https://model_signing/Digests/v0.1", "")) {
      assertThatThrownBy(() -> attesting.sign(verified, type, "{}"))
          .isInstanceOf(SigningException.class)
          .hasMessageContaining("there is nothing to sign");
    }
    for (String predicate : List.of("", "[]", "7", "{", "{}x", "{\"a\":1,\"a\":1}")) {
      assertThatThrownBy(() -> attesting.sign(verified, ClaimedModel.TYPE, predicate))
          .isInstanceOf(SigningException.class);
    }
  }
}
