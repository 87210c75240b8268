package dev.modelsigning.release;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The settings of a release, which {@link ReleaseSettings} has checked before the build.
 *
 * @param checkout the top directory of the checkout
 * @param version the version of the project
 * @param key the private key that signs: a path relative to the checkout, a URI, or empty
 * @param keyless whether an OpenID Connect identity signs
 * @param trustConfig the trust configuration of the Sigstore instance, relative to the checkout;
 *     empty for the public one
 * @param repository the address of the source repository, or empty
 * @param maven the version of Maven that builds
 */
record Settings(
    Path checkout,
    String version,
    String key,
    boolean keyless,
    String trustConfig,
    String repository,
    String maven) {

  /**
   * Reads the arguments of the build.
   *
   * @param args the checkout, and {@code name=value} for each other component
   * @throws ReleaseException if one is missing
   */
  static Settings of(String... args) throws ReleaseException {
    if (args.length == 0) {
      throw new ReleaseException("expected the directory of the checkout");
    }
    Map<String, String> values = new HashMap<>();
    for (int i = 1; i < args.length; i++) {
      int end = args[i].indexOf('=');
      if (end < 0) {
        throw new ReleaseException("expected name=value, found " + args[i]);
      }
      values.put(args[i].substring(0, end), args[i].substring(end + 1));
    }
    return new Settings(
        Path.of(args[0]).toAbsolutePath().normalize(),
        value(values, "version"),
        value(values, "key"),
        value(values, "keyless").equals("true"),
        value(values, "trustConfig"),
        value(values, "repository"),
        value(values, "maven"));
  }

  private static String value(Map<String, String> values, String name) throws ReleaseException {
    String value = values.get(name);
    if (value == null) {
      throw new ReleaseException("expected a setting " + name);
    }
    return value;
  }

  /** Whether it is a pre-release version, which may be signed by a temporary key. */
  boolean isSnapshot() {
    return version.endsWith("-SNAPSHOT");
  }

  /** Whether neither a key nor an identity was given, so that a temporary key signs. */
  boolean isTrial() {
    return !keyless && key.isEmpty();
  }

  /** The directory of the release. */
  Path directory() {
    return checkout.resolve("target/release").resolve("model-signing-" + version);
  }

  /** The public key of a release that a key has signed, next to its directory. */
  Path publicKey() {
    return directory().resolveSibling("model-signing-" + version + ".pub");
  }
}
