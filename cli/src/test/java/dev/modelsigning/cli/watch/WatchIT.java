package dev.modelsigning.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.testing.LibC;
import dev.modelsigning.cli.testing.ToolProcess;
import dev.modelsigning.cli.testing.ToolProcess.Ended;
import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.TimedProcess;
import dev.modelsigning.testing.Watching;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged tool that verifies at intervals, when it is told to end. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "looks at processes as Linux shows them")
@EnabledIf(
    value = "dev.modelsigning.cli.testing.ToolProcess#canStart",
    disabledReason = "needs env (GNU coreutils 8.31) and setsid (util-linux)")
class WatchIT {

  /** More than the JVM reads before it comes to the model. */
  private static final long PAST_THE_START = 50_000_000;

  @TempDir private static Path shared;

  private static Path launcher;

  @TempDir private Path directory;

  private Path model;
  private Path signature;
  private Path publicKey;
  private Path log;

  /** What users run. */
  enum Tool {
    JAR,
    LAUNCHER
  }

  @BeforeAll
  static void install() throws Exception {
    launcher = ToolProcess.installLauncher(shared.resolve("checkout"));
    try (ToolProcess first = ToolProcess.start(shared, List.of(launcher.toString(), "--version"))) {
      first.await().assertSucceeded();
      first.awaitEndOfChildren();
    }
  }

  @BeforeEach
  void sign() throws Exception {
    model = Files.createDirectory(directory.resolve("model"));
    Files.writeString(model.resolve("weights"), "small");
    signature = directory.resolve("model.sig");
    publicKey = directory.resolve("key.pub");
    log = directory.resolve("log");
    Path key = directory.resolve("key.pem");
    KeyPairFiles.generate(EcdsaScheme.P256, key, publicKey);
    try (ToolProcess tool =
        start(Tool.JAR, "sign", "key", model, "--private-key", key, "--signature", signature)) {
      tool.await().assertSucceeded();
    }
  }

  private ToolProcess start(Tool tool, Object... args) throws IOException {
    List<String> command =
        new ArrayList<>(
            tool == Tool.JAR
                ? ToolProcess.java(ToolProcess.packagedJar())
                : List.of(launcher.toString()));
    Arrays.stream(args).map(Object::toString).forEach(command::add);
    return ToolProcess.start(directory, command);
  }

  private ToolProcess watch(Tool tool, String interval, String format) throws IOException {
    return start(
        tool,
        "verify",
        "key",
        model,
        "--signature",
        signature,
        "--public-key",
        publicKey,
        "--termination-log",
        log,
        "--format",
        format,
        "--watch",
        interval);
  }

