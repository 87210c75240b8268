package dev.modelsigning.policy.report;

import dev.modelsigning.policy.PolicyVerdict;
import dev.modelsigning.policy.PolicyVerdict.AppliedRule;
import dev.modelsigning.policy.result.CheckedClaim;
import dev.modelsigning.policy.result.CheckedSignature;
import dev.modelsigning.policy.result.Requirement;
import dev.modelsigning.report.Amounts;
import dev.modelsigning.report.Facts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Verdicts as lines, which the caller must escape. */
final class VerdictText {

  /** Longer texts are not padded, so that one of them does not move all others to the right. */
  private static final int MOST_PADDED = 64;

  private final PolicyReport report;
  private final int most;

  VerdictText(PolicyReport report, int most) {
    this.report = report;
    this.most = most;
  }

  List<String> lines() {
    List<PolicyVerdict> verdicts = report.verdicts();
    if (verdicts.size() == 1) {
      Facts facts = new Facts().add("model", name(verdicts.get(0)));
      addPolicy(facts);
      return add(facts, verdicts.get(0)).lines(most);
    }
    Facts head = new Facts();
    addPolicy(head);
    List<String> lines = new ArrayList<>(head.lines(most));
    for (PolicyVerdict one : verdicts) {
      lines.add(
          name(one)
              + ": "
              + state(one)
              + one.unmet().stream().findFirst().map(row -> ": " + row.text()).orElse(""));
      lines.addAll(add(new Facts(), one).lines(most));
    }
    if (!verdicts.isEmpty()) {
      lines.add(summary(verdicts));
    }
    return lines;
  }

  private void addPolicy(Facts facts) {
    report
        .policy()
        .ifPresent(policy -> facts.add("policy", policy.file() + ", " + policy.digest()));
  }

  private static String name(PolicyVerdict verdict) {
    return verdict.model()
        + verdict
            .name()
            .filter(name -> !name.equals(verdict.model()))
            .map(name -> ", as " + name)
            .orElse("");
  }

  /** What became of a model; of one that is only warned of, never that it is verified. */
  static String state(PolicyVerdict verdict) {
    return verdict.isVerified() ? "verified" : verdict.isRefused() ? "REFUSED" : "warned of";
  }

  private static String summary(Collection<PolicyVerdict> verdicts) {
    long verified = verdicts.stream().filter(PolicyVerdict::isVerified).count();
    long refused = verdicts.stream().filter(PolicyVerdict::isRefused).count();
    return Amounts.of(verdicts.size(), "model")
        + ": "
        + verified
        + " verified, "
        + refused
        + " refused, "
        + (verdicts.size() - verified - refused)
        + " only warned of";
  }

  private Facts add(Facts facts, PolicyVerdict verdict) {
    verdict.registry().ifPresent(place -> facts.add("manifest", place.digest()));
    verdict.rule().ifPresent(rule -> facts.add("rule", rule(rule, report.file())));
    List<Requirement> rows = verdict.requirements();
    int width =
        rows.stream()
            .mapToInt(row -> row.text().length())
            .filter(length -> length <= MOST_PADDED)
            .max()
            .orElse(0);
    String shown = "";
    for (Requirement row : rows) {
      String text = row.text();
      String label = row.met() ? "met" : "NOT MET";
      String column = "  " + detail(row);
      // What is longer than the column has its own line, and the next begins where others do.
      facts.addList(
          label,
          text.length() > width && width > 0
              ? List.of(text, (" ".repeat(width) + column).stripTrailing())
              : List.of(
                  (text + " ".repeat(Math.max(0, width - text.length())) + column)
                      .stripTrailing()));
      // Not again for all that is not checked for one reason.
      if (!row.next().equals(shown) && !row.next().isEmpty()) {
        facts.add("  next", row.next());
      }
      shown = row.next();
    }
    // Why one model alone is refused is the message of the failure, above.
    if (rows.isEmpty() && !(report.isRefused() && report.verdicts().size() == 1)) {
      facts.add("NOT MET", PolicyReport.reason(verdict).message());
    }
    facts.addList(
        "counted",
        verdict.signatures().stream()
            .filter(CheckedSignature::counts)
            .map(one -> one.file() + ", by " + String.join(", ", one.signers()))
            .toList());
    facts.addList("not counted", uncounted(verdict));
    if (!verdict.uncovered().isEmpty()) {
      facts.addUncovered(verdict.uncovered());
    }
    return facts;
  }

  private List<String> uncounted(PolicyVerdict verdict) {
    List<String> lines = new ArrayList<>();
    verdict.signatures().stream()
        .filter(one -> !one.counts())
        .forEach(one -> lines.add(PolicyReport.prefixed(one.file().toString(), one.why())));
    verdict.claims().stream()
        .filter(one -> !one.counts())
        .forEach((CheckedClaim one) -> lines.add(one.place() + ": " + one.why()));
    if (verdict.moreClaims() > 0) {
      lines.add(Amounts.of(verdict.moreClaims(), "more claim") + ", that are not listed");
    }
    return lines;
  }

  /** A rule with its place. */
  static String rule(AppliedRule rule, String file) {
    return rule.match()
        + " ("
        + file
        + ":"
        + rule.line()
        + ")"
        + (rule.enforced() ? "" : ", which only warns");
  }

  /** By whom, and why; the names once, if the reason is only them. */
  private static String detail(Requirement row) {
    String by = String.join(", ", row.by());
    if (by.isEmpty()) {
      return row.why();
    }
    if (row.why().equals("met") || row.why().equals("signed by " + by)) {
      return "by " + by;
    }
    return row.why().endsWith(" signed by " + by) ? row.why() : "by " + by + ": " + row.why();
  }
}
