package dev.modelsigning.cli.command;

import dev.modelsigning.cli.command.Program.Cluster;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a model or a signature is, as the user names it: a path, {@code oci://...} or {@code
 * s3://...}; in a program that is part of another one also what that reads.
 */
public final class Place {

  private static final String REGISTRY = "oci://";
  private static final String STORE = "s3://";

  /** What other programs write before a reference, or people copy from a browser. */
  private static final Pattern SCHEME =
      Pattern.compile("(?:docker|oras|registry|https?)://", Pattern.CASE_INSENSITIVE);

  /** HOST/REPOSITORY:TAG, where the host has a dot or a port, or is this machine. */
  private static final Pattern DOCKER =
      Pattern.compile(
          "(?:localhost|[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)+|[A-Za-z0-9-]+(?=:))(?::[0-9]{1,5})?"
              + "/[a-z0-9][a-z0-9._/-]*"
              + "(?<tag>:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(?<digest>@sha256:[0-9a-f]{64})?");

  private final String text;
  private final @Nullable Path path;
  private final String shown;
  private final boolean onCluster;

  private Place(String text, @Nullable Path path, String shown) {
    this(text, path, shown, false);
  }

  private Place(String text, @Nullable Path path, String shown, boolean onCluster) {
    this.text = text;
    this.path = path;
    this.shown = shown;
    this.onCluster = onCluster;
  }

  /** Reads an argument. A reference is not checked here, but when it is used. */
  public static Place of(String argument) {
    if (isInRegistry(argument) || isInStore(argument)) {
      return new Place(argument, null, argument);
    }
    return ProvidedPath.of(argument)
        .map(path -> new Place(argument, path, ProvidedPath.withoutUser(argument)))
        .orElseGet(() -> {
          Path path = Converters.path(argument);
          return new Place(argument, path, path.toString());
        });
  }

  /** Reads an argument, which may name what a cluster reads. */
  public static Place of(String argument, Cluster cluster) {
    return cluster.isMeant(argument)
        ? new Place(argument, null, ProvidedPath.withoutUser(argument), true)
        : of(argument);
  }

  /** The place of a path. */
  public static Place of(Path path) {
    return new Place(path.toString(), path, path.toString());
  }

  /** Whether an argument names something in a registry. */
  public static boolean isInRegistry(String argument) {
    return argument.regionMatches(true, 0, REGISTRY, 0, REGISTRY.length());
  }

  /** Whether an argument names something in an object store. */
  public static boolean isInStore(String argument) {
    return argument.regionMatches(true, 0, STORE, 0, STORE.length());
  }

  /**
   * What to say of a path that does not exist, if it looks like a reference to a registry as other
   * programs write it, or like a URI: how it is named here.
   */
  public Optional<String> adviceOnRegistry() {
    Optional<String> provider = ProvidedPath.missing(text);
    if (provider.isPresent()) {
      return provider;
    }
    return path == null ? Optional.empty() : reference(text).map(Place::advice);
  }

  private static String advice(String reference) {
    return "a model in a registry is named by oci://, here " + reference;
  }

  /** The reference that an argument may mean; none if it has a user or a password. */
  private static Optional<String> reference(String argument) {
    Matcher scheme = SCHEME.matcher(argument);
    boolean named = scheme.lookingAt();
    Matcher docker = DOCKER.matcher(named ? argument.substring(scheme.end()) : argument);
    if (!docker.matches()) {
      return named ? Optional.of(REGISTRY + "HOST/REPOSITORY:TAG") : Optional.empty();
    }
    boolean tagged = docker.group("tag") != null || docker.group("digest") != null;
    return named || tagged
        ? Optional.of(REGISTRY + docker.group() + (tagged ? "" : ":TAG"))
        : Optional.empty();
  }

  /** Whether an argument looks like a reference to a registry as other programs write it. */
  public static boolean mayBeReference(String argument) {
    return !isInRegistry(argument) && reference(argument).isPresent();
  }

  /** Whether it is in a registry. */
  public boolean isInRegistry() {
    return path == null && !onCluster && isInRegistry(text);
  }

  /** Whether it is in an object store. */
  public boolean isInStore() {
    return path == null && !onCluster && isInStore(text);
  }

  /** Whether a cluster reads it. */
  public boolean isOnCluster() {
    return onCluster;
  }

  /** Whether it is in a file system. */
  public boolean isHere() {
    return path != null;
  }

  /** Whether it was given as a path, and not by a URI. */
  public boolean isPath() {
    return path != null && path.toString().equals(shown);
  }

  /**
   * The path.
   *
   * @throws IllegalStateException if it has none, for which the caller has looked
   */
  public Path path() {
    if (path == null) {
      throw new IllegalStateException("not in a file system");
    }
    return path;
  }

  /** The last component: the name of a file, or what comes last in a reference. */
  public String name() {
    if (path == null) {
      return text.substring(text.lastIndexOf('/') + 1);
    }
    @Nullable Path name = path.getFileName();
    return name == null ? "" : name.toString();
  }

  /** As it was given, for whoever opens it. It may have a password, and is not shown. */
  public String argument() {
    return text;
  }

  /** As it was given, without user and password. */
  @Override
  public String toString() {
    return shown;
  }
}
