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
 * How the verification of a model ended, as data: whether it is verified, four lists of
 * differences, uncovered entries, findings and facts, and what else was found out. It proves
 * nothing: programs that go on with a model go by the {@link VerifiedModel}.
 */
public final class Verdict {

  private final String model;
  private final @Nullable VerificationOutcome outcome;
  private final ManifestDiff differences;
  private final @Nullable Finding reason;
  private final List<Finding> remarks;

  private Verdict(
      String model,
      @Nullable VerificationOutcome outcome,
      ManifestDiff differences,
      @Nullable Finding reason,
      List<Finding> remarks) {
    this.model = model;
    this.outcome = outcome;
    this.differences = differences;
    this.reason = reason;
    this.remarks = List.copyOf(remarks);
  }

  private static ManifestDiff none() {
    return new ManifestDiff(List.of(), List.of(), List.of());
  }

  /** The verdict about a model that was verified, or was not. */
  public static Verdict of(VerificationOutcome outcome) {
    return new Verdict(
        outcome.model().location(),
        outcome,
        outcome.comparison().map(Result::diff).orElse(none()),
        outcome.failure().map(Verdict::reason).orElse(null),
        outcome.findings());
  }

  /**
   * The verdict about a model that was not verified, as verification did not begin.
   *
   * @param model where the model is, as people are shown it
   * @param failure why: an {@link IOException}, {@link MalformedBundleException}, {@link
   *     UnusableTrustException}, {@link VerificationException}, or what {@link FailureReason} knows
   *     besides
   * @throws IllegalArgumentException if it is another exception, which is a defect and no verdict
   */
  public static Verdict failed(String model, Exception failure) {
    return new Verdict(
        model,
        null,
        failure instanceof ModelMismatchException mismatch ? mismatch.differences() : none(),
        reason(failure),
        List.of());
  }

  /**
   * The verdict where verification did not come to one of its own, as it was not asked for rightly
   * or broke down.
   *
   * @param model where the model is, as people are shown it; empty if that is not known
   * @param why the reason, by a rule of severity {@link Severity#ERROR}
   */
  public static Verdict failed(String model, Finding why) {
    return new Verdict(model, null, none(), why, List.of());
  }

