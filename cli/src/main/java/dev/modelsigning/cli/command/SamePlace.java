package dev.modelsigning.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether two names are of one file: by what is there, or else by where it would be. */
public final class SamePlace {

  private SamePlace() {}

  /** Whether they are the same, however spelled, linked or mounted. */
  public static boolean isSame(Path one, Path other) throws IOException {
    if (Files.exists(one) && Files.exists(other)) {
      return Files.isSameFile(one, other);
    }
    return resolved(one).equals(resolved(other));
  }

  /** With the links on the way resolved, as far as the way exists. */
  private static Path resolved(Path path) throws IOException {
    Path absolute = path.toAbsolutePath();
    Path name = absolute.getFileName();
    Path parent = absolute.getParent();
    return name == null || parent == null || !Files.exists(parent)
        ? absolute.normalize()
        : parent.toRealPath().resolve(name).normalize();
  }
}
