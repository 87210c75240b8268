package dev.modelsigning.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A real registry on a free port of the loopback interface, by plain HTTP, for tests that are
 * marked {@link WithOciPeers}. It runs until it is closed.
 *
 * <p>{@link #distribution} keeps what it gets in files and has no referrers API, so what refers to
 * a manifest is found by the fallback tag. {@link #inMemory} is that of go-containerregistry; it
 * has the API, and takes manifests that are not what they say they are: under a digest that is not
 * theirs, and without the blobs that they name.
 */
public final class RegistryServer implements AutoCloseable {

  /** Who may use a registry with {@link Option#PASSWORD}. */
  public static final String USER = "tester";

  /** The password of {@link #USER}. */
  public static final String PASSWORD = "only-for-tests";

  /** The two, for tests with parameters, where JUnit would close the servers themselves. */
  public enum Kind {
    /** {@link #distribution}. */
    DISTRIBUTION,
    /** {@link #inMemory}. */
    IN_MEMORY
  }

  /** What a registry with files can be told. */
  public enum Option {
    /** Nothing can be deleted, as is distribution's default. */
    NO_DELETES,
    /** It answers only {@link #USER}. */
    PASSWORD
  }

  /** As htpasswd -B makes it, with the fewest rounds. */
  private static final String HTPASSWD =
      USER + ":$2y$05$abcdefghijklmnopqrstuuDt8u8tY.Zm8YU.pieFNyF5h5afvnc0a\n";

  /** Longer than any class of tests; what is left then is ended. */
  private static final Executor TIME_OUT = CompletableFuture.delayedExecutor(30, TimeUnit.MINUTES);

  private static final Pattern LISTENING = Pattern.compile("listening on (127\\.0\\.0\\.1:\\d+)");

  private final Process process;
  private final Thread atExit;
  private final String address;
  private final boolean referrersApi;
  private final boolean password;

  private RegistryServer(ProcessBuilder builder, Path log, boolean referrersApi, boolean password)
      throws IOException, InterruptedException {
    this.referrersApi = referrersApi;
    this.password = password;
    builder.environment().clear();
    // It would send traces to a collector.
    builder.environment().put("OTEL_TRACES_EXPORTER", "none");
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    process = TimedProcess.start(builder, TIME_OUT);
    atExit = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(atExit);
    try {
      Watching.until(
          "the registry listens or has ended",
          () -> !process.isAlive() || LISTENING.matcher(read(log)).find());
      Matcher listening = LISTENING.matcher(read(log));
      if (!listening.find()) {
        throw new AssertionError("the registry has ended: " + read(log));
      }
      address = listening.group(1);
      Watching.until("the registry answers at " + address, this::answers);
    } catch (InterruptedException | RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /**
   * Starts distribution.
   *
   * @param directory where its files are, which another one may have left; it is made
   */
  public static RegistryServer distribution(Path directory, Option... options)
      throws IOException, InterruptedException {
    Set<Option> chosen = Set.of(options);
    Files.createDirectories(directory);
    StringBuilder configuration = new StringBuilder("version: 0.1\n");
    // Where it listens is said at this level.
    configuration.append("log: {level: info, accesslog: {disabled: true}}\n");
    configuration
        .append("storage: {filesystem: {rootdirectory: ")
        .append(quoted(directory.resolve("storage")))
        .append("}, delete: {enabled: ")
        .append(!chosen.contains(Option.NO_DELETES))
        .append("}}\n");
    // With a secret of its own for each start, an upload could not be continued after another one.
    configuration.append("http: {addr: \"127.0.0.1:0\", secret: only-for-tests}\n");
    if (chosen.contains(Option.PASSWORD)) {
      Path file = Files.writeString(directory.resolve("htpasswd"), HTPASSWD);
      configuration
          .append("auth: {htpasswd: {realm: tests, path: ")
          .append(quoted(file))
          .append("}}\n");
    }
    Path file = Files.writeString(directory.resolve("registry.yml"), configuration);
    return new RegistryServer(
        new ProcessBuilder(OciTools.program("registry").toString(), "serve", file.toString()),
        directory.resolve("registry.log"),
        false,
        chosen.contains(Option.PASSWORD));
  }

  /**
   * Starts the registry that keeps all in memory.
   *
   * @param directory where its log is; it is made
   */
  public static RegistryServer inMemory(Path directory) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    return new RegistryServer(
        new ProcessBuilder(OciTools.program("memory-registry").toString()),
        directory.resolve("memory-registry.log"),
        true,
        false);
  }

  /** Starts both, with a directory for each. */
  public static Map<Kind, RegistryServer> both(Path directory)
      throws IOException, InterruptedException {
    RegistryServer distribution = distribution(directory.resolve("distribution"));
    try {
      return Map.of(
          Kind.DISTRIBUTION, distribution, Kind.IN_MEMORY, inMemory(directory.resolve("memory")));
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      distribution.close();
      throw e;
    }
  }

  /** Host and port, as references begin with. */
  public String address() {
    return address;
  }

  /** A reference for the clients, such as {@code 127.0.0.1:32963/ml/model:1}. */
  public String reference(String rest) {
    return address + "/" + rest;
  }

  /** Whether what refers to a manifest is found by the referrers API, not by the fallback tag. */
  public boolean hasReferrersApi() {
    return referrersApi;
  }

  /** Whether it answers only {@link #USER}. */
  boolean hasPassword() {
    return password;
  }

  private boolean answers() {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create("http://" + address + "/v2/").toURL().openConnection();
      try {
        return connection.getResponseCode() == (password ? 401 : 200);
      } finally {
        connection.disconnect();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path log) {
    try {
      return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A path as YAML takes it whatever its characters. */
  private static String quoted(Path path) {
    return "'" + path.toAbsolutePath().toString().replace("'", "''") + "'";
  }

  @Override
  public String toString() {
    return (referrersApi ? "the registry in memory at " : "distribution at ") + address;
  }

  /** Ends it at once, as a crash would, and waits until it has ended. */
  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The JVM ends, and does the same.
      return;
    }
  }
}
