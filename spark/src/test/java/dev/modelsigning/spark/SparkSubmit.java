package dev.modelsigning.spark;

import dev.modelsigning.testing.TimedProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The program as {@code spark-submit} runs it, for tests that are marked {@link WithSpark}: in a
 * JVM of its own, or with executors that are JVMs too.
 */
final class SparkSubmit {

  /** Threads instead of executors. */
  static final String LOCAL = "local[2]";

  /** Two executors with a core each. */
  static final String CLUSTER = "local-cluster[2,1,1024]";

  private static final Path ROOT = Path.of(System.getProperty("modelsigning.root"));

  private final Path directory;
  private final List<String> settings = new ArrayList<>();
  private final Map<String, String> environment;

  /**
   * What a run ended with.
   *
   * @param status its exit status
   * @param out what it wrote to standard output
   * @param err what it and Spark wrote to standard error
   */
  record Run(int status, String out, String err) {}

  SparkSubmit(Path directory, Map<String, String> environment) {
    this.directory = directory;
    this.environment = environment;
  }

  /** Whether to run tests with it: if it is installed, or required. */
  static boolean isThere() {
    return Files.isExecutable(installed("home/bin/spark-submit"))
        || System.getenv("MODEL_SIGNING_SPARK") != null
        || "true".equals(System.getenv("MODEL_SIGNING_REQUIRE_SPARK"));
  }

  /** What {@code integration/spark/install} has installed. */
  static Path installed(String name) {
    String named = System.getenv("MODEL_SIGNING_SPARK");
    Path where = named == null ? ROOT.resolve(".cache/spark") : Path.of(named);
    return where.resolve(name).toAbsolutePath();
  }

  /** Sets a property of Spark. */
  SparkSubmit set(String name, String value) {
    settings.add("--conf");
    settings.add(name + "=" + value);
    return this;
  }

  /** Sets what a cluster must have. */
  SparkSubmit authenticating() {
    return set("spark.authenticate", "true")
        .set("spark.authenticate.secret", "of this test")
        .set("spark.network.crypto.enabled", "true")
        .set("spark.network.crypto.cipher", "AES/GCM/NoPadding")
        .set("spark.network.crypto.saslFallback", "false");
  }

  /** Sets where an object store is, and the jars that read it. */
  SparkSubmit readingStore(Map<String, String> store) throws IOException {
    try (Stream<Path> jars = Files.list(installed("s3a"))) {
      settings.add("--jars");
      settings.add(
          jars.map(Path::toString)
              .filter(name -> name.endsWith(".jar"))
              .collect(Collectors.joining(",")));
    }
    return set("spark.hadoop.fs.s3a.endpoint", store.get("AWS_ENDPOINT_URL"))
        .set("spark.hadoop.fs.s3a.endpoint.region", store.get("AWS_REGION"))
        .set("spark.hadoop.fs.s3a.path.style.access", "true")
        .set("spark.hadoop.fs.s3a.access.key", store.get("AWS_ACCESS_KEY_ID"))
        .set("spark.hadoop.fs.s3a.secret.key", store.get("AWS_SECRET_ACCESS_KEY"));
  }

  /** Starts the program. */
  Process start(String master, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(installed("home/bin/spark-submit").toString());
    command.addAll(List.of("--master", master));
    command.addAll(settings);
    command.addAll(
        List.of(
            "--conf",
            "spark.ui.enabled=false",
            "--class",
            Main.class.getName(),
            Path.of(System.getProperty("basedir", "")).toAbsolutePath()
                + "/target/model-signing-spark.jar"));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(directory.toFile());
    Map<String, String> variables = builder.environment();
    variables.clear();
    variables.putAll(
        Map.of(
            "PATH",
            System.getenv("PATH"),
            "LC_ALL",
            "C.UTF-8",
            "HOME",
            directory.toString(),
            "JAVA_HOME",
            System.getProperty("java.home"),
            "SPARK_HOME",
            installed("home").toString(),
            "SPARK_LOCAL_IP",
            "127.0.0.1",
            "SPARK_WORKER_DIR",
            Files.createDirectories(directory.resolve("work")).toString()));
    variables.putAll(environment);
    builder.redirectOutput(directory.resolve("out").toFile());
    builder.redirectError(directory.resolve("err").toFile());
    return TimedProcess.startLong(builder);
  }

  /** Waits for the end of the program. */
  Run end(Process process) throws IOException, InterruptedException {
    int status = process.waitFor();
    return new Run(
        status,
        Files.readString(directory.resolve("out"), StandardCharsets.UTF_8),
        Files.readString(directory.resolve("err"), StandardCharsets.UTF_8));
  }

  Run run(String master, String... arguments) throws IOException, InterruptedException {
    return end(start(master, List.of(arguments)));
  }
}
