package dev.modelsigning.policy.report;

import dev.modelsigning.finding.Severity;
import dev.modelsigning.internal.document.ReportJson;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.policy.PolicyRules;
import dev.modelsigning.policy.problem.PolicyProblem;
import dev.modelsigning.report.Amounts;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What is wrong or unusual in a policy, for display.
 *
 * @param file the policy
 * @param problems the problems, in their order
 */
public record LintReport(Path file, List<PolicyProblem> problems) {

  /** Copies the list. */
  public LintReport {
    problems = List.copyOf(problems);
  }

  /** Whether the policy can be used. */
  public boolean isUsable() {
    return problems.stream().noneMatch(one -> one.severity() == Severity.ERROR);
  }

  /** A line for each problem, {@code FILE:LINE: error: FIELD: MESSAGE}, which must be escaped. */
  public List<String> lines() {
    return problems.stream().map(this::line).toList();
  }

  private String line(PolicyProblem problem) {
    return at(problem) + problem.severity().name().toLowerCase(Locale.ROOT) + ": " + what(problem);
  }

  private String at(PolicyProblem problem) {
    return file + ":" + problem.place().line() + ": ";
  }

  private static String what(PolicyProblem problem) {
    return (problem.place().field().isEmpty() ? "" : problem.place().field() + ": ")
        + problem.message();
  }

  /** The last line: whether it can be used, and how many problems there are. */
  public String summary() {
    long errors = problems.stream().filter(one -> one.severity() == Severity.ERROR).count();
    return file
        + (isUsable() ? ": can be used; " : ": cannot be used; ")
        + Amounts.of(errors, "error")
        + ", "
        + Amounts.of(problems.size() - errors, "warning");
  }

  /**
   * Writes it as one JSON object on one line, in ASCII.
   *
   * @param out the stream, which is not closed
   * @throws IOException if it cannot be written
   */
  public void writeJson(OutputStream out) throws IOException {
    JsonWriter.asciiDocument(out, this::write);
    out.write('\n');
  }

  private void write(JsonWriter json) {
    if (!isUsable()) {
      // As all failures have it.
      json.bool("verified", false);
    }
    ReportJson.writeHeader(json);
    json.string("policy", file.toString()).bool("usable", isUsable());
    problems.stream()
        .filter(one -> one.severity() == Severity.ERROR)
        .findFirst()
        .ifPresent(why -> {
          json.string("reason", PolicyRules.MALFORMED_POLICY.code())
              .string("message", at(why) + what(why));
        });
    json.array(
        "problems",
        list ->
            problems.forEach(one ->
                list.object(fields -> {
                  fields
                      .string("severity", one.severity().name())
                      .string("file", file.toString())
                      .integer("line", one.place().line());
                  if (one.place().column() > 0) {
                    fields.integer("column", one.place().column());
                  }
                  if (!one.place().field().isEmpty()) {
                    fields.string("field", one.place().field());
                  }
                  fields.string("message", one.message());
                })));
  }
}
