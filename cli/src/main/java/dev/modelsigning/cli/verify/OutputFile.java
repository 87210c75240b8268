package dev.modelsigning.cli.verify;

import dev.modelsigning.cli.command.Place;
import dev.modelsigning.cli.command.SamePlace;
import dev.modelsigning.cli.command.WrongUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A file that a verification writes, and where it must not be.
 *
 * @param option the option that names it
 * @param file the file
 * @param command the command that verifies, with all its arguments
 */
public record OutputFile(String option, Path file, CommandSpec command) {

  /**
   * Refuses a file in a model, of which it would be an unsigned file.
   *
   * @throws WrongUsage if it is there
   */
  public void requireOutsideModel(Path model) throws IOException {
    requireOutside(model, "in the model, of which it would be an unsigned file");
  }

  /** Refuses a file in a directory; {@code where} says why. */
  void requireOutside(Path directory, String where) throws IOException {
    if (isWithin(directory, file)) {
      throw refused(where);
    }
  }

  /**
   * Refuses a file that the command reads, or writes for another purpose.
   *
   * @param inputs files that it reads, in addition to those given as path arguments
   * @param except options whose files may be the same
   * @throws WrongUsage if it is one
   */
  public void requireUnread(List<Path> inputs, Set<String> except) throws IOException {
    List<Path> read = new ArrayList<>(inputs);
    for (ArgSpec argument : command.args()) {
      if (!(argument instanceof OptionSpec other
          && (other.longestName().equals(option) || except.contains(other.longestName())))) {
        read.addAll(paths(argument.getValue()));
      }
    }
    for (Path other : read) {
      if (SamePlace.isSame(file, other)) {
        throw refused("what this command reads");
      }
    }
  }

  private WrongUsage refused(String where) {
    return new WrongUsage(
        command, option + ": " + file + " is " + where + "; choose another place");
  }

  /** Whether a file is below a directory, independent of spelling, links and mounts. */
  private static boolean isWithin(Path directory, Path file) throws IOException {
    Path absolute = file.toAbsolutePath();
    if (absolute.normalize().startsWith(directory.toAbsolutePath().normalize())) {
      return true;
    }
    @Nullable Path above = absolute.getParent();
    if (above != null && Files.exists(above)) {
      above = above.toRealPath();
    }
    for (; above != null; above = above.getParent()) {
      if (Files.exists(above) && Files.exists(directory) && Files.isSameFile(above, directory)) {
        return true;
      }
    }
    return false;
  }

  /** The paths in the value of an argument. */
  private static List<Path> paths(@Nullable Object value) {
    List<Path> paths = new ArrayList<>();
    if (value instanceof Path path) {
      paths.add(path);
    } else if (value instanceof Place place && place.isHere()) {
      paths.add(place.path());
    } else if (value instanceof Iterable<?> several) {
      several.forEach(each -> paths.addAll(paths(each)));
    }
    return paths;
  }
}
