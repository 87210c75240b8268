package dev.modelsigning.cli.verify;

import dev.modelsigning.cli.command.SamePlace;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.report.HtmlReport;
import dev.modelsigning.report.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The file of a report, and the checks of its location. */
public final class ReportFile {

  private static final String OPTION = "--report";

  private final Path file;

  private ReportFile(Path file) {
    this.file = file;
  }

  /**
   * Checks that the report can be written, before a verification that may take hours.
   *
   * @param command the command that verifies, with all its arguments
   * @param model the model
   * @param copy the directory of the copy of the model, if there will be one
   * @param inputs files that it reads, in addition to those given as path arguments
   * @throws WrongUsage if the path is in the model, or is that of a file that the command reads
   * @throws IOException if the report cannot be written
   */
  public static ReportFile of(
      Path file, CommandSpec command, Path model, Optional<Path> copy, List<Path> inputs)
      throws IOException {
    if (isWithin(model, file)) {
      throw new WrongUsage(
          command,
          OPTION
              + ": "
              + file
              + " is in the model, of which it would be an unsigned file; choose another place");
    }
    if (copy.isPresent() && isWithin(copy.get(), file)) {
      throw new WrongUsage(
          command,
          OPTION
              + ": "
              + file
              + " is in the copy, which has signed files only; choose another place");
    }
    List<Path> read = new ArrayList<>(inputs);
    for (ArgSpec argument : command.args()) {
      if (!(argument instanceof OptionSpec option && option.longestName().equals(OPTION))) {
        read.addAll(paths(argument.getValue()));
      }
    }
    for (Path other : read) {
      if (SamePlace.isSame(file, other)) {
        throw new WrongUsage(
            command, OPTION + ": " + file + " is what this command reads; choose another place");
      }
    }
    HtmlReport.requireWritable(file);
    return new ReportFile(file);
  }

  /** Where a report was written. */
  public static String note(Path file) {
    return "The report is in " + file;
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
    } else if (value instanceof Iterable<?> several) {
      several.forEach(each -> paths.addAll(paths(each)));
    }
    return paths;
  }

  /**
   * Writes the report.
   *
   * @throws IOException if it cannot be written; an existing file is then unchanged
   */
  void write(Verdict verdict) throws IOException {
    HtmlReport.write(verdict, Clock.systemUTC().instant(), file);
  }
}
