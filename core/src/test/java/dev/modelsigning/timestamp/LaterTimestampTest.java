package dev.modelsigning.timestamp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.LaterTimestamps;
import dev.modelsigning.bundle.Payload;
import dev.modelsigning.bundle.StoredBundle;
import dev.modelsigning.certificate.CertificateVerifier;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rule;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationTime;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.Forge.StatementText;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestTimestampAuthority;
import dev.modelsigning.testing.TestTimestampAuthority.Reply;
import dev.modelsigning.testing.TestTimestampAuthority.Server;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.tsp.TimeStampRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Time stamps that are added to a signature later: what they prove, and which do not count. */
class LaterTimestampTest {

  private static final String PAYLOAD = new StatementText().file("a", "alpha").toString();

  private static final String OTHER = new StatementText().file("b", "beta").toString();

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

  private final TestCertificate stampRoot = TestCertificate.root("CN=TSA Root");
  private final TestTimestampAuthority authority = TestTimestampAuthority.below(stampRoot);
  private Path signature;
  private Path beside;

  @BeforeEach
  void signs() throws IOException {
    signature = directory.resolve("model.sig");
    beside = directory.resolve("model.sig.tst");
    expired.bundle(PAYLOAD).write(signature);
  }

  private AddedTimestamp add(TestTimestampAuthority by, Instant time) throws Exception {
    try (Server server =
        new Server(
            (request, number) -> new Reply(200, by.answer(new TimeStampRequest(request), time)))) {
      return LaterTimestamping.by(TimestampAuthority.at(server.uri()))
          .verifyingBy(trusting())
          .add(signature);
    }
  }

  private TimestampVerifier trusting() {
    return TimestampVerifier.trusting(List.of(stampRoot.certificate()));
  }

  private VerifiedPayload verify() throws Exception {
    return CertificateVerifier.builder()
        .trust(List.of(root.certificate()))
        .timestamps(trusting())
        .build()
        .verify(StoredBundle.read(signature).bundle());
  }

  private void refuses(String why) {
    assertThatThrownBy(this::verify)
        .isInstanceOf(VerificationException.class)
        .hasMessageContaining("expired at")
        .hasMessageContaining("(current time)")
        .hasMessageContaining(why);
  }

  private static List<Rule> rules(List<Finding> findings) {
    return findings.stream()
        .map(Finding::rule)
        .filter(rule -> !rule.equals(Rules.ANY_SIGNER))
        .toList();
  }

  private static List<Instant> instants(VerifiedPayload verified) {
    return verified.times().stream().map(VerificationTime::instant).toList();
  }

  private TestTimestampAuthority authorityUntil(Instant end) {
    TestCertificate signer =
        TestCertificate.named("CN=Old TSA")
            .timestamping()
            .valid(now.minus(Duration.ofHours(2)), end)
            .issuedBy(stampRoot);
    return new TestTimestampAuthority(signer, signer);
  }

  @Test
  void letsASignatureOutliveItsCertificateWithoutChangingIt() throws Exception {
    byte[] before = Files.readAllBytes(signature);

    AddedTimestamp added = add(authority, then);

    assertThat(added.file()).isEqualTo(beside);
    assertThat(added.stamp()).isEqualTo(new ClaimedTimestamp(then, "CN=Test TSA"));
    assertThat(signature).hasBinaryContent(before);
    VerifiedPayload verified = verify();
    assertThat(instants(verified)).containsExactly(then);
    assertThat(rules(verified.findings())).isEmpty();
    assertThat(VerificationTime.provedUntil(verified.times()))
        .isPresent()
        .isEqualTo(added.provedUntil());
  }

  @Test
  void doesNotCountUnlessItsAuthorityIsTrusted() throws Exception {
    add(authority, then);
    CertificateVerifier verifier = CertificateVerifier.trusting(List.of(root.certificate()));
    assertThatThrownBy(() -> verifier.verify(StoredBundle.read(signature).bundle()))
        .hasMessageContaining("expired at")
        .hasMessageContaining("time stamps of the bundle were not verified");
  }

  @Test
  void onlyProlongsIfTheBundleHasATimeOfItsOwn() throws Exception {
    authority.stamp(expired.bundle(PAYLOAD), then).write(signature);

    add(authority, now); // when the certificate of the signer was no longer valid

    assertThat(instants(verify())).containsExactly(then, now);
  }

