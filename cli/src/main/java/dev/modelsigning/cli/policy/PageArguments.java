package dev.modelsigning.cli.policy;

import dev.modelsigning.cli.verify.ReportFile;
import dev.modelsigning.policy.report.PolicyReport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The verdict of a policy as a page for people. */
final class PageArguments {

  /** How pages in HTML begin. */
  private static final String PAGE = "<!DOCTYPE html>";

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description =
          "Write the verdict as a page for people too, in HTML, whichever it is. A file that is"
              + " there is replaced if it is such a page. It must not lie in a model.")
  private @Nullable Path report;

  private boolean written;

  /** Whether a page was asked for. */
  boolean isGiven() {
    return report != null;
  }

  /**
   * Refuses a place in a model, or where something else would be replaced.
   *
   * @param inputs files that are read
   */
  void requireWritable(CommandSpec command, List<Path> models, List<Path> inputs)
      throws IOException {
    if (report == null) {
      return;
    }
    for (Path model : models) {
      ReportFile.of(report, command, model, Optional.empty(), inputs);
    }
    requireReplaceable(report);
  }

  /**
   * Refuses to replace anything but a page: signatures and claims are found by convention and the
   * trust of signers is named in the policy, so no option tells all that is read.
   */
  private static void requireReplaceable(Path file) throws IOException {
    if (!Files.isRegularFile(file) || Files.size(file) == 0) {
      return;
    }
    try (InputStream content = Files.newInputStream(file)) {
      byte[] start = content.readNBytes(PAGE.length());
      if (!new String(start, StandardCharsets.US_ASCII).equalsIgnoreCase(PAGE)) {
        throw new FileSystemException(
            file.toString(),
            null,
            "this is no page in HTML, so it is not replaced; choose another place for the report");
      }
    }
  }

  /** Writes the page, which was asked for. */
  void write(PolicyReport verdict) throws IOException {
    if (report == null) {
      throw new IllegalStateException("no report was asked for");
    }
    verdict.writeHtml(Clock.systemUTC().instant(), report);
    written = true;
  }

  /** The page, if there is one. */
  Optional<Path> written() {
    return written ? Optional.ofNullable(report) : Optional.empty();
  }
}
