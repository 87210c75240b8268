package dev.modelsigning.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.cli.testing.LibC;
import dev.modelsigning.cli.testing.ToolProcess;
import dev.modelsigning.cli.testing.ToolProcess.Ended;
import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.signingkey.EcdsaScheme;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What there is of a verified copy when the packaged tool ends before its time, or is not heard.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "looks at processes as Linux shows them")
@EnabledIf(
    value = "dev.modelsigning.cli.testing.ToolProcess#canStart",
    disabledReason = "needs env (GNU coreutils 8.31) and setsid (util-linux)")
class CopyInterruptionIT {

  private static final long SIZE = 400_000_000;

  /** More than the JVM reads before it comes to the model, and less than there is. */
  private static final long PAST_THE_START = 60_000_000;

  @TempDir private Path directory;

  private Path model;
  private Path output;
  private Path place;
  private Path copy;

  @BeforeEach
  void makeDirectories() throws Exception {
    model = Files.createDirectory(directory.resolve("model"));
    output = Files.createDirectory(directory.resolve("output"));
    place = Files.createDirectory(directory.resolve("place"));
    copy = place.resolve("copy");
    Files.writeString(model.resolve("config.json"), "{}");
    KeyPairFiles.generate(
        EcdsaScheme.P256, directory.resolve("key.pem"), directory.resolve("key.pub"));
  }

  private void sign() throws Exception {
    ModelSigner.using(KeySigner.load(directory.resolve("key.pem")))
        .sign(model, directory.resolve("model.sig"));
  }

  private void makeLarge() throws IOException {
    try (RandomAccessFile sparse = new RandomAccessFile(model.resolve("weights").toFile(), "rw")) {
      sparse.setLength(SIZE);
    }
  }

  private List<String> command(String... more) {
    List<String> command = new ArrayList<>(ToolProcess.java(ToolProcess.packagedJar()));
    command.addAll(
        List.of(
            "verify",
            "key",
            model.toString(),
            "--signature",
            directory.resolve("model.sig").toString(),
            "--public-key",
            directory.resolve("key.pub").toString(),
            "--copy-to",
            copy.toString()));
    command.addAll(List.of(more));
    return command;
  }

  private List<String> left() throws IOException {
    try (Stream<Path> entries = Files.list(place)) {
      return entries.map(entry -> entry.getFileName().toString()).toList();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {LibC.SIGINT, LibC.SIGTERM})
  void isRemovedWhenTheToolIsToldToEnd(int signal) throws Exception {
    makeLarge();
    sign();
    try (ToolProcess tool = ToolProcess.start(output, command("--format=json"))) {
      tool.awaitRead(PAST_THE_START);
      assertThat(left()).singleElement().asString().matches("\\.model-signing-.*\\.tmp");
      tool.signal(signal);

      Ended ended = tool.await();

      assertThat(ended.status()).isEqualTo(128 + signal);
      assertThat(ended.out())
          .startsWith("{\"verified\":false,")
          .contains("\"reason\":\"INTERRUPTED\"");
    }
    assertThat(place).isEmptyDirectory();
  }

  /** Nothing can be removed then; what is left has the name of files that are not complete. */
  @Test
  void isNotThereWhenTheToolIsKilled() throws Exception {
    makeLarge();
    sign();
    try (ToolProcess tool = ToolProcess.start(output, command())) {
      tool.awaitRead(PAST_THE_START);
      tool.signal(9);

      assertThat(tool.await().status()).isEqualTo(137);
    }
    assertThat(copy).doesNotExist();
    assertThat(left())
        .singleElement()
        .asString()
        .matches("\\.model-signing-[0-9a-f]{8}-[0-9a-f]{4}\\.tmp");
    // It is in the way of no later copy.
    try (ToolProcess tool = ToolProcess.start(output, command())) {
      tool.await().assertSucceeded();
    }
    assertThat(copy.resolve("weights")).hasSize(SIZE);
  }

  /**
   * From before the JVM has begun to after the copy has appeared. The moments are meant to be any,
   * so these are times and no events; the outcome is right whatever the tool is at then.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 150, 300, 400, 450, 500, 550, 600, 700, 900})
  void isWholeOrNotThereWheneverTheToolIsInterrupted(int milliseconds) throws Exception {
    for (int i = 0; i < 500; i++) {
      Path file = model.resolve("part-" + i % 10 + "/" + i);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "x" + i);
    }
    sign();
    Ended ended;
    try (ToolProcess tool = ToolProcess.start(output, command())) {
      TimeUnit.MILLISECONDS.sleep(milliseconds);
      tool.signalIfAlive(LibC.SIGTERM);
      ended = tool.await();
    }

    if (ended.out().startsWith("Error occurred during initialization of VM")) {
      // A JVM that ends while it begins may trip over itself, before any of our code has run.
      assertThat(ended.status()).as("exit status; %s", ended).isEqualTo(1);
      assertThat(copy).doesNotExist();
    } else {
      assertThat(ended.status()).as("exit status; %s", ended).isIn(0, 143);
    }
    assertThat(left()).isSubsetOf("copy");
    if (ended.status() == 0) {
      assertThat(copy).exists();
    }
    if (Files.exists(copy)) {
      try (Stream<Path> files = Files.walk(copy)) {
        assertThat(files.filter(Files::isRegularFile)).hasSize(501);
      }
    }
  }

  private int shell(String redirection) throws Exception {
    List<String> command = new ArrayList<>(List.of("bash", "-c", redirection, "bash"));
    command.addAll(command());
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.resolve("shell.txt").toFile())
            .start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  /** That the verdict was not read does not affect a copy; that it was lost affects the status. */
  @Test
  void staysWhereTheVerdictCannotBePrinted() throws Exception {
    sign();
    assertThat(shell("\"$@\" > /dev/full")).isEqualTo(1);
    assertThat(copy.resolve("config.json")).hasContent("{}");
    assertThat(Files.readString(output.resolve("shell.txt")))
        .contains("standard output could not be written");

    copy = place.resolve("second");
    assertThat(shell("set -o pipefail; \"$@\" | true")).isZero();
    assertThat(copy.resolve("config.json")).hasContent("{}");
    assertThat(left()).containsExactlyInAnyOrder("copy", "second");
  }
}