  @Test
  void refusesACertificateThatHadExpiredAtTheFirstLaterTime() throws Exception {
    add(authority, now);
    assertThatThrownBy(this::verify)
        .isInstanceOf(VerificationException.class)
        .hasMessageContaining("expired at")
        .hasMessageContaining("(later timestamp by CN=Test TSA)");
  }

  @Test
  void doesNotCountForAnotherSignature() throws Exception {
    add(authority, then);
    expired.bundle(OTHER).write(signature);
    refuses("model.sig.tst[0] does not count: it is over other bytes than this signature's file");
  }

  @Test
  void doesNotCountForAFileThatWasWrittenDifferently() throws Exception {
    add(authority, then);
    Files.writeString(signature, "\n", StandardOpenOption.APPEND);
    refuses("it is over other bytes than this signature's file");
  }

  @Test
  void doesNotCountIfItIsOverTheSignatureOnly() throws Exception {
    Bytes response = authority.stamp(expired.bundle(PAYLOAD).envelope().signature(), then);
    Files.write(beside, TimestampToken.parse(response).encoded().toArray());
    refuses("it is over other bytes than this signature's file");
  }

  @Test
  void coversAllThatWasAddedBefore() throws Exception {
    add(authority, then);
    byte[] first = Files.readAllBytes(beside);
    add(authority, now);
    byte[] both = Files.readAllBytes(beside);
    assertThat(both).startsWith(first);
    assertThat(instants(verify())).containsExactly(then, now);

    byte[] second = Arrays.copyOfRange(both, first.length, both.length);
    Files.write(beside, second);
    refuses("model.sig.tst[0] does not count");

    Files.write(beside, second);
    Files.write(beside, first, StandardOpenOption.APPEND);
    refuses("model.sig.tst[1] does not count");
  }

  @Test
  void reportsWhatCannotBeReadAndCountsWhatCan() throws Exception {
    add(authority, then);
    Files.writeString(beside, "rest", StandardOpenOption.APPEND);

    VerifiedPayload verified = verify();

    assertThat(instants(verified)).containsExactly(then);
    assertThat(rules(verified.findings())).containsExactly(Rules.TIMESTAMP_NOT_COUNTED);
    assertThatThrownBy(() -> add(authority, now))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("does not belong to this signature")
        .hasMessageContaining("nothing was added");
  }

  @Test
  void reportsFilesThatAreNoTimeStamps() throws Exception {
    Files.createFile(beside);
    refuses("it is empty");
    Files.writeString(beside, "-----BEGIN PKCS7-----");
    refuses("it is not a time-stamp token in DER");
    Files.write(beside, new byte[] {0x30, (byte) 0x84, 0x7f, 0, 0, 0});
    refuses("it is not a time-stamp token in DER");
    Files.write(beside, new byte[5 * 1024 * 1024]);
    refuses("not all of " + beside + " counts");
    Files.write(beside, authority.stamp(Bytes.of(new byte[0]), then).toArray());
    refuses("it is not an RFC 3161 time-stamp token");
  }

  @Test
  void failsOnAFileThatCannotBeRead() throws Exception {
    Files.createDirectory(beside);
    assertThatThrownBy(this::verify).isInstanceOf(IOException.class).hasMessageContaining("tst");
  }

  @Test
  void readsTwentyAndNoMore() throws Exception {
    add(authority, then);
    for (int i = 1; i < LaterTimestamps.MOST; i++) {
      add(authority, then.plusSeconds(i));
    }
    assertThat(verify().times()).hasSize(LaterTimestamps.MOST);
    assertThatThrownBy(() -> add(authority, now)).hasMessageContaining("as many time stamps as");
    Files.write(beside, Files.readAllBytes(beside), StandardOpenOption.APPEND);
    VerifiedPayload verified = verify();
    assertThat(verified.times()).hasSize(LaterTimestamps.MOST);
    assertThat(rules(verified.findings())).containsExactly(Rules.TIMESTAMP_NOT_COUNTED);
  }

