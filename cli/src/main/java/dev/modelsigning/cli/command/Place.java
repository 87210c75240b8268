package dev.modelsigning.cli.command;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where a model or a signature is, as the user names it: a path, or {@code oci://...}. */
public final class Place {

  private static final String REGISTRY = "oci://";

  private final String text;
  private final @Nullable Path path;

  private Place(String text, @Nullable Path path) {
    this.text = text;
    this.path = path;
  }

  /** Reads an argument. A reference is not checked here, but when it is used. */
  public static Place of(String argument) {
    return isInRegistry(argument)
        ? new Place(argument, null)
        : new Place(argument, Converters.path(argument));
  }

  /** The place of a path. */
  public static Place of(Path path) {
    return new Place(path.toString(), path);
  }

  /** Whether an argument names something in a registry. */
  public static boolean isInRegistry(String argument) {
    return argument.regionMatches(true, 0, REGISTRY, 0, REGISTRY.length());
  }

  /** Whether it is in a registry. */
  public boolean isInRegistry() {
    return path == null;
  }

  /**
   * The path.
   *
   * @throws IllegalStateException if it is in a registry, for which the caller has looked
   */
  public Path path() {
    if (path == null) {
      throw new IllegalStateException("in a registry");
    }
    return path;
  }

  /** As it was given. */
  @Override
  public String toString() {
    return path == null ? text : path.toString();
  }
}
