package dev.modelsigning.cli.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
