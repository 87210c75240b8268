package dev.modelsigning.dist;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;

/**
 * The JDK 25 that the packaged runtime is linked from, whichever JDK runs the build.
 *
 * @param home its directory
 * @param version its version, such as {@code 25.0.3+9-LTS}
 * @param vendor who made it
 * @param architecture what it is for, by Debian's name
 */
record Jdk(Path home, String version, String vendor, String architecture) {

  /** The file of a JDK that has the classes of all its modules. */
  static final String MODULES = "lib/modules";

  private static final int MAJOR = 25;
  private static final Path INSTALLED = Path.of("/usr/lib/jvm");

  /**
   * Searches {@code JAVA25_HOME}, {@code JAVA_HOME} and {@code /usr/lib/jvm}, like CI.
   *
   * @throws BuildException if there is none
   */
  static Jdk find() throws IOException, BuildException {
    for (Path home : candidates()) {
      if (Files.isExecutable(home.resolve("bin/jlink"))
          && Files.isReadable(home.resolve("release"))) {
        Properties release = new Properties();
        try (InputStream in = Files.newInputStream(home.resolve("release"))) {
          release.load(in);
        }
        String version = unquoted(release, "JAVA_VERSION");
        if (version.equals(Integer.toString(MAJOR)) || version.startsWith(MAJOR + ".")) {
          String full = unquoted(release, "JAVA_RUNTIME_VERSION");
          return new Jdk(
              home,
              full.isEmpty() ? version : full,
              unquoted(release, "IMPLEMENTOR"),
              architecture(unquoted(release, "OS_NAME"), unquoted(release, "OS_ARCH")));
        }
      }
    }
    throw new BuildException(
        "no JDK 25 with bin/jlink, from which the packages get their Java runtime: looked at"
            + " JAVA25_HOME, JAVA_HOME and below "
            + INSTALLED
            + "; install one (on Debian temurin-25-jdk or openjdk-25-jdk-headless) and set"
            + " JAVA25_HOME to its directory");
  }

  Path tool(String name) {
    return home.resolve("bin").resolve(name);
  }

  /**
   * The SHA-256 of {@code lib/modules}, which has the classes of all modules: it identifies the
   * build of the JDK, in hexadecimal digits.
   *
   * @throws BuildException if the JDK has no such file
   */
  String modulesDigest() throws IOException, BuildException {
    Path modules = home.resolve(MODULES);
    if (!Files.isRegularFile(modules)) {
      throw new BuildException("expected " + modules + ", from which the Java runtime is linked");
    }
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
    try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
      Files.copy(modules, out);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * Runs a command without the environment variables that change the options of JVMs, as they would
   * affect its output.
   *
   * @return what it printed
   * @throws BuildException if it fails
   */
  static String run(Path directory, List<String> command)
      throws IOException, BuildException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    builder
        .environment()
        .keySet()
        .removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "CLASSPATH"));
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().put("TZ", "UTC");
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    if (status != 0) {
      throw new BuildException(
          String.join(" ", command) + " ended with the status " + status + ":\n" + said);
    }
    return said;
  }

  private static List<Path> candidates() throws IOException {
    List<Path> found = new ArrayList<>();
    for (String name : List.of("JAVA25_HOME", "JAVA_HOME")) {
      String value = System.getenv(name);
      if (value != null && !value.isEmpty()) {
        found.add(Path.of(value).toAbsolutePath());
      }
    }
    found.add(Path.of(System.getProperty("java.home")));
    if (Files.isDirectory(INSTALLED)) {
      List<Path> installed = new ArrayList<>();
      try (DirectoryStream<Path> there = Files.newDirectoryStream(INSTALLED, "*" + MAJOR + "*")) {
        there.forEach(installed::add);
      }
      Collections.sort(installed);
      found.addAll(installed);
    }
    return found;
  }

  private static String unquoted(Properties release, String name) {
    return release.getProperty(name, "").replace("\"", "");
  }

  private static String architecture(String system, String machine) throws BuildException {
    if (!system.equals("Linux")) {
      throw new BuildException("packages are built on Linux, and this JDK is for " + system);
    }
    return switch (machine) {
      case "x86_64" -> "amd64";
      case "aarch64" -> "arm64";
      default -> throw new BuildException("no packages are made for " + machine);
    };
  }
}
