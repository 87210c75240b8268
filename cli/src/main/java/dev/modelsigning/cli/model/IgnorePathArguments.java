package dev.modelsigning.cli.model;

import dev.modelsigning.local.ModelPath;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Resolves arguments of {@code --ignore-paths} and {@code --only} to paths in the model. Some tools
 * take them relative to the current directory, others relative to the model; both are supported
 * unless they are ambiguous. No argument is silently ignored: one outside the model is an error.
 */
final class IgnorePathArguments {

  private IgnorePathArguments() {}

  /** The name in a model that has no directory to which it could be relative. */
  static String name(Path argument) {
    return argument.toString().replace(File.separatorChar, '/');
  }

  /**
   * Returns the canonical paths in the model.
   *
   * @throws IOException if an argument lies outside the model or is ambiguous
   */
  static List<String> resolve(Path model, List<Path> arguments) throws IOException {
    List<String> names = new ArrayList<>();
    for (Path argument : arguments) {
      names.add(resolve(model, argument));
    }
    return names;
  }

  /**
   * Returns the canonical path in the model to which verification is restricted. Here, paths in the
   * model have precedence: if the wrong path were selected, the intended files would not be
   * verified, which the verdict shows.
   *
   * @return {@code .} if it is the model itself
   * @throws IOException if the argument lies outside the model
   */
  static String only(Path model, Path argument) throws IOException {
    Path below = model.resolve(argument);
    boolean isModel =
        argument.normalize().toString().isEmpty()
            || (Files.isRegularFile(model) && argument.equals(model.getFileName()));
    if (isModel) {
      return ".";
    }
    Path meant = below;
    if (!Files.exists(below, LinkOption.NOFOLLOW_LINKS) && Files.exists(argument)) {
      if (Files.isSameFile(argument, model)) {
        return ".";
      }
      boolean within = ModelPath.within(model, argument.toAbsolutePath()).isPresent();
      meant = within ? argument : below;
    } else if (Files.exists(below) && Files.isSameFile(below, model)) {
      return ".";
    }
    return ModelPath.within(model, meant.toAbsolutePath())
        .orElseThrow(() ->
            new FileSystemException(
                argument.toString(),
                null,
                "the path to verify is not inside the model; name it relative to the model, or by an"
                    + " absolute path"));
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
