package dev.modelsigning.policy.report;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Severity;
import dev.modelsigning.internal.document.HtmlTable;
import dev.modelsigning.internal.document.HtmlWriter;
import dev.modelsigning.internal.document.StyleSheet;
import dev.modelsigning.internal.document.ToolVersion;
import dev.modelsigning.model.UncoveredEntry;
import dev.modelsigning.policy.PolicyVerdict;
import dev.modelsigning.policy.result.CheckedSignature;
import dev.modelsigning.policy.result.Requirement;
import dev.modelsigning.report.Amounts;
import dev.modelsigning.report.HtmlReport;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Writes verdicts as an HTML page. Untrusted text is escaped, and long lists are shortened. */
final class VerdictPage {

  private static final int MOST_ROWS = 200;

  private final PolicyReport report;
  private final Instant time;
  private final HtmlWriter html;

  VerdictPage(PolicyReport report, Instant time, OutputStream out) {
    this.report = report;
    this.time = time;
    this.html = new HtmlWriter(out);
  }

  void write() throws IOException {
    html.begin().open("html", "lang", "en").line();
    html.head(headline() + ": " + report.file(), StyleSheet.of(HtmlReport.class, "report.css"));
    html.open("body").line();
    html.open("header", "class", "verdict " + (report.isVerified() ? "verified" : "refused"));
    writeHeader();
    html.close().line();
    html.open("main").line();
    int number = 0;
    for (PolicyVerdict verdict : report.verdicts()) {
      write(verdict, "model" + number++);
    }
    html.close().line();
    html.open("footer").open("p").text("Made by model-signing " + ToolVersion.text() + " at ");
    html.time(time);
    html.text(
        ". This page proves nothing to others: whoever has the models, their signatures and the"
            + " policy can verify them again.");
    html.close().close().line();
    html.close().line().close().end();
  }

  private String headline() {
    return report.isVerified()
        ? "Verified"
        : report.isRefused() ? "Not verified" : "Only warned of";
  }

  private void writeHeader() throws IOException {
    html.line().element("h1", headline()).line();
    html.open("p").text("By the policy ").outside(report.file());
    if (report.policy().isPresent()) {
      html.text(", ").outside(report.policy().get().digest());
    }
    html.text(".").close().line();
    if (report.reason().isPresent()) {
      Finding reason = report.reason().get();
      html.open("p").element("strong", reason.rule().code()).text(": ");
      html.outside(reason.message()).close().line();
      html.open("p").element("strong", "What to do: ").text(reason.rule().help()).close().line();
    }
  }

  private void write(PolicyVerdict verdict, String id) throws IOException {
    html.open("section", "aria-labelledby", id).line();
    html.open("h2", "id", id).outside(verdict.model());
    html.text(": ")
        .element("span", VerdictText.state(verdict), "class", verdict.isVerified() ? "good" : "bad")
        .close()
        .line();
    if (!verdict.isVerified()) {
      html.open("p").outside(PolicyReport.reason(verdict).message()).close().line();
    }
    html.open("dl").line();
    if (verdict.name().isPresent()) {
      fact("name for patterns", verdict.name().get());
    }
    if (verdict.registry().isPresent()) {
      fact("registry", verdict.registry().get().registry());
      fact("its manifest", verdict.registry().get().digest());
    }
    if (verdict.rule().isPresent()) {
      fact("rule", VerdictText.rule(verdict.rule().get(), report.file()));
    }
    if (verdict.subject().isPresent()) {
      fact("root digest", "sha256:" + verdict.subject().get().rootDigest());
    }
    html.close().line();
    writeRequirements(verdict.requirements());
    writeSignatures(verdict.signatures());
    writeClaims(verdict);
    writeUncovered(verdict.uncovered());
    writeFindings(verdict.allFindings());
    html.close().line();
  }

  private void fact(String label, String value) throws IOException {
    html.element("dt", label).open("dd").outside(value).close().line();
  }

  /** Writes the cells of a row. */
  @FunctionalInterface
  private interface Cells<T> {
    HtmlTable write(T item, HtmlTable row) throws IOException;
  }

  /** Writes a table with the first of several items, and how many more there are; none if empty. */
  private <T> void table(
      String caption, List<String> columns, List<T> items, long more, Cells<T> cells)
      throws IOException {
    if (items.isEmpty()) {
      return;
    }
    HtmlTable table = HtmlTable.begin(caption, columns, html);
    for (T item : items.subList(0, Math.min(items.size(), MOST_ROWS))) {
      cells.write(item, table.row()).endRow();
    }
    table.end();
    writeRest(items.size() + more);
  }

  private void writeRequirements(List<Requirement> rows) throws IOException {
    table(
        "What the policy requires",
        List.of("result", "requirement", "by", "why", "what to do", "line"),
        rows,
        0,
        (one, row) ->
            row.marked(one.met() ? "met" : "not met", one.met() ? "quiet" : "bad")
                .outside(one.text())
                .outside(String.join(", ", one.by()))
                .outside(one.why())
                .outside(one.next())
                .cell(one.line() > 0 ? String.valueOf(one.line()) : ""));
  }

  private void writeUncovered(List<UncoveredEntry> entries) throws IOException {
    table(
        "What the signatures do not cover",
        List.of("name", "kind", "why that is allowed"),
        entries,
        0,
        (one, row) ->
            row.outside(one.name()).cell(one.kind().toString()).cell(one.reason().toString()));
  }

  private void writeSignatures(List<CheckedSignature> signatures) throws IOException {
    table(
        "The signatures that were looked at",
        List.of("counts", "file", "by", "signer", "why not"),
        signatures,
        0,
        (one, row) ->
            counts(one.counts(), row)
                .outside(one.file().toString())
                .outside(String.join(", ", one.signers()))
                .outside(one.signer().map(by -> by.method() + " " + by.name()).orElse(""))
                .outside(one.why()));
  }

  private void writeClaims(PolicyVerdict verdict) throws IOException {
    table(
        "The claims that were looked at",
        List.of("counts", "place", "type", "by", "why not"),
        verdict.claims(),
        verdict.moreClaims(),
        (one, row) ->
            counts(one.counts(), row)
                .outside(one.place())
                .outside(one.predicateType())
                .outside(String.join(", ", one.signers()))
                .outside(one.why()));
  }

  private void writeFindings(List<Finding> findings) throws IOException {
    table(
        "What a reader of this verdict should know",
        List.of("rule", "severity", "what was found", "what to do"),
        findings,
        0,
        (one, row) ->
            row.cell(one.rule().code())
                .marked(
                    one.severity().name().toLowerCase(Locale.ROOT),
                    one.severity() == Severity.ERROR ? "bad" : "odd")
                .outside(one.message())
                .cell(one.rule().help()));
  }

  private void writeRest(long number) throws IOException {
    if (number > MOST_ROWS) {
      html.element(
              "p",
              "Not listed here: " + Amounts.of(number - MOST_ROWS, "more row") + ".",
              "class",
              "odd")
          .line();
    }
  }

  private static HtmlTable counts(boolean value, HtmlTable row) throws IOException {
    return row.marked(value ? "yes" : "no", value ? "quiet" : "odd");
  }
}
