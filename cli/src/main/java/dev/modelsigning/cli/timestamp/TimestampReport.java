package dev.modelsigning.cli.timestamp;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.internal.document.ReportJson;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.report.Facts;
import dev.modelsigning.timestamp.AddedTimestamp;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A report about a time stamp that was added.
 *
 * @param signature the signature, as it was named
 * @param added what was added
 * @param rewriting removes secrets of the command line from messages
 */
record TimestampReport(Path signature, AddedTimestamp added, UnaryOperator<String> rewriting) {

  /** Whether it was written beside the signature, and not into it. */
  boolean isBeside() {
    return !added.file().equals(signature);
  }

  /** The lines of the report. */
  Facts facts() {
    Facts facts =
        new Facts()
            .add("file", added.file().toString())
            .add(
                "time",
                added.stamp()
                    + (added.verified() ? "" : " (not verified: no authority is trusted)"));
    added
        .provedUntil()
        .ifPresent(
            end -> facts.add("proved until", end.truncatedTo(ChronoUnit.SECONDS).toString()));
    return facts;
  }

  /**
   * The report as one JSON object on one line, in ASCII, according to the schema {@code
   * timestamp-add} (docs/json.md).
   */
  String toJson() {
    return JsonWriter.asciiDocument(this::write) + "\n";
  }

  private void write(JsonWriter json) {
    ReportJson.writeHeader(json);
    json.string("signature", signature.toString())
        .string("file", added.file().toString())
        .bool("beside", isBeside());
    ReportJson.writeTime("time", added.stamp().time(), json);
    json.string("authority", added.stamp().authority()).bool("authorityTrusted", added.verified());
    added.provedUntil().ifPresent(end -> ReportJson.writeTime("provedUntil", end, json));
    List<Finding> findings =
        added.findings().stream()
            .map(each ->
                new Finding(
                    each.rule(),
                    each.severity(),
                    rewriting.apply(each.message()),
                    each.file(),
                    each.values()))
            .toList();
    ReportJson.writeFindings(findings, findings, json);
  }
}
