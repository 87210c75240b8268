package dev.modelsigning.oci.internal.credential;

import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.platform.ChildEnvironment;
import dev.modelsigning.internal.platform.Programs;
import dev.modelsigning.oci.internal.credential.Credential.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * Runs a credential helper of docker, {@code docker-credential-NAME get}: it reads the name of the
 * registry and writes user and password as JSON. What it writes is never shown.
 */
final class CredentialHelper {

  static final Duration TIMEOUT = Duration.ofSeconds(15);

  private static final int MAX_OUTPUT = 64 * 1024;
  private static final long MAX_TOKENS = 1_000;

  /** What a helper writes that has nothing for a registry, as docker compares it. */
  private static final String NOT_FOUND = "credentials not found in native keychain";

  /** The user that says that the secret is an identity token. */
  private static final String TOKEN_USER = "<token>";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  /** What helpers for keyrings and for clouds need in addition. */
  private static final List<String> NEEDS =
      List.of(
          "DOCKER_CONFIG",
          "XDG_*",
          "DBUS_SESSION_BUS_ADDRESS",
          "DISPLAY",
          "WAYLAND_DISPLAY",
          "GNUPGHOME",
          "GPG_TTY",
          "PASSWORD_STORE_DIR",
          "AWS_*",
          "GOOGLE_*",
          "CLOUDSDK_*",
          "AZURE_*");

  private final Map<String, String> environment;
  private final Duration timeout;

  CredentialHelper(Map<String, String> environment, Duration timeout) {
    this.environment = environment;
    this.timeout = timeout;
  }

  /**
   * Asks a helper.
   *
   * @param name its name, the end of that of the program
   * @param server the registry, as the helper knows it
   * @param file the file that names it, for messages
   * @return empty if it has nothing for this registry
   * @throws IOException if it cannot be run, or fails otherwise
   */
  Optional<Credential> get(String name, String server, String file) throws IOException {
    if (!NAME.matcher(name).matches()) {
      throw new IOException(
          file
              + ": the name of a credential helper has letters, digits and . _ - only, found "
              + Printable.quote(name));
    }
    String program = "docker-credential-" + name;
    Path path =
        Programs.find(program, environment)
            .orElseThrow(() ->
                new IOException(
                    program
                        + ", which "
                        + file
                        + " names, cannot be run: no absolute directory of PATH has it; install it,"
                        + " or remove it from the file"));
    Process process;
    try {
      process =
          Programs.prepare(List.of(path.toString(), "get"), ChildEnvironment.of(environment, NEEDS))
              .redirectInput(ProcessBuilder.Redirect.PIPE)
              .start();
    } catch (IOException e) {
      throw new IOException(program + " cannot be run: " + e.getMessage(), e);
    }
    try {
      CompletableFuture<byte[]> output =
          CompletableFuture.supplyAsync(() -> exchange(process, server));
      long end = System.nanoTime() + timeout.toNanos();
      byte[] content = output.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (content.length > MAX_OUTPUT) {
        throw new IOException(program + " wrote more than " + MAX_OUTPUT + " bytes");
      }
      if (!process.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        throw new TimeoutException();
      }
      return credential(program, process.exitValue(), content);
    } catch (TimeoutException e) {
      throw new IOException(
          program
              + " did not end within "
              + Math.max(1, timeout.toSeconds())
              + " s; does it wait for somebody to unlock a keyring?",
          e);
    } catch (ExecutionException e) {
      throw new IOException("what " + program + " writes cannot be read", e);
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

  private static byte[] exchange(Process process, String server) {
    try {
      try (OutputStream input = process.getOutputStream()) {
        input.write(server.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // It did not read its input, and what it writes says whether that matters.
        if (process.isAlive() && e instanceof InterruptedIOException) {
          throw e;
        }
      }
      InputStream output = process.getInputStream();
      return output.readNBytes(MAX_OUTPUT + 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Credential> credential(String program, int exit, byte[] content)
      throws IOException {
    if (exit != 0) {
      if (new String(content, StandardCharsets.UTF_8).strip().equals(NOT_FOUND)) {
        return Optional.empty();
      }
      throw new IOException(
          program + " gave no credentials: exit code " + exit + "; run it by hand to see why");
    }
    Map<String, String> fields;
    try {
      fields =
          JsonReader.read(
              "what " + program + " writes",
              content,
              MAX_TOKENS,
              json -> json.strings(Set.of("Username", "Secret")));
    } catch (MalformedJsonException e) {
      // Without the cause, as the JSON is a secret.
      throw new IOException(
          program
              + " gave no credentials: it wrote no JSON object with texts for Username and"
              + " Secret");
    }
    String user = fields.getOrDefault("Username", "");
    String secret = fields.getOrDefault("Secret", "");
    if (user.isEmpty() && secret.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        user.equals(TOKEN_USER)
            ? Credential.token(Kind.IDENTITY_TOKEN, secret, program)
            : Credential.password(user, secret, program));
  }
}
