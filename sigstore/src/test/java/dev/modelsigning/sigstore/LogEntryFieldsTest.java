package dev.modelsigning.sigstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.TransparencyLogEntry;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.testing.Forge.StatementText;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which fields a log entry may have, and how large they may be. The bundles are validly signed and
 * logged, and but for the change they would be accepted.
 */
class LogEntryFieldsTest {

  private static final String PAYLOAD = new StatementText().file("a", "alpha").toString();

  private final TestSigstore sigstore = new TestSigstore();
  private final SigstoreVerifier verifier =
      SigstoreVerifier.using(
          sigstore.trustedRoot(),
          IdentityPolicy.exactly(TestSigstore.IDENTITY, TestSigstore.ISSUER));
  private final Bundle good = TestSigning.version1(sigstore, PAYLOAD);

  private String entry() {
    return good.tlogEntries().get(0).json();
  }

  private Bundle with(String entry) {
    return new Bundle(
        good.mediaType(),
        good.verificationMaterial(),
        List.of(new TransparencyLogEntry(entry)),
        good.rfc3161Timestamps(),
        good.envelope());
  }

  private static String changed(String json, String text, String replacement) {
    assertThat(json).contains(text);
    return json.replace(text, replacement);
  }

  private VerifiedPayload accepts(String entry) throws Exception {
    return verifier.verify(with(entry));
  }

