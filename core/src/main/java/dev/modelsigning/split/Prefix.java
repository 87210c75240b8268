package dev.modelsigning.split;

import dev.modelsigning.internal.text.CanonicalPath;
import org.jspecify.annotations.Nullable;

/**
 * The files of a directory of the model.
 *
 * @param directory the path of the directory with a slash at its end; empty for the model itself
 * @param below whether those below its subdirectories belong to it too, or only its own
 */
public record Prefix(String directory, boolean below) {

  /**
   * Checks the form of the path.
   *
   * @throws IllegalArgumentException if it is not canonical (OMS 6.1.2), or has no slash at its end
   */
  public Prefix {
    String problem = problem(directory);
    if (problem != null) {
      throw new IllegalArgumentException("the prefix " + problem);
    }
  }

  /** What is wrong with a path; null if nothing is. */
  static @Nullable String problem(String directory) {
    if (directory.isEmpty()) {
      return null;
    }
    return directory.endsWith("/")
        ? CanonicalPath.problem(directory.substring(0, directory.length() - 1))
        : "has no slash at its end";
  }

  /** The directory of a file or directory, with a slash at its end. */
  static String above(String name) {
    return name.substring(0, name.lastIndexOf('/') + 1);
  }

  /** The directory above a directory; both have a slash at their end. */
  static String parent(String directory) {
    return above(directory.substring(0, directory.length() - 1));
  }

  @Override
  public String toString() {
    return directory + (below ? "**" : "*");
  }
}
