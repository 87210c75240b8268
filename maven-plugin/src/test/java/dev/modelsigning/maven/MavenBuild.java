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
 * A build of one of the projects in {@code src/it}, by a real Maven, in a copy, with a repository
 * in which there is nothing but the plugin and what it needs.
 *
 * @param directory the copy of the project
 * @param status the exit status
 * @param output all that Maven printed
 */
record MavenBuild(Path directory, int status, String output) {

  private static final Path PROJECTS = Path.of("src/it").toAbsolutePath();

  /** The checkout's own vectors. */
  static final Path VECTORS = Path.of("../vectors").toAbsolutePath().normalize();

  /** Where the builds find the plugin. */
  static Path repository() {
    return Path.of(System.getProperty("it.repository"));
  }

  /** The oldest Maven that the plugin supports: its version. */
  static String oldest() {
    return System.getProperty("it.maven.oldest");
  }

  /** The newest one. */
  static String newest() {
    return System.getProperty("it.maven.newest");
  }

  /** A fresh copy of a project, for the plugin as it was built. */
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

  /** A copy of a file, or of a directory with files in it and in those below. */
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
    // Nothing of this user's: no cache of whom to trust, no locale of file names.
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
    assertThat(output).startsWith("Apache Maven " + maven + " ");
    return new MavenBuild(directory, process.exitValue(), output);
  }

  /** Requires that Maven ended well. */
  MavenBuild succeeds() {
    assertThat(output).contains("BUILD SUCCESS");
    assertThat(status).as(output).isZero();
    return this;
  }

  /** Requires that Maven failed. */
  MavenBuild fails() {
    assertThat(output).contains("BUILD FAILURE");
    assertThat(status).isEqualTo(1);
    return this;
  }

  /** What Maven says at its end of a module that failed. */
  String failureOf(String module) {
    return output
        .lines()
        .filter(line -> line.startsWith("[ERROR] Failed to execute goal"))
        .filter(line -> line.contains(" on project " + module + ": "))
        .findFirst()
        .orElseThrow(() -> new AssertionError(module + " did not fail:\n" + output));
  }

  /** What it wrote. */
  String file(String path) throws IOException {
    return Files.readString(directory.resolve(path), StandardCharsets.UTF_8);
  }

  /**
   * Requires that it says what {@code docs/maven.md} shows.
   *
   * @param level the lines that are meant, by how they begin
   * @param model where the model is that has another place in the document
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
