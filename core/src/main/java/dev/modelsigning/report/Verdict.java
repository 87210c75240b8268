package dev.modelsigning.report;

import dev.modelsigning.Demands;
import dev.modelsigning.ModelMismatchException;
import dev.modelsigning.VerificationOutcome;
import dev.modelsigning.VerifiedModel;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.StoredBundle;
import dev.modelsigning.facts.ContentFacts;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rule;
import dev.modelsigning.finding.Severity;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.ManifestDiff;
import dev.modelsigning.manifest.ManifestVerification.Result;
import dev.modelsigning.model.RegistryPlace;
import dev.modelsigning.model.UncoveredEntry;
import dev.modelsigning.signing.SignerIdentity;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationTime;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.statement.Statement;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of verifying a model, as data: whether it is verified, the differences, uncovered
 * entries, findings and facts, and everything else that is known. It is not a proof: programs that
 * use a model must rely on the {@link VerifiedModel}.
 */
public final class Verdict {

  private final String model;
  private final @Nullable VerificationOutcome outcome;
  private final ManifestDiff differences;
  private final @Nullable Finding reason;
  private final List<Finding> remarks;
  private final Optional<RegistryPlace> place;

  private Verdict(
      String model,
      @Nullable VerificationOutcome outcome,
      ManifestDiff differences,
      @Nullable Finding reason,
      List<Finding> remarks,
      Optional<RegistryPlace> place) {
    this.model = model;
    this.outcome = outcome;
    this.differences = differences;
    this.reason = reason;
    this.remarks = List.copyOf(remarks);
    this.place = place;
  }

  private static ManifestDiff none() {
    return new ManifestDiff(List.of(), List.of(), List.of());
  }

  /** Returns the verdict for the outcome of a verification. */
  public static Verdict of(VerificationOutcome outcome) {
    return new Verdict(
        outcome.model().location(),
        outcome,
        outcome.comparison().isPresent() ? outcome.comparison().get().diff() : none(),
        outcome.failure().isPresent() ? reason(outcome.failure().get()) : null,
        outcome.findings(),
        Optional.empty());
  }

  /**
   * Returns the verdict for a model whose verification did not begin.
   *
   * @param model where the model is, for display
   * @param failure the cause: an {@link IOException}, {@link MalformedBundleException}, {@link
   *     UnusableTrustException}, {@link VerificationException}, or another exception that {@link
   *     FailureReason} maps to a rule
   * @throws IllegalArgumentException if it is another exception, which is a defect and not a
   *     verdict
   */
  public static Verdict failed(String model, Exception failure) {
    return new Verdict(
        model,
        null,
        failure instanceof ModelMismatchException mismatch ? mismatch.differences() : none(),
        reason(failure),
        List.of(),
        Optional.empty());
  }

  /**
   * Returns the verdict for a verification without result, because of invalid arguments or an
   * internal error.
   *
   * @param model where the model is, for display; empty if unknown
   * @param why the reason, with a rule of severity {@link Severity#ERROR}
   */
  public static Verdict failed(String model, Finding why) {
    return new Verdict(model, null, none(), why, List.of(), Optional.empty());
  }

  /**
   * Returns the same verdict with more findings.
   *
   * @param more findings that are not the reason of a failure
   */
  public Verdict withFindings(List<Finding> more) {
    List<Finding> all = new ArrayList<>(remarks);
    all.addAll(more);
    return new Verdict(model, outcome, differences, reason, all, place);
  }

  /** Returns the same verdict for a model in a registry. */
  public Verdict withRegistry(RegistryPlace registry) {
    return new Verdict(model, outcome, differences, reason, remarks, Optional.of(registry));
  }

  /**
   * Returns the same verdict with the messages of its findings rewritten, for example to redact a
   * secret from a command-line argument.
   */
  public Verdict withMessages(UnaryOperator<String> rewriting) {
    List<Finding> all = new ArrayList<>();
    for (Finding each : remarks) {
      all.add(rewritten(each, rewriting));
    }
    return new Verdict(
        model,
        outcome,
        differences,
        reason == null ? null : rewritten(reason, rewriting),
        all,
        place);
  }

  static Finding rewritten(Finding finding, UnaryOperator<String> rewriting) {
    return new Finding(
        finding.rule(),
        finding.severity(),
        rewriting.apply(finding.message()),
        finding.file(),
        finding.values());
  }

  private static Finding reason(Exception failure) {
    return Finding.of(rule(failure), FailureMessage.of(failure));
  }

  private static Rule rule(Exception failure) {
    return FailureReason.rule(failure)
        .orElseThrow(() -> new IllegalArgumentException("not a verdict: " + failure, failure));
  }

  /** Whether the model is what its signer signed. */
  public boolean isVerified() {
    return verified().isPresent();
  }

