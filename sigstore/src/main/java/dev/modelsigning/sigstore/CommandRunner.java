package dev.modelsigning.sigstore;

import dev.modelsigning.SigningException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs the program of a build service that hands out tokens. */
final class CommandRunner {

  private final Map<String, String> environment;
  private final Duration timeout;

  CommandRunner(Map<String, String> environment, Duration timeout) {
    this.environment = environment;
    this.timeout = timeout;
  }

  /** What a program writes; it must end well, and soon. */
  String run(String... command) throws IOException, SigningException {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.set(0, find(command[0]));
    Process process;
    try {
      process =
          new ProcessBuilder(arguments)
              .redirectInput(ProcessBuilder.Redirect.from(nothing()))
              // What it says may hold what must not be shown.
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      throw new SigningException(
          "the program " + command[0] + " cannot be run: " + e.getMessage(), e);
    }
    try {
      CompletableFuture<byte[]> output =
          CompletableFuture.supplyAsync(() -> read(process.getInputStream()));
      byte[] content = output.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new TimeoutException();
      }
      if (process.exitValue() != 0) {
        throw new SigningException(
            "the program "
                + command[0]
                + " gave no identity token: exit code "
                + process.exitValue()
                + "; run it by hand to see why");
      }
      return new String(content, StandardCharsets.UTF_8);
    } catch (TimeoutException e) {
      throw new SigningException(
          "the program " + command[0] + " did not end within " + timeout.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw new SigningException("what " + command[0] + " writes cannot be read", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("interrupted");
      interrupted.initCause(e);
      throw interrupted;
    } finally {
      process.destroyForcibly();
    }
  }

  private static File nothing() {
    boolean windows = System.getProperty("os.name", "").startsWith("Windows");
    return new File(windows ? "NUL" : "/dev/null");
  }

  private static byte[] read(InputStream stream) {
    try {
      return stream.readNBytes(IdentityToken.MAX_LENGTH + 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The program on the path of the environment, or its bare name. */
  private String find(String name) {
    for (String directory : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      Path file = Path.of(directory, name);
      if (!directory.isEmpty() && Files.isRegularFile(file) && Files.isExecutable(file)) {
        return file.toString();
      }
    }
    return name;
  }
}
