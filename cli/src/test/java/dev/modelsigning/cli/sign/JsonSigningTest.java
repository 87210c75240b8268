package dev.modelsigning.cli.sign;

import static dev.modelsigning.cli.Workspace.SIGNING_FAILED;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestTimestampAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sign --format json}: one object on one line, for programs. */
class JsonSigningTest {

  @TempDir private Path directory;

  private Workspace workspace;

  @BeforeEach
  void makeWorkspace() throws IOException {
    workspace = Workspace.in(directory);
  }

  private static JsonObject json(Invocation run) {
    return JsonParser.parseString(run.out()).getAsJsonObject();
  }

  private static List<String> strings(JsonElement array) {
    return StreamSupport.stream(array.getAsJsonArray().spliterator(), false)
        .map(JsonElement::getAsString)
        .toList();
  }

  @Test
  void saysWhatWasSigned() throws Exception {
    Invocation run = workspace.sign("--format", "json").assertSucceeded();

    assertThat(run.out())
        .matches(
            "\\{\"signed\":true,\"schemaVersion\":1,\"toolVersion\":\"[0-9][^\"]*\","
                + "\"model\":\"[^\"]*/model\",\"signature\":\\{\"file\":\"[^\"]*/model.sig\","
                + "\"size\":[0-9]+,\"digest\":\"sha256:[0-9a-f]{64}\",\"replaced\":false},"
                + "\"subject\":\"model\","
                + "\"predicateType\":\"https://model_signing/signature/v1.0\","
                + "\"digest\":\"sha256:[0-9a-f]{64}\","
                + "\"serialization\":\\{\"method\":\"files\",\"hash\":\"sha256\","
                + "\"allowSymlinks\":false,\"ignoredPaths\":\\[[^]]*]},"
                + "\"signer\":\\{\"method\":\"KEY\",\"name\":\"[0-9a-f]{64}\","
                + "\"fingerprint\":\"sha256:[0-9a-f]{64}\",\"algorithm\":\"ECDSA P-256\"},"
                + "\"times\":\\[],\"claimedTimeStamps\":\\[],\"files\":3,\"bytes\":11,"
                + "\"notCovered\":\\[],\"findings\":\\[],\"warnings\":\\[],"
                + "\"verifyCommand\":\\[\"model-signing\",\"verify\",\"key\",[^]]*]}\n");
    assertThat(run.err()).isEmpty();
    JsonObject signature = json(run).getAsJsonObject("signature");
    byte[] content = Files.readAllBytes(workspace.signature());
    assertThat(signature.get("size").getAsInt()).isEqualTo(content.length);
    assertThat(signature.get("digest").getAsString())
        .isEqualTo(
            "sha256:"
                + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content)));
  }

  /** What signing and verifying say of one signature is the same, word for word. */
  @Test
  void saysWhatTheVerifierSays() {
    JsonObject signed = json(workspace.sign("--format=json", "--shard-size=3").assertSucceeded());
    JsonObject verified = json(workspace.verify("--format=json").assertSucceeded());

    for (String field :
        List.of(
            "model", "subject", "predicateType", "digest", "serialization", "signer", "files")) {
      assertThat(signed.get(field)).as(field).isEqualTo(verified.get(field));
    }
    JsonObject file = signed.getAsJsonObject("signature").deepCopy();
    file.remove("replaced");
    assertThat(file).isEqualTo(verified.getAsJsonObject("signature"));
  }

  @Test
  void saysThatASignatureWasReplaced() {
    workspace.sign().assertSucceeded();

    assertThat(workspace.sign("--format=json").assertSucceeded().out())
        .contains("\"replaced\":true}");
  }

  /** The command is made of words, which need no shell, whatever the names are. */
  @Test
  void namesTheCommandThatVerifiesWithoutQuotes() throws Exception {
    Path model = workspace.path("it's $HOME \u6a21\"\n");
    Files.move(workspace.model(), model);

    Invocation run = workspace.signModel(model, "--format=json").assertSucceeded();

    List<String> words = strings(json(run).get("verifyCommand"));
    assertThat(words).startsWith("model-signing", "verify", "key", model.toString());
    Invocation.of(words.subList(1, words.size()).toArray()).assertSucceeded();
  }

  @Test
  void listsWhatIsNotCovered() throws IOException {
    workspace.write("model/.git/HEAD", "x");

    assertThat(workspace.sign("--format=json").assertSucceeded().out())
        .contains(
            "\"notCovered\":[{\"name\":\".git\",\"kind\":\"DIRECTORY\",\"reason\":\"GIT_PATH\"}]");
  }

  @Test
  void tellsATimeStampThatWasVerifiedFromOneThatWasNot() throws Exception {
    TestCertificate stampRoot = TestCertificate.root("CN=TSA Root");
    TestTimestampAuthority authority = TestTimestampAuthority.below(stampRoot);
    Path trusted = TestCertificate.write(workspace.path("tsa.crt"), stampRoot);
    try (TestTimestampAuthority.Server server = authority.serve()) {
      assertThat(workspace.sign("--tsa-url", server.uri(), "--format=json").assertSucceeded().out())
          .containsPattern(
              "\"times\":\\[],\"claimedTimeStamps\":\\[\\{\"time\":\"20[^\"]*Z\","
                  + "\"authority\":\"CN=[^\"]*\"}]");
      assertThat(
              workspace
                  .sign(
                      "--tsa-url",
                      server.uri(),
                      "--tsa-certificate-chain",
                      trusted,
                      "--format=json")
                  .assertSucceeded()
                  .out())
          .containsPattern(
              "\"times\":\\[\\{\"time\":\"20[^\"]*Z\",\"source\":\"TIMESTAMP\","
                  + "\"authority\":\"CN=[^\"]*\",\"validUntil\":\"20[^\"]*Z\"}],"
                  + "\"provedUntil\":\"20[^\"]*Z\",\"claimedTimeStamps\":\\[]");
    }
  }

  @Test
  void saysWhoseCertificateItIs() throws Exception {
    TestCertificate signer = TestCertificate.root("CN=Root").signer("CN=Signer");
    Invocation run =
        Invocation.of(
            "sign",
            "certificate",
            workspace.model(),
            "--signature",
            workspace.signature(),
            "--private-key",
            signer.writeKey(workspace.path("signer.pem")),
            "--signing-certificate",
            TestCertificate.write(workspace.path("signer.crt"), signer),
            "--format=json");

    JsonObject by = json(run.assertSucceeded()).getAsJsonObject("signer");
    assertThat(by.get("method").getAsString()).isEqualTo("CERTIFICATE");
    assertThat(by.getAsJsonObject("certificate").get("subject").getAsString())
        .isEqualTo("CN=Signer");
  }

  /** Warnings stay where they are, and the report is printed however quiet it is to be. */
  @Test
  void printsTheReportAlsoWhenQuiet() {
    Invocation run = workspace.sign("--format=json", "--quiet").assertSucceeded();

    assertThat(run.out()).startsWith("{\"signed\":true,");
    assertThat(workspace.sign("--format=json", "--hash-algorithm=blake3").assertSucceeded().err())
        .startsWith("warning: the Python command line verifies only whole files");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--private-key=absent.pem IO_ERROR",
        "--private-key=pkcs11:object=a?module-name=none SIGNING_FAILED",
        "--private-key=acme:x IO_ERROR",
        "--signature=/nowhere/model.sig IO_ERROR"
      })
  void saysThatNothingWasSigned(String options) {
    String option = options.replaceFirst(" .*", "");
    String reason = options.replaceFirst(".* ", "");
    List<Object> args = new ArrayList<>(List.of("sign", "key", workspace.model()));
    args.addAll(
        List.of(
            "--signature=" + workspace.signature(),
            "--private-key=" + workspace.privateKey(),
            option,
            "--format=json"));

    Invocation refused = Invocation.of(args.toArray());

    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).startsWith(SIGNING_FAILED + ": ");
    JsonObject report = json(refused);
    assertThat(report.get("verified").getAsBoolean()).isFalse();
    assertThat(report.get("signed").getAsBoolean()).isFalse();
    assertThat(report.get("reason").getAsString()).isEqualTo(reason);
    assertThat(report.get("model").getAsString()).isEqualTo(workspace.model().toString());
    assertThat(refused.err()).contains(report.get("message").getAsString());
    assertThat(workspace.signature()).doesNotExist();
  }

  @Test
  void saysThatTheModelCannotBeSigned() throws Exception {
    workspace.fifo("model/pipe");

    Invocation refused = workspace.sign("--format=json");

    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.out())
        .startsWith("{\"verified\":false,\"signed\":false,")
        .contains("\"reason\":\"IO_ERROR\"", "pipe");
  }

  @Test
  void showsNoSecretOfAnArgument() {
    Invocation refused =
        Invocation.of(
            "sign",
            "key",
            workspace.model(),
            "--private-key",
            "pkcs11:object=a?module-name=none&pin-value=SECRET",
            "--format=json");

    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.out() + refused.err()).doesNotContain("SECRET");
  }
}
