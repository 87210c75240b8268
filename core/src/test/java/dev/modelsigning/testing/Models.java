package dev.modelsigning.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Creates small models for tests. */
public final class Models {

  private Models() {}

  /** Writes files below a directory: name, content, name, content ... */
  public static Path write(Path root, String... namesAndContents) throws IOException {
    Files.createDirectories(root);
    for (int i = 0; i < namesAndContents.length; i += 2) {
      Path file = root.resolve(namesAndContents[i]);
      Path parent = file.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.writeString(file, namesAndContents[i + 1]);
    }
    return root;
  }
}
