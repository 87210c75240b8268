package dev.modelsigning.report;

import dev.modelsigning.ModelMismatchException;
import dev.modelsigning.VerifiedModel;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rule;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.manifest.ManifestDiff;
import dev.modelsigning.model.UncoveredEntry;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How the verification of a model ended, as data: whether it is verified, and four lists of
 * differences, uncovered entries, findings and facts. It proves nothing: programs that go on with a
 * model go by the {@link VerifiedModel}.
 */
public final class Verdict {

  private final String model;
  private final @Nullable VerifiedModel verified;
  private final ManifestDiff differences;
  private final List<Finding> findings;

  private Verdict(
      String model,
      @Nullable VerifiedModel verified,
      ManifestDiff differences,
      List<Finding> findings) {
    this.model = model;
    this.verified = verified;
    this.differences = differences;
    this.findings = List.copyOf(findings);
  }

  private static ManifestDiff none() {
    return new ManifestDiff(List.of(), List.of(), List.of());
  }

  /** The verdict about a model that was verified. */
  public static Verdict of(VerifiedModel model) {
    return new Verdict(model.model().location(), model, none(), model.findings());
  }

  /**
   * The verdict about a model that was not verified.
   *
   * @param model where the model is, as people are shown it
   * @param failure why: an {@link IOException}, {@link MalformedBundleException}, {@link
   *     UnusableTrustException} or {@link VerificationException}
   * @throws IllegalArgumentException if it is another exception, which is a defect and no verdict
   */
  public static Verdict failed(String model, Exception failure) {
    Finding why = Finding.of(rule(failure), FailureMessage.of(failure));
    return new Verdict(
        model,
        null,
        failure instanceof ModelMismatchException mismatch ? mismatch.differences() : none(),
        List.of(why));
  }

  /**
   * The verdict where verification did not come to one of its own, as it was not asked for rightly
   * or broke down.
   *
   * @param model where the model is, as people are shown it; empty if that is not known
   * @param why the reason, by a rule of severity {@link dev.modelsigning.finding.Severity#ERROR}
   */
  public static Verdict failed(String model, Finding why) {
    return new Verdict(model, null, none(), List.of(why));
  }

  /**
   * The same verdict with the messages of its findings rewritten, such as without a secret that an
   * argument had which a message repeats.
   */
  public Verdict withMessages(UnaryOperator<String> rewriting) {
    List<Finding> rewritten =
        findings.stream()
            .map(each ->
                new Finding(
                    each.rule(),
                    each.severity(),
                    rewriting.apply(each.message()),
                    each.file(),
                    each.values()))
            .toList();
    return new Verdict(model, verified, differences, rewritten);
  }

  private static Rule rule(Exception failure) {
    if (failure instanceof VerificationException verification) {
      return verification.rule();
    }
    if (failure instanceof UnusableTrustException unusable) {
      return unusable.kind().rule();
    }
    if (failure instanceof MalformedBundleException) {
      return Rules.MALFORMED_BUNDLE;
    }
    if (failure instanceof IOException) {
      return Rules.IO_ERROR;
    }
    throw new IllegalArgumentException("not a verdict: " + failure, failure);
  }

  /** Whether the model is what its signer signed. */
  public boolean isVerified() {
    return verified != null;
  }

  /** Where the model is, as people are shown it: a path, a URI. */
  public String model() {
    return model;
  }

  /** What was verified; empty if nothing was. */
  public Optional<VerifiedModel> verified() {
    return Optional.ofNullable(verified);
  }

  /** How the model differs from what was signed. */
  public ManifestDiff differences() {
    return differences;
  }

  /** What the signature of a verified model does not cover, and by whose rule. */
  public List<UncoveredEntry> uncovered() {
    return verified == null ? List.of() : verified.uncovered();
  }

  /**
   * What a reader should know about a verified model; of one that was not, only why: the rule is
   * the reason, of severity {@link dev.modelsigning.finding.Severity#ERROR}.
   */
  public List<Finding> findings() {
    return findings;
  }

  /** What else there is to know about a verified model: its name, who signed it, when, and how. */
  public List<Fact> facts() {
    return aligned().facts();
  }

  private Facts aligned() {
    Facts facts = new Facts();
    if (verified != null) {
      facts
          .add(
              "model",
              model
                  + verified
                      .statement()
                      .modelName()
                      .map(text -> " (signed as " + text + ")")
                      .orElse(" (signed without a name)"))
          .addSigner(verified.signer())
          .addTimes(verified.times())
          .addFiles(verified.manifest(), verified.files(), verified.bytes())
          .addUncovered(verified.uncovered());
    }
    return facts;
  }

  /** The verdict in one line: that verification succeeded, or why it failed. */
  public String headline() {
    return verified != null ? "Verification succeeded" : findings.get(0).message();
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
    if (verified != null) {
      return aligned().lines(most);
    }
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
    return lines;
  }

  private static void list(String title, List<String> values, int most, List<String> lines) {
    if (!values.isEmpty()) {
      lines.add("  " + title + " (" + values.size() + "):");
      Facts.firstOf(values, most).forEach(value -> lines.add("    " + value));
    }
  }

  /**
   * The verdict for machines: one JSON object on one line, in ASCII, with all differences. Fields
   * are added over time, never renamed.
   */
  public String toJson() {
    return verified != null
        ? VerdictJson.success(verified)
        : VerdictJson.failure(model, findings.get(0), differences);
  }
}