  /** Where the model is, for display: a path or a URI. */
  public String model() {
    return model;
  }

  /** Where the model is, if it is in a registry. */
  public Optional<RegistryPlace> registry() {
    return place;
  }

  /** The proof; empty if the model is not verified. */
  public Optional<VerifiedModel> verified() {
    return outcome == null ? Optional.empty() : outcome.verified();
  }

  /** Why the model is not verified, with a rule of severity {@link Severity#ERROR}. */
  public Optional<Finding> reason() {
    return Optional.ofNullable(reason);
  }

  /** The signature file, if it could be read. */
  public Optional<StoredBundle> signature() {
    return outcome == null ? Optional.empty() : outcome.signature();
  }

  /** The requirements, if verification began. */
  public Optional<Demands> demands() {
    return outcome == null ? Optional.empty() : Optional.of(outcome.demands());
  }

  /**
   * The verified signer; also present if the signature is valid and the model differs from the
   * signed one.
   */
  public Optional<SignerIdentity> signer() {
    return payload().map(VerifiedPayload::signer);
  }

  private Optional<VerifiedPayload> payload() {
    return outcome == null ? Optional.empty() : outcome.payload();
  }

  /** The required name that matched the signer; empty if no name was required. */
  public Optional<String> matched() {
    boolean named =
        demands()
            .filter(it ->
                it.signer().containsKey("identity") || it.signer().containsKey("identityPattern"))
            .isPresent();
    return named ? signer().map(SignerIdentity::name) : Optional.empty();
  }

  /**
   * The times at which certificates were validated, or at which the signature is known to have
   * existed.
   */
  public List<VerificationTime> times() {
    return payload().map(VerifiedPayload::times).orElse(List.of());
  }

  /** The signed statement; also present if the model differs from it. */
  public Optional<Statement> statement() {
    return outcome == null ? Optional.empty() : outcome.statement();
  }

  /** The signed manifest; also present if the model differs from it. */
  public Optional<Manifest> manifest() {
    return outcome == null ? Optional.empty() : outcome.manifest();
  }

  /** The comparison of the model with what was signed, if the model was read completely. */
  public Optional<Result> comparison() {
    return outcome == null ? Optional.empty() : outcome.comparison();
  }

  /** The directory with the verified copy, by the path that was given; empty if there is none. */
  public Optional<Path> copy() {
    return outcome == null ? Optional.empty() : outcome.copy();
  }

  /** The differences between the model and what was signed. */
  public ManifestDiff differences() {
    return differences;
  }

  /**
   * The entries that the signature does not cover, with the rule that allows each, if the model was
   * read completely.
   */
  public List<UncoveredEntry> uncovered() {
    Optional<Result> result = comparison();
    return result.isPresent() ? result.get().uncovered() : List.of();
  }

  /**
   * What was found in the files of a verified model, if they were inspected: content that can run
   * when it is loaded, and what its card states.
   */
  public Optional<ContentFacts> contents() {
    Optional<VerifiedModel> proof = verified();
    return proof.isPresent() ? proof.get().contents() : Optional.empty();
  }

  /** The reason first, if there is one, then other findings for readers of the verdict. */
  public List<Finding> findings() {
    List<Finding> all = new ArrayList<>(remarks);
    if (reason != null) {
      all.add(0, reason);
    }
    return List.copyOf(all);
  }

  /** The findings that are not the reason of a failure. */
  public Stream<Finding> warnings() {
    return remarks.stream();
  }

  /** Facts about a verified model: its name, signer, times and parameters. */
  public List<Fact> facts() {
    return aligned().facts();
  }

  private Facts aligned() {
    Facts facts = new Facts();
    Optional<VerifiedModel> verified = verified();
    if (verified.isPresent()) {
      VerifiedModel proof = verified.get();
      Optional<String> name = proof.statement().modelName();
      String signed = name.isPresent() ? "signed as " + name.get() : "signed without a name";
      facts
          .add("model", model + " (" + signed + ")")
          .addSigner(proof.signer())
          .addTimes(proof.times())
          .addFiles(proof.manifest(), proof.files(), proof.bytes())
          .addUncovered(proof.uncovered());
    }
    if (place.isPresent()) {
      facts.addRegistry(place.get());
    }
    Optional<ContentFacts> contents = contents();
    if (contents.isPresent()) {
      facts.addContents(contents.get());
    }
    facts.addList("not hashed", left());
    Optional<Path> copy = copy();
    if (copy.isPresent()) {
      facts.add("copy", copy.get() + (isPartial() ? " (partial: " + hashed() + ")" : ""));
    }
    return facts;
  }

