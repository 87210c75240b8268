package dev.modelsigning.policy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The name of a model that the patterns of a policy are compared with: its path below the directory
 * of the policy, or below another one. It is what the caller names; the name in a signature is
 * chosen by its signer and never used.
 */
final class ModelName {

  private ModelName() {}

  /**
   * Returns the name.
   *
   * @param directory the directory that models are named below
   * @param model the path of the model, as the caller names it
   * @return the path with slashes; empty if the model is not below the directory
   * @throws IOException if the path has {@code ..}, and what it leads to cannot be determined
   */
  static Optional<String> of(Path directory, Path model) throws IOException {
    Path base = resolved(directory.toAbsolutePath());
    Path named = resolved(model.toAbsolutePath());
    if (!named.startsWith(base)) {
      // One of them may be reached by a link above both.
      Path parent = named.getParent();
      base = base.toRealPath();
      named = parent == null ? named : parent.toRealPath().resolve(named.getFileName());
    }
    if (!named.startsWith(base) || named.equals(base)) {
      return Optional.empty();
    }
    StringBuilder name = new StringBuilder();
    for (Path part : base.relativize(named)) {
      name.append(name.length() == 0 ? "" : "/").append(part);
    }
    return Optional.of(name.toString());
  }

  /**
   * Removes {@code .} and {@code ..}. A directory before {@code ..} may be a link, and then {@code
   * ..} leads from its target and not back, so the part up to the last of them is resolved by the
   * file system.
   */
  private static Path resolved(Path absolute) throws IOException {
    int last = -1;
    for (int i = 0; i < absolute.getNameCount(); i++) {
      if (absolute.getName(i).toString().equals("..")) {
        last = i;
      }
    }
    if (last < 0) {
      return absolute.normalize();
    }
    Path root = absolute.getRoot();
    Path before = root.resolve(absolute.subpath(0, last + 1)).toRealPath();
    return last + 1 == absolute.getNameCount()
        ? before
        : before.resolve(absolute.subpath(last + 1, absolute.getNameCount())).normalize();
  }
}
