package dev.modelsigning.cli.verify;

import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.report.HtmlReport;
import dev.modelsigning.report.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;

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
    new OutputFile(OPTION, file, command).requireOutsideModel(model);
    return of(file, command, copy, inputs);
  }

  /** The same for a model that is not in a file system. */
  static ReportFile of(Path file, CommandSpec command, Optional<Path> copy, List<Path> inputs)
      throws IOException {
    OutputFile place = new OutputFile(OPTION, file, command);
    if (copy.isPresent()) {
      place.requireOutside(copy.get(), "in the copy, which has signed files only");
    }
    place.requireUnread(inputs, Set.of());
    HtmlReport.requireWritable(file);
    return new ReportFile(file);
  }

  /** Where a report was written. */
  public static String note(Path file) {
    return "The report is in " + file;
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
