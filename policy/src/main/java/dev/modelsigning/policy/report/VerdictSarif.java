package dev.modelsigning.policy.report;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rule;
import dev.modelsigning.finding.Severity;
import dev.modelsigning.internal.document.SarifParts;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.policy.PolicyRules;
import dev.modelsigning.policy.PolicyVerdict;
import dev.modelsigning.policy.result.Requirement;
import java.util.List;
import java.util.OptionalInt;

/**
 * Writes verdicts as a run of SARIF 2.1.0. Each requirement that is not met is a result at the line
 * of the policy that demands it, since that is where a reader looks it up.
 */
final class VerdictSarif {

  /** The base of a relative path, by its conventional name. */
  private static final String CURRENT_DIRECTORY = "%SRCROOT%";

  private final PolicyReport report;
  private final OptionalInt exitStatus;
  private final List<Rule> rules;
  private final boolean relative;

  VerdictSarif(PolicyReport report, OptionalInt exitStatus) {
    this.report = report;
    this.exitStatus = exitStatus;
    this.rules = report.rules();
    this.relative = !report.file().startsWith("/");
  }

  /** The rule of a requirement that is not met. */
  static Rule rule(Requirement row) {
    return row.code().equals("match") ? PolicyRules.NO_POLICY_RULE : PolicyRules.POLICY_NOT_MET;
  }

  void writeRun(JsonWriter run) {
    SarifParts.writeTool(rules, report.isVerified(), exitStatus, run);
    if (relative) {
      run.object(
          "originalUriBaseIds",
          bases ->
              bases.object(
                  CURRENT_DIRECTORY,
                  base ->
                      base.object(
                          "description",
                          text ->
                              text.string(
                                  "text", "the directory in which the models were verified"))));
    }
    run.array("results", this::writeResults)
        .object(
            "properties",
            fields -> {
              fields.bool("verified", report.isVerified()).string("policy", report.file());
              report.policy().ifPresent(policy -> fields.string("digest", policy.digest()));
              report.reason().ifPresent(why -> fields.string("reason", why.rule().code()));
            });
  }

  private void writeResults(JsonWriter results) {
    if (report.verdicts().isEmpty()) {
      report.findings().forEach(finding -> write("", finding, results));
    }
    for (PolicyVerdict verdict : report.verdicts()) {
      List<Requirement> unmet = verdict.unmet();
      unmet.forEach(row -> write(verdict, row, results));
      // The reason sums up the requirements that are not met.
      (unmet.isEmpty() ? verdict.allFindings() : verdict.findings())
          .forEach(finding -> write(verdict.model(), finding, results));
    }
  }

  private void write(PolicyVerdict verdict, Requirement row, JsonWriter results) {
    results.object(result -> {
      SarifParts.writeKind(
          rules,
          rule(row),
          verdict.isRefused() ? Severity.ERROR : Severity.WARNING,
          verdict.model()
              + ": not met: "
              + row.text()
              + ": "
              + row.why()
              + (row.next().isEmpty() ? "" : "; what to do: " + row.next()),
          result);
      writeLocation(row.line(), result);
      result.object(
          "properties",
          fields -> fields.string("model", verdict.model()).string("requirement", row.code()));
    });
  }

  private void write(String model, Finding finding, JsonWriter results) {
    results.object(result -> {
      SarifParts.writeKind(
          rules,
          finding.rule(),
          finding.severity(),
          model.isEmpty() ? finding.message() : PolicyReport.prefixed(model, finding.message()),
          result);
      writeLocation(line(finding), result);
      result.object(
          "properties",
          fields -> {
            fields.string("model", model);
            finding.file().ifPresent(name -> fields.string("name", name));
            if (!finding.values().isEmpty()) {
              fields.object("values", values -> finding.values().forEach(values::string));
            }
          });
    });
  }

  /** The line of what is wrong with the policy; 0 for findings about models. */
  private static int line(Finding finding) {
    return finding.rule().equals(PolicyRules.MALFORMED_POLICY)
        ? Integer.parseInt(finding.values().getOrDefault("line", "0"))
        : 0;
  }

  /** Writes where it is in the policy; with no line, if that is 0. */
  private void writeLocation(int line, JsonWriter result) {
    result.array(
        "locations",
        locations ->
            locations.object(location ->
                location.object(
                    "physicalLocation",
                    physical -> {
                      physical.object(
                          "artifactLocation",
                          artifact -> {
                            artifact.string(
                                "uri",
                                (relative ? "" : "file://") + SarifParts.encoded(report.file()));
                            if (relative) {
                              artifact.string("uriBaseId", CURRENT_DIRECTORY);
                            }
                          });
                      if (line > 0) {
                        physical.object("region", region -> region.integer("startLine", line));
                      }
                    })));
  }
}
