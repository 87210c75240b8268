package dev.modelsigning.cli.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.report.Amounts;
import dev.modelsigning.vectors.Vector;
import dev.modelsigning.vectors.VectorSet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** {@code inspect} shows the content of a signature, and never calls it verified. */
class InspectCommandTest {

  private static final String FAILED = "Inspection failed with error";

  @TempDir private Path directory;

  private Workspace workspace;

  @BeforeEach
  void signAModel() throws IOException {
    workspace = Workspace.in(directory);
    workspace.sign("--ignore-paths", "weights/b.bin").assertSucceeded();
  }

  private String payload() throws IOException {
    Matcher matcher =
        Pattern.compile("\"payload\":\"([^\"]*)\"")
            .matcher(Files.readString(workspace.signature()));
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }

  @Test
  void showsEverythingThatWasSigned() {
    Invocation inspected = Invocation.of("inspect", workspace.signature()).assertSucceeded();

    assertThat(inspected.out())
        .containsPattern("model +model\n")
        .containsPattern("claims to be key [0-9a-f]{64}\n")
        .doesNotContain("signer  ")
        .containsPattern("digest +sha256:[0-9a-f]{64}\n")
        .containsPattern("method +files\n")
        .containsPattern("hash +sha256\n")
        .containsPattern("left out +weights/b.bin\n +\\.git\n")
        .contains("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a  config.json\n")
        .contains("  weights/a.bin\n");
  }

  /** What the verdict says about the signer is all there, for vectors of all methods. */
  @ParameterizedTest
  @CsvSource({
    "certificate/pin-e-mail, certificate",
    "certificate/lone-certificate, certificate",
    "certificate/stamp-two, certificate",
    "sigstore/rekor-1, sigstore",
    "sigstore/rekor-2, sigstore",
    "sigstore/both-logs, sigstore",
    "sigstore/identity-workflow, sigstore",
    "sigstore/identity-user-name, sigstore",
    "key/p256, key",
    "key/time-stamp, key"
  })
  void showsAllThatAVerdictWould(String name, String method) throws Exception {
    Vector vector =
        VectorSet.all().stream()
            .filter(each -> (each.method() + "/" + each.name()).equals(name))
            .findFirst()
            .orElseThrow();
    Path bundle = VectorSet.root().resolve(vector.bundle());
    List<Object> verify =
        new ArrayList<>(List.of("verify", method, VectorSet.model(vector, directory)));
    verify.addAll(List.of("--signature", bundle));
    for (String option : vector.options().keySet()) {
      if (vector.values(option).isEmpty()) {
        verify.add("--" + option);
      }
      for (String value : vector.values(option)) {
        boolean file = Vector.FILE_OPTIONS.contains(option);
        verify.addAll(List.of("--" + option, file ? VectorSet.root().resolve(value) : value));
      }
    }
    List<String> verdict =
        Invocation.of(verify.toArray())
            .assertSucceeded()
            .out()
            .lines()
            .filter(line ->
                line.matches(
                    "  (signer|subject|names|issuer|serial|fingerprint|not before|not after"
                        + "|log index|digest) .*"))
            // What was not verified must not read like a verdict.
            .map(line -> line.replaceFirst("^  signer      ", "  claims to be"))
            .toList();

    String inspected = Invocation.of("inspect", bundle).assertSucceeded().out();

    assertThat(verdict).hasSizeGreaterThan(1);
    assertThat(inspected).startsWith("NOT VERIFIED").doesNotContain("cannot be read");
    assertThat(inspected.lines().map(String::strip))
        .containsAll(verdict.stream().map(String::strip).toList());
    if (name.contains("stamp")) {
      assertThat(inspected)
          .containsPattern("time stamps  20..-..-..T..:..:..Z by (CN=|the certificate )");
    }
    if (method.equals("sigstore")) {
      assertThat(inspected).containsPattern("log entries  \\d+ (at 20.*Z|without a time), \\S+");
    }
  }

  @Test
  void saysFirstThatNothingIsVerified() {
    Invocation inspected = Invocation.of("inspect", workspace.signature()).assertSucceeded();

    assertThat(inspected.out()).startsWith("NOT VERIFIED");
    assertThat(inspected.out()).doesNotContain("succeeded");
  }