  @Test
  void saysUntilWhenTheProofHolds() throws Exception {
    Instant soon = now.plus(Duration.ofHours(1));
    AddedTimestamp added = add(authorityUntil(soon), then);
    assertThat(added.provedUntil()).contains(soon);
    assertThat(rules(added.findings())).isEmpty();

    AddedTimestamp prolonged = add(authority, now);
    assertThat(prolonged.provedUntil().orElseThrow()).isAfter(soon);
  }

  @Test
  void warnsThatTheProofHasEndedUnlessItWasProlongedInTime() throws Exception {
    Instant ended = now.minus(Duration.ofMinutes(5));
    Instant before = ended.minusSeconds(1);
    add(authorityUntil(ended), then);
    byte[] first = Files.readAllBytes(beside);
    VerifiedPayload verified = verify();
    assertThat(rules(verified.findings())).containsExactly(Rules.TIMESTAMP_PROOF_ENDED);

    add(authority, now); // too late
    assertThat(rules(verify().findings())).containsExactly(Rules.TIMESTAMP_PROOF_ENDED);

    Files.write(beside, first);
    add(authority, before);
    assertThat(rules(verify().findings())).isEmpty();
  }

  @Test
  void doesNotCountIfItIsOlderThanWhatItCovers() throws Exception {
    Instant ended = now.minus(Duration.ofMinutes(5));
    TestTimestampAuthority stolen = authorityUntil(ended);
    add(authority, now); // when the certificate of the signer was no longer valid
    byte[] first = Files.readAllBytes(beside);
    assertThatThrownBy(() -> add(stolen, then))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("that of one that it covers; nothing was added");

    Bytes both = Bytes.of(concatenated(Files.readAllBytes(signature), Files.readAllBytes(beside)));
    byte[] forged = TimestampToken.parse(stolen.stamp(both, then)).encoded().toArray();
    Files.write(beside, concatenated(first, forged));

    assertThatThrownBy(this::verify)
        .isInstanceOf(VerificationException.class)
        .hasMessageContaining("expired at");
    Files.write(beside, first);
    authority.stamp(expired.bundle(PAYLOAD), now).write(signature);
    Files.delete(beside);
    add(authority, now);
    assertThatThrownBy(this::verify).isInstanceOf(VerificationException.class);
  }

