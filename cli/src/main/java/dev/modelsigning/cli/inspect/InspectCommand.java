package dev.modelsigning.cli.inspect;

import dev.modelsigning.attestation.ClaimSource;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.StoredBundle;
import dev.modelsigning.cli.command.ListArguments;
import dev.modelsigning.cli.command.Place;
import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.ReportFormat;
import dev.modelsigning.cli.command.Task;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.cli.store.StoreArguments;
import dev.modelsigning.cli.store.StoreFiles;
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
      description =
          "The signature file, or a claims file (claims.jsonl, *.sigstore.json); or s3://BUCKET/KEY.")
  private @Nullable Place signature;

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
  private List<Place> claims = new ArrayList<>();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "How to print it: ${COMPLETION-CANDIDATES}. JSON is printed on failure too, and has all"
              + " of each list. Default: text.")
  private ReportFormat format = ReportFormat.TEXT;

  @Mixin private ListArguments lists = new ListArguments();

  @Mixin private StoreArguments store = new StoreArguments();

  @Override
  public Integer call() throws IOException, MalformedBundleException {
    if (payload && (layer != null || format == ReportFormat.JSON)) {
      throw new WrongUsage(spec, "--payload excludes --layer and --format json");
    }
    Output output = Program.of(spec).output(false);
    Place place = Objects.requireNonNull(signature);
    if (!claims.isEmpty() && !lineage) {
      throw new WrongUsage(spec, "--claims needs --lineage");
    }
    requirePlaces(place);
    try {
      if (place.isInStore()) {
        return inspectInStore(place, output);
      }
      Path file = place.path();
      if (ClaimsFileName.isOne(file)) {
        return inspectClaims(ClaimsInspection.read(file, Claims::read), output);
      }
      try {
        return inspectSignature(StoredBundle.read(file), output);
      } catch (MalformedBundleException e) {
        throw new MalformedBundleException(file, e);
      }
    } catch (MalformedBundleException | IOException e) {
      report(e, output);
      throw e;
    }
  }

  private void requirePlaces(Place place) {
    List<Place> all = new ArrayList<>(claims);
    all.add(place);
    if (all.stream().anyMatch(Place::isInRegistry)) {
      throw new WrongUsage(
          spec, "expected a file or s3://BUCKET/KEY; 'oci list' shows what is in a registry");
    }
    store.requireUsage(spec, all.stream().anyMatch(Place::isInStore));
  }

  private StoreFiles files() {
    return new StoreFiles(store.options(Program.of(spec).environment(), false), spec);
  }

  private int inspectInStore(Place place, Output output)
      throws IOException, MalformedBundleException {
    String name = StoreArguments.object(place, spec).name();
    if (name.endsWith(".jsonl")) {
      return inspectClaims(ClaimsInspection.read(files().claims(place), Claims::read), output);
    }
    StoredBundle bundle = files().signature(place);
    if (ClaimsFileName.isOne(name, bundle.bundle())) {
      return inspectClaims(ClaimsInspection.read(files().claims(place), Claims::read), output);
    }
    try {
      return inspectSignature(bundle, output);
    } catch (MalformedBundleException e) {
      throw new MalformedBundleException(place + ": " + e.getMessage(), e);
    }
  }

  private int inspectSignature(StoredBundle bundle, Output output)
      throws IOException, MalformedBundleException {
    if (lineage) {
      throw new WrongUsage(spec, "--lineage is for a claims file (claims.jsonl, *.sigstore.json)");
    }
    Inspection inspection = Inspection.of(bundle, Claims::read);
    print(inspection, output);
    if (inspection.problem().isPresent() && !payload) {
      throw inspection.problem().get();
    }
    return 0;
  }

  private int inspectClaims(ClaimsInspection claimed, Output output) throws IOException {
    if (payload || layer != null) {
      throw new WrongUsage(spec, "--payload and --layer are for a signature file, this has claims");
    }
    ClaimsInspection inspection = claimed;
    if (lineage) {
      List<ClaimSource> others = new ArrayList<>();
      for (Place other : claims) {
        others.add(other.isInStore() ? files().claims(other) : ClaimSource.of(other.path()));
      }
      inspection = inspection.withOthers(others, Claims::read);
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
