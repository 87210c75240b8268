package dev.modelsigning.attestation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.testing.Forge;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Writers of one claims file at the same time: threads, and processes, some of which are killed.
 */
class ConcurrentClaimsTest {

  @TempDir private Path directory;

  private final Forge forge = new Forge();

  private Path file() {
    return directory.resolve("claims.jsonl");
  }

  private static String text(Bundle bundle) {
    return new String(bundle.toJson().toArray(), UTF_8);
  }

  /** What the writers of the other processes run: append a claim this often, or try a lock. */
  public static void main(String[] args) throws Exception {
    if (args.length == 1) {
      try (FileChannel channel = FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE)) {
        System.exit(channel.tryLock() == null ? 3 : 0);
      }
    }
    Bundle claim = Bundle.parse(Bytes.of(Files.readAllBytes(Path.of(args[1]))));
    for (int i = 0; i < Integer.parseInt(args[2]); i++) {
      System.out.println(ClaimsFile.append(Path.of(args[0]), claim));
    }
  }

  private Process writer(Bundle claim, int times) throws IOException {
    Path source = Files.writeString(directory.resolve("claim" + times), text(claim));
    return process(file().toString(), source.toString(), Integer.toString(times));
  }

  private static Process process(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(ConcurrentClaimsTest.class.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectError(Redirect.INHERIT)
        .redirectOutput(Redirect.DISCARD)
        .start();
  }

  /** Whether another process can lock a file. */
  static boolean canLock(Path file) throws IOException, InterruptedException {
    int status = status(process(file.toString()));
    assertThat(status).isIn(0, 3);
    return status == 0;
  }

  private static int status(Process process) throws InterruptedException {
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  @Test
  void twentyThreadsLoseNothing() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(20);
    try {
      List<Callable<Long>> appends = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        Bundle claim = forge.bundle("{\"claim\":" + i + "}");
        appends.add(() -> ClaimsFile.append(file(), claim));
      }
      List<Long> lines = new ArrayList<>();
      for (Future<Long> append : threads.invokeAll(appends)) {
        lines.add(append.get());
      }

      assertThat(lines).doesNotHaveDuplicates().hasSize(60);
      assertThat(Files.readAllLines(file())).doesNotHaveDuplicates().hasSize(60);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void processesLoseNothing() throws Exception {
    List<Process> writers = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        writers.add(writer(forge.bundle("{\"claim\":" + i + "}"), 20 + i));
      }
      for (int i = 0; i < 20; i++) {
        ClaimsFile.append(file(), forge.bundle("{\"mine\":" + i + "}"));
      }
      for (Process writer : writers) {
        assertThat(writer.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(writer.exitValue()).isZero();
      }

      assertThat(Files.readAllLines(file())).hasSize(20 + 20 + 21 + 22 + 23);
    } finally {
      writers.forEach(Process::destroyForcibly);
    }
  }

  /** Killed at any time, in the middle of a claim that is larger than what is written at once. */
  @Test
  void theFileIsWholeWheneverAWriterIsKilled() throws Exception {
    Bundle large = forge.bundle("{\"claim\":\"" + "x".repeat(1_000_000) + "\"}");
    String expected = text(large);
    ClaimsFile.append(file(), large);
    for (int i = 0; i < 8; i++) {
      Process writer = writer(large, 1_000);
      try {
        long before = Files.size(file());
        while (Files.size(file()) == before) {
          assertThat(writer.isAlive()).isTrue();
          Thread.onSpinWait();
        }
        // A different time after its first claim, in each round.
        assertThat(writer.waitFor(i * 3L, TimeUnit.MILLISECONDS)).isFalse();
      } finally {
        assertThat(status(writer.destroyForcibly())).isNotZero();
      }
      assertThat(Files.readString(file())).endsWith("\n");
      assertThat(Files.readAllLines(file())).containsOnly(expected);
      Files.writeString(file(), expected + "\n");
    }
    assertThat(ClaimsFile.append(file(), large)).isEqualTo(2);
  }

  @Test
  void twoModelsShareOneFile() throws Exception {
    Forge other = new Forge();
    ClaimedModel first = ClaimedModel.in(directory);
    Bundle mine = forge.bundle(first.claim());
    ClaimsFile.append(file(), mine);
    ClaimsFile.append(
        file(),
        other.bundle(
            ClaimedModel.claim(
                "{\"digest\":{\"sha256\":\"" + Forge.sha256("another model") + "\"}}")));
    ClaimsFile.append(
        file(),
        forge.bundle(
            ClaimedModel.claim(
                "{\"digest\":{\"sha256\":\"" + Forge.sha256("another model") + "\"}}")));

    AttestationOutcome outcome =
        first.outcome(
            first.verify(forge.bundle(ClaimedModel.statement()), forge.verifier()),
            forge.verifier());

    assertThat(outcome.attestations()).extracting(Attestation::line).containsExactly(1L);
    assertThat(outcome.refused())
        .extracting(each -> each.line() + " " + each.why().rule().code())
        .containsExactly("2 WRONG_KEY", "3 CLAIM_OTHER_MODEL");
  }
}
