package dev.modelsigning.sigstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.testing.Forge.StatementText;
import dev.modelsigning.testing.SharedVectors;
import dev.modelsigning.testing.WithSharedVectors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The validity periods of the keys of logs and of the entries of a trusted root. */
class LogTimesTest {

  private static final String PAYLOAD = new StatementText().file("a", "alpha").toString();
  private static final String BEFORE = "2026-03-04T00:00:00Z";

  private final TestSigstore sigstore = new TestSigstore();

  private JsonObject root() {
    return JsonParser.parseString(sigstore.trustedRootJson()).getAsJsonObject();
  }

  private static TrustedRoot parse(JsonObject root) throws TrustConfigException {
    return TrustedRoot.parse(new TrustConfigDocument.Part("test", root.toString()));
  }

  private static SigstoreVerifier verifier(TrustedRoot root) {
    return SigstoreVerifier.using(
        root, IdentityPolicy.exactly(TestSigstore.IDENTITY, TestSigstore.ISSUER));
  }

  private static void refuses(TrustedRoot root, Bundle bundle, String words) {
    assertThatThrownBy(() -> verifier(root).verify(bundle))
        .isInstanceOfSatisfying(
            VerificationException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.UNTRUSTED_LOG_ENTRY))
        .hasMessageContaining(words);
  }

  private static JsonObject entry(JsonObject root, String list, int index) {
    return root.getAsJsonArray(list).get(index).getAsJsonObject();
  }

  /** The trusted root in which a log was withdrawn before the signature. */
  private TrustedRoot withdrawn(int log) throws TrustConfigException {
    JsonObject root = root();
    entry(root, "tlogs", log)
        .getAsJsonObject("publicKey")
        .getAsJsonObject("validFor")
        .addProperty("end", BEFORE);
    return parse(root);
  }

  private TestSigning signing() {
    return TestSigning.of(sigstore, PAYLOAD);
  }

  // --- withdrawn logs

  @Test
  void refusesAnEntryOfAWithdrawnLogBesideAGoodOneThatStatesTheTime() throws Exception {
    Bundle bundle = signing().logDsse1(TestSigning.SOON).logHashedRekord2().bundle();
    assertThat(verifier(sigstore.trustedRoot()).verify(bundle).times()).hasSize(1);
    refuses(withdrawn(1), bundle, "the key of the log was not valid");
    Bundle otherOrder = signing().logHashedRekord2().logDsse1(TestSigning.SOON).bundle();
    refuses(withdrawn(1), otherOrder, "the key of the log was not valid");
  }

  @Test
  void refusesAnEntryOfAWithdrawnLogBesideAGoodOneWithATimeStamp() throws Exception {
    Bundle bundle =
        signing()
            .logDsse1(TestSigning.SOON)
            .logHashedRekord2()
            .timestamp(TestSigning.SOON)
            .bundle();
    refuses(withdrawn(0), bundle, "the key of the log was not valid");
    refuses(withdrawn(1), bundle, "the key of the log was not valid");
  }

  @Test
  void refusesAnEntryWhoseTimeIsSignedAndNotCountedUnderAWithdrawnLog() throws Exception {
    TestSigning signing = signing();
    String entry =
        sigstore.log1.add("hashedrekord", "0.0.2", signing.hashedRekord2Body(), TestSigning.SOON);
    refuses(
        withdrawn(0),
        signing.entry(entry).logHashedRekord2().timestamp(TestSigning.SOON).bundle(),
        "the key of the log was not valid");
  }

  @Test
  void refusesAnEntryOfALogThatIsNoLongerInTheRoot() throws Exception {
    JsonObject root = root();
    root.getAsJsonArray("tlogs").remove(1);
    refuses(
        parse(root),
        signing().logDsse1(TestSigning.SOON).logHashedRekord2().bundle(),
        "the trusted root has no log");
  }

  // --- times that are none

  @ParameterizedTest
  @ValueSource(
      longs = {
        Long.MAX_VALUE,
        Long.MAX_VALUE / 1000,
        Long.MAX_VALUE / 1000 + 1,
        31_556_889_864_403_199L,
        31_556_889_864_403_200L,
        253_402_300_800L,
        253_402_300_799L,
        0
      })
  void refusesTimesThatNoLogStates(long time) {
    sigstore.log1.integratedTime = time;
    refuses(
        sigstore.trustedRoot(),
        signing().logDsse1(TestSigning.SOON).bundle(),
        "log entry 1005: its integratedTime");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE})
  void refusesNegativeTimes(long time) {
    sigstore.log1.integratedTime = time;
    Bundle bundle = signing().logDsse1(TestSigning.SOON).bundle();
    assertThatThrownBy(() -> verifier(sigstore.trustedRoot()).verify(bundle))
        .isInstanceOf(MalformedBundleException.class)
        .hasMessageContaining("integratedTime: must not be negative");
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MAX_VALUE, 253_402_300_800L})
  void refusesSuchTimesInEntriesWhoseTimeDoesNotCount(long time) {
    sigstore.log1.integratedTime = time;
    TestSigning signing = signing();
    String entry =
        sigstore.log1.add("hashedrekord", "0.0.2", signing.hashedRekord2Body(), TestSigning.SOON);
    refuses(
        sigstore.trustedRoot(),
        signing.entry(entry).timestamp(TestSigning.SOON).bundle(),
        "its integratedTime is no time");
  }

  @Test
  void refusesAnEntryOfTheFuture() {
    Instant now = Instant.now();
    KeyPair keys = TestSigstore.ecKeys();
    Bundle bundle =
        TestSigning.signed(
                sigstore, sigstore.certify(keys.getPublic(), now.minusSeconds(60)), keys, PAYLOAD)
            .logDsse1(now.plusSeconds(300))
            .bundle();
    refuses(sigstore.trustedRoot(), bundle, "is in the future");
  }

  // --- trusted roots

  @ParameterizedTest
  @CsvSource({
    "tlogs, 1, http://log2025.rekor.test, publicKey.",
    "ctlogs, 0, http://ct.test, publicKey.",
    "certificateAuthorities, 0, http://fulcio.test, ''",
    "timestampAuthorities, 0, http://tsa.test, ''"
  })
  void refusesARootInWhichSomethingIsTrustedWithoutABeginning(
      String list, int index, String address, String prefix) {
    for (boolean onlyStart : List.of(true, false)) {
      JsonObject root = root();
      JsonObject entry = entry(root, list, index);
      JsonObject parent = prefix.isEmpty() ? entry : entry.getAsJsonObject("publicKey");
      if (onlyStart) {
        parent.getAsJsonObject("validFor").remove("start");
        parent.getAsJsonObject("validFor").addProperty("end", "2100-01-01T00:00:00Z");
      } else {
        parent.remove("validFor");
      }
      assertThatThrownBy(() -> parse(root))
          .isInstanceOf(TrustConfigException.class)
          .hasMessageContaining(list + "[" + index + "] (" + address + "): ")
          .hasMessageContaining(prefix + "validFor.start: is missing");
    }
  }

  @Test
  void refusesALogWithoutABeginningAlsoWhereItsKindOfKeyIsNotKnown() {
    JsonObject root = root();
    JsonObject key = entry(root, "tlogs", 0).getAsJsonObject("publicKey");
    key.remove("validFor");
    key.addProperty("keyDetails", "ML_DSA_65");
    assertThatThrownBy(() -> parse(root)).hasMessageContaining("validFor.start: is missing");
  }

  @ParameterizedTest
  @WithSharedVectors
  @ValueSource(strings = {"public-good", "staging"})
  void loadsThePublishedRoots(String instance) throws Exception {
    Path file = SharedVectors.path("sigstore").resolve(instance).resolve("trusted_root.json");
    TrustedRoot root = TrustedRoot.load(file);
    JsonElement json = JsonParser.parseString(Files.readString(file));
    assertThat(root.transparencyLogs())
        .hasSameSizeAs(json.getAsJsonObject().getAsJsonArray("tlogs"));
    assertThat(root.certificateLogs())
        .hasSameSizeAs(json.getAsJsonObject().getAsJsonArray("ctlogs"));
    assertThat(root.timestampAuthorities()).hasSize(1);
  }
}