  /** The verdict in one line: that verification succeeded, or why it failed. */
  public String headline() {
    if (reason != null) {
      return reason.message();
    }
    return isPartial()
        ? "Verification succeeded (partial: " + hashed() + ")"
        : "Verification succeeded";
  }

  /** The number of files that were hashed. */
  String hashed() {
    return comparison().map(Result::files).orElse(0L)
        + " of "
        + Amounts.of(manifest().map(Manifest::fileCount).orElse(0), "file");
  }

  /** Whether only a part of the model was hashed, on request. */
  public boolean isPartial() {
    Optional<Result> result = comparison();
    return result.isPresent() && result.get().isPartial();
  }

  /**
   * The signed files that exist and were not hashed, in code point order; empty unless the verdict
   * is {@linkplain #isPartial() about a part of the model}.
   */
  public List<String> left() {
    Optional<Result> result = comparison();
    return result.isPresent() ? result.get().left() : List.of();
  }

  /**
   * What happened to a model that differs from the signed one, in one line: how many of its files
   * were changed, added or removed.
   */
  public Optional<String> explanation() {
    return differences.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Staleness.inWords(
                differences,
                manifest().map(Manifest::fileCount).orElse(0),
                isStrict(),
                isPartial()));
  }

  private boolean isStrict() {
    return demands().map(Demands::strict).orElse(false);
  }

  /** What to do about a model that differs from the signed one. */
  public Optional<String> advice() {
    return differences.isEmpty()
        ? Optional.empty()
        : Optional.of(Staleness.advice(differences, isStrict()));
  }

  /**
   * The lines that follow the headline: facts about a verified model, or differences. Long lists
   * are shortened. The caller must escape each line.
   */
  public List<String> lines() {
    return lines(Facts.MOST_LINES);
  }

  /**
   * The same lines with another limit.
   *
   * @param most the largest number of lines of a list; the number of the others follows
   */
  public List<String> lines(int most) {
    return isVerified() ? aligned().lines(most) : differenceLines(most);
  }

  private List<String> differenceLines(int most) {
    List<String> lines = new ArrayList<>();
    list(
        "changed",
        differences.changed().stream()
            .map(one -> one.name() + ": expected " + one.expected() + ", found " + one.found())
            .toList(),
        most,
        lines);
    list("missing", differences.missing(), most, lines);
    list(
        "not signed",
        differences.extra().stream().map(one -> one.name() + " (" + one.kind() + ")").toList(),
        most,
        lines);
    explanation().ifPresent(text -> lines.add("  " + text));
    Facts facts = new Facts();
    signer().ifPresent(by -> facts.add("signed by", by.method() + " " + by.name()));
    facts.addTimes(times());
    Staleness.modified(differences)
        .ifPresent(
            range -> facts.add("last written", range + " (a hint; anybody can set such times)"));
    facts.addList("not hashed", left());
    lines.addAll(facts.lines(most));
    return lines;
  }

  private static void list(String title, List<String> values, int most, List<String> lines) {
    if (!values.isEmpty()) {
      lines.add("  " + title + " (" + values.size() + "):");
      Facts.firstOf(values, most).forEach(value -> lines.add("    " + value));
    }
  }

  /**
   * The verdict as one JSON object on one line, in ASCII, with all differences, according to the
   * schema {@code verify} (docs/json.md).
   */
  public String toJson() {
    return toJson(false);
  }

  /**
   * The same JSON, with or without the signed files.
   *
   * @param listFiles whether to list every signed file with its digest
   */
  public String toJson(boolean listFiles) {
    return JsonWriter.asciiDocument(json -> VerdictJson.write(this, listFiles, json)) + "\n";
  }

  /**
   * Writes the same JSON in large blocks.
   *
   * @param out the stream, which is not closed
   * @param listFiles whether to list every signed file with its digest
   * @throws IOException if it cannot be written
   */
  public void writeJson(OutputStream out, boolean listFiles) throws IOException {
    JsonWriter.asciiDocument(out, json -> VerdictJson.write(this, listFiles, json));
    out.write('\n');
  }

  /**
   * The verdict as a log of SARIF 2.1.0: one JSON object on one line, in ASCII, with a result for
   * each finding, each difference and each entry that is not covered.
   *
   * @param exitStatus the exit status of the program, if known
   */
  public String toSarif(OptionalInt exitStatus) {
    return JsonWriter.asciiDocument(json -> SarifLog.write(this, exitStatus, json)) + "\n";
  }

  /**
   * Writes the same log in large blocks.
   *
   * @param out the stream, which is not closed
   * @param exitStatus the exit status of the program, if known
   * @throws IOException if it cannot be written
   */
  public void writeSarif(OutputStream out, OptionalInt exitStatus) throws IOException {
    JsonWriter.asciiDocument(out, json -> SarifLog.write(this, exitStatus, json));
    out.write('\n');
  }
}
