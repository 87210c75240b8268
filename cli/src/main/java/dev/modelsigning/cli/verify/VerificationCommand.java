package dev.modelsigning.cli.verify;

import dev.modelsigning.ModelVerifier;
import dev.modelsigning.VerificationOutcome;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.StoredBundle;
import dev.modelsigning.cli.command.Place;
import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.ProgramRules;
import dev.modelsigning.cli.command.Task;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.method.BundleMethod;
import dev.modelsigning.cli.method.VerificationMethod;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.cli.registry.References;
import dev.modelsigning.cli.registry.RegistryVerification;
import dev.modelsigning.cli.store.StoreVerification;
import dev.modelsigning.cli.watch.TerminationLog;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.model.RegistryPlace;
import dev.modelsigning.report.FailureMessage;
import dev.modelsigning.report.Verdict;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerifiedPayload;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * A command that verifies. All methods share these options, this procedure and the verdict, and
 * provide what differs: the trust anchors and the expected signer.
 */
abstract sealed class VerificationCommand implements Task
    permits VerifyKeyCommand, VerifyCertificateCommand, VerifySigstoreCommand {

  @Spec private CommandSpec spec;

  // Not the options themselves: missing options are listed in their order, which would change.
  @Mixin private VerifyArguments verification = new VerifyArguments();

  /** The form of the bundle, once it was read. */
  private @Nullable BundleMethod found;

  /** Whether there is a report about a failure. */
  private boolean written;

  /** The verdict, once there is one. */
  private @Nullable Verdict verdict;

  /** Where the model or its signature is in a registry. */
  private @Nullable RegistryPlace place;

  /** Many models, once they were verified. */
  private @Nullable EachModel many;

  /** Findings about the registry or the store. */
  private List<Finding> elsewhere = List.of();

  /** The way to verify. */
  abstract VerificationMethod method();

  /** Verifies the model, writes the report if requested, and prints the verdict. */
  @Override
  public final Integer call()
      throws IOException,
          UnusableTrustException,
          MalformedBundleException,
          VerificationException,
          NotVerifiedException {
    Output output = Program.of(spec).output(quiet());
    verification.requireUsage(spec);
    if (verification.each().isGiven()) {
      return verifyEach(output);
    }
    Optional<Path> parts = verification.parts();
    if (parts.isPresent()) {
      return verifyParts(parts.get(), output);
    }
    Optional<ReportFile> report = Optional.empty();
    try {
      report = report();
      beginLog(output);
      VerificationOutcome outcome =
          verification.usesRegistry()
              ? examineInRegistry(output)
              : verification.usesStore() ? examineInStore(output) : examine(output);
      verdict = located(Verdict.of(outcome)).withMessages(output::withoutSecrets);
      verification.warnAboutSigned(verdict, output);
      outcome.orElseThrow();
      if (report.isPresent()) {
        report.get().write(verification.complete(verdict));
      }
      verification.watch().succeeded(verdict.headline(), verdict.lines(mostLines()), output);
    } catch (IOException
        | UnusableTrustException
        | MalformedBundleException
        | VerificationException e) {
      boolean wasVerified = verdict != null && verdict.isVerified();
      if (wasVerified) {
        noteCopy(output);
      }
      if (verdict == null || wasVerified) {
        verdict = located(Verdict.failed(verification.model().place().toString(), e));
        verdict = verdict.withMessages(output::withoutSecrets);
      }
      Program.of(spec).failing(e);
      if (report.isPresent() && !wasVerified) {
        writeOnFailure(report.get(), e, output);
      }
      verification.print(verdict, output);
      throw e;
    } catch (WrongUsage e) {
      throw e;
    } catch (RuntimeException | Error e) {
      // For example, lack of memory. A report of an earlier run must not remain with its old
      // verdict.
      if (report.isPresent()) {
        verdict = brokenDown(e).withMessages(output::withoutSecrets);
        writeOnFailure(report.get(), e, output);
      }
      throw e;
    }
    // Last of all, so that nothing can fail after a program was told that the model is verified.
    verification.print(verdict, output);
    return 0;
  }

  /** Refuses a file for the verdict that must not be written, and empties it. */
  private void beginLog(Output output) throws IOException {
    Optional<Path> log = verification.watch().named();
    if (log.isPresent()) {
      OutputFile file = new OutputFile(TerminationLog.OPTION, log.get(), spec);
      if (verification.each().isGiven()) {
        file.requireOutside(
            verification.each().directory(), "in the directory of the models that are verified");
      } else if (verification.model().place().isHere()) {
        file.requireOutsideModel(verification.model().model());
      }
      file.requireUnread(method().inputs(quiet()), Set.of());
    }
    verification.watch().begin(output);
  }

  private Verdict located(Verdict about) {
    return (place == null ? about : about.withRegistry(place)).withFindings(elsewhere);
  }

  /** Reports a complete and verified copy even if the verdict cannot be printed. */
  private void noteCopy(Output output) {
    verification
        .copy()
        .ifPresent(copy ->
            output.error(
                "The copy in "
                    + copy
                    + " is complete and was verified; remove it before the next attempt"));
  }

  private Verdict brokenDown(Throwable e) {
    return Verdict.failed(
        verification.model().place().toString(),
        e instanceof OutOfMemoryError
            ? Finding.of(ProgramRules.OUT_OF_MEMORY, "out of memory")
            : Finding.of(ProgramRules.INTERNAL_ERROR, Output.INTERNAL_ERROR + e));
  }

  private int verifyEach(Output output)
      throws IOException, UnusableTrustException, NotVerifiedException {
    EachArguments arguments = verification.each();
    beginLog(output);
    BundleVerifier verifier = method().verifier(quiet());
    EachModel models =
        EachModel.verify(
                arguments.directory(),
                arguments.signatureName(),
                verification.listsFiles(),
                (model, signature) -> verdict(model, signature, verifier, output),
                output)
            .strict(verification.isStrict());
    return report(models, output);
  }

  /** Reports many verdicts, and fails if one of them is negative. */
  private int report(EachModel models, Output output) throws IOException, NotVerifiedException {
    many = models;
    if (models.failure().isEmpty()) {
      verification
          .watch()
          .succeeded(EachModel.SUCCEEDED, models.table(verification.mostLines()), output);
    }
    try {
      models.orElseThrow();
    } catch (NotVerifiedException e) {
      Program.of(spec).failing(e);
      throw e;
    } finally {
      models.print(verification.isJson(), quiet(), verification.mostLines(), output);
    }
    return 0;
  }

  private int verifyParts(Path directory, Output output)
      throws IOException,
          UnusableTrustException,
          MalformedBundleException,
          VerificationException,
          NotVerifiedException {
    beginLog(output);
    ModelSource model = source();
    BundleVerifier trust = looking();
    ModelVerifier verifier =
        verification.modelVerifier(verification.model(), spec, output, () -> trust);
    return report(
        new PartsVerification(verification, directory, Program.of(spec))
            .run(model, trust, verifier),
        output);
  }

  private ModelSource source() throws IOException {
    return verification.model().isOnCluster()
        ? verification.model().onCluster(spec)
        : verification.source(verification.model().model());
  }

  private Verdict verdict(Path model, Path signature, BundleVerifier verifier, Output output) {
    Verdict result;
    try {
      result =
          Verdict.of(
              verification
                  .modelVerifier(verification.model().at(model), spec, output, () -> verifier)
                  .examine(verification.source(model), signature));
    } catch (IOException | UnusableTrustException e) {
      result = Verdict.failed(model.toString(), e);
    }
    return result.withMessages(output::withoutSecrets);
  }

  private Optional<ReportFile> report() throws IOException {
    Optional<Path> file = verification.report();
    if (file.isEmpty()) {
      return Optional.empty();
    }
    List<Path> inputs = method().inputs(quiet());
    Optional<Path> copy = verification.copy();
    return Optional.of(
        !verification.model().place().isHere()
            ? ReportFile.of(file.get(), spec, copy, inputs)
            : ReportFile.of(file.get(), spec, verification.model().model(), copy, inputs));
  }

  /**
   * A failure to write the report is an additional message; the original failure remains the
   * result.
   */
  private void writeOnFailure(ReportFile report, Throwable failure, Output output) {
    try {
      report.write(verification.complete(Objects.requireNonNull(verdict)));
      written = true;
    } catch (IOException e) {
      failure.addSuppressed(e);
      output.error("There is no report: " + FailureMessage.of(e));
    }
  }

  private VerificationOutcome examine(Output output) throws IOException, UnusableTrustException {
    ModelVerifier verifier =
        verification.modelVerifier(verification.model(), spec, output, this::looking);
    ModelSource model = source();
    Optional<Path> copy = verification.copy();
    return copy.isEmpty()
        ? verifier.examine(model, verification.signature())
        : verifier.examineAndCopy(model, verification.signature(), copy.get());
  }

  /** Verifies a model in an object store, or one that is here by a signature in a store. */
  private VerificationOutcome examineInStore(Output output)
      throws IOException, UnusableTrustException, MalformedBundleException {
    ModelVerifier verifier =
        verification.modelVerifier(verification.model(), spec, output, this::looking);
    try (StoreVerification store =
        StoreVerification.open(
            verification.model().place(),
            verification.signaturePlace().orElseThrow(),
            verification.store(Program.of(spec).environment()),
            verification::source,
            spec)) {
      elsewhere = store.findings();
      return store.examine(verifier, verification.copy());
    }
  }

  /** Verifies a model in a registry, or one that is here by a signature in a registry. */
  private VerificationOutcome examineInRegistry(Output output)
      throws IOException, UnusableTrustException, MalformedBundleException, VerificationException {
    ModelVerifier verifier =
        verification.modelVerifier(verification.model(), spec, output, this::looking);
    Optional<Path> copy = verification.copy();
    Optional<Place> signature = verification.signaturePlace();
    try (RegistryVerification registry = registry(copy)) {
      Optional<StoredBundle> named =
          signature.isPresent() && !signature.get().isInRegistry()
              ? Optional.of(read(signature.get().path()))
              : Optional.empty();
      try {
        VerificationOutcome outcome =
            named.isPresent()
                ? registry.examine(verifier, named.get(), copy)
                : registry.examine(verifier, Optional.of(ownMethod()), copy);
        if (named.isPresent()) {
          registry.lookAtTag();
        }
        return outcome;
      } finally {
        if (named.isPresent() || registry.isListed()) {
          place = registry.place();
          elsewhere = registry.findings();
        }
      }
    }
  }

  private RegistryVerification registry(Optional<Path> copy) throws IOException {
    Map<String, String> environment = Program.of(spec).environment();
    if (verification.model().isInRegistry()) {
      return RegistryVerification.ofModel(
          References.of(verification.model().place(), spec), environment, copy);
    }
    Path model = verification.model().model();
    return RegistryVerification.ofSignature(
        References.of(verification.signaturePlace().orElseThrow(), spec),
        environment,
        verification.source(model));
  }

  private static StoredBundle read(Path signature) throws IOException, MalformedBundleException {
    try {
      return StoredBundle.read(signature);
    } catch (MalformedBundleException e) {
      throw new MalformedBundleException(signature, e);
    }
  }

  /** The method of this command. */
  private BundleMethod ownMethod() {
    return BundleMethod.valueOf(spec.name().toUpperCase(Locale.ROOT));
  }

  /** The verifier, wrapped to record the form of the bundle. */
  private BundleVerifier looking() throws IOException, UnusableTrustException {
    BundleVerifier verifier = method().verifier(quiet());
    verification.model().requireExisting();
    return new BundleVerifier() {
      @Override
      public VerifiedPayload verify(Bundle bundle)
          throws IOException, MalformedBundleException, VerificationException {
        found = BundleMethod.of(bundle);
        return verifier.verify(bundle);
      }

      @Override
      public Map<String, List<String>> expected() {
        return verifier.expected();
      }
    };
  }

  /**
   * The command for bundles of the form that was read, if it is not this one. If the command line
   * is incomplete, the file that it names is read for this. The form is a hint, and not trusted.
   */
  @Override
  public final Optional<String> adviceOnMethod() {
    BundleMethod method = found != null ? found : verification.method();
    return method == null || spec.name().equals(method.name().toLowerCase(Locale.ROOT))
        ? Optional.empty()
        : Optional.of(
            "It looks as if it was signed with "
                + method
                + ". The command for that: "
                + method.command(verification.model().shown(), verification.signaturePlace()));
  }

  @Override
  public final List<String> adviceOnDifferences() {
    return verdict == null
        ? List.of()
        : MismatchAdvice.of(verdict.differences(), signatureName(), verification.mayFollowLinks());
  }

  /** The name of the signature's file or object, if one was given. */
  private String signatureName() {
    return verification
        .signaturePlace()
        .filter(given -> !given.isInRegistry())
        .map(Place::name)
        .orElse("");
  }

  @Override
  public final Optional<String> noteOnFailure() {
    return written ? verification.report().map(ReportFile::note) : Optional.empty();
  }

  @Override
  public final Optional<Duration> interval() {
    return verification.watch().interval();
  }

  @Override
  public final Optional<Path> terminationLog() {
    return verification.watch().log();
  }

  @Override
  public final boolean isVerified() {
    return many == null ? verdict != null && verdict.isVerified() : many.failure().isEmpty();
  }

  @Override
  public final List<String> linesForLog() {
    return many == null ? List.of() : many.table(mostLines());
  }

  @Override
  public final String summary() {
    return RoundSummary.of(verdict, many);
  }

  @Override
  public final Optional<Verdict> verdict() {
    return Optional.ofNullable(verdict);
  }

  @Override
  public final int mostLines() {
    return verification.mostLines();
  }

  @Override
  public final String failure() {
    return "Verification failed with error";
  }

  @Override
  public final boolean quiet() {
    return verification.model().quiet();
  }
}
