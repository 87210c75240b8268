package dev.modelsigning.cli.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.JsonOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assertions;

/**
 * A command line that signs and verifies models, each command in a process of its own. Ours and the
 * Python one are given the same arguments, spelled as the Python one wants them.
 *
 * @param command what comes before the arguments
 * @param environment variables in addition to those of this process
 * @param changed what it says when a file of the model has changed
 */
public record Client(List<String> command, Map<String, String> environment, String changed) {

  private static final Path ROOT = Path.of(System.getProperty("modelsigning.root"));
  private static final long TIMEOUT_SECONDS = 120;
  private static final Pattern DIGEST = Pattern.compile("(?m)^sha256:([0-9a-f]{64})$");

  /** Our command line. */
  public static Client java() {
    Path jar = ROOT.resolve("cli/target/model-signing.jar");
    assertThat(jar).as("made by mvn package").isRegularFile();
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    // The two flags are for short runs and change nothing else.
    return new Client(
        List.of(
            java.toString(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", jar.toString()),
        Map.of(),
        "  changed (1):");
  }

  /** The command line of the Python reference client. */
  public static Client python() {
    return new Client(List.of(pythonExecutable().toString()), Map.of(), "Hash mismatch for ");
  }

  /** A script of {@code integration/python}, run by the Python that has the reference client. */
  static Client pythonScript(String name) {
    Path python = pythonExecutable().resolveSibling("python");
    Path script = ROOT.resolve("integration/python").resolve(name);
    return new Client(
        List.of(python.toString(), script.toString()), Map.of(), "Hash mismatch for ");
  }

  /** Whether to run tests with the Python client: if it is installed, or required. */
  public static boolean hasPython() {
    return Files.isExecutable(pythonExecutable())
        || System.getenv("MODEL_SIGNING_PYTHON") != null
        || "true".equals(System.getenv("MODEL_SIGNING_REQUIRE_PEERS"));
  }

  private static Path pythonExecutable() {
    String named = System.getenv("MODEL_SIGNING_PYTHON");
    return named == null
        ? ROOT.resolve(".cache/python/bin/model_signing")
        : Path.of(named).toAbsolutePath();
  }

  /** The same client with a variable in its environment. */
  public Client with(String variable, String value) {
    Map<String, String> more = new HashMap<>(environment);
    more.put(variable, value);
    return new Client(command, more, changed);
  }

  /** Signs a model, as its owner would from the directory that holds it. */
  public Outcome sign(Path model, Path signature, Path privateKey, String... options)
      throws IOException, InterruptedException {
    return run(
        model.getParent(),
        arguments("sign", model, signature, "--private_key", privateKey, options));
  }

  /** Verifies a model, as its user would from the directory that holds it. */
  public Outcome verify(Path model, Path signature, Path publicKey, String... options)
      throws IOException, InterruptedException {
    return run(
        model.getParent(),
        arguments("verify", model, signature, "--public_key", publicKey, options));
  }

  private static String[] arguments(
      String command, Path model, Path signature, String key, Path file, String... options) {
    List<String> arguments = new ArrayList<>(List.of(command, "key", model.toString()));
    arguments.addAll(List.of("--signature", signature.toString(), key, file.toString()));
    arguments.addAll(List.of(options));
    return arguments.toArray(new String[0]);
  }

  /** Runs a command in a directory and waits for its end. */
  public Outcome run(Path directory, String... arguments) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(command);
    line.addAll(List.of(arguments));
    Path output = Files.createTempFile("client-", ".txt");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(line)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("MODEL_SIGNING_"));
      builder.environment().putAll(environment);
      Process process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        Assertions.fail("still running after " + TIMEOUT_SECONDS + " s: " + line);
      }
      String text = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
      // Ours for programs is among what it wrote for people; the Python tool has no such option.
      String objects =
          text.lines()
              .filter(each -> each.startsWith("{"))
              .map(each -> each + "\n")
              .collect(Collectors.joining());
      JsonOutput.check(List.of(arguments), process.exitValue(), objects);
      return new Outcome(line, process.exitValue(), text);
    } finally {
      Files.delete(output);
    }
  }

  /**
   * The result of a command.
   *
   * @param output its standard output and standard error
   */
  public record Outcome(List<String> command, int exitCode, String output) {

    public Outcome succeeds() {
      return endsWith(0, "");
    }

    /** Fails in an orderly way, with exit code 1 and these words. */
    public Outcome refuses(String words) {
      endsWith(1, words);
      assertThat(output).doesNotContain("internal error");
      return this;
    }

    public Outcome endsWith(int code, String words) {
      assertThat(exitCode).as(this::toString).isEqualTo(code);
      assertThat(output).as(this::toString).contains(words);
      return this;
    }

    /** The digest that is a line of the output. */
    String digest() {
      Matcher digest = DIGEST.matcher(output);
      assertThat(digest.find()).as(this::toString).isTrue();
      return digest.group(1);
    }

    @Override
    public String toString() {
      return String.join(" ", command) + "\nended with " + exitCode + " and said:\n" + output;
    }
  }
}