  @Test
  void showsAForgedStatementAsReadilyAsATrueOne() throws IOException {
    String before = payload();
    String statement = new String(Base64.getDecoder().decode(before), StandardCharsets.UTF_8);
    String forged =
        Base64.getEncoder()
            .encodeToString(
                statement.replace("config.json", "forged.json").getBytes(StandardCharsets.UTF_8));
    Files.writeString(
        workspace.signature(), Files.readString(workspace.signature()).replace(before, forged));

    assertThat(Invocation.of("inspect", workspace.signature()).assertSucceeded().out())
        .startsWith("NOT VERIFIED")
        .contains("forged.json");
  }

  @Test
  void printsThePayloadByteByByte() throws IOException {
    String expected = new String(Base64.getDecoder().decode(payload()), StandardCharsets.UTF_8);

    assertThat(Invocation.of("inspect", "--payload", workspace.signature()).assertSucceeded().out())
        .isEqualTo(expected);
  }

  @Test
  void listsTheFirstTwentyResourcesAndTheirNumber() throws IOException {
    for (int i = 10; i < 35; i++) {
      workspace.write("model/many/" + i, "x");
    }
    workspace.sign().assertSucceeded();

    Invocation inspected = Invocation.of("inspect", workspace.signature()).assertSucceeded();

    assertThat(inspected.out())
        .contains("many/28\n")
        .contains("... and 8 more; --all shows them\n");
    assertThat(inspected.out()).doesNotContain("many/29");
  }

  @Test
  void escapesControlCharactersInNames() throws IOException {
    workspace.write("model/\u001b]0;title\u0007", "x");
    workspace.sign().assertSucceeded();

    assertThat(Invocation.of("inspect", workspace.signature()).assertSucceeded().out())
        .contains("\\u001b]0;title\\u0007");
  }

  @Test
  void showsTheLayersAsTheyLieInEachOther() {
    List<String> lines =
        Invocation.of("inspect", workspace.signature()).assertSucceeded().out().lines().toList();

    assertThat(lines)
        .containsSubsequence(
            "NOT VERIFIED: this is what the file says",
            "Bundle: the file",
            "  media type   application/vnd.dev.sigstore.bundle.v0.3+json",
            "  material     public key, by its fingerprint",
            "  Envelope: in the bundle",
            "    payload type application/vnd.in-toto+json",
            "    Statement: in the envelope, its payload",
            "      form         https://model_signing/signature/v1.0",
            "      model        model",
            "      files        2 files");
  }

  /** Everything except digests, names and paths fits into a terminal. */
  @Test
  void saysWhatEachPartIsForInEightyColumns() throws Exception {
    String shown = Invocation.of("inspect", workspace.signature()).assertSucceeded().out();

    assertThat(shown)
        .contains("whose key signed", "What is signed is the PAE", "how they were hashed");
    assertThat(
            shown.lines().filter(line -> !line.matches(".*[0-9a-f]{64}.*") && !line.contains("/")))
        .allMatch(line -> line.length() <= 80);
  }

  @Test
  void showsLengthAndDigestOfWhatIsSigned() throws Exception {
    byte[] payload = Base64.getDecoder().decode(payload());
    String type = "application/vnd.in-toto+json";
    ByteArrayOutputStream pae = new ByteArrayOutputStream();
    pae.writeBytes(
        ("DSSEv1 " + type.length() + " " + type + " " + payload.length + " ")
            .getBytes(StandardCharsets.UTF_8));
    pae.writeBytes(payload);
    String digest =
        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(pae.toByteArray()));

