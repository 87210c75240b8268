package dev.modelsigning.cli.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.vectors.Vector;
import dev.modelsigning.vectors.VectorSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code inspect} shows what a signature says, and never calls it verified. */
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
        .containsPattern("signer +key [0-9a-f]{64}\n")
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
            .toList();

    String inspected = Invocation.of("inspect", bundle).assertSucceeded().out();

    assertThat(verdict).hasSizeGreaterThan(1);
    assertThat(inspected).startsWith("NOT VERIFIED").doesNotContain("cannot be read");
    assertThat(inspected.lines()).containsAll(verdict);
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

    assertThat(inspected.out()).contains("many/28\n").contains("... and 8 more\n");
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
  void refusesAMissingFileAndNamesIt() {
    Path missing = workspace.path("missing.sig");

    Invocation.of("inspect", missing).assertFailed(FAILED, missing + ": no such file or directory");
  }

  @Test
  void refusesADirectoryAndNamesIt() {
    Invocation.of("inspect", workspace.model()).assertFailed(FAILED, workspace.model() + ": ");
  }
}
