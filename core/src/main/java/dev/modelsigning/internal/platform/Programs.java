package dev.modelsigning.internal.platform;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Finds other programs and prepares their start. Only absolute elements of {@code PATH} are
 * searched: an empty or relative one refers to the current directory.
 */
public final class Programs {

  private Programs() {}

  /**
   * Finds a program by its name.
   *
   * @param name the name without a directory
   * @param environment the variables, with {@code PATH}
   * @return its absolute path, empty if no absolute element of {@code PATH} contains it
   */
  public static Optional<Path> find(String name, Map<String, String> environment) {
    List<String> names =
        File.separatorChar == '\\' ? List.of(name + ".exe", name + ".com") : List.of(name);
    return directories(environment).stream()
        .flatMap(directory -> names.stream().map(directory::resolve))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }

  /** The absolute elements of {@code PATH}, in their order. */
  static List<Path> directories(Map<String, String> environment) {
    List<Path> directories = new ArrayList<>();
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      if (variable.getKey().toUpperCase(Locale.ROOT).equals("PATH")
          && (variable.getKey().equals("PATH") || File.separatorChar == '\\')) {
        for (String element : variable.getValue().split(File.pathSeparator, -1)) {
          UserDirectories.absolute(element).ifPresent(directories::add);
        }
      }
    }
    return directories;
  }

  /**
   * Prepares a program to be started in the root directory, with empty standard input.
   *
   * @param command an absolute path, then the arguments
   * @param environment all variables that it gets, see {@link ChildEnvironment}
   * @throws IllegalArgumentException if the path is not absolute
   */
  public static ProcessBuilder prepare(List<String> command, Map<String, String> environment) {
    Path program =
        UserDirectories.absolute(command.get(0)).orElseThrow(IllegalArgumentException::new);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(environment);
    File nothing = new File(File.separatorChar == '\\' ? "NUL" : "/dev/null");
    return builder
        .directory(program.getRoot().toFile())
        .redirectInput(ProcessBuilder.Redirect.from(nothing))
        // Its error output may contain secrets.
        .redirectError(ProcessBuilder.Redirect.DISCARD);
  }
}