  private void refuses(String entry, String... parts) {
    assertThatThrownBy(() -> accepts(entry))
        .isInstanceOf(MalformedBundleException.class)
        .message()
        .startsWith("bundle: verificationMaterial.tlogEntries: ")
        .contains(parts)
        .hasSizeLessThan(500);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"logIndex\":\"1005\"        | x",
        "{\"keyId\"                    | logId.x",
        "{\"kind\"                     | kindVersion.x",
        "{\"signedEntryTimestamp\"     | inclusionPromise.x",
        "{\"logIndex\":\"5\"           | inclusionProof.x",
        "{\"envelope\"                 | inclusionProof.checkpoint.x"
      })
  void refusesAnUnknownFieldInEveryObject(String first, String place) throws Exception {
    accepts(entry());
    for (String value : new String[] {"1", "null", "\"\"", "{}", "[]"}) {
      refuses(
          changed(entry(), first, "{\"x\":" + value + "," + first.substring(1)),
          place + ": unknown field 'x'");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "logIndex, log_index",
    "logId, log_id",
    "keyId, key_id",
    "kindVersion, kind_version",
    "integratedTime, integrated_time",
    "inclusionPromise, inclusion_promise",
    "signedEntryTimestamp, signed_entry_timestamp",
    "inclusionProof, inclusion_proof",
    "rootHash, root_hash",
    "treeSize, tree_size",
    "canonicalizedBody, canonicalized_body"
  })
  void refusesTheOtherSpellingOfAField(String name, String other) {
    refuses(changed(entry(), '"' + name + '"', '"' + other + '"'), "unknown field '" + other + "'");
  }

  @Test
  void acceptsWhatProtocolBuffersWriteForDefaultValues() throws Exception {
    Bundle second = TestSigning.version2(sigstore, PAYLOAD);
    String entry = second.tlogEntries().get(0).json();
    assertThat(entry).doesNotContain("integratedTime", "inclusionPromise");
    for (String more :
        new String[] {
          "\"integratedTime\":\"0\"",
          "\"integratedTime\":0",
          "\"integratedTime\":null",
          "\"inclusionPromise\":null",
          "\"inclusionPromise\":{}",
          "\"inclusionPromise\":{\"signedEntryTimestamp\":\"\"}",
          "\"inclusionPromise\":{\"signedEntryTimestamp\":null}"
        }) {
      Bundle bundle =
          new Bundle(
              second.mediaType(),
              second.verificationMaterial(),
              List.of(new TransparencyLogEntry("{" + more + "," + entry.substring(1))),
              second.rfc3161Timestamps(),
              second.envelope());
      assertThat(verifier.verify(bundle).times()).as(more).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1005", "1005.0", "1.005e3", "10050e-1"})
  void acceptsNumbersThatAreNoStrings(String number) throws Exception {
    accepts(changed(entry(), "\"logIndex\":\"1005\"", "\"logIndex\":" + number));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e999999999",
        "1e-999999999",
        "1e99999999999999999999",
        "-1e999999999",
        "9223372036854775808",
        "1005.5",
        "-1",
        "\"-1\"",
        "\"1e999999999\"",
        "\"1e3\"",
        "\"01005\"",
        "\"+1005\"",
        "\"0x3ed\"",
        "\" 1005\"",
        "\"1005 \"",
        "\"9223372036854775808\"",
        "\"\u0661\u0660\u0660\u0665\"",
        "\"\"",
        "true",
        "[1005]",
        "{}"
      })
  void refusesWhatIsNoIntegerOf64Bits(String number) {
    refuses(changed(entry(), "\"logIndex\":\"1005\"", "\"logIndex\":" + number), "logIndex: ");
    refuses(
        entry().replaceFirst("\"integratedTime\":\"[0-9]+\"", "\"integratedTime\":" + number),
        "integratedTime: ");
    refuses(
        entry().replaceFirst("\"treeSize\":\"[0-9]+\"", "\"treeSize\":" + number),
        "inclusionProof.treeSize: ");
  }

  @Test
  void refusesAMillionDigitsWithoutReckoning() {
    refuses(
        changed(entry(), "\"1005\"", "\"" + "1".repeat(1_000_000) + "\""),
        "logIndex: expected an integer of 64 bits in decimal digits, found '1111");
  }

  @ParameterizedTest
  @CsvSource({"keyId, 65, 64", "rootHash, 65, 64", "signedEntryTimestamp, 65537, 65536"})
  void boundsTheSizeOfHashesAndSignatures(String name, int bytes, int most) {
    String base64 = TestSigstore.base64(new byte[bytes]);
    refuses(
        entry().replaceFirst("\"" + name + "\":\"[^\"]*\"", "\"" + name + "\":\"" + base64 + "\""),
        name + ": expected at most " + most + " bytes, found ");
  }

  @Test
  void boundsNamesOfKinds() {
    refuses(
        changed(entry(), "\"kind\":\"dsse\"", "\"kind\":\"" + "d".repeat(101) + "\""),
        "kindVersion.kind: expected at most 100 characters, found 101");
  }

  @Test
  void boundsTheInclusionProof() {
    String hash = "\"" + TestSigstore.base64(new byte[32]) + "\",";
    refuses(
        entry().replaceFirst("\"hashes\":\\[", "\"hashes\":[" + hash.repeat(80)),
        "inclusionProof.hashes: expected at most 64, found 8");
  }

  @Test
  void boundsTheCheckpoint() {
    refuses(
        changed(entry(), "\"envelope\":\"", "\"envelope\":\"" + "x".repeat(16 * 1024)),
        "inclusionProof.checkpoint.envelope: expected at most 16384 characters, found 16");
  }

  @Test
  void refusesACheckpointThatOneKeySignedManyTimes() throws Exception {
    String line = entry().replaceFirst(".*\\\\n\\\\n(\u2014 .*?\\\\n)\".*", "$1");
    assertThat(line).startsWith("\u2014 ").endsWith("\\n");
    accepts(changed(entry(), line, line.repeat(4)));
    assertThatThrownBy(() -> accepts(changed(entry(), line, line.repeat(5))))
        .isInstanceOf(VerificationException.class)
        .hasMessageContaining("expected at most 4 signatures by one key, found more");
  }

  @Test
  void showsControlCharactersOfAKindAsEscapes() {
    assertThatThrownBy(
            () -> accepts(changed(entry(), "\"kind\":\"dsse\"", "\"kind\":\"d\\nforged\"")))
        .message()
        .contains("'d\\u000aforged'")
        .doesNotContain("\n");
  }
}
