package dev.modelsigning.cli.model;

import dev.modelsigning.local.ModelPath;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds out which path in the model an argument of {@code --ignore-paths} means. Some tools take it
 * relative to the current directory, others relative to the model; both are served as long as there
 * is no doubt. Nothing is dropped in silence: an argument outside the model is an error.
 */
final class IgnorePathArguments {

  private IgnorePathArguments() {}

  /**
   * The canonical paths in the model.
   *
   * @throws IOException if an argument lies outside the model or could mean two paths
   */
  static List<String> resolve(Path model, List<Path> arguments) throws IOException {
    List<String> names = new ArrayList<>();
    for (Path argument : arguments) {
      names.add(resolve(model, argument));
    }
    return names;
  }

  private static String resolve(Path model, Path argument) throws IOException {
    Optional<String> fromHere = ModelPath.within(model, argument.toAbsolutePath());
    if (argument.isAbsolute()) {
      return fromHere.orElseThrow(() -> outside(argument));
    }
    Path below = model.resolve(argument);
    Optional<String> fromModel = ModelPath.within(model, below);
    if (fromHere.isEmpty() || fromHere.equals(fromModel)) {
      return fromModel.orElseThrow(() -> outside(argument));
    }
    if (fromModel.isEmpty()) {
      return fromHere.get();
    }
    boolean existsHere = Files.exists(argument, LinkOption.NOFOLLOW_LINKS);
    boolean existsBelow = Files.exists(below, LinkOption.NOFOLLOW_LINKS);
    if (existsHere && existsBelow) {
      throw new FileSystemException(
          argument.toString(),
          null,
          "the path to ignore could mean "
              + fromHere.get()
              + " or "
              + fromModel.get()
              + " in the model; name it by an absolute path");
    }
    return existsHere ? fromHere.get() : fromModel.get();
  }

  private static FileSystemException outside(Path argument) {
    return new FileSystemException(
        argument.toString(),
        null,
        "the path to ignore is not inside the model (OMS 6.2.1);"
            + " name it relative to the model, or by an absolute path");
  }
}