    assertThat(Invocation.of("inspect", workspace.signature()).assertSucceeded().out())
        .contains("PAE digest   sha256:" + digest + "\n")
        .containsPattern("payload +" + Amounts.of(payload.length, "byte") + "\n")
        .containsPattern("PAE +" + Amounts.of(pae.size(), "byte") + "\n");
    JsonNode envelope = json("--layer", "envelope").get("envelope");
    assertThat(envelope.get("payloadSize").intValue()).isEqualTo(payload.length);
    assertThat(envelope.get("pae").get("size").intValue()).isEqualTo(pae.size());
    assertThat(envelope.get("pae").get("digest").stringValue()).isEqualTo("sha256:" + digest);
  }

  @ParameterizedTest
  @CsvSource({
    "bundle, material, payload type, resources",
    "envelope, payload type, media type, resources",
    "statement, resources, media type, payload type",
    "Statement, resources, media type, payload type"
  })
  void showsOneLayer(String layer, String shown, String hidden, String alsoHidden) {
    String out =
        Invocation.of("inspect", workspace.signature(), "--layer", layer).assertSucceeded().out();

    assertThat(out)
        .startsWith("NOT VERIFIED")
        .contains("\n  " + shown)
        .doesNotContain("  " + hidden + " ", "  " + alsoHidden + " ");
    JsonNode json = json("--layer", layer);
    assertThat(json.has(layer.toLowerCase(Locale.ROOT))).isTrue();
    assertThat(json.size()).isEqualTo(5);
  }

  private JsonNode json(Object... more) {
    List<Object> args =
        new ArrayList<>(List.of("inspect", workspace.signature(), "--format", "json"));
    args.addAll(List.of(more));
    return ReportSchema.INSPECT.read(Invocation.of(args.toArray()));
  }

  @Test
  void neverCallsVerifiedWhatItPrintsForPrograms() throws IOException {
    workspace.write("model/extra", "x");
    workspace.sign("--shard-size", "3").assertSucceeded();

    JsonNode json = json();

    assertThat(json.get("verified").booleanValue()).isFalse();
    assertThat(json.has("reason")).isFalse();
    JsonNode bundle = json.get("bundle");
    assertThat(bundle.get("material").get("kind").stringValue()).isEqualTo("PUBLIC_KEY");
    assertThat(bundle.get("claimedSigner").get("method").stringValue()).isEqualTo("KEY");
    JsonNode statement = bundle.get("envelope").get("statement");
    assertThat(statement.get("subjects").get(0).get("name").stringValue()).isEqualTo("model");
    assertThat(statement.get("serialization").get("shardSize").intValue()).isEqualTo(3);
    assertThat(statement.get("files").intValue()).isEqualTo(4);
    assertThat(statement.get("resources").get(0).get("name").stringValue())
        .isEqualTo("config.json:0:2");
  }

  /** All that there is, good and forged: what is printed for programs is by the schema. */
  @Test
  void printsWhatItsSchemaSaysForAllVectors() throws IOException {
    int unreadable = 0;
    for (Vector vector : VectorSet.all()) {
      Path bundle = VectorSet.root().resolve(vector.bundle());
      Invocation inspected = Invocation.of("inspect", bundle, "--format=json");
      JsonNode json = ReportSchema.INSPECT.read(inspected);
      assertThat(inspected.status()).isEqualTo(json.has("reason") ? 1 : 0);
      if (json.has("bundle") && json.has("reason")) {
        unreadable++;
      }
    }
    assertThat(unreadable).isGreaterThan(10);
  }

  @Test
  void refusesReportsWithAnyFieldMisspelt() {
    JsonNode json = json();

    assertThat(ReportSchema.INSPECT.allows(json)).isTrue();
    for (String changed :
        List.of(
            json.toString().replace("\"payloadSize\"", "\"payloadLength\""),
            json.toString().replace("\"claimedSigner\"", "\"signer\""),
            json.toString().replace("\"verified\":false", "\"verified\":true"),
            json.toString().replace("\"logEntryCount\":0", "\"logEntryCount\":\"0\""),
            json.toString().replace("\"kind\":\"PUBLIC_KEY\"", "\"kind\":\"KEY\""),
            json.toString().replace("\"resources\":", "\"fileList\":"))) {
      assertThat(changed).isNotEqualTo(json.toString());
      assertThat(ReportSchema.INSPECT.allows(ReportSchema.parse(changed))).as(changed).isFalse();
    }
  }

  private void writeStatement(String text) throws IOException {
    String bundle = Files.readString(workspace.signature());
    String encoded = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    Files.writeString(workspace.signature(), bundle.replace(payload(), encoded));
  }

  @Test
  void showsTheOtherLayersOfAStatementThatIsAboutNoModel() throws IOException {
    writeStatement(
        "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[{\"name\":\"image\","
            + "\"digest\":{\"sha1\":\"abc\"}}],\"predicateType\":\"https://slsa.dev/provenance/v1\","
            + "\"predicate\":{}}");

    Invocation inspected = Invocation.of("inspect", workspace.signature());

    assertThat(inspected.status()).isEqualTo(1);
    assertThat(inspected.err()).startsWith(FAILED + ": " + workspace.signature() + ": ");
    assertThat(inspected.out())
        .startsWith("NOT VERIFIED")
        .contains("media type", "PAE digest")
        .contains("form         https://slsa.dev/provenance/v1\n")
        .contains("subjects     image sha1:abc\n")
        .contains("files        cannot be read: payload: predicateType: expected ");
    JsonNode json = json();
    assertThat(json.get("reason").stringValue()).isEqualTo("MALFORMED_BUNDLE");
    JsonNode statement = json.get("bundle").get("envelope").get("statement");
    assertThat(statement.get("problem").stringValue()).startsWith("payload: predicateType: ");
    assertThat(statement.get("subjects").get(0).get("digests").get("sha1").stringValue())
        .isEqualTo("abc");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"no JSON", "{}", "[]", "{\"_type\":\"https://in-toto.io/Statement/v0.1\"}"})
  void showsTheOtherLayersOfAPayloadThatIsNoStatement(String payload) throws IOException {
    writeStatement(payload);

    Invocation inspected = Invocation.of("inspect", workspace.signature());

    assertThat(inspected.status()).isEqualTo(1);
    assertThat(inspected.out()).contains("PAE digest", "statement    cannot be read: payload");
    JsonNode statement = json().get("bundle").get("envelope").get("statement");
    assertThat(statement.has("problem")).isTrue();
    assertThat(statement.has("predicateType")).isFalse();
    Invocation.of("inspect", workspace.signature(), "--payload").assertSucceeded();
  }

  @Test
  void printsAnObjectForAFileThatIsNoBundle() throws IOException {
    Files.writeString(workspace.signature(), "garbage");

    Invocation inspected = Invocation.of("inspect", workspace.signature(), "--format=json");

    assertThat(inspected.status()).isEqualTo(1);
    JsonNode json = ReportSchema.INSPECT.read(inspected);
    assertThat(json.get("reason").stringValue()).isEqualTo("MALFORMED_BUNDLE");
    assertThat(json.get("message").stringValue()).startsWith(workspace.signature() + ": ");
  }

  @Test
  void printsAnObjectForAFileThatIsMissing() {
    Invocation inspected = Invocation.of("inspect", "missing.sig", "--format=json");

    assertThat(inspected.status()).isEqualTo(1);
    assertThat(ReportSchema.INSPECT.read(inspected).get("reason").stringValue())
        .isEqualTo("IO_ERROR");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--layer=payload", "--payload --layer=bundle", "--payload"})
  void printsAnObjectForWrongUsage(String options) {
    List<Object> args = new ArrayList<>(List.of("inspect", workspace.signature(), "--format=json"));
    args.addAll(List.of(options.split(" ")));

    Invocation inspected = Invocation.of(args.toArray());

    assertThat(inspected.status()).isEqualTo(2);
    assertThat(ReportSchema.INSPECT.read(inspected).get("reason").stringValue())
        .isEqualTo("WRONG_USAGE");
  }

  @Test
  void showsHostileNamesAsEscapesInTextAndWholeInJson() throws IOException {
    List<String> names =
        List.of("\u001b[31mred", "\u202egnp.exe", "<script>alert(1)</script>", "100% a b", "..x");
    for (String name : names) {
      workspace.write("model/" + name.replace("</", "<"), "x");
    }
    workspace.sign().assertSucceeded();

    Invocation shown = Invocation.of("inspect", workspace.signature()).assertSucceeded();

    assertThat(shown.out())
        .contains("  \\u001b[31mred\n", "  \\u202egnp.exe\n", "  100% a b\n", "  ..x\n");
    List<String> listed = new ArrayList<>();
    json("--layer=statement")
        .get("statement")
        .get("resources")
        .forEach(one -> listed.add(one.get("name").stringValue()));
    assertThat(listed)
        .contains("\u001b[31mred", "\u202egnp.exe", "<script>alert(1)<script>", "100% a b", "..x");
  }

  @Test
  void listsAllResourcesForPrograms() throws IOException {
    for (int i = 10; i < 60; i++) {
      workspace.write("model/many/" + i, "x");
    }
    workspace.sign().assertSucceeded();

    assertThat(json("--layer=statement").get("statement").get("resources")).hasSize(53);
    assertThat(Invocation.of("inspect", workspace.signature(), "--all").assertSucceeded().out())
        .contains("many/59\n")
        .doesNotContain("more\n");
  }

  @Test
  void refusesAMissingFileAndNamesIt() {
    Path missing = workspace.path("missing.sig");

    Invocation.of("inspect", missing).assertFailed(FAILED, missing + ": no such file or directory");
  }

  @Test
  void refusesADirectoryAndNamesIt() {
    Invocation.of("inspect", workspace.model()).assertFailed(FAILED, workspace.model() + ": ");
  }
}
