package dev.modelsigning.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.ResourceDescriptor;
import dev.modelsigning.manifest.Serialization;
import dev.modelsigning.model.Digest;
import dev.modelsigning.model.HashAlgorithm;
import dev.modelsigning.statement.Statement;
import dev.modelsigning.testing.Forge;
import dev.modelsigning.testing.Forge.StatementText;
import dev.modelsigning.testing.TestKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BundleTest {

  private static final String STATEMENT = new StatementText().file("a", "x").toString();

  @TempDir Path directory;

  private final Forge forge = new Forge();

  private String json() {
    return forge.bundleJson(STATEMENT);
  }

  private static String text(Bytes bytes) {
    return new String(bytes.toArray(), StandardCharsets.UTF_8);
  }

  private static void refuses(String json, String... parts) {
    assertThatThrownBy(() -> Forge.parse(json))
        .isInstanceOf(MalformedBundleException.class)
        .message()
        .startsWith("bundle: ")
        .satisfies(message -> Stream.of(parts).forEach(part -> assertThat(message).contains(part)));
  }

  @Test
  void writesTheStatementInOneFixedForm() {
    Manifest manifest =
        new Manifest(
            new Serialization.Shards(HashAlgorithm.SHA256, 4, false, List.of("\u00e4", ".git")),
            List.of(
                new ResourceDescriptor(
                    "a\"\\\n\ud83d\ude00:0:4", new Digest(HashAlgorithm.SHA256, "0".repeat(64)))));
    assertThat(text(Statement.about("m", manifest).toPayload().content()))
        .isEqualTo(
            "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[{\"name\":\"m\","
                + "\"digest\":{\"sha256\":"
                + "\"66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925\"}}],"
                + "\"predicateType\":\"https://model_signing/signature/v1.0\",\"predicate\":{"
                + "\"resources\":[{\"name\":\"a\\\"\\\\\\n\ud83d\ude00:0:4\","
                + "\"algorithm\":\"sha256\",\"digest\":\""
                + "0".repeat(64)
                + "\"}],"
                + "\"serialization\":{\"method\":\"shards\",\"hash_type\":\"sha256\","
                + "\"shard_size\":4,\"allow_symlinks\":false,"
                + "\"ignore_paths\":[\"\u00e4\",\".git\"]}}}");
  }

  @Test
  void writesTheBundleInOneFixedForm() {
    Bundle bundle = forge.bundle(STATEMENT);
    String hint = TestKeys.fingerprint(forge.keys().publicKey());
    assertThat(json().replaceAll("\"sig\":\"[^\"]*\"", "\"sig\":\"S\""))
        .isEqualTo(
            "{\"mediaType\":\"application/vnd.dev.sigstore.bundle.v0.3+json\","
                + "\"verificationMaterial\":{\"publicKey\":{\"hint\":\""
                + hint
                + "\"},\"tlogEntries\":[]},\"dsseEnvelope\":{\"payload\":\""
                + Forge.base64(STATEMENT)
                + "\",\"payloadType\":\"application/vnd.in-toto+json\","
                + "\"signatures\":[{\"sig\":\"S\",\"keyid\":\"\"}]}}");
    assertThat(text(bundle.toJson())).isEqualTo(text(bundle.toJson()));
  }

  private static Bytes pae(String content) {
    return Payload.inToto(Bytes.of(content.getBytes(StandardCharsets.UTF_8))).pae();
  }

  @Test
  void encodesTheSignedBytesWithTheirLengthInBytes() {
    assertThat(text(pae("{\"_type\":\"x\"}")))
        .isEqualTo("DSSEv1 28 application/vnd.in-toto+json 13 {\"_type\":\"x\"}");
    assertThat(text(pae("\u6a21"))).isEqualTo("DSSEv1 28 application/vnd.in-toto+json 3 \u6a21");
  }

  @Test
  void keepsEverythingWhenItIsReadAndWritten() throws Exception {
    String json =
        json()
            .replace(
                "\"tlogEntries\":[]",
                "\"tlogEntries\":[{\"logIndex\":\"1\",\"x\":{\"y\":[1.50,null,true]}}],"
                    + "\"timestampVerificationData\":{\"rfc3161Timestamps\":"
                    + "[{\"signedTimestamp\":\"AAAA\"}]}");
    assertThat(text(Forge.parse(json).toJson())).isEqualTo(json);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/vnd.dev.sigstore.bundle+json;version=0.1",
        "application/vnd.dev.sigstore.bundle+json;version=0.2",
        "application/vnd.dev.sigstore.bundle+json;version=0.3"
      })
  void acceptsOlderMediaTypes(String type) throws Exception {
    assertThat(Forge.parse(json().replace(Bundle.MEDIA_TYPE, type)).mediaType()).isEqualTo(type);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "application/vnd.dev.sigstore.bundle.v0.4+json",
        "application/vnd.dev.sigstore.bundle.v0.3+json ",
        "application/vnd.dev.sigstore.bundle+json;version=0.4",
        ""
      })
  void refusesOtherMediaTypes(String type) {
    refuses(json().replace(Bundle.MEDIA_TYPE, type), "mediaType");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",\"keyid\":null", ",\"keyid\":\"anything\""})
  void acceptsAnyKeyid(String keyid) throws Exception {
    assertThat(Forge.parse(json().replace(",\"keyid\":\"\"", keyid)).envelope().payload())
        .isEqualTo(forge.bundle(STATEMENT).envelope().payload());
  }

  @Test
  void refusesAKeyidOfAnotherType() {
    refuses(json().replace("\"keyid\":\"\"", "\"keyid\":1"), "dsseEnvelope.signatures[0].keyid");
  }

  @Test
  void acceptsABundleWithoutLogEntriesAndWithEmptyTimeStamps() throws Exception {
    String json = json().replace(",\"tlogEntries\":[]", ",\"timestampVerificationData\":{}");
    assertThat(Forge.parse(json).rfc3161Timestamps()).isEmpty();
  }

  @Test
  void refusesTwoSignaturesAndNone() {
    String json = json();
    String one = json.replaceAll(".*\"signatures\":\\[(.*)]}}", "$1");
    refuses(json.replace("[" + one + "]", "[" + one + "," + one + "]"), "exactly one", "2");
    refuses(json.replace("[" + one + "]", "[]"), "exactly one", "0");
  }

  @Test
  void refusesTwoKindsOfVerificationMaterialAndNone() {
    String certificate = "\"certificate\":{\"rawBytes\":\"AAAA\"}";
    refuses(json().replace("\"tlogEntries\":[]", certificate), "exactly one of");
    refuses(json().replaceAll("\"publicKey\":\\{[^}]*},", ""), "expected one of");
    refuses(
        json().replaceAll("\"publicKey\":\\{[^}]*}", "\"x509CertificateChain\":{}"),
        "certificates");
    refuses(
        json()
            .replaceAll(
                "\"publicKey\":\\{[^}]*}", "\"x509CertificateChain\":{\"certificates\":[]}"),
        "at least one");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"application/vnd.in-toto+json; charset=utf-8", "application/json", "", "text"})
  void refusesAnotherPayloadType(String type) {
    refuses(json().replace(Payload.IN_TOTO, type), "dsseEnvelope.payloadType");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "A", "AAA", "AA=", "A===", "AA==AA==", "AAA\\n", "A-_A", "AB==", "AAB=", " "})
  void refusesWhatIsNotCanonicalBase64(String payload) {
    String old = Forge.base64(STATEMENT);
    refuses(json().replace(old, payload), "dsseEnvelope.payload");
    refuses(
        json()
            .replaceFirst(
                "\"sig\":\"[^\"]*\"", Matcher.quoteReplacement("\"sig\":\"" + payload + "\"")),
        "sig");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "1", "true", "[]", "{}", "\"x\""})
  void refusesFieldsOfAnotherType(String value) {
    for (String field :
        new String[] {"verificationMaterial", "dsseEnvelope", "publicKey", "tlogEntries"}) {
      String json =
          json()
              .replaceAll(
                  "\"" + field + "\":(\\{|\\[)",
                  "\"" + field + "\":" + value + ",\"y-" + field + "\":$1");
      boolean fits =
          (value.equals("{}") && field.equals("publicKey"))
              || (value.equals("[]") && field.equals("tlogEntries"));
      if (!fits) {
        refuses(json, field);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mediaType", "verificationMaterial", "dsseEnvelope"})
  void refusesABundleThatLacksAField(String field) {
    assertThatThrownBy(() ->
            Forge.parse(
                json()
                    .replaceAll("\"" + field + "\":(\"[^\"]*\"|\\{.*?}(?=,\"dsse|}$)),?", "")
                    .replace(",}", "}")))
        .isInstanceOf(MalformedBundleException.class)
        .hasMessage("bundle: " + field + ": is missing");
  }

  @Test
  void refusesADuplicateField() {
    refuses(json().replace("\"keyid\":\"\"", "\"keyid\":\"\",\"keyid\":\"\""), "keyid");
    refuses(
        json().replace("\"tlogEntries\":[]", "\"tlogEntries\":[{\"a\":1,\"a\":1}]"), "Duplicate");
  }

  @Test
  void refusesAFileThatIsTooLargeWithoutReadingItAll() throws IOException {
    Path file = directory.resolve("large");
    try (var channel =
        Files.newByteChannel(
            file,
            java.nio.file.StandardOpenOption.CREATE_NEW,
            java.nio.file.StandardOpenOption.WRITE)) {
      channel.position(1L << 40);
      channel.write(java.nio.ByteBuffer.wrap(new byte[1]));
    }
    assertThatThrownBy(() -> Bundle.read(file))
        .isInstanceOf(MalformedBundleException.class)
        .hasMessageContaining("larger than");
  }

  @Test
  void writesTheWholeFileAndLeavesNothingBeside() throws Exception {
    Path file = directory.resolve("model.sig");
    Files.writeString(file, "old");
    Bundle bundle = forge.bundle(STATEMENT);
    bundle.write(file);
    assertThat(Bundle.read(file)).isEqualTo(bundle);
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void doesNotReplaceADirectoryAndNamesIt() throws Exception {
    Path file = Files.createDirectory(directory.resolve("model.sig"));
    assertThatThrownBy(() -> forge.bundle(STATEMENT).write(file))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("not a regular file");
  }

  @Test
  void namesTheFileThatCannotBeWrittenAndNotTheOneBeside() {
    Path file = directory.resolve("nothing/model.sig");
    assertThatThrownBy(() -> forge.bundle(STATEMENT).write(file))
        .isInstanceOfSatisfying(
            FileSystemException.class, e -> assertThat(e.getFile()).isEqualTo(file.toString()));
  }

  @Test
  void replacesNeitherALinkNorWhatItLeadsTo() throws Exception {
    Path precious = Files.writeString(directory.resolve("precious"), "keep");
    Path link = Files.createSymbolicLink(directory.resolve("model.sig"), precious);
    assertThatThrownBy(() -> forge.bundle(STATEMENT).write(link))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining(link + ": is a symbolic link");
    assertThat(precious).hasContent("keep");
    assertThat(Files.isSymbolicLink(link)).isTrue();
  }

  @Test
  void keepsThePermissionsOfTheFileThatItReplaces() throws Exception {
    Path file = Files.writeString(directory.resolve("model.sig"), "old");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    forge.bundle(STATEMENT).write(file);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r-----");
  }

  @Test
  void writesAFileWithAsLongANameAsTheFileSystemTakes() throws Exception {
    Path file = directory.resolve("s".repeat(255));
    forge.bundle(STATEMENT).write(file);
    assertThat(file).exists();
  }

  @Test
  void keepsNumbersOfLogEntriesAsTheyAre() throws Exception {
    for (String number : new String[] {"1e999999999999", "1.50", "-0.0", "1E+2"}) {
      String json =
          json().replace("\"tlogEntries\":[]", "\"tlogEntries\":[{\"a\":" + number + "}]");
      assertThat(text(Forge.parse(json).toJson())).isEqualTo(json);
    }
  }

  @Test
  void refusesALogEntryThatIsNoObject() {
    refuses(json().replace("\"tlogEntries\":[]", "\"tlogEntries\":[1]"), "expected an object");
    assertThatThrownBy(() -> new TransparencyLogEntry("{\"a\":1},{}"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
