package dev.modelsigning.internal.document;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rule;
import dev.modelsigning.internal.json.JsonWriter;
import java.time.Instant;
import java.util.List;

/**
 * What all JSON reports have in common. Fields may be added; if one is removed or changes its
 * meaning, the version of the schema changes.
 */
public final class ReportJson {

  /** The version of the schemas. */
  public static final int SCHEMA_VERSION = 1;

  private static final Instant FIRST_TIME = Instant.parse("0000-01-01T00:00:00Z");
  private static final Instant LAST_TIME = Instant.parse("9999-12-31T23:59:59.999999999Z");

  private ReportJson() {}

  /**
   * Writes a time member in RFC 3339 format; omitted if the year does not have four digits, which
   * can occur in files.
   */
  public static void writeTime(String name, Instant time, JsonWriter json) {
    if (!time.isBefore(FIRST_TIME) && !time.isAfter(LAST_TIME)) {
      json.string(name, time.toString());
    }
  }

  /** Writes the versions of the schema and of this library. */
  public static void writeHeader(JsonWriter json) {
    json.integer("schemaVersion", SCHEMA_VERSION).string("toolVersion", ToolVersion.text());
  }

  /** Writes the reason why there is no report, with its rule. */
  public static void writeFailure(Rule rule, String message, JsonWriter json) {
    json.bool("verified", false);
    writeHeader(json);
    json.string("reason", rule.code()).string("message", message);
  }

  /**
   * Writes what was found.
   *
   * @param findings all, with the reason of a failure first
   * @param warnings those that are no reason of a failure
   */
  public static void writeFindings(
      List<Finding> findings, List<Finding> warnings, JsonWriter json) {
    json.array("findings", list -> findings.forEach(each -> write(each, list)))
        .array("warnings", list -> warnings.stream().map(Finding::message).forEach(list::string));
  }

  /** Writes a finding as an element of an array. */
  public static void write(Finding finding, JsonWriter json) {
    json.object(fields -> {
      fields
          .string("rule", finding.rule().code())
          .string("severity", finding.severity().name())
          .string("message", finding.message());
      finding.file().ifPresent(name -> fields.string("file", name));
      if (!finding.values().isEmpty()) {
        fields.object("values", values -> finding.values().forEach(values::string));
      }
    });
  }
}
