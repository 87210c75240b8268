package dev.modelsigning.cli.watch;

import static dev.modelsigning.cli.Workspace.VERIFICATION_FAILED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code --termination-log}: the verdict as text in a small file. */
class TerminationLogTest {

  private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ";

  @TempDir private Path directory;

  private Workspace workspace;
  private Path log;

  @BeforeEach
  void sign() throws IOException {
    workspace = Workspace.in(directory);
    workspace.sign().assertSucceeded();
    log = Files.createFile(directory.resolve("termination-log"));
  }

  private Object[] arguments(Object... more) {
    List<Object> args =
        new ArrayList<>(
            List.of(
                "verify",
                "key",
                workspace.model(),
                "--signature",
                workspace.signature(),
                "--public-key",
                workspace.publicKey(),
                "--termination-log",
                log));
    args.addAll(List.of(more));
    return args.toArray();
  }

  private Invocation verify(Object... more) {
    return Invocation.of(arguments(more));
  }

  private List<String> logged() throws IOException {
    return Files.readAllLines(log);
  }

  @Test
  void hasThePositiveVerdict() throws IOException {
    String shown = verify().assertSucceeded().out();

    assertThat(logged().get(0)).matches("model-signing, " + TIME);
    assertThat(logged().subList(1, logged().size()))
        .containsExactlyElementsOf(shown.lines().toList());
  }

  @Test
  void hasItAsTextIfProgramsReadJson() throws IOException {
    Invocation verified = verify("--format", "json").assertSucceeded();

    assertThat(verified.out()).startsWith("{\"verified\":true,");
    assertThat(logged().get(1)).isEqualTo("Verification succeeded");
  }

  @Test
  void hasItIfNothingElseIsPrinted() throws IOException {
    assertThat(verify("--quiet").assertSucceeded().out()).isEmpty();
    assertThat(logged().get(1)).isEqualTo("Verification succeeded");
  }

  @Test
  void hasTheNegativeVerdictWithAdvice() throws IOException {
    workspace.write("model/weights/a.bin", "ALPHA");
    verify().assertFailed(VERIFICATION_FAILED, "1 changed");

    assertThat(logged().get(1)).startsWith(VERIFICATION_FAILED + ": the model ");
    assertThat(String.join("\n", logged()))
        .contains("weights/a.bin: expected sha256:")
        .contains("Do not use this model");
  }

  @Test
  void replacesTheVerdictBefore() throws IOException {
    workspace.write("model/weights/a.bin", "ALPHA");
    verify();
    workspace.write("model/weights/a.bin", "alpha");
    verify().assertSucceeded();

    assertThat(Files.readString(log)).contains("Verification succeeded").doesNotContain("failed");
  }

  @Test
  void isMadeIfItIsNotThere() throws IOException {
    Files.delete(log);
    verify().assertSucceeded();
    assertThat(logged().get(1)).isEqualTo("Verification succeeded");
  }

  /** What Kubernetes would cut off at any place ends with a mark. */
  @Test
  void hasNoMoreThanKubernetesKeeps() throws IOException {
    for (int i = 0; i < 100; i++) {
      workspace.write("model/\u6a21\u578b-" + "x".repeat(60) + i, "");
    }
    verify("--all").assertFailed(VERIFICATION_FAILED, "100 not signed");

    assertThat(Files.size(log)).isBetween(4000L, 4096L);
    assertThat(Files.readString(log)).endsWith("...\n").contains("100 not signed");
  }

  @Test
  void hasNothingThatSteersATerminal() throws IOException {
    workspace.write("model/\u001b[2Jx", "");
    verify();
    assertThat(Files.readString(log)).matches("(?s)[\\P{Cntrl}\\n]*").contains("\\u001b[2Jx");
  }

  @Test
  void saysThatItCannotBeWrittenAndFails() throws IOException {
    Files.delete(log);
    log = directory.resolve("nowhere/termination-log");
    Invocation failed = verify().assertFailed(VERIFICATION_FAILED, "nowhere");
    assertThat(failed.out()).isEmpty();
  }

