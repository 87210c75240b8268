package dev.modelsigning.cli.inspect;

import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.cli.command.ListArguments;
import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.ReportFormat;
import dev.modelsigning.cli.command.Task;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.inspection.Inspection;
import dev.modelsigning.inspection.Layer;
import dev.modelsigning.lineage.ClaimsInspection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows the content of a signature file, without any verification. */
@Command(
    name = "inspect",
    description = {
      "Show what a signature file or a claims file says, WITHOUT verifying it.",
      "Anybody could have written it; only 'verify' and 'verify-attestation' tell whether it is true.",
      "A signature file is a bundle, which holds an envelope, which holds a statement. A claims file"
          + " has a bundle on each line."
    },
    footer = {
      "",
      "Examples:",
      "  model-signing inspect model.sig",
      "  model-signing inspect model.sig --layer statement --all",
      "  model-signing inspect model.sig --format json",
      "  model-signing inspect claims.jsonl --lineage"
    })
final class InspectCommand implements Task {

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "SIGNATURE",
      description = "The signature file, or a claims file (claims.jsonl, *.sigstore.json).")
  private @Nullable Path signature;

  @Option(
      names = "--payload",
      description = "Print the signed statement itself, byte by byte, and nothing else.")
  private boolean payload;

  @Option(
      names = "--layer",
      paramLabel = "LAYER",
      description = "Show this layer only: ${COMPLETION-CANDIDATES}. Default: all three.")
  private @Nullable Layer layer;

  @Option(
      names = "--lineage",
      description =
          "Of a claims file: draw what the models were made from, three levels deep, with what claims"
              + " in the same file, in --claims, and in claims files beside it and in the"
              + " directories there say about base models and datasets.")
  private boolean lineage;

  @Option(
      names = "--claims",
      paramLabel = "FILE",
      description = "With --lineage: a further claims file. Can be repeated.")
  private List<Path> claims = new ArrayList<>();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "How to print it: ${COMPLETION-CANDIDATES}. JSON is printed on failure too, and has all"
              + " of each list. Default: text.")
  private ReportFormat format = ReportFormat.TEXT;

  @Mixin private ListArguments lists = new ListArguments();

  @Override
  public Integer call() throws IOException, MalformedBundleException {
    if (payload && (layer != null || format == ReportFormat.JSON)) {
      throw new WrongUsage(spec, "--payload excludes --layer and --format json");
    }
    Output output = Program.of(spec).output(false);
    Path file = Objects.requireNonNull(signature);
    if (!claims.isEmpty() && !lineage) {
      throw new WrongUsage(spec, "--claims needs --lineage");
    }
    try {
      if (ClaimsFileName.isOne(file)) {
        return inspectClaims(file, output);
      }
      if (lineage) {
        throw new WrongUsage(
            spec, "--lineage is for a claims file (claims.jsonl, *.sigstore.json)");
      }
      Inspection inspection = Inspection.read(file, Claims::read);
      print(inspection, output);
      if (inspection.problem().isPresent() && !payload) {
        throw inspection.problem().get();
      }
      return 0;
    } catch (MalformedBundleException e) {
      MalformedBundleException named = new MalformedBundleException(file, e);
      report(named, output);
      throw named;
    } catch (IOException e) {
      report(e, output);
      throw e;
    }
  }

  private int inspectClaims(Path file, Output output) throws IOException {
    if (payload || layer != null) {
      throw new WrongUsage(spec, "--payload and --layer are for a signature file, this has claims");
    }
    ClaimsInspection inspection = ClaimsInspection.read(file, Claims::read);
    if (lineage) {
      inspection = inspection.withOthers(claims, Claims::read);
    }
    if (format == ReportFormat.JSON) {
      ClaimsInspection read = inspection;
      output.verdict(to -> read.writeJson(lineage, to));
    } else {
      output.result(inspection.headline());
      inspection.writeLines(lists.mostLines(), output::info);
      if (lineage) {
        inspection.writeLineage(lists.mostLines(), output::info);
      }
    }
    return 0;
  }

  private void print(Inspection inspection, Output output) throws IOException {
    if (payload) {
      output.bytes(inspection.bundle().envelope().payload().content().toArray());
    } else if (format == ReportFormat.JSON) {
      output.verdict(to -> inspection.writeJson(Optional.ofNullable(layer), to));
    } else {
      output.result(inspection.headline());
      inspection.writeLines(Optional.ofNullable(layer), lists.mostLines(), output::fact);
    }
  }

  /**
   * Reports a failure to a program that expects a JSON object; nothing if one was printed already.
   */
  private void report(Exception failure, Output output) {
    if (format == ReportFormat.JSON) {
      FailureReport.print(failure, output);
    }
  }

  @Override
  public String failure() {
    return "Inspection failed with error";
  }
}
