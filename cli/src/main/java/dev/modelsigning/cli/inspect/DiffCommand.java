package dev.modelsigning.cli.inspect;

import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.cli.command.ListArguments;
import dev.modelsigning.cli.command.Place;
import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.ReportFormat;
import dev.modelsigning.cli.command.Task;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.model.ComparedModels;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.cli.store.StoreArguments;
import dev.modelsigning.cli.trust.SigstoreTrust;
import dev.modelsigning.content.ModelTensors;
import dev.modelsigning.inspection.ComparisonInputs;
import dev.modelsigning.inspection.IncomparableException;
import dev.modelsigning.inspection.ModelComparison;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares two signatures, two models, or one of each. */
@Command(
    name = "diff",
    description = {
      "Show what was added, removed, changed and moved from A to B.",
      "Each is a signature file or a model; where there is a signature, the model is "
          + "hashed as it says. Signatures are compared WITHOUT verifying them, unless there "
          + "are the options of a method of 'verify': then they are verified first. Whether "
          + "a model is the one that was signed only 'verify' tells.",
    },
    footer = {
      "",
      "A file that is no signature is a model of one file, if the other side is a"
          + " signature over one file. The exit status is 0 if both are the same, 1 if they"
          + " are different, and 2 if they could not be compared.",
      "",
      "Examples:",
      "  model-signing diff old.sig new.sig",
      "  model-signing diff old-model/model.sig my-model --all",
      "  model-signing diff old-model new-model --format json",
      "  model-signing diff old.sig my-model --public-key key.pub"
    })
final class DiffCommand implements Task {

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "A",
      description = "The older one: a signature file, or a model; each may be in s3://.")
  private @Nullable Place before;

  @Parameters(
      index = "1",
      paramLabel = "B",
      description = "The newer one: a signature file, or a model; each may be in s3://.")
  private @Nullable Place after;

  @Mixin private ComparedModels models = new ComparedModels();

  @Mixin private DiffTrust trust = new DiffTrust();

  @Mixin private StoreArguments store = new StoreArguments();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "How to print it: ${COMPLETION-CANDIDATES}. JSON is printed on failure too, and has all"
              + " of each list. Default: text.")
  private ReportFormat format = ReportFormat.TEXT;

  @Mixin private ListArguments lists = new ListArguments();

  @Option(
      names = {"-q", "--quiet"},
      description = "Print nothing but failures; the exit status tells.")
  private boolean quiet;

  @Override
  public Integer call()
      throws IOException,
          UnusableTrustException,
          MalformedBundleException,
          VerificationException,
          IncomparableException {
    Output output = Program.of(spec).output(quiet);
    trust.requireUsage(spec);
    List<Place> places = List.of(Objects.requireNonNull(before), Objects.requireNonNull(after));
    if (places.stream().anyMatch(Place::isInRegistry)) {
      throw new WrongUsage(
          spec,
          "models in registries are not compared; fetch one with --pull of 'verify', or compare"
              + " signatures");
    }
    store.requireUsage(spec, places.stream().anyMatch(Place::isInStore));
    ModelComparison comparison;
    try {
      comparison = compare(output);
    } catch (IOException
        | UnusableTrustException
        | MalformedBundleException
        | VerificationException
        | IncomparableException e) {
      if (format == ReportFormat.JSON) {
        FailureReport.print(e, output);
      }
      throw e;
    }
    comparison.findings().forEach(output::finding);
    if (format == ReportFormat.JSON) {
      output.verdict(comparison::writeJson);
    } else {
      output.result(comparison.trust());
      output.result(comparison.headline());
      comparison.writeLines(lists.mostLines(), output::fact);
    }
    return comparison.isSame() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private ModelComparison compare(Output output)
      throws IOException,
          UnusableTrustException,
          MalformedBundleException,
          VerificationException,
          IncomparableException {
    try (ComparedPlaces places =
        new ComparedPlaces(store.options(Program.of(spec).environment(), false), spec)) {
      return compare(
          places
              .inputs(Objects.requireNonNull(before), Objects.requireNonNull(after))
              .withTensors(ModelTensors.INSTANCE),
          output);
    }
  }

  private ModelComparison compare(ComparisonInputs inputs, Output output)
      throws IOException,
          UnusableTrustException,
          MalformedBundleException,
          VerificationException,
          IncomparableException {
    if (trust.isGiven() && !inputs.hasSignature()) {
      throw new WrongUsage(spec, "neither A nor B is a signature, so there is nothing to verify");
    }
    ModelHasher.Builder hashing =
        models.hasher(spec, inputs.hasSignature(), inputs.hasModel(), output);
    Optional<BundleVerifier> verifier = trust.verifier(spec, quiet);
    return verifier.isPresent()
        ? inputs.compareVerified(hashing, verifier.get())
        : inputs.compare(hashing, Claims::read);
  }

  @Override
  public Optional<String> adviceOnUntrustedCertificate() {
    return trust.isSigstore() ? Optional.of(SigstoreTrust.ADVICE) : Optional.empty();
  }

  @Override
  public String failure() {
    return "Comparison failed with error";
  }

  /** Different from the status for a difference, which is a regular result. */
  @Override
  public int failureStatus() {
    return ExitCode.USAGE;
  }

  @Override
  public boolean quiet() {
    return quiet;
  }
}
