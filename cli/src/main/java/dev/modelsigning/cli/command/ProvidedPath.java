package dev.modelsigning.cli.command;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Paths that are named by a URI, whose scheme a file system provider on the class path knows: in
 * object stores that speak another protocol, for example.
 */
final class ProvidedPath {

  /** The name of the file system of this machine, for which paths are enough. */
  private static final String HERE = "file";

  /** Schemes of what may be meant for a registry. */
  private static final Set<String> WEB = Set.of("docker", "oras", "registry", "http", "https");

  private static final Pattern URI_START = Pattern.compile("(?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://");

  private ProvidedPath() {}

  /**
   * Returns the path that a URI names; empty if the argument is none of a provider.
   *
   * @throws Converters.Refusal if the provider refuses the URI; it is not shown, as it may have a
   *     password
   */
  static Optional<Path> of(String argument) {
    Matcher start = URI_START.matcher(argument);
    if (!start.lookingAt()) {
      return Optional.empty();
    }
    String scheme = start.group("scheme").toLowerCase(Locale.ROOT);
    if (scheme.equals(HERE)) {
      return Optional.empty();
    }
    // The providers are looked for only here: each of them is code that was added by the user.
    return FileSystemProvider.installedProviders().stream()
        .filter(provider -> provider.getScheme().equalsIgnoreCase(scheme))
        .findFirst()
        .map(provider -> path(provider, argument, scheme));
  }

  /** The argument without what stands before the host, which may have a password. */
  static String withoutUser(String argument) {
    Matcher start = URI_START.matcher(argument);
    int authority = start.lookingAt() ? start.end() : 0;
    int slash = argument.indexOf('/', authority);
    int at = argument.lastIndexOf('@', slash < 0 ? argument.length() : slash);
    return at < authority
        ? argument
        : argument.substring(0, authority) + argument.substring(at + 1);
  }

  /**
   * What to say of a path that does not exist, if it looks like a URI whose scheme nothing here
   * knows.
   */
  static Optional<String> missing(String argument) {
    Matcher start = URI_START.matcher(argument);
    return start.lookingAt() && !WEB.contains(start.group("scheme").toLowerCase(Locale.ROOT))
        ? Optional.of(
            "nothing here knows "
                + start.group()
                + "; a file system provider can be added by MODEL_SIGNING_CLASSPATH, and s3:// and"
                + " oci:// need none")
        : Optional.empty();
  }

  private static Path path(FileSystemProvider provider, String argument, String scheme) {
    try {
      return provider.getPath(new URI(argument));
    } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
      throw new Converters.Refusal(
          "the provider for "
              + scheme
              + ":// on the class path cannot use this URI ("
              + e.getClass().getSimpleName()
              + "); its documentation says how URIs are written");
    }
  }
}
