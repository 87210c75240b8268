package dev.modelsigning.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.testing.Forge;
import dev.modelsigning.testing.Forge.StatementText;
import java.util.Base64;
import java.util.Collections;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a bundle may have of each thing. The numbers are those of the table in SECURITY.md; at each
 * bound a bundle is still read, one more is refused by the name of the field.
 */
class BundleBoundsTest {

  private static final String KEY = "\"publicKey\":{\"hint\":\"h\"}";

  private final Forge forge = new Forge();

  private String json(String material) {
    return forge
        .bundleJson(new StatementText().file("a", "x").toString())
        .replaceFirst(
            "\"verificationMaterial\":\\{.*?\\[]}",
            Matcher.quoteReplacement("\"verificationMaterial\":{" + material + "}"));
  }

  private static String list(String element, int number) {
    return "[" + String.join(",", Collections.nCopies(number, element)) + "]";
  }

  /** Base64 of so many bytes, which a multiple of three fills without padding. */
  private static String base64(int bytes) {
    return Base64.getEncoder().encodeToString(new byte[bytes]);
  }

  private static void accepts(String json) {
    assertThatCode(() -> Forge.parse(json)).doesNotThrowAnyException();
  }

  private static void refuses(String json, String place, String problem) {
    assertThatThrownBy(() -> Forge.parse(json))
        .isInstanceOf(MalformedBundleException.class)
        .message()
        .startsWith("bundle: ")
        .contains(place)
        .contains(problem)
        .hasSizeLessThan(1_000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "\"x509CertificateChain\":{\"certificates\":%s} | {\"rawBytes\":\"AAAA\"} | certificates | 17",
        "\"publicKey\":{},\"tlogEntries\":%s            | {}                      | tlogEntries  | 32",
        "\"publicKey\":{},\"timestampVerificationData\":{\"rfc3161Timestamps\":%s} |"
            + " {\"signedTimestamp\":\"AAAA\"} | rfc3161Timestamps | 32"
      })
  void boundsTheLists(String material, String element, String name, int most) {
    accepts(json(material.formatted(list(element, most))));
    refuses(
        json(material.formatted(list(element, most + 100))),
        name,
        "expected at most " + most + ", found " + (most + 100));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "\"certificate\":{\"rawBytes\":\"%s\"} | certificate.rawBytes | 65536",
        "\"x509CertificateChain\":{\"certificates\":[{\"rawBytes\":\"%s\"}]} |"
            + " certificates[0].rawBytes | 65536",
        "\"publicKey\":{\"rawBytes\":\"%s\"} | publicKey.rawBytes | 65536",
        "\"publicKey\":{},\"timestampVerificationData\":{\"rfc3161Timestamps\":"
            + "[{\"signedTimestamp\":\"%s\"}]} | rfc3161Timestamps[0].signedTimestamp | 1048576"
      })
  void boundsTheSizes(String material, String name, int most) {
    accepts(json(material.formatted(base64(most))));
    refuses(
        json(material.formatted(base64(most + 1))), name, "expected at most " + most + " bytes");
  }

  @Test
  void boundsTheSignature() {
    String json = json(KEY);
    assertThat(json).contains("\"sig\":\"");
    accepts(json.replaceFirst("\"sig\":\"[^\"]*\"", "\"sig\":\"" + base64(65_536) + "\""));
    refuses(
        json.replaceFirst("\"sig\":\"[^\"]*\"", "\"sig\":\"" + base64(65_537) + "\""),
        "dsseEnvelope.signatures[0].sig",
        "expected at most 65536 bytes, found 65537");
  }

  @Test
  void boundsTheSizeOfALogEntry() {
    String entry = KEY + ",\"tlogEntries\":[{\"x\":\"%s\"}]";
    accepts(json(entry.formatted("x".repeat(1024 * 1024 - 8))));
    refuses(
        json(entry.formatted("x".repeat(1024 * 1024))),
        "verificationMaterial.tlogEntries[0]",
        "expected at most 1048576 bytes, found more");
  }

  @Test
  void boundsHintAndKeyid() {
    accepts(json("\"publicKey\":{\"hint\":\"" + "h".repeat(1024) + "\"}"));
    refuses(
        json("\"publicKey\":{\"hint\":\"" + "h".repeat(1025) + "\"}"),
        "publicKey.hint",
        "expected at most 1024 characters, found 1025");
    refuses(
        json(KEY).replace("\"keyid\":\"\"", "\"keyid\":\"" + "k".repeat(1025) + "\""),
        "signatures[0].keyid",
        "expected at most 1024 characters, found 1025");
  }

  @Test
  void countsSignaturesWithoutReadingThem() {
    String json = json(KEY);
    String one = json.replaceAll(".*\"signatures\":\\[(.*)]}}", "$1");
    refuses(
        json.replace("[" + one + "]", list(one, 1000)),
        "signatures",
        "exactly one signature is required, found 1000");
  }

  @Test
  void boundsNamesValuesAndBracketsTogether() {
    refuses(
        json(KEY + ",\"tlogEntries\":" + list("{}", 50_000)),
        "",
        "too many names, values and brackets: expected at most 20000, found 20001");
    refuses(
        json(KEY + ",\"tlogEntries\":[{\"x\":" + "[".repeat(70) + "]".repeat(70) + "}]"),
        "",
        "nested deeper than 64: expected at most 64, found 65");
    refuses(
        json(KEY + ",\"tlogEntries\":[{\"x\":" + "1".repeat(101) + "}]"),
        "",
        "a number is too long: expected at most 100, found 101 characters");
    refuses(
        json(KEY + ",\"" + "x".repeat(10_001) + "\":1"),
        "",
        "a name is too long: expected at most 10000");
  }

  @Test
  void refusesNamesWithOneHashCodeInWords() {
    StringBuilder entry = new StringBuilder("{\"x\":[");
    for (int i = 0; i < 1024; i++) {
      StringBuilder name = new StringBuilder();
      for (int bit = 0; bit < 10; bit++) {
        // 33 * 'a' + 'B' is 33 * 'b' + '!', which is how Jackson hashes names.
        name.append((i >> bit & 1) == 0 ? "aB" : "b!");
      }
      entry.append(i == 0 ? "" : ",").append("{\"").append(name).append("\":0}");
    }
    refuses(
        json(KEY + ",\"tlogEntries\":[" + entry + "]}]"),
        "",
        "too many names of members with the same hash code");
  }

  @Test
  void cutsLongNamesInMessages() {
    String name = "x\u0007".repeat(4_500);
    refuses(
        json("\"publicKey\":{\"" + name.replace("\u0007", "\\u0007") + "\":0}"),
        "verificationMaterial.publicKey.x\\u0007x",
        "unknown field 'x\\u0007x");
  }
}
