package dev.modelsigning.policy.report;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rule;
import dev.modelsigning.finding.Severity;
import dev.modelsigning.internal.document.SarifParts;
import dev.modelsigning.internal.file.WholeFile;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.policy.OtherPolicyException;
import dev.modelsigning.policy.PolicyIdentity;
import dev.modelsigning.policy.PolicyRules;
import dev.modelsigning.policy.PolicyVerdict;
import dev.modelsigning.policy.problem.MalformedPolicyException;
import dev.modelsigning.report.Amounts;
import dev.modelsigning.report.FailureMessage;
import dev.modelsigning.report.FailureReason;
import dev.modelsigning.signing.VerificationException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a policy decided about one or more models, for display: as text, JSON, SARIF and an HTML
 * page. It is not a proof: programs must rely on {@link dev.modelsigning.policy.Policy#verify}.
 */
public final class PolicyReport {

  private final String file;
  private final String model;
  private final @Nullable PolicyIdentity policy;
  private final List<PolicyVerdict> verdicts;
  private final @Nullable Finding failure;
  private final @Nullable WrittenSummary summary;

  private PolicyReport(
      String file,
      String model,
      @Nullable PolicyIdentity policy,
      List<PolicyVerdict> verdicts,
      @Nullable Finding failure,
      @Nullable WrittenSummary summary) {
    this.file = file;
    this.model = model;
    this.policy = policy;
    this.verdicts = List.copyOf(verdicts);
    this.failure = failure;
    this.summary = summary;
  }

  /**
   * Returns the report on models.
   *
   * @param policy the policy that decided
   * @param verdicts the verdict about each, in the order for display
   */
  public static PolicyReport of(PolicyIdentity policy, List<PolicyVerdict> verdicts) {
    return new PolicyReport(
        policy.file(),
        verdicts.size() == 1 ? verdicts.get(0).model() : "",
        policy,
        verdicts,
        null,
        null);
  }

  /**
   * Returns the report on a policy that decides nothing.
   *
   * @param file the policy
   * @param failure why it cannot be used, or is not the one that is required
   * @throws IllegalArgumentException if it is an exception that is a defect and not a verdict
   */
  public static PolicyReport unusable(Path file, Exception failure) {
    return unusable(file, reason(failure));
  }

  /** Returns the report of a verification that ended without verdicts. */
  public static PolicyReport unusable(Path file, Finding why) {
    return new PolicyReport(file.toString(), "", null, List.of(), why, null);
  }

  /**
   * Returns the verdict about a model for which none was found.
   *
   * @param policy the policy
   * @param model the model
   * @param failure why there is none
   */
  public static PolicyVerdict failed(
      PolicyIdentity policy, ModelSource model, IOException failure) {
    return PolicyVerdict.unreadable(policy, model, reason(failure));
  }

  private static Finding reason(Exception failure) {
    String message = FailureMessage.of(failure);
    if (failure instanceof MalformedPolicyException malformed) {
      return withPlace(Finding.of(PolicyRules.MALFORMED_POLICY, message), malformed);
    }
    if (failure instanceof OtherPolicyException) {
      return Finding.of(PolicyRules.OTHER_POLICY, message);
    }
    if (failure instanceof VerificationException) {
      return Finding.of(
          PolicyRules.OTHER_POLICY,
          "the policy is not one that was signed as required: " + message);
    }
    return FailureReason.of(failure)
        .orElseThrow(() -> new IllegalArgumentException("not a verdict", failure));
  }

  private static Finding withPlace(Finding finding, MalformedPolicyException why) {
    Finding placed =
        finding.withValue("file", why.file()).withValue("line", Integer.toString(why.line()));
    if (why.place().column() > 0) {
      placed = placed.withValue("column", Integer.toString(why.place().column()));
    }
    return why.field().isEmpty() ? placed : placed.withValue("field", why.field());
  }

  /** Returns the same report with its reason rewritten, such as to redact a secret. */
  public PolicyReport withMessages(UnaryOperator<String> rewriting) {
    return failure == null
        ? this
        : new PolicyReport(
            file,
            model,
            policy,
            verdicts,
            new Finding(
                failure.rule(),
                failure.severity(),
                rewriting.apply(failure.message()),
                failure.file(),
                failure.values()),
            summary);
  }

  /**
   * Returns the same report with the model that was named, for one without verdicts.
   *
   * @param named the model; empty if there are several
   */
  public PolicyReport about(String named) {
    return new PolicyReport(file, named, policy, verdicts, failure, summary);
  }

  /** Returns the same report with the verification summary that was written. */
  public PolicyReport withSummary(WrittenSummary written) {
    return new PolicyReport(file, model, policy, verdicts, failure, written);
  }

  /** The verification summary, if one was written. */
  public Optional<WrittenSummary> summary() {
    return Optional.ofNullable(summary);
  }

  /** The model, if there is only one; empty otherwise. */
  String model() {
    return model;
  }

  /** Whether every model is verified, and there is one at least. */
  public boolean isVerified() {
    return failure == null
        && !verdicts.isEmpty()
        && verdicts.stream().allMatch(PolicyVerdict::isVerified);
  }

  /** Whether a model is refused, or the policy cannot be used; not if it only warns. */
  public boolean isRefused() {
    return failure != null
        || verdicts.isEmpty()
        || verdicts.stream().anyMatch(PolicyVerdict::isRefused);
  }

  /** The policy, by its file. */
  String file() {
    return file;
  }

  /** The policy; empty if it cannot be used. */
  Optional<PolicyIdentity> policy() {
    return Optional.ofNullable(policy);
  }

  /** The verdicts, in their order. */
  public List<PolicyVerdict> verdicts() {
    return verdicts;
  }

  /**
   * Why not every model is verified; empty if all are. Its rule is that of the first refused model;
   * if there is none, {@link PolicyRules#POLICY_WARNS}, of severity {@code WARNING}.
   */
  public Optional<Finding> reason() {
    if (failure != null) {
      return Optional.of(failure);
    }
    List<PolicyVerdict> refused = verdicts.stream().filter(PolicyVerdict::isRefused).toList();
    if (!refused.isEmpty()) {
      Finding first = reason(refused.get(0));
      return Optional.of(
          verdicts.size() == 1
              ? first
              : Finding.of(
                  first.rule(),
                  refused.size()
                      + " of "
                      + Amounts.of(verdicts.size(), "model")
                      + (refused.size() == 1 ? " is" : " are")
                      + " refused: "
                      + prefixed(refused.get(0).model(), first.message())));
    }
    return verdicts.stream().filter(one -> !one.isVerified()).findFirst().map(PolicyReport::reason);
  }

  /** A message with what it is about before it, once. */
  static String prefixed(String subject, String message) {
    return message.startsWith(subject + ": ") ? message : subject + ": " + message;
  }

  /** Why a model is not verified. */
  static Finding reason(PolicyVerdict verdict) {
    return verdict
        .reason()
        .or(() ->
            verdict.findings().stream()
                .filter(one -> one.rule().equals(PolicyRules.POLICY_WARNS))
                .findFirst())
        .orElseGet(() -> Finding.of(PolicyRules.POLICY_NOT_MET, "no signature of it counts"));
  }

  /** The reason first, if there is one, then all other findings, each once. */
  public List<Finding> findings() {
    Set<Finding> all = new LinkedHashSet<>(reason().stream().toList());
    verdicts.forEach(one -> all.addAll(one.allFindings()));
    return List.copyOf(all);
  }

  /** The findings that are no reason to refuse a model, for people. */
  public List<Finding> warnings() {
    return findings().stream().filter(one -> one.severity() != Severity.ERROR).toList();
  }

  /** The first line. It speaks of success only if every model is verified. */
  public String headline() {
    if (isVerified()) {
      return "Verification succeeded";
    }
    if (isRefused()) {
      return "Verification failed";
    }
    long warned = verdicts.stream().filter(one -> !one.isVerified()).count();
    return warned == verdicts.size()
        ? "Not verified: the policy only warns of "
            + (verdicts.size() == 1 ? "this model" : "these models")
            + unmet()
        : "Not all verified: the policy only warns of "
            + warned
            + " of "
            + Amounts.of(verdicts.size(), "model")
            + unmet();
  }

  /** The first requirement that is not met, of models that are only warned of. */
  private String unmet() {
    return verdicts.stream()
        .flatMap(one -> one.unmet().stream())
        .findFirst()
        .map(row -> "; not met: " + row.text())
        .orElse("");
  }

  /**
   * The lines below the headline, or below the {@link #reason()} of a failure, which is not
   * repeated. The caller must escape each.
   *
   * @param most the largest number of lines of a list
   */
  public List<String> lines(int most) {
    return new VerdictText(this, most).lines();
  }

  /**
   * Writes it as one JSON object on one line, in ASCII.
   *
   * @param out the stream, which is not closed
   * @throws IOException if it cannot be written
   */
  public void writeJson(OutputStream out) throws IOException {
    JsonWriter.asciiDocument(out, json -> VerdictJson.write(this, json));
    out.write('\n');
  }

  /**
   * Writes it as a log of SARIF 2.1.0 in ASCII: each requirement that is not met is a result at its
   * line of the policy.
   *
   * @param exitStatus the exit status of the program, if known
   * @param out the stream, which is not closed
   * @throws IOException if it cannot be written
   */
  public void writeSarif(OptionalInt exitStatus, OutputStream out) throws IOException {
    VerdictSarif log = new VerdictSarif(this, exitStatus);
    JsonWriter.asciiDocument(out, json -> SarifParts.writeLog(json, log::writeRun));
    out.write('\n');
  }

  /**
   * Writes it as an HTML page: a single file without scripts or external resources.
   *
   * @param time the time of the verdict
   * @param out the stream, which is not closed
   * @throws IOException if it cannot be written
   */
  public void writeHtml(Instant time, OutputStream out) throws IOException {
    new VerdictPage(this, time, out).write();
  }

  /**
   * Writes it as an HTML page, atomically.
   *
   * @param time the time of the verdict
   * @param path the file, which is replaced if it exists
   * @throws IOException if it cannot be written, or the path is a link or not a regular file
   */
  public void writeHtml(Instant time, Path path) throws IOException {
    WholeFile.write(path, out -> writeHtml(time, out));
  }

  /** The rules of all findings and requirements, each once. */
  List<Rule> rules() {
    Set<Rule> all = new LinkedHashSet<>();
    findings().forEach(one -> all.add(one.rule()));
    verdicts.forEach(one -> one.unmet().forEach(row -> all.add(VerdictSarif.rule(row))));
    return new ArrayList<>(all);
  }
}
