package dev.modelsigning.cli.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.LastErrorException;
import dev.modelsigning.cli.JsonOutput;
import dev.modelsigning.testing.Watching;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** The packaged tool as a running process on Linux, in its own session. */
public final class ToolProcess implements AutoCloseable {

  /** No test takes as long as this; what does is stuck. */
  private static final int GUARD_SECONDS = 120;

  private final List<String> command;
  private final Process process;
  private final Path out;
  private final Path err;

  /** The exit status and output of the process. */
  public record Ended(int status, String out, String err) {

    /** It ended with one message that has these parts, and no result. */
    public Ended assertFailed(Object... parts) {
      assertThat(status).as("exit status; %s%s", out, err).isEqualTo(1);
      assertThat(out).isEmpty();
      assertThat(err)
          .doesNotContain("\tat ")
          .doesNotContain("Exception")
          .doesNotContain("internal");
      for (Object part : parts) {
        assertThat(err).contains(part.toString());
      }
      return this;
    }

    /** It did what it was asked for. */
    public Ended assertSucceeded() {
      assertThat(status).as("exit status; %s%s", out, err).isZero();
      return this;
    }
  }

  /** For {@code EnabledIf}: whether there is what processes are started with. */
  static boolean canStart() throws InterruptedException {
    try {
      Process probe =
          new ProcessBuilder("env", "--default-signal=INT", "setsid", "true")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return probe.waitFor(GUARD_SECONDS, TimeUnit.SECONDS) && probe.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private ToolProcess(List<String> command, Process process, Path out, Path err) {
    this.command = List.copyOf(command);
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /**
   * Starts a command.
   *
   * @param output where its output is kept
   */
  public static ToolProcess start(Path output, List<String> command) throws IOException {
    List<String> line = new ArrayList<>();
    // Background processes ignore the interrupt, which child processes inherit.
    Collections.addAll(line, "env", "--default-signal=INT,TERM", "setsid");
    line.addAll(command);
    Path out = Files.createTempFile(output, "out", ".txt");
    Path err = Files.createTempFile(output, "err", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(line).redirectOutput(out.toFile()).redirectError(err.toFile());
    Map<String, String> environment = builder.environment();
    environment
        .keySet()
        .removeIf(name ->
            name.startsWith("MODEL_SIGNING_")
                || name.endsWith("JAVA_OPTIONS")
                || name.equals("JAVA_TOOL_OPTIONS")
                || name.equals("JAVA_OPTS"));
    environment.put("LC_ALL", "C.UTF-8");
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    process.getOutputStream().close();
    return new ToolProcess(command, process, out, err);
  }

  /** The command line that runs the tool in its jar. */
  public static List<String> java(Path jar) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-jar",
        jar.toString());
  }

  /** The jar that the build has packaged. */
  public static Path packagedJar() {
    return Path.of(System.getProperty("modelsigning.root")).resolve("cli/target/model-signing.jar");
  }

  /** Makes a checkout that has nothing but the jar and what the launcher reads; returns that. */
  public static Path installLauncher(Path checkout) throws IOException {
    Path target = Files.createDirectories(checkout.resolve("cli/target"));
    Files.copy(packagedJar(), target.resolve("model-signing.jar"));
    Path root = Path.of(System.getProperty("modelsigning.root"));
    Path shared = checkout.resolve("dist/src/main/launcher/shared.sh");
    Files.createDirectories(shared.getParent());
    Files.copy(root.resolve("dist/src/main/launcher/shared.sh"), shared);
    return Files.copy(root.resolve("model-signing"), checkout.resolve("model-signing"));
  }

  /** Sends a signal to the process and its children, as a terminal does. */
  public void signal(int number) {
    LibC.load().kill(Math.toIntExact(-process.pid()), number);
  }

  /** Sends a signal, unless the process has ended by itself. */
  public void signalIfAlive(int number) {
    try {
      signal(number);
    } catch (LastErrorException e) {
      assertThat(e.getErrorCode()).isEqualTo(LibC.ESRCH);
    }
  }

  /** Waits until one of these programs runs, and no longer what starts them. */
  public void awaitStart(String... programs) throws InterruptedException {
    await(
        "runs one of " + List.of(programs),
        () -> Stream.of(programs).anyMatch(program -> read("cmdline").startsWith(program + "\0")));
  }

  /** Waits until the process has read so many bytes. */
  public void awaitRead(long bytes) throws InterruptedException {
    await(
        "has read " + bytes + " bytes",
        () ->
            read("io")
                .lines()
                .filter(line -> line.startsWith("rchar: "))
                .anyMatch(line -> Long.parseLong(line.substring(7)) > bytes));
  }

  /** Waits for the end of the process. */
  public Ended await() throws IOException, InterruptedException {
    if (!process.waitFor(GUARD_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("still running; " + Files.readString(err));
    }
    String printed = new String(Files.readAllBytes(out), StandardCharsets.UTF_8);
    JsonOutput.check(command, process.exitValue(), printed);
    return new Ended(
        process.exitValue(), printed, new String(Files.readAllBytes(err), StandardCharsets.UTF_8));
  }

  /** Waits until no process is left that this one has started. */
  public void awaitEndOfChildren() throws InterruptedException {
    await("has left no children", () -> !hasChildren());
  }

  private boolean hasChildren() {
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      return processes
          .filter(path -> path.getFileName().toString().matches("\\d+"))
          .anyMatch(path -> {
            String[] fields =
                content(path.resolve("stat")).replaceFirst("^.*\\) ", "").split(" ", -1);
            return fields.length > 3
                && !fields[0].equals("Z")
                && fields[3].equals(Long.toString(process.pid()));
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String read(String name) {
    return content(Path.of("/proc", Long.toString(process.pid()), name));
  }

  /** A file of the kernel's; empty if its process has ended. */
  private static String content(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  /** Of other processes the kernel says how far they are, but not when they are there. */
  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    Watching.until("the process " + what, condition);
  }

  /** Ends what a failed test has left. */
  @Override
  public void close() {
    signalIfAlive(LibC.SIGKILL);
  }
}