  /**
   * The same verdict with the messages of its findings rewritten, such as without a secret that an
   * argument had which a message repeats.
   */
  public Verdict withMessages(UnaryOperator<String> rewriting) {
    return new Verdict(
        model,
        outcome,
        differences,
        reason == null ? null : rewritten(reason, rewriting),
        remarks.stream().map(each -> rewritten(each, rewriting)).toList());
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

  /** Where the model is, as people are shown it: a path, a URI. */
  public String model() {
    return model;
  }

  /** What was verified; empty if nothing was. */
  public Optional<VerifiedModel> verified() {
    return known().flatMap(VerificationOutcome::verified);
  }

  private Optional<VerificationOutcome> known() {
    return Optional.ofNullable(outcome);
  }

  /** Why the model is not verified, by a rule of severity {@link Severity#ERROR}. */
  public Optional<Finding> reason() {
    return Optional.ofNullable(reason);
  }

  /** The file with the signature, if it could be read. */
  public Optional<StoredBundle> signature() {
    return known().flatMap(VerificationOutcome::signature);
  }

  /** What was demanded, if verification began. */
  public Optional<Demands> demands() {
    return known().map(VerificationOutcome::demands);
  }

  /** Who signed; also where the signature is good, and the model not the one that was signed. */
  public Optional<SignerIdentity> signer() {
    return known().flatMap(VerificationOutcome::payload).map(VerifiedPayload::signer);
  }

  /** Which of the names that were asked for is the signer's; empty if none was asked for. */
  public Optional<String> matched() {
    boolean named =
        demands()
            .filter(it ->
                it.signer().containsKey("identity") || it.signer().containsKey("identityPattern"))
            .isPresent();
    return named ? signer().map(SignerIdentity::name) : Optional.empty();
  }

  /** The times that verification went by, or at which the signature is known to have existed. */
  public List<VerificationTime> times() {
    return known()
        .flatMap(VerificationOutcome::payload)
        .map(VerifiedPayload::times)
        .orElse(List.of());
  }

  /** What was signed; also where the model is another. */
  public Optional<Statement> statement() {
    return known().flatMap(VerificationOutcome::statement);
  }

  /** The files that were signed; also where the model is another. */
  public Optional<Manifest> manifest() {
    return known().flatMap(VerificationOutcome::manifest);
  }

  /** How the model compares with what was signed, if all of it was read. */
  public Optional<Result> comparison() {
    return known().flatMap(VerificationOutcome::comparison);
  }

  /** The directory with the verified copy, as it was named; empty if there is none. */
  public Optional<Path> copy() {
    return known().flatMap(VerificationOutcome::copy);
  }

  /** How the model differs from what was signed. */
  public ManifestDiff differences() {
    return differences;
  }

  /** What the signature does not cover, and by whose rule, if all of the model was read. */
  public List<UncoveredEntry> uncovered() {
    return comparison().map(Result::uncovered).orElse(List.of());
  }

  /**
   * What was found in the files of a verified model, if they were looked into: what can run when it
   * is loaded, what its card states.
   */
  public Optional<ContentFacts> contents() {
    return verified().flatMap(VerifiedModel::contents);
  }

  /** The reason first, if there is one, then what a reader of the verdict should know besides. */
  public List<Finding> findings() {
    return Stream.concat(reason().stream(), remarks.stream()).toList();
  }

  /** The findings that are no reason to fail. */
  public Stream<Finding> warnings() {
    return remarks.stream();
  }

  /** What else there is to know about a verified model: its name, who signed it, when, and how. */
  public List<Fact> facts() {
    return aligned().facts();
  }

  private Facts aligned() {
    Facts facts = new Facts();
    verified()
        .ifPresent(proof ->
            facts
                .add(
                    "model",
                    model
                        + proof
                            .statement()
                            .modelName()
                            .map(text -> " (signed as " + text + ")")
                            .orElse(" (signed without a name)"))
                .addSigner(proof.signer())
                .addTimes(proof.times())
                .addFiles(proof.manifest(), proof.files(), proof.bytes())
                .addUncovered(proof.uncovered()));
    contents().ifPresent(facts::addContents);
    facts.addList("not hashed", left());
    copy()
        .ifPresent(directory ->
            facts.add("copy", directory + (isPartial() ? " (partial: " + hashed() + ")" : "")));
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

  /** How many of the files were hashed. */
  String hashed() {
    return comparison().map(Result::files).orElse(0L)
        + " of "
        + Amounts.of(manifest().map(Manifest::fileCount).orElse(0), "file");
  }

  /** Whether only a part of the model was hashed, as it was asked for. */
  public boolean isPartial() {
    return comparison().map(Result::isPartial).orElse(false);
  }

  /**
   * The files that were signed, are there and were not hashed, in code point order; none unless the
   * verdict is {@linkplain #isPartial() about a part of the model}.
   */
  public List<String> left() {
    return comparison().map(Result::left).orElse(List.of());
  }

  /**
   * What happened to a model that is not the one that was signed, in one line: how many of its
   * files were changed, added or removed since.
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

  /** What to do about a model that is not the one that was signed. */
  public Optional<String> advice() {
    return differences.isEmpty()
        ? Optional.empty()
        : Optional.of(Staleness.advice(differences, isStrict()));
  }

  /**
   * The lines for people behind the headline: facts of a verified model, or differences. Long lists
   * are cut. Whoever shows them escapes them first, one by one.
   */
  public List<String> lines() {
    return lines(Facts.MOST_LINES);
  }

  /**
   * The same lines.
   *
   * @param most how much of a list to show, in lines; the number of the rest comes behind it
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
   * The verdict for machines: one JSON object on one line, in ASCII, with all differences, by the
   * schema {@code verify} (docs/json.md).
   */
  public String toJson() {
    return toJson(false);
  }

  /**
   * The same.
   *
   * @param listFiles whether to list every file that was signed with its digest
   */
  public String toJson(boolean listFiles) {
    return JsonWriter.asciiDocument(json -> VerdictJson.write(this, listFiles, json)) + "\n";
  }

  /**
   * The same, written a large part at a time.
   *
   * @param out where to; it is not closed
   * @param listFiles whether to list every file that was signed with its digest
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
   * @param exitStatus the one with which the program ends, if it is known
   */
  public String toSarif(OptionalInt exitStatus) {
    return JsonWriter.asciiDocument(json -> SarifLog.write(this, exitStatus, json)) + "\n";
  }

  /**
   * The same, written a large part at a time.
   *
   * @param out where to; it is not closed
   * @param exitStatus the one with which the program ends, if it is known
   * @throws IOException if it cannot be written
   */
  public void writeSarif(OutputStream out, OptionalInt exitStatus) throws IOException {
    JsonWriter.asciiDocument(out, json -> SarifLog.write(this, exitStatus, json));
    out.write('\n');
  }
}