  private static byte[] concatenated(byte[] first, byte[] second) {
    byte[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  @Test
  void isProlongedOnlyByWhatCoversIt() throws Exception {
    KeyVerifier verifier = signWithAKey();
    Instant ended = now.minus(Duration.ofMinutes(5));
    add(authorityUntil(ended), then);
    AddedTimestamp second = add(authority, ended.minusSeconds(30));
    // Both are over the signature only, so the second one does not prove that the first was there.
    assertThat(second.provedUntil()).contains(ended);
    VerifiedPayload verified =
        TimestampedVerifier.using(verifier, trusting()).verify(Bundle.read(signature));
    assertThat(rules(verified.findings())).containsExactly(Rules.TIMESTAMP_PROOF_ENDED);
  }

  @Test
  void addsNothingByAnAuthorityThatIsNotTrusted() {
    TestTimestampAuthority stranger =
        TestTimestampAuthority.below(TestCertificate.root("CN=Other Root"));
    assertThatThrownBy(() -> add(stranger, then))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("the time stamp is not accepted: its authority is not trusted")
        .hasMessageContaining("nothing was added");
    assertThat(beside).doesNotExist();
  }

  @Test
  void addsNothingBehindTimeStampsOfAnotherSignature() throws Exception {
    add(authority, then);
    expired.bundle(OTHER).write(signature);
    byte[] before = Files.readAllBytes(beside);
    try (Server server = authority.serve()) {
      LaterTimestamping stamping = LaterTimestamping.by(TimestampAuthority.at(server.uri()));
      assertThatThrownBy(() -> stamping.add(signature))
          .isInstanceOf(SigningException.class)
          .hasMessageContaining("does not belong to this signature");
      assertThat(server.requests()).isZero();
    }
    assertThat(beside).hasBinaryContent(before);
  }

  @Test
  void addsNothingIfSomebodyChangesTheSignatureMeanwhile() throws Exception {
    try (Server server =
        new Server((request, number) -> {
          Files.writeString(signature, " ", StandardOpenOption.APPEND);
          return new Reply(200, authority.answer(new TimeStampRequest(request), now));
        })) {
      LaterTimestamping stamping = LaterTimestamping.by(TimestampAuthority.at(server.uri()));
      assertThatThrownBy(() -> stamping.add(signature))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("was changed by somebody else meanwhile");
    }
    assertThat(beside).doesNotExist();
  }

  @Test
  void failsWithoutAnAnswer() throws Exception {
    try (Server server = new Server((request, number) -> new Reply(404, Bytes.of(new byte[0])))) {
      LaterTimestamping stamping = LaterTimestamping.by(TimestampAuthority.at(server.uri()));
      assertThatThrownBy(() -> stamping.add(signature))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("nothing was added, try again. Is this the address");
    }
    try (Server server =
        new Server(
            (request, number) -> new Reply(200, authority.stamp(Bytes.of(new byte[0]), now)))) {
      LaterTimestamping stamping = LaterTimestamping.by(TimestampAuthority.at(server.uri()));
      assertThatThrownBy(() -> stamping.add(signature))
          .isInstanceOf(SigningException.class)
          .hasMessageContaining("not the time stamp that was asked for")
          .hasMessageContaining("nothing was added");
    }
    assertThat(beside).doesNotExist();
  }

  @Test
  void addsToABundleWithABareKey() throws Exception {
    KeyVerifier verifier = signWithAKey();
    Bundle before = Bundle.read(signature);

    AddedTimestamp first = add(authority, then);
    AddedTimestamp second = add(authority, now);

    assertThat(first.file()).isEqualTo(signature);
    assertThat(second.file()).isEqualTo(signature);
    assertThat(beside).doesNotExist();
    Bundle after = Bundle.read(signature);
    assertThat(after.rfc3161Timestamps()).hasSize(2);
    assertThat(after.withoutTimestamps()).isEqualTo(before.withoutTimestamps());
    VerifiedPayload verified = TimestampedVerifier.using(verifier, trusting()).verify(after);
    assertThat(instants(verified)).containsExactly(then, now);
    assertThat(verified.findings()).isEmpty();
  }

  @Test
  void neverChangesABundleThatWasStampedAsAFile() throws Exception {
    KeyVerifier verifier = signWithAKey();
    Bytes response = authority.stamp(Bytes.of(Files.readAllBytes(signature)), then);
    Files.write(beside, TimestampToken.parse(response).encoded().toArray());
    byte[] before = Files.readAllBytes(signature);

    assertThat(add(authority, now).file()).isEqualTo(beside);

    assertThat(signature).hasBinaryContent(before);
    Bundle bundle = Bundle.read(signature);
    VerifiedPayload verified = TimestampedVerifier.using(verifier, trusting()).verify(bundle);
    assertThat(instants(verified)).containsExactly(then, now);
    assertThat(verified.findings()).isEmpty();
    assertThat(rules(verifier.verify(bundle).findings()))
        .containsExactly(Rules.EXTRAS_NOT_VERIFIED);
  }

  private KeyVerifier signWithAKey() throws Exception {
    Path privateKey = directory.resolve("key.pem");
    Path publicKey = directory.resolve("key.pub");
    KeyPairFiles.generate(EcdsaScheme.P256, privateKey, publicKey);
    KeySigner.load(privateKey)
        .sign(List.of(Payload.inToto(Bytes.of(PAYLOAD.getBytes(StandardCharsets.UTF_8)))))
        .get(0)
        .bundle()
        .write(signature);
    return KeyVerifier.load(publicKey);
  }

  @Test
  void addsTheTimesToAMethodThatHasItsOwn() throws Exception {
    add(authority, then);
    CertificateVerifier asOf =
        CertificateVerifier.builder()
            .trust(List.of(root.certificate()))
            .verificationTime(then)
            .build();
    VerifiedPayload verified =
        TimestampedVerifier.addingLater(asOf, trusting())
            .verify(StoredBundle.read(signature).bundle());
    assertThat(verified.times())
        .extracting(VerificationTime::source)
        .containsExactly(
            VerificationTime.Source.REQUESTED, VerificationTime.Source.LATER_TIMESTAMP);
  }
}