  @Test
  void replacesNothingElse() throws IOException {
    Files.writeString(log, "-----BEGIN PRIVATE KEY-----\n");
    verify().assertFailed(VERIFICATION_FAILED, log, "has something else than a verdict");
    assertThat(log).hasContent("-----BEGIN PRIVATE KEY-----\n");
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs a FIFO")
  void waitsForNoReader() throws IOException, InterruptedException {
    log = workspace.fifo("fifo");
    verify().assertFailed(VERIFICATION_FAILED, "is not a regular file");
  }

  @Test
  void followsNoLink() throws IOException {
    Path empty = Files.createFile(directory.resolve("empty"));
    for (Path target : List.of(empty, directory.resolve("nothing"))) {
      log = Files.createSymbolicLink(directory.resolve("link-" + target.getFileName()), target);
      verify().assertFailed(VERIFICATION_FAILED, log, "is not a regular file");
    }
    assertThat(empty).isEmptyFile();
    assertThat(directory.resolve("nothing")).doesNotExist();
  }

  @Test
  void refusesAPlaceInTheModel() {
    log = workspace.path("model/log");
    verify().assertUsage("--termination-log: " + log + " is in the model");
    assertThat(log).doesNotExist();
  }

  @Test
  void refusesWhatIsRead() throws IOException {
    Path before = workspace.signature();
    String content = Files.readString(before);
    log = before;
    verify().assertUsage("is what this command reads");
    assertThat(before).hasContent(content);
  }

  @Test
  void hasWrongUsageThatIsFoundLater() throws IOException {
    verify("--jobs", "0").assertUsage("--jobs must be at least 1");
    assertThat(logged().get(1)).isEqualTo("Error: --jobs must be at least 1");
  }

  @Test
  void hasTheLastOfManyRounds() throws IOException {
    List<String> after = new ArrayList<>();
    Invocation ended =
        Invocation.watching(
            Map.of(),
            round -> {
              after.add(Files.readString(log));
              if (round == 2) {
                workspace.write("model/weights/a.bin", "ALPHA");
              }
            },
            arguments("--watch", "1s"));

    assertThat(ended.status()).isEqualTo(1);
    assertThat(after.get(0)).contains("  round 1\nVerification succeeded\n");
    assertThat(after.get(1)).contains("  round 2\nVerification succeeded\n");
    assertThat(Files.readString(log)).contains("  round 3\n" + VERIFICATION_FAILED);
  }

  @Test
  void hasManyModels() throws IOException {
    workspace.write("models/one/weights", "1");
    Path models = workspace.path("models");
    Invocation.of(
            "sign",
            "key",
            models.resolve("one"),
            "--private-key",
            workspace.privateKey(),
            "--signature",
            models.resolve("one/model.sig"))
        .assertSucceeded();
    Object[] args = {
      "verify",
      "key",
      "--each",
      models,
      "--signature-name",
      "model.sig",
      "--public-key",
      workspace.publicKey(),
      "--termination-log",
      log
    };
    Invocation.of(args).assertSucceeded();
    assertThat(logged().get(1)).isEqualTo("Verification succeeded");
    assertThat(logged().get(2)).startsWith("  verified  one  key ");

    Files.writeString(models.resolve("one/weights"), "2");
    assertThat(Invocation.of(args).status()).isEqualTo(1);
    assertThat(logged().get(1)).contains("1 of 1 model in " + models + " is not verified");
    assertThat(logged().get(2)).startsWith("  FAILED    one  ");
  }

  @Test
  void hasTheParts() throws IOException {
    Path parts = directory.resolve("parts");
    Invocation.of(
            "sign",
            "key",
            workspace.model(),
            "--private-key",
            workspace.privateKey(),
            "--split-by-prefix",
            "--split-size",
            "2",
            "--signature",
            parts)
        .assertSucceeded();
    Object[] args = {
      "verify",
      "key",
      workspace.model(),
      "--signature",
      parts,
      "--public-key",
      workspace.publicKey(),
      "--termination-log",
      log,
      "--watch",
      "1s"
    };
    List<String> after = new ArrayList<>();
    Invocation ended =
        Invocation.watching(
            Map.of(),
            round -> {
              after.add(Files.readString(log));
              if (round == 2) {
                workspace.write("model/weights/a.bin", "ALPHA");
              }
            },
            args);

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.out()).contains("round 2 verified: 2 parts in " + parts);
    assertThat(after.get(1)).contains("Verification succeeded\n  verified  part-00001.sig");
    assertThat(Files.readString(log))
        .contains("  round 3\n", "1 of 2 parts", "  FAILED    part-0000");

    Files.delete(parts.resolve("part-00001.sig"));
    assertThat(Invocation.of(args).status()).isEqualTo(1);
    assertThat(Files.readString(log)).contains("'part-00001.sig' is missing");
  }
}
