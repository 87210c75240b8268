package dev.modelsigning.report;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rule;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.finding.Severity;
import dev.modelsigning.internal.document.RegistryJson;
import dev.modelsigning.internal.document.SarifParts;
import dev.modelsigning.internal.document.SignerJson;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.manifest.ManifestDiff;
import dev.modelsigning.manifest.ManifestDiff.Changed;
import dev.modelsigning.manifest.ManifestDiff.Extra;
import dev.modelsigning.model.UncoveredEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Writes verdicts as logs of SARIF 2.1.0, the Static Analysis Results Interchange Format of OASIS:
 * each finding, each difference and each entry that is not covered is a result.
 */
final class SarifLog {

  private final Verdict verdict;
  private final OptionalInt exitStatus;
  private final SarifLocations locations;

  /** The rules of the results, by index. */
  private final List<Rule> rules = new ArrayList<>();

  private SarifLog(Verdict verdict, OptionalInt exitStatus) {
    this.verdict = verdict;
    this.exitStatus = exitStatus;
    this.locations = SarifLocations.of(verdict);
    verdict.findings().forEach(finding -> add(finding.rule(), true));
    add(Rules.FILE_CHANGED, !verdict.differences().changed().isEmpty());
    add(Rules.FILE_MISSING, !verdict.differences().missing().isEmpty());
    add(Rules.FILE_NOT_SIGNED, !verdict.differences().extra().isEmpty());
    add(Rules.FILE_NOT_COVERED, !verdict.uncovered().isEmpty());
  }

  private void add(Rule rule, boolean isUsed) {
    if (isUsed && !rules.contains(rule)) {
      rules.add(rule);
    }
  }

  /**
   * Writes the members of a log.
   *
   * @param exitStatus the exit status of the program, if known
   */
  static void write(Verdict verdict, OptionalInt exitStatus, JsonWriter json) {
    new SarifLog(verdict, exitStatus).write(json);
  }

  private void write(JsonWriter json) {
    SarifParts.writeLog(json, this::writeRun);
  }

  private void writeRun(JsonWriter run) {
    SarifParts.writeTool(rules, verdict.isVerified(), exitStatus, run);
    locations.writeBases(run);
    run.array(
            "results",
            results -> {
              verdict.findings().forEach(finding -> write(finding, results));
              writeDifferences(verdict.differences(), results);
              verdict.uncovered().forEach(entry -> write(entry, results));
            })
        .object("properties", this::writeProperties);
  }

  private void write(Finding finding, JsonWriter results) {
    results.object(result -> {
      writeKind(finding.rule(), finding.severity(), finding.message(), result);
      locations.write(finding.file(), result);
      if (finding.file().isPresent() || !finding.values().isEmpty()) {
        result.object(
            "properties",
            fields -> {
              finding.file().ifPresent(name -> fields.string("name", name));
              if (!finding.values().isEmpty()) {
                fields.object("values", values -> finding.values().forEach(values::string));
              }
            });
      }
    });
  }

  private void writeDifferences(ManifestDiff differences, JsonWriter results) {
    for (Changed one : differences.changed()) {
      writeFile(
          Rules.FILE_CHANGED,
          one.file(),
          "changed: " + one.name() + ": expected " + one.expected() + ", found " + one.found(),
          fields -> {
            fields
                .string("name", one.name())
                .string("expected", one.expected())
                .string("found", one.found());
            writeModified(one.modified(), fields);
          },
          results);
    }
    for (String name : differences.missing()) {
      writeFile(
          Rules.FILE_MISSING,
          name,
          "missing: " + name,
          fields -> fields.string("name", name),
          results);
    }
    for (Extra one : differences.extra()) {
      writeFile(
          Rules.FILE_NOT_SIGNED,
          one.name(),
          "not signed: " + one.name() + " (" + one.kind() + ")",
          fields -> {
            fields.string("name", one.name()).string("kind", one.kind().name());
            writeModified(one.modified(), fields);
          },
          results);
    }
  }

  private static void writeModified(Optional<Instant> modified, JsonWriter fields) {
    modified.ifPresent(time -> fields.string("modified", time.toString()));
  }

  private void write(UncoveredEntry entry, JsonWriter results) {
    writeFile(
        Rules.FILE_NOT_COVERED,
        entry.name(),
        "not covered: " + entry.name() + " (" + entry.reason() + ")",
        fields ->
            fields
                .string("name", entry.name())
                .string("kind", entry.kind().name())
                .string("reason", entry.reason().name()),
        results);
  }

  private void writeFile(
      Rule rule, String file, String message, Consumer<JsonWriter> properties, JsonWriter results) {
    results.object(result -> {
      writeKind(rule, rule.severity(), message, result);
      locations.write(Optional.of(file), result);
      result.object("properties", properties::accept);
    });
  }

  private void writeKind(Rule rule, Severity severity, String message, JsonWriter result) {
    SarifParts.writeKind(rules, rule, severity, message, result);
  }

  private void writeProperties(JsonWriter properties) {
    properties.bool("verified", verdict.isVerified()).string("model", verdict.model());
    if (verdict.isPartial()) {
      properties
          .bool("partial", true)
          .array("left", names -> verdict.left().forEach(names::string));
    }
    verdict.reason().ifPresent(why -> properties.string("reason", why.rule().code()));
    verdict.explanation().ifPresent(text -> properties.string("explanation", text));
    verdict.registry().ifPresent(place -> RegistryJson.write(place, properties));
    verdict
        .signature()
        .ifPresent(file ->
            properties.object(
                "signature",
                fields ->
                    fields
                        .string("file", file.location())
                        .string("digest", "sha256:" + file.sha256())));
    verdict
        .manifest()
        .ifPresent(manifest -> properties.string("digest", manifest.rootDigest().toString()));
    verdict
        .signer()
        .ifPresent(by -> properties.object("signer", fields -> SignerJson.write(by, fields)));
  }
}
