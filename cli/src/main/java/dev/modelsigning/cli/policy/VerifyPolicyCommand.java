package dev.modelsigning.cli.policy;

import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.cli.command.ListArguments;
import dev.modelsigning.cli.command.Place;
import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.ProgramRules;
import dev.modelsigning.cli.command.Task;
import dev.modelsigning.cli.command.VerdictFormat;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.model.ModelArgument;
import dev.modelsigning.cli.model.ModelsArgument;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.cli.policy.SummarySigner.Summary;
import dev.modelsigning.cli.registry.References;
import dev.modelsigning.cli.registry.RegistryVerification;
import dev.modelsigning.cli.verify.OutputFile;
import dev.modelsigning.cli.verify.ReportFile;
import dev.modelsigning.cli.watch.TerminationLog;
import dev.modelsigning.cli.watch.WatchArguments;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.model.Evidence;
import dev.modelsigning.oci.reference.OciReference;
import dev.modelsigning.policy.ModelRequest;
import dev.modelsigning.policy.OtherPolicyException;
import dev.modelsigning.policy.Policy;
import dev.modelsigning.policy.PolicyRules;
import dev.modelsigning.policy.PolicyVerdict;
import dev.modelsigning.policy.problem.MalformedPolicyException;
import dev.modelsigning.policy.report.PolicyReport;
import dev.modelsigning.report.Facts;
import dev.modelsigning.report.FailureMessage;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Verifies models by a policy. */
@Command(
    name = "policy",
    description = {
      "Verify models by a policy: a file that says who must have signed which models, what must be"
          + " attested about them, and what they must not have.",
      "A model is compared with the patterns by its path below the policy's directory, or below"
          + " --root; one in a registry by its repository, one in an object store by bucket and prefix."
    },
    footer = {
      "",
      "Exit status: 0 if all models are verified, or the policy only warns of them; 1 if one is"
          + " refused, or the policy cannot be used. A model that is only warned of is not"
          + " verified.",
      "",
      "Examples:",
      "  model-signing verify policy fraud/v3 --policy policy.yaml",
      "  model-signing verify policy fraud/v3 vendor/nvidia/base \\",
      "      --policy policy.yaml --format json",
      "  model-signing verify policy fraud/v3 --policy policy.yaml \\",
      "      --signature model.sig --claims claims.jsonl",
      "  model-signing verify policy oci://registry.bank.example/fraud/v3:1 \\",
      "      --policy policy.yaml",
      "  model-signing verify policy /models/fraud/v3 --policy policy.yaml \\",
      "      --root /models",
      "  model-signing verify policy fraud/v3 --policy policy.yaml \\",
      "      --policy-signature policy.sig --policy-key key.pub \\",
      "      --report verdict.html",
      "  model-signing verify policy fraud/v3 --policy policy.yaml \\",
      "      --vsa fraud.vsa.json --vsa-key gate.pem"
    })
final class VerifyPolicyCommand implements Task {

  @Spec private CommandSpec spec;

  @Mixin private ModelsArgument models = new ModelsArgument();

  @Mixin private PolicyArguments policy = new PolicyArguments();

  @Option(
      names = "--signature",
      paramLabel = "FILE",
      description =
          "A signature file, which may be of any of the models, or s3://BUCKET/KEY. Can be repeated."
              + " Default: *.sig and *.sigstore.json, in each model or beside it.")
  private List<Place> signatures = new ArrayList<>();

  @Option(
      names = "--claims",
      paramLabel = "FILE",
      description =
          "A file with attestations, about any of the models, or s3://BUCKET/KEY. Can be repeated."
              + " Default: claims.jsonl and *.sigstore.json, in each model or beside it.")
  private List<Place> claims = new ArrayList<>();

