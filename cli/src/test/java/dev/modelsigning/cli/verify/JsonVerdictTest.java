package dev.modelsigning.cli.verify;

import static dev.modelsigning.cli.Workspace.VERIFICATION_FAILED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code verify --format json}: one object on one line, for programs. */
class JsonVerdictTest {

  @TempDir private Path directory;

  private Workspace workspace;

  @BeforeEach
  void signAModel() throws IOException {
    workspace = Workspace.in(directory);
    workspace.sign().assertSucceeded();
  }

  /** The verdict on standard output; the failure is on standard error as always. */
  private String refusal(Object... more) {
    Invocation refused = workspace.verify(more);
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).startsWith(VERIFICATION_FAILED + ": ");
    assertThat(refused.out()).startsWith("{\"verified\":false,").endsWith("}\n").hasLineCount(1);
    return refused.out();
  }

  @Test
  void saysWhatWasVerified() {
    Invocation verified = workspace.verify("--format", "json").assertSucceeded();

    assertThat(verified.out())
        .matches(
            "\\{\"verified\":true,\"schemaVersion\":1,\"toolVersion\":\"[0-9][^\"]*\","
                + "\"model\":\"[^\"]*/model\","
                + "\"signature\":\\{\"file\":\"[^\"]*/model.sig\",\"size\":[0-9]+,"
                + "\"digest\":\"sha256:[0-9a-f]{64}\"},\"subject\":\"model\","
                + "\"predicateType\":\"https://model_signing/signature/v1.0\","
                + "\"digest\":\"sha256:[0-9a-f]{64}\","
                + "\"serialization\":\\{\"method\":\"files\",\"hash\":\"sha256\","
                + "\"allowSymlinks\":false,\"ignoredPaths\":\\[\".git\",[^]]*]},"
                + "\"signer\":\\{\"method\":\"KEY\",\"name\":\"[0-9a-f]{64}\","
                + "\"fingerprint\":\"sha256:[0-9a-f]{64}\",\"algorithm\":\"ECDSA P-256\"},"
                + "\"times\":\\[],\"demanded\":\\{\"strict\":false,"
                + "\"ignoreUnsignedFiles\":false,\"ignoreGitPaths\":true,\"ignoredPaths\":\\[],"
                + "\"signer\":\\{\"fingerprint\":\\[\"sha256:[0-9a-f]{64}\"]}},"
                + "\"files\":3,\"bytes\":11,\"partial\":false,\"hashAlgorithm\":\"sha256\","
                + "\"notCovered\":\\[],\"findings\":\\[],\"warnings\":\\[],"
                + "\"contents\":\\{\"runnable\":\\[],\"moreRunnable\":0,\"card\":\\[]}}\n");
    assertThat(verified.err()).isEmpty();
  }

  @Test
  void listsWhatIsNotCovered() throws IOException {
    workspace.write("model/extra", "x");

    assertThat(workspace.verify("--format=json", "--ignore-unsigned-files").assertSucceeded().out())
        .contains(
            "\"notCovered\":[{\"name\":\"extra\",\"kind\":\"FILE\",\"reason\":\"UNSIGNED\"}]");
  }

  @Test
  void listsAllDifferencesAndNotOnlyTwenty() throws IOException {
    workspace.write("model/config.json", "{ }");
    Files.delete(workspace.model().resolve("weights/a.bin"));
    for (int i = 10; i < 35; i++) {
      workspace.write("model/many/" + i, "x");
    }

    assertThat(refusal("--format=json"))
        .contains("\"reason\":\"MODEL_MISMATCH\"")
        .contains("\"changed\":[{\"name\":\"config.json\",\"file\":\"config.json\",\"expected\":\"")
        .contains("\"missing\":[\"weights/a.bin\"]")
        .contains("\"notSigned\":[{\"name\":\"many/10\",\"kind\":\"FILE\",\"modified\":\"20")
        .containsPattern("\\{\"name\":\"many/34\",\"kind\":\"FILE\",\"modified\":\"20[^\"]*Z\"}]");
  }

  @Test
  void escapesNamesAsJsonDoes() throws IOException {
    workspace.write("model/\u001b[31m\n\"", "x");

    assertThat(refusal("--format=json").toLowerCase(Locale.ROOT)).contains("\\u001b[31m\\n\\\"");
  }

  @Test
  void tellsAMalformedSignatureFromOneThatIsNotTrue() throws IOException {
    Files.writeString(workspace.signature(), "garbage");

    assertThat(refusal("--format=json")).contains("\"reason\":\"MALFORMED_BUNDLE\"");
  }

  @Test
  void tellsAMissingFileFromAMalformedOne() throws IOException {
    Files.delete(workspace.signature());

    assertThat(refusal("--format=json"))
        .contains("\"reason\":\"IO_ERROR\"")
        .contains("model.sig: no such file or directory");
  }

  @Test
  void printsTheVerdictAlsoWhenQuiet() {
    assertThat(workspace.verify("--format=json", "--quiet").assertSucceeded().out())
        .startsWith("{\"verified\":true,");
  }

  @Test
  void refusesAnUnknownFormatAndNamesThoseThereAre() {
    Invocation refused = workspace.verify("--format=yaml").assertUsage("--format", "'yaml'");

    assertThat(refused.err()).containsIgnoringCase("text, json");
  }
}
