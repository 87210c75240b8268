package dev.modelsigning.sigstore.identity;

import dev.modelsigning.internal.platform.ChildEnvironment;
import dev.modelsigning.internal.platform.Programs;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.sigstore.internal.service.JsonWebToken;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs the program of a CI service that issues tokens. It is located through absolute elements of
 * {@code PATH}, and receives only the environment variables that it needs, and none of our secrets.
 */
final class CommandRunner {

  /** The variables through which each program knows its job, including its own token. */
  private static final Map<String, List<String>> NEEDS =
      Map.of(
          "buildkite-agent", List.of("BUILDKITE_AGENT_*", "BUILDKITE_JOB_ID", "BUILDKITE_NO_HTTP2"),
          "circleci", List.of("CIRCLE_*", "CIRCLECI*"));

  private final Map<String, String> environment;
  private final Duration timeout;

  CommandRunner(Map<String, String> environment, Duration timeout) {
    this.environment = environment;
    this.timeout = timeout;
  }

  /** Returns the output of a program, which must end successfully and before the time-out. */
  String run(String... command) throws IOException, SigningException {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.set(
        0,
        Programs.find(command[0], environment)
            .orElseThrow(() ->
                new SigningException(
                    "the program "
                        + command[0]
                        + " cannot be run: no absolute directory of PATH has it"))
            .toString());
    Map<String, String> variables =
        ChildEnvironment.of(environment, NEEDS.getOrDefault(command[0], List.of()));
    Process process;
    try {
      process = Programs.prepare(arguments, variables).start();
    } catch (IOException e) {
      throw new SigningException(
          "the program " + command[0] + " cannot be run: " + e.getMessage(), e);
    }
    try {
      CompletableFuture<byte[]> output =
          CompletableFuture.supplyAsync(() -> read(process.getInputStream()));
      byte[] content = output.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (content.length > JsonWebToken.MAX_LENGTH) {
        throw new SigningException(
            "the program "
                + command[0]
                + " gave no identity token: it wrote more than "
                + JsonWebToken.MAX_LENGTH
                + " bytes");
      }
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
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static byte[] read(InputStream stream) {
    try {
      return stream.readNBytes(JsonWebToken.MAX_LENGTH + 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
