package dev.modelsigning.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Java runtime of the packages: only the modules that the program needs. */
final class JavaRuntime {

  /** The modules that the program needs; java.net.http requires no others. */
  static final List<String> MODULES =
      List.of("java.base", "java.logging", "java.net.http", "java.xml", "jdk.unsupported");

  /**
   * Classes of libraries that refer to other modules than these. The program never loads them, for
   * the reason given.
   */
  private static final List<Pattern> NEVER_LOADED =
      List.of(
          // Looks the classes up by name, and works without them.
          Pattern.compile("com\\.google\\.gson\\.internal\\.sql\\..*"),
          // A single method, for java.sql.Timestamp, which nothing calls.
          Pattern.compile("com\\.google\\.protobuf\\.util\\.Timestamps"),
          Pattern.compile("dev\\.sigstore\\.rekor\\.client\\.RekorEntryFetcher"),
          // Window handles (AWT).
          Pattern.compile("com\\.sun\\.jna\\.Native(\\$AWT)?"),
          // Directories (LDAP) and DNS, from which this program takes no certificates.
          Pattern.compile("org\\.bouncycastle\\.cert\\.dane\\.fetcher\\..*"),
          Pattern.compile("org\\.bouncycastle\\.jce\\.provider\\.(CrlCache|X509LDAPCertStoreSpi)"),
          Pattern.compile("org\\.bouncycastle\\.pkix\\.jcajce\\.CrlCache"),
          Pattern.compile("org\\.bouncycastle\\.x509\\.util\\.LDAPStoreHelper"));

  /** A line of jdeps: a class, a class that it refers to, and the module or file of the latter. */
  private static final Pattern DEPENDENCY =
      Pattern.compile(
          "\\s+(\\S+)\\s+-> \\S+\\s+(?:JDK removed internal API|.*?\\(?)((?:java|jdk)\\.[a-z.]+)\\)?$");

  private JavaRuntime() {}

  /**
   * Links the runtime into a directory.
   *
   * @throws BuildException if the jar needs a module that the runtime does not have
   */
  static void link(Jdk jdk, Path jar, Path target)
      throws IOException, BuildException, InterruptedException {
    check(
        Jdk.run(
            jdk.home(),
            List.of(
                jdk.tool("jdeps").toString(),
                "--multi-release",
                "25",
                "--ignore-missing-deps",
                "-verbose:class",
                jar.toString())));
    Jdk.run(
        jdk.home(),
        List.of(
            jdk.tool("jlink").toString(),
            "--add-modules",
            String.join(",", MODULES),
            "--strip-java-debug-attributes",
            "--no-header-files",
            "--no-man-pages",
            "--output",
            target.toString()));
    // Of the tools in these modules, only the launcher java is needed.
    Files.deleteIfExists(target.resolve("bin/keytool"));
    Files.deleteIfExists(target.resolve("bin/jwebserver"));
  }

  /**
   * Checks the output of jdeps for the jar.
   *
   * @throws BuildException if a class that may be loaded needs a module that the runtime lacks
   */
  static void check(String said) throws BuildException {
    Set<String> missing = new TreeSet<>();
    int lines = 0;
    for (String line : said.lines().toList()) {
      Matcher found = DEPENDENCY.matcher(line);
      if (!found.matches()) {
        continue;
      }
      lines++;
      // In a multi-release jar, the name of a class for newer JDKs begins with the version.
      String name = found.group(1).replaceFirst("^\\d+/", "");
      String module = found.group(2);
      if (!MODULES.contains(module)
          && NEVER_LOADED.stream().noneMatch(known -> known.matcher(name).matches())) {
        missing.add(name + " needs " + module);
      }
    }
    if (lines == 0) {
      throw new BuildException("expected dependencies of the jar from jdeps, found none");
    }
    if (!missing.isEmpty()) {
      throw new BuildException(
          "the Java runtime of the packages has only "
              + MODULES
              + ": "
              + String.join(", ", missing));
    }
  }
}
