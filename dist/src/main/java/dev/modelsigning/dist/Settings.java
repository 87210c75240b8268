package dev.modelsigning.dist;

import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * What the build says about the packages.
 *
 * @param version the version of the project, as Maven has it
 * @param time the time of all files in all packages
 * @param maintainer whom a Debian package names
 * @param checkout the top of the checkout
 * @param jar the runnable jar
 * @param sbom what is in it, in CycloneDX's JSON
 * @param man the directory of the manual pages and of the scripts that complete commands
 * @param sources the directory of what is packaged as it is
 * @param cache where downloaded Debian packages are kept
 * @param output where packages are written to
 */
record Settings(
    String version,
    Instant time,
    String maintainer,
    Path checkout,
    Path jar,
    Path sbom,
    Path man,
    Path sources,
    Path cache,
    Path output) {

  /**
   * Reads arguments of the form {@code name=value}.
   *
   * @throws BuildException if one is missing
   */
  static Settings of(String... args) throws BuildException {
    Map<String, String> values = new HashMap<>();
    for (String arg : args) {
      int end = arg.indexOf('=');
      if (end < 0) {
        throw new BuildException("expected name=value: " + arg);
      }
      values.put(arg.substring(0, end), arg.substring(end + 1));
    }
    return new Settings(
        value(values, "version"),
        Instant.parse(value(values, "time")),
        value(values, "maintainer"),
        path(values, "checkout"),
        path(values, "jar"),
        path(values, "sbom"),
        path(values, "man"),
        path(values, "sources"),
        path(values, "cache"),
        path(values, "output"));
  }

  /** The version as Debian orders it: a snapshot comes before what it will be. */
  String debianVersion() {
    return version.replace("-SNAPSHOT", "~SNAPSHOT").replace('-', '~');
  }

  private static String value(Map<String, String> values, String name) throws BuildException {
    String value = values.get(name);
    if (value == null || value.isEmpty()) {
      throw new BuildException("no " + name + " given");
    }
    return value;
  }

  private static Path path(Map<String, String> values, String name) throws BuildException {
    return Path.of(value(values, name)).toAbsolutePath().normalize();
  }
}
