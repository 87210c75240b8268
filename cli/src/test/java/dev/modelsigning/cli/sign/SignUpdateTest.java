package dev.modelsigning.cli.sign;

import static dev.modelsigning.cli.Workspace.SIGNING_FAILED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.signingkey.EcdsaScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The option {@code --update} of the commands that sign. */
class SignUpdateTest {

  @TempDir private Path directory;

  private Workspace workspace;
  private Path other;

  @BeforeEach
  void makeModelAndKeys() throws Exception {
    workspace = Workspace.in(directory);
    workspace.write("model/second", "second");
    other = workspace.path("other.pem");
    KeyPairFiles.generate(EcdsaScheme.P256, other, workspace.path("other.pub"));
    settle();
  }

  /** Waits until the last change of each file is older than the resolution of its time. */
  private void settle() throws Exception {
    Instant last = Instant.MIN;
    try (Stream<Path> files = Files.walk(workspace.model())) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Instant changed = ((FileTime) Files.getAttribute(file, "unix:ctime")).toInstant();
        last = changed.isAfter(last) ? changed : last;
      }
    }
    boolean whole = last.equals(last.truncatedTo(ChronoUnit.SECONDS));
    Duration resolution = Duration.ofMillis(whole ? 2_000 : 60);
    while (!last.plus(resolution).isBefore(Instant.now())) {
      Thread.sleep(5);
    }
  }

  private Invocation signWith(Path key, Object... more) {
    List<Object> all = new ArrayList<>(List.of("--update"));
    all.addAll(Arrays.asList(more));
    return workspace.signIn(
        Map.of("XDG_STATE_HOME", workspace.path("state").toString()),
        workspace.model(),
        key,
        workspace.signature(),
        all.toArray());
  }

  private Invocation sign(Object... more) {
    return signWith(workspace.privateKey(), more);
  }

  private long files() throws Exception {
    try (Stream<Path> files = Files.walk(workspace.model())) {
      return files.filter(Files::isRegularFile).count();
    }
  }

  @Test
  void saysHowMuchWasRead() throws Exception {
    assertThat(sign().assertSucceeded().out())
        .contains("read         all files, as there was no signature yet");
    Files.writeString(workspace.path("model/second"), "changed");
    settle();

    assertThat(sign().assertSucceeded().out())
        .contains("read         1 file; " + (files() - 1) + " file");
    workspace.verify().assertSucceeded();
    assertThat(sign("--format", "json").assertSucceeded().out())
        .contains("\"update\":{\"read\":0,\"notRead\":" + files() + "}", "DIGESTS_NOT_READ");
    assertThat(sign("--full", "--format", "json").assertSucceeded().out())
        .contains(
            "\"update\":{\"read\":" + files() + ",\"notRead\":0,\"reason\":\"--full demands it\"}")
        .doesNotContain("DIGESTS_NOT_READ");
  }

  @Test
  void refusesASignatureOfAnotherKeyUnlessItIsNamed() throws Exception {
    signWith(other).assertSucceeded();
    byte[] before = Files.readAllBytes(workspace.signature());

    sign()
        .assertFailed(
            SIGNING_FAILED,
            "the earlier signature was not made by who signs now",
            "--verify-key",
            "--full");
    assertThat(workspace.signature()).hasBinaryContent(before);
    sign("--verify-key", workspace.publicKey())
        .assertFailed(SIGNING_FAILED, "the earlier signature cannot be relied on", "--full");

    assertThat(sign("--verify-key", workspace.path("other.pub")).assertSucceeded().out())
        .contains("read         0 files; ");
    workspace.verify().assertSucceeded();
  }

  @Test
  void replacesASignatureOfAnotherKeyIfAllIsRead() throws Exception {
    signWith(other).assertSucceeded();

    sign("--full").assertSucceeded();
    workspace.verify().assertSucceeded();
  }

  @Test
  void refusesASignatureThatWasTamperedWith() throws Exception {
    sign().assertSucceeded();
    String forged =
        Files.readString(workspace.signature())
            .replaceFirst("\"payload\":\"(.)", "\"payload\":\"f");
    Files.writeString(workspace.signature(), forged);

    sign().assertFailed(SIGNING_FAILED, "the earlier signature cannot be relied on");
    assertThat(workspace.signature()).hasContent(forged);
  }

  @Test
  void saysWhatToDoWithAFileThatIsNoSignature() throws Exception {
    Files.writeString(workspace.signature(), "{}");

    sign()
        .assertFailed(
            SIGNING_FAILED, "the earlier signature cannot be read", "write to another file");
    assertThat(workspace.signature()).hasContent("{}");
  }

  @ParameterizedTest
  @CsvSource({
    "--full, --full needs --update",
    "--verify-key=KEY, need --update",
    "--verify-identity=me, need --update",
    "--update --full --verify-key=KEY, with --full nothing is taken",
    "--update --also=KEY --beyond-oms, --update and --also exclude each other"
  })
  void refusesCombinations(String options, String message) {
    Object[] words =
        Arrays.stream(options.split(" "))
            .map(word -> word.replace("KEY", workspace.publicKey().toString()))
            .toArray();
    workspace.sign(words).assertUsage(message);
  }

  @Test
  void isForDirectories() throws Exception {
    Path file = workspace.write("single", "content");
    workspace
        .signModel(file, "--update")
        .assertFailed(SIGNING_FAILED, "--update is for a directory");
  }

  @Test
  void doesNotReplaceTheKeyOfTheSignerBefore() throws Exception {
    sign().assertSucceeded();
    byte[] key = Files.readAllBytes(workspace.publicKey());

    workspace
        .signTo(workspace.publicKey(), "--update", "--verify-key", workspace.publicKey())
        .assertFailed(SIGNING_FAILED, "would replace");
    assertThat(workspace.publicKey()).hasBinaryContent(key);
  }
}