  @Mixin private StoreModels stored = new StoreModels();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "How to print the verdict on standard output: ${COMPLETION-CANDIDATES}. JSON and SARIF"
              + " 2.1.0 are printed on failure too. Default: text.")
  private VerdictFormat format = VerdictFormat.TEXT;

  @Mixin private PageArguments page = new PageArguments();

  @Mixin private SummaryArguments summary = new SummaryArguments();

  @Mixin private ListArguments lists = new ListArguments();

  @Mixin private WatchArguments watch = new WatchArguments();

  /** What is known of the models, once there is something. */
  private @Nullable PolicyReport result;

  @Override
  public Integer call() throws NotAcceptedException {
    Output output = Program.of(spec).output(quiet());
    policy.requireUsage(spec, models.models());
    summary.requireUsage(spec, models.models().size());
    stored.requireUsage(spec, models.models(), signatures, claims);
    watch.requireUsage(spec);
    Reading reading = models.reading(spec, output);
    boolean hasPage = false;
    try {
      requireWritable();
      watch.begin(output);
      hasPage = page.isGiven();
      Policy decides = policy.load();
      try (SummarySigner signer = summary.open(spec, quiet())) {
        return end(examine(decides, reading), hasPage, null, signer, output);
      }
    } catch (IOException
        | MalformedBundleException
        | MalformedPolicyException
        | OtherPolicyException
        | SigningException
        | UnusableTrustException
        | VerificationException e) {
      return end(unusable(e, output), hasPage, e, SummarySigner.none(), output);
    } catch (WrongUsage e) {
      throw e;
    } catch (RuntimeException | Error e) {
      if (hasPage) {
        // A page of an earlier run must not remain with its old verdict.
        write(PolicyReport.unusable(policy.file(), brokenDown(e)), e, output);
      }
      throw e;
    }
  }

  private PolicyReport unusable(Exception why, Output output) {
    return PolicyReport.unusable(policy.file(), why)
        .about(subject())
        .withMessages(output::withoutSecrets);
  }

  private static Finding brokenDown(Throwable e) {
    return e instanceof OutOfMemoryError
        ? Finding.of(ProgramRules.OUT_OF_MEMORY, "out of memory")
        : Finding.of(ProgramRules.INTERNAL_ERROR, Output.INTERNAL_ERROR + e);
  }

  private void requireWritable() throws IOException, MalformedBundleException, SigningException {
    List<Path> inputs = summary.inputs(spec, quiet());
    page.requireWritable(spec, models.paths(), inputs);
    Optional<SummaryFile> file = summary.file(spec);
    if (file.isPresent()) {
      file.get().requireWritable(spec, models.paths().stream().findFirst(), inputs);
    }
    if (watch.named().isPresent()) {
      OutputFile log = new OutputFile(TerminationLog.OPTION, watch.named().get(), spec);
      for (Path model : models.paths()) {
        log.requireOutsideModel(model);
      }
      log.requireUnread(inputs, Set.of());
    }
  }

  private PolicyReport examine(Policy decides, Reading reading) throws MalformedBundleException {
    List<PolicyVerdict> verdicts = new ArrayList<>();
    for (Place model : models.models()) {
      if (model.isInStore()) {
        verdicts.add(stored.examine(decides, model, signatures, claims, reading, spec));
      } else {
        verdicts.add(
            model.isInRegistry()
                ? examineInRegistry(decides, model, reading)
                : examineHere(decides, model, reading));
      }
    }
    return PolicyReport.of(decides.identity(), verdicts);
  }

  private PolicyVerdict examineHere(Policy decides, Place place, Reading reading) {
    Path model = place.path();
    try {
      if (Files.notExists(model) && place.adviceOnRegistry().isPresent()) {
        throw ModelArgument.noSuchFile(place);
      }
      return decides.examine(
          ModelRequest.of(model)
              .signatures(StoreModels.here(signatures))
              .claims(StoreModels.here(claims))
              .reading(reading));
    } catch (IOException e) {
      return PolicyReport.failed(decides.identity(), DirectorySource.of(model), e);
    }
  }

  /**
   * Decides about a model in a registry, with the signatures and claims that refer to it there, and
   * those in files. It is named by its repository.
   */
  private PolicyVerdict examineInRegistry(Policy decides, Place model, Reading reading) {
    OciReference reference = References.of(model, spec);
    try (RegistryVerification registry =
        RegistryVerification.ofModel(reference, Program.of(spec).environment(), Optional.empty())) {
      PolicyVerdict verdict =
          decides.examine(
              ModelRequest.of(
                      decides.readsContent(reference.repository())
                          ? registry.readingModel()
                          : registry.model(),
                      reference.repository(),
                      registry.signatures(),
                      registry.claims())
                  .signatures(StoreModels.here(signatures))
                  .claims(StoreModels.here(claims))
                  .reading(reading.accept(Evidence.CONTENT_ADDRESSED)));
      registry.lookAtTag();
      return verdict.inRegistry(registry.placeAlone(), registry.findings());
    } catch (IOException e) {
      return PolicyReport.failed(decides.identity(), new Unopened(reference.toString(), e), e);
    }
  }

  /**
   * Writes the page and the summary, prints the verdict, and fails if a model is refused. The
   * summary is the last that is written, so that none says PASSED where something else failed.
   */
  private int end(
      PolicyReport found,
      boolean hasPage,
      @Nullable Exception cause,
      SummarySigner signer,
      Output output)
      throws NotAcceptedException {
    PolicyReport verdict = found;
    @Nullable Exception failure = cause;
    Optional<Summary> signed = Optional.empty();
    result = verdict;
    try {
      signed = signer.sign(found.verdicts());
    } catch (IOException | SigningException e) {
      failure = failure == null ? e : failure;
      verdict = without("verification summary", e, verdict, output);
    }
    if (hasPage) {
      try {
        page.write(verdict);
      } catch (IOException e) {
        failure = failure == null ? e : failure;
        verdict = without("report", e, verdict, output);
      }
    }
    if (signed.isPresent() && !verdict.verdicts().isEmpty()) {
      try {
        verdict = verdict.withSummary(signed.get().write());
      } catch (IOException | MalformedBundleException e) {
        failure = failure == null ? e : failure;
        verdict = without("verification summary", e, verdict, output);
        if (hasPage) {
          write(verdict, e, output);
        }
      }
    }
    if (!verdict.isRefused()) {
      try {
        watch.succeeded(verdict.headline(), verdict.lines(lists.mostLines()), output);
      } catch (IOException e) {
        failure = e;
        verdict = without("termination message", e, verdict, output);
      }
    }
    result = verdict;
    Optional<NotAcceptedException> refused = Optional.empty();
    if (verdict.isRefused()) {
      refused =
          Optional.of(
              new NotAcceptedException(
                  verdict.reason().map(Finding::message).orElse("there is no model"), failure));
      Program.of(spec).failing(refused.get());
    }
    try {
      print(verdict, output);
    } catch (IOException e) {
      throw new NotAcceptedException(FailureMessage.of(e), e);
    }
    if (refused.isPresent()) {
      throw refused.get();
    }
    return ExitCode.OK;
  }

  /**
   * What becomes of a verdict if something that was asked for cannot be written: nothing is
   * accepted without it.
   */
  private PolicyReport without(String what, Exception why, PolicyReport verdict, Output output) {
    if (verdict.isRefused()) {
      output.error("There is no " + what + ": " + FailureMessage.of(why));
      return verdict;
    }
    return unusable(why, output).withMessages(message -> "there is no " + what + ": " + message);
  }

  private void write(PolicyReport verdict, Throwable failure, Output output) {
    try {
      page.write(verdict);
    } catch (IOException e) {
      failure.addSuppressed(e);
      output.error("There is no report: " + FailureMessage.of(e));
    }
  }

  private void print(PolicyReport verdict, Output output) throws IOException {
    if (format.isForMachines()) {
      verdict.warnings().forEach(output::finding);
      if (!verdict.isRefused()) {
        noteOnFailure().ifPresent(output::note);
      }
      OptionalInt status = OptionalInt.of(verdict.isRefused() ? ExitCode.SOFTWARE : ExitCode.OK);
      output.verdict(
          format == VerdictFormat.SARIF
              ? out -> verdict.writeSarif(status, out)
              : verdict::writeJson);
    } else if (!verdict.isRefused()) {
      if (verdict.isVerified()) {
        output.verified(verdict.headline());
      } else if (quiet()) {
        // The exit status is the same as that of a verified model.
        output.error(verdict.headline());
      } else {
        output.info(verdict.headline());
      }
      verdict.lines(lists.mostLines()).forEach(output::fact);
      page.written().ifPresent(file -> output.info(new Facts().add("report", file.toString())));
      verdict
          .summary()
          .ifPresent(
              made -> output.info(new Facts().add("summary", made.place() + ", " + made.result())));
      verdict.warnings().forEach(output::finding);
    }
  }

  @Override
  public List<String> linesOnFailure() {
    return result == null ? List.of() : result.lines(lists.mostLines());
  }

  @Override
  public Optional<String> noteOnFailure() {
    List<String> notes = new ArrayList<>();
    page.written().ifPresent(file -> notes.add(ReportFile.note(file)));
    if (result != null) {
      if (!policy.hasRoot() && result.verdicts().stream().anyMatch(one -> isUnnamed(one))) {
        notes.add("--root DIR names the directory that the models are below");
      }
      result
          .summary()
          .ifPresent(
              made -> notes.add("The summary in " + made.place() + " says " + made.result()));
    }
    return notes.isEmpty() ? Optional.empty() : Optional.of(String.join(". ", notes));
  }

  /** Whether a model is refused because it has no name. */
  private static boolean isUnnamed(PolicyVerdict verdict) {
    return verdict.name().isEmpty()
        && verdict
            .reason()
            .filter(why -> why.rule().equals(PolicyRules.NO_POLICY_RULE))
            .isPresent();
  }

  @Override
  public Optional<Duration> interval() {
    return watch.interval();
  }

  @Override
  public Optional<Path> terminationLog() {
    return watch.log();
  }

  @Override
  public boolean isVerified() {
    return result != null && result.isVerified();
  }

  @Override
  public String summary() {
    if (result == null || !result.isVerified()) {
      return result == null ? Task.super.summary() : result.headline();
    }
    return "verified: "
        + result.verdicts().stream()
            .map(one ->
                one.model()
                    + one.proof().map(proof -> " " + proof.manifest().rootDigest()).orElse(""))
            .collect(Collectors.joining(", "));
  }

  @Override
  public String subject() {
    return models.models().size() == 1 ? models.models().get(0).toString() : "";
  }

  @Override
  public int mostLines() {
    return lists.mostLines();
  }

  @Override
  public String failure() {
    return "Verification failed with error";
  }

  @Override
  public boolean quiet() {
    return models.quiet();
  }
}
