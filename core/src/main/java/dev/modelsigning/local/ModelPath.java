package dev.modelsigning.local;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The position of paths relative to a model. */
public final class ModelPath {

  /** The name of a model without a name, such as the root of a file system. */
  private static final String NAMELESS = "model";

  private ModelPath() {}

  /**
   * The name of a model: the last component of its path, or of its real path where that is {@code
   * .} or {@code ..} (OMS 6.5).
   *
   * @throws IOException if the model does not exist
   */
  public static String nameOf(Path model) throws IOException {
    String name = PathNames.lastComponent(model);
    if (name == null || name.isEmpty() || name.equals(".") || name.equals("..")) {
      name = PathNames.lastComponent(model.toRealPath());
    }
    return name == null || name.isEmpty() ? NAMELESS : name;
  }

  /**
   * The canonical path of a file relative to a model's root (OMS 6.1.2). The file need not exist.
   * Links in all components but the last are resolved.
   *
   * @param model the model's directory or file
   * @param file any path
   * @return the canonical path, or empty if the file is not below the model's root
   * @throws IOException if the model does not exist, or a component is not UTF-8
   */
  public static Optional<String> within(Path model, Path file) throws IOException {
    if (!model.getFileSystem().equals(file.getFileSystem())) {
      return Optional.empty();
    }
    Path root = model.toRealPath();
    Path real = withRealParent(file.toAbsolutePath());
    if (!real.startsWith(root) || real.equals(root)) {
      return Optional.empty();
    }
    StringBuilder name = new StringBuilder();
    for (int i = root.getNameCount(); i < real.getNameCount(); i++) {
      // A separate path for each component, since only a whole path has a URI.
      String component = PathNames.lastComponent(absolutePrefix(real, i + 1));
      if (component == null) {
        throw new FileSystemException(file.toString(), null, "its name is not UTF-8 (OMS 6.1.2)");
      }
      name.append(name.length() == 0 ? "" : "/").append(component);
    }
    return Optional.of(name.toString());
  }

  private static Path absolutePrefix(Path path, int names) {
    Path root = path.getRoot();
    Path prefix = path.subpath(0, names);
    return root == null ? prefix : root.resolve(prefix);
  }

  /** Resolves the links in all components but the last, as far as the path exists. */
  private static Path withRealParent(Path absolute) throws IOException {
    Path last = absolute.getFileName();
    Path parent = absolute.getParent();
    if (last == null || parent == null) {
      return absolute;
    }
    if (last.toString().equals(".") || last.toString().equals("..")) {
      return withRealParent(absolute.normalize());
    }
    if (Files.exists(parent)) {
      return parent.toRealPath().resolve(last);
    }
    return withRealParent(parent.normalize()).resolve(last);
  }
}
