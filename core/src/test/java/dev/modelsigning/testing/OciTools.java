package dev.modelsigning.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The clients of registries to compare with: oras, regctl, crane, and cosign, for tests that are
 * marked {@link WithOciPeers}. They have a home of their own and nothing of this process's
 * environment, so that no configuration and no credential of the user is read.
 */
public final class OciTools {

  private static final Path ROOT = Path.of(System.getProperty("modelsigning.root"));

  private final Path home;
  private final Map<String, String> environment;

  private OciTools(Path home, Map<String, String> environment) {
    this.home = home;
    this.environment = Map.copyOf(environment);
  }

  /**
   * Clients that may use registries.
   *
   * @param home where their configurations are; it is made
   * @param servers those with a password are known with it, all are asked by plain HTTP
   */
  public static OciTools at(Path home, Collection<RegistryServer> servers) throws IOException {
    Path docker = Files.createDirectories(home.resolve("docker"));
    String credentials =
        Base64.getEncoder()
            .encodeToString(
                (RegistryServer.USER + ":" + RegistryServer.PASSWORD)
                    .getBytes(StandardCharsets.UTF_8));
    Files.writeString(
        docker.resolve("config.json"),
        servers.stream()
            .filter(RegistryServer::hasPassword)
            .map(server -> "\"" + server.address() + "\":{\"auth\":\"" + credentials + "\"}")
            .collect(Collectors.joining(",", "{\"auths\":{", "}}")));
    Path regctl = home.resolve("regctl.json");
    Files.writeString(
        regctl,
        servers.stream()
            .map(server ->
                "\""
                    + server.address()
                    + "\":{\"tls\":\"disabled\",\"hostname\":\""
                    + server.address()
                    + "\"}")
            .collect(Collectors.joining(",", "{\"hosts\":{", "}}")));
    Map<String, String> environment = new HashMap<>();
    environment.put("PATH", System.getenv("PATH"));
    environment.put("LC_ALL", "C.UTF-8");
    environment.put("HOME", home.toString());
    environment.put("DOCKER_CONFIG", docker.toString());
    environment.put("REGCTL_CONFIG", regctl.toString());
    environment.put("TUF_ROOT", home.resolve("tuf").toString());
    // An address that nobody has in place of the public instance: nothing here may need it.
    environment.put("TUF_MIRROR", "http://localhost:1");
    environment.put("COSIGN_PASSWORD", "");
    return new OciTools(home, environment);
  }

  /** The directory that has docker's config.json with the passwords. */
  public Path dockerConfig() {
    return home.resolve("docker");
  }

  /** Whether to run tests with registries: if they are installed, or required. */
  static boolean areThere() {
    return Stream.of("registry", "memory-registry", "oras", "regctl", "crane")
            .allMatch(name -> Files.isExecutable(program(name)))
        || System.getenv("MODEL_SIGNING_OCI") != null
        || "true".equals(System.getenv("MODEL_SIGNING_REQUIRE_OCI"));
  }

  /** What {@code integration/oci/install} has built. */
  public static Path program(String name) {
    String named = System.getenv("MODEL_SIGNING_OCI");
    Path directory = named == null ? ROOT.resolve(".cache/oci") : Path.of(named);
    return directory.resolve("bin").resolve(name).toAbsolutePath();
  }

  /** What {@code integration/cosign/install} has built. */
  public static Path cosignProgram() {
    String named = System.getenv("MODEL_SIGNING_COSIGN");
    return named == null ? ROOT.resolve(".cache/cosign/bin/cosign") : Path.of(named);
  }

  /**
   * Runs oras.
   *
   * @param directory what names of files are relative to
   */
  public Ended oras(Path directory, String... arguments) throws IOException, InterruptedException {
    // The one client that is not told by a configuration.
    return run(
        directory,
        program("oras"),
        Stream.concat(Stream.of(arguments), Stream.of("--plain-http")).toArray(String[]::new));
  }

  /** Runs regctl. */
  public Ended regctl(Path directory, String... arguments)
      throws IOException, InterruptedException {
    return run(directory, program("regctl"), arguments);
  }

  /** Runs crane, which takes plain HTTP for this machine. */
  public Ended crane(String... arguments) throws IOException, InterruptedException {
    return run(home, program("crane"), arguments);
  }

  /**
   * Runs cosign, which takes plain HTTP for this machine; it must be there ({@code @WithCosign}).
   */
  public Ended cosign(Path directory, String... arguments)
      throws IOException, InterruptedException {
    return run(directory, cosignProgram().toAbsolutePath(), arguments);
  }

  private Ended run(Path directory, Path program, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(home, "out", ".txt");
    Path err = Files.createTempFile(home, "err", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = TimedProcess.start(builder);
    process.getOutputStream().close();
    int status = process.waitFor();
    return new Ended(
        command,
        status,
        new String(Files.readAllBytes(out), StandardCharsets.UTF_8),
        new String(Files.readAllBytes(err), StandardCharsets.UTF_8));
  }

  /**
   * How a client ended.
   *
   * @param out its standard output
   * @param err its standard error
   */
  public record Ended(List<String> command, int status, String out, String err) {

    /** It did what it was asked for; returns its standard output without white space at the end. */
    public String succeeds() {
      assertThat(status).as(this::toString).isZero();
      return out.stripTrailing();
    }

    /** It did not, and said so in these words. */
    public Ended fails(String words) {
      assertThat(status).as(this::toString).isNotZero();
      assertThat(out + err).as(this::toString).contains(words);
      return this;
    }

    @Override
    public String toString() {
      return String.join(" ", command) + "\nended with " + status + " and said:\n" + out + err;
    }
  }
}