  /** Waits until a verdict is in the file, which is written before it is printed. */
  private void awaitVerdict(String text) throws InterruptedException {
    Watching.until(
        "the verdict has " + text,
        () -> {
          try {
            return Files.exists(log) && Files.readString(log).contains(text);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** A file that takes minutes to hash and no place. */
  private void makeEndless() throws IOException {
    try (RandomAccessFile sparse = new RandomAccessFile(model.resolve("weights").toFile(), "rw")) {
      sparse.setLength(1L << 40);
    }
  }

  @ParameterizedTest
  @EnumSource(Tool.class)
  void endsWithoutAFailureWhileItWaits(Tool kind) throws Exception {
    for (String format : List.of("text", "json")) {
      Files.deleteIfExists(log);
      try (ToolProcess tool = watch(kind, "1s", format)) {
        // By then the first round is over.
        awaitVerdict("  round 2\nVerification succeeded");
        tool.signal(LibC.SIGTERM);

        Ended ended = tool.await().assertSucceeded();
        assertThat(ended.out()).contains("verified").doesNotContain("INTERRUPTED");
        assertThat(ended.err()).isEmpty();
        tool.awaitEndOfChildren();
      }
      assertThat(log).content().contains("Verification succeeded");
    }
  }

  /** The verdict of the last round stands; this one has none. */
  @ParameterizedTest
  @EnumSource(Tool.class)
  void endsAtOnceWhileItHashesAgain(Tool kind) throws Exception {
    // As text: then the launcher becomes the program, whose reading can be seen.
    try (ToolProcess tool = watch(kind, "2s", "text")) {
      awaitVerdict("  round 1\nVerification succeeded");
      makeEndless();
      tool.awaitRead(PAST_THE_START * 4);
      tool.signal(LibC.SIGTERM);

      Ended ended = tool.await().assertSucceeded();
      assertThat(ended.out()).contains("  round 1 verified: ").doesNotContain("round 2");
      tool.awaitEndOfChildren();
    }
  }

  /** What was never verified does not end with the status of a model that is. */
  @ParameterizedTest
  @EnumSource(Tool.class)
  void endsByTheSignalBeforeThereIsAVerdict(Tool kind) throws Exception {
    makeEndless();
    try (ToolProcess tool = watch(kind, "1s", "json")) {
      if (kind == Tool.JAR) {
        tool.awaitRead(PAST_THE_START);
      } else {
        Watching.until("the file for the verdict is there", () -> Files.exists(log));
      }
      tool.signal(LibC.SIGTERM);

      Ended ended = tool.await();
      assertThat(ended.status()).isEqualTo(143);
      assertThat(ended.out()).contains("\"reason\":\"INTERRUPTED\"").hasLineCount(1);
      tool.awaitEndOfChildren();
    }
    assertThat(log).isEmptyFile();
  }

  @ParameterizedTest
  @EnumSource(Tool.class)
  void endsWithTheStatusOfAFailure(Tool kind) throws Exception {
    try (ToolProcess tool = watch(kind, "1s", "text")) {
      awaitVerdict("  round 1\n");
      Files.writeString(model.resolve("weights"), "SMALL");

      Ended ended = tool.await();
      assertThat(ended.status()).isEqualTo(1);
      assertThat(ended.out()).contains(" failed: the model ");
      assertThat(ended.err()).contains("1 changed");
    }
    assertThat(log).content().contains("Verification failed with error: ");
  }

  private List<String> watching(String... more) {
    List<String> command = new ArrayList<>(ToolProcess.java(ToolProcess.packagedJar()));
    for (Object word :
        List.of(
            "verify",
            "key",
            model,
            "--signature",
            signature,
            "--public-key",
            publicKey,
            "--termination-log",
            log,
            "--watch",
            "1s")) {
      command.add(word.toString());
    }
    command.addAll(List.of(more));
    return command;
  }

  /** It stops between saying that the model is not verified, and its end, as nobody reads that. */
  @Test
  void isNoSuccessOnceAFailureIsSaid() throws Exception {
    Process tool = TimedProcess.start(new ProcessBuilder(watching("--format", "json")));
    awaitVerdict("  round 1\nVerification succeeded");
    // The verdict is larger than a pipe.
    for (int i = 0; i < 4000; i++) {
      Files.writeString(model.resolve("a file with a name that takes much room " + i), "");
    }
    awaitVerdict("\nVerification failed with error: ");
    assertThat(tool.waitFor(1, TimeUnit.SECONDS)).isFalse();
    LibC.load().kill(Math.toIntExact(tool.pid()), LibC.SIGTERM);
    tool.getInputStream().readAllBytes();

    assertThat(tool.waitFor()).isEqualTo(1);
    assertThat(log).content().contains("Verification failed with error: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "json"})
  void isNoSuccessOnceNobodyReads(String format) throws Exception {
    Process tool = TimedProcess.start(new ProcessBuilder(watching("--format", format)));
    assertThat(tool.getInputStream().read()).isNotNegative();
    tool.getInputStream().close();
    String said = new String(tool.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(tool.waitFor()).isEqualTo(1);
    assertThat(said).contains("error: nobody reads standard output any more");
    assertThat(log).content().contains("nobody reads standard output any more");
  }

  /** A terminal's interrupt is for all that runs there: what comes after it must not go on. */
  @Test
  void endsByAnInterrupt() throws Exception {
    try (ToolProcess tool = watch(Tool.JAR, "1h", "text")) {
      awaitVerdict("  round 1\n");
      tool.signal(LibC.SIGINT);

      assertThat(tool.await().status()).isEqualTo(130);
    }
  }

  /** A leak of a few kilobytes in each round would use up a heap that is as small as this. */
  @Test
  void needsNoMoreMemoryForManyRounds() throws Exception {
    List<String> command = new ArrayList<>(ToolProcess.java(ToolProcess.packagedJar()));
    command.add(1, "-Xmx12m");
    for (Object word :
        List.of("verify", "key", model, "--signature", signature, "--public-key", publicKey)) {
      command.add(word.toString());
    }
    command.addAll(List.of("--watch", "1s", "--termination-log", log.toString()));
    try (ToolProcess tool = ToolProcess.start(directory, command)) {
      awaitVerdict("  round 20\n");
      tool.signal(LibC.SIGTERM);
      assertThat(
              tool.await().assertSucceeded().out().lines().filter(line -> line.contains("round")))
          .hasSizeBetween(19, 20);
    }
  }
}
