package dev.modelsigning.maven;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A build of a copy of a project in {@code src/it} by a real Maven, with a local repository that
 * has only the plugin and its dependencies.
 *
 * @param directory the copy of the project
 * @param status the exit status
 * @param output the output of Maven
 */
record MavenBuild(Path directory, int status, String output) {

  private static final Path PROJECTS = Path.of("src/it").toAbsolutePath();

  /** The test vectors of the checkout. */
  static final Path VECTORS = Path.of("../vectors").toAbsolutePath().normalize();

  /** The local repository of the builds. */
  static Path repository() {
    return Path.of(System.getProperty("it.repository"));
  }

  /** The version of the oldest Maven that the plugin supports. */
  static String oldest() {
    return System.getProperty("it.maven.oldest");
  }

  /** The version of the newest Maven that it is tested with. */
  static String newest() {
    return System.getProperty("it.maven.newest");
  }

  /** Copies a project, and sets the version of the plugin in it. */
  static Path copy(String project, Path to) throws IOException {
    Path from = PROJECTS.resolve(project);
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.writeString(
              copy,
              Files.readString(file).replace("0.1.0-SNAPSHOT", System.getProperty("it.version")));
        }
      }
    }
    return to;
  }

  /** Copies a file or a directory tree. */
  static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /**
   * Runs a build to its end, and requires that Maven reports the expected version.
   *
   * @param maven the version of Maven
   */
  static MavenBuild run(
      String maven, Path directory, Map<String, String> environment, String... more)
      throws IOException, InterruptedException {
    Path log = directory.resolve("build.log");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("it.mavens"), "apache-maven-" + maven, "bin/mvn")
                    .toString(),
                "-B",
                "-V",
                "-ntp",
                "-s",
                PROJECTS.resolve("settings.xml").toString(),
                "-Dmaven.repo.local=" + repository(),
                "-Dfetched="
                    + System.getProperty("maven.repo.local", System.getProperty("it.fetched")),
                "-Daether.offline.protocols=file",
                "-Dvectors=" + VECTORS,
                "-Drelease.key=" + VECTORS.resolve("keys-for-tests-only/p256.pem"),
                "-Dsigner.key=" + VECTORS.resolve("keys-for-tests-only/signer.pem")));
    command.addAll(List.of(more));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    Map<String, String> variables = builder.environment();
    variables.keySet().removeIf(name -> name.startsWith("MAVEN_") || name.startsWith("SIGSTORE_"));
    variables.put("JAVA_HOME", System.getProperty("java.home"));
    // Independent of the user: no cache of trusted roots, no locale.
    variables.put("XDG_CACHE_HOME", directory.resolve("cache").toString());
    variables.put("LC_ALL", "C.UTF-8");
    variables.putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    if (!process.waitFor(180, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running: " + command);
    }
    String output = Files.readString(log, StandardCharsets.UTF_8);
    // Not the first line: a newer JDK warns before Maven 3.8 says which one it is.
    assertThat(output.lines()).anyMatch(line -> line.startsWith("Apache Maven " + maven + " "));
    return new MavenBuild(directory, process.exitValue(), output);
  }

  /** Asserts that the build succeeded. */
  MavenBuild succeeds() {
    assertThat(output).contains("BUILD SUCCESS");
    assertThat(status).as(output).isZero();
    return this;
  }

  /** Asserts that the build failed. */
  MavenBuild fails() {
    assertThat(output).contains("BUILD FAILURE");
    assertThat(status).isEqualTo(1);
    return this;
  }

  /** The error that Maven reports for a module. */
  String failureOf(String module) {
    return output
        .lines()
        .filter(line -> line.startsWith("[ERROR] Failed to execute goal"))
        .filter(line -> line.contains(" on project " + module + ": "))
        .findFirst()
        .orElseThrow(() -> new AssertionError(module + " did not fail:\n" + output));
  }

  /** The content of a file in the project. */
  String file(String path) throws IOException {
    return Files.readString(directory.resolve(path), StandardCharsets.UTF_8);
  }

  /**
   * Asserts that the output contains the lines that {@code docs/maven.md} shows.
   *
   * @param level the prefix of the lines
   * @param model the path that replaces the one of the model in the document
   */
  void saysWhatIsDocumented(String level, Path model) throws IOException {
    List<String> lines =
        Files.readString(Path.of("../docs/maven.md"), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.startsWith("    " + level))
            .map(line -> line.strip().replace("/build/key/model", model.toString()))
            .toList();
    assertThat(lines).hasSizeGreaterThan(3);
    assertThat(output.lines()).containsAll(lines);
  }
}
