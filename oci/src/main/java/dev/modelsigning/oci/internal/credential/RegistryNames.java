package dev.modelsigning.oci.internal.credential;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The names under which files have the credentials of a registry. */
final class RegistryNames {

  /** Docker Hub under all its names, and as files have it. */
  private static final List<String> HUB =
      List.of("docker.io", "index.docker.io", "registry-1.docker.io");

  static final String HUB_HOST = "index.docker.io";

  /** Docker passes this to helpers for its Hub. */
  static final String HUB_SERVER = "https://index.docker.io/v1/";

  private RegistryNames() {}

  /**
   * The names of a repository, from its own to that of its host (containers-auth.json(5)).
   *
   * @param registry the host, with the port if one is named
   * @param repository the repository
   */
  static List<String> of(String registry, String repository) {
    String host = host(registry);
    List<String> names = new ArrayList<>();
    for (String path = repository; !path.isEmpty(); ) {
      names.add(host + "/" + path);
      int slash = path.lastIndexOf('/');
      path = slash < 0 ? "" : path.substring(0, slash);
    }
    names.add(host);
    return names;
  }

  /** The name of a host, one for all of Docker Hub. */
  private static String host(String registry) {
    String lower = registry.toLowerCase(Locale.ROOT);
    return HUB.contains(lower) ? HUB_HOST : lower;
  }

  /**
   * The name in a file in the same form: with a scheme it is that of docker, which is about the
   * whole host; without, it is a host with or without the beginning of a repository's name.
   */
  static String normalized(String key) {
    String lower = key.toLowerCase(Locale.ROOT);
    for (String scheme : List.of("https://", "http://")) {
      if (lower.startsWith(scheme)) {
        String rest = key.substring(scheme.length());
        int slash = rest.indexOf('/');
        return host(slash < 0 ? rest : rest.substring(0, slash));
      }
    }
    int slash = key.indexOf('/');
    return slash < 0 ? host(key) : host(key.substring(0, slash)) + key.substring(slash);
  }
}
