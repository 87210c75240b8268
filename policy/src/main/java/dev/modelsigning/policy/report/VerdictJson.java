package dev.modelsigning.policy.report;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.internal.document.RegistryJson;
import dev.modelsigning.internal.document.ReportJson;
import dev.modelsigning.internal.document.SignerJson;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.model.UncoveredEntry;
import dev.modelsigning.policy.PolicyVerdict;
import dev.modelsigning.policy.result.CheckedClaim;
import dev.modelsigning.policy.result.CheckedSignature;
import dev.modelsigning.policy.result.Requirement;
import java.util.List;

/** Writes verdicts as JSON. */
final class VerdictJson {

  private VerdictJson() {}

  static void write(PolicyReport report, JsonWriter json) {
    json.bool("verified", report.isVerified());
    ReportJson.writeHeader(json);
    // As all objects have it; empty, as there may be several.
    json.string("model", report.model());
    json.object(
        "policy",
        fields -> {
          fields.string("file", report.file());
          report.policy().ifPresent(policy -> fields.string("digest", policy.digest()));
        });
    report.reason().ifPresent(why -> writeReason(why, json));
    json.array("models", list -> report.verdicts().forEach(one -> write(one, list)));
    report
        .summary()
        .ifPresent(written ->
            json.object(
                "vsa",
                fields -> {
                  fields.string("file", written.file().toString());
                  if (written.line() > 0) {
                    fields.integer("line", written.line());
                  }
                  fields.string("result", written.result());
                }));
    writeFindings(report.findings(), json);
    json.array("warnings", list -> report.warnings().forEach(one -> list.string(one.message())));
  }

  private static void writeReason(Finding why, JsonWriter json) {
    json.string("reason", why.rule().code()).string("message", why.message());
  }

  private static void writeFindings(List<Finding> findings, JsonWriter json) {
    json.array("findings", list -> findings.forEach(one -> ReportJson.write(one, list)));
  }

  private static void write(PolicyVerdict verdict, JsonWriter models) {
    models.object(json -> {
      json.bool("verified", verdict.isVerified()).string("model", verdict.model());
      verdict.name().ifPresent(name -> json.string("name", name));
      verdict.registry().ifPresent(place -> RegistryJson.write(place, json));
      verdict
          .rule()
          .ifPresent(rule ->
              json.string("mode", rule.enforced() ? "ENFORCE" : "WARN")
                  .object(
                      "rule",
                      fields ->
                          fields
                              .integer("number", rule.number())
                              .integer("line", rule.line())
                              .string("match", rule.match())));
      if (!verdict.isVerified()) {
        writeReason(PolicyReport.reason(verdict), json);
      }
      json.array("requirements", list -> verdict.requirements().forEach(row -> write(row, list)))
          .array("signatures", list -> verdict.signatures().forEach(one -> write(one, list)))
          .array("claims", list -> verdict.claims().forEach(one -> write(one, list)))
          .integer("moreClaims", verdict.moreClaims())
          .array("notCovered", list -> verdict.uncovered().forEach(one -> write(one, list)));
      verdict
          .subject()
          .ifPresent(subject ->
              json.string("rootDigest", "sha256:" + subject.rootDigest())
                  .string("namesDigest", "sha256:" + subject.namesDigest()));
      writeFindings(verdict.allFindings(), json);
    });
  }

  private static void write(Requirement row, JsonWriter list) {
    list.object(json -> {
      json.string("requirement", row.code())
          .integer("line", row.line())
          .string("text", row.text())
          .bool("met", row.met())
          .array("by", names -> row.by().forEach(names::string))
          .string("why", row.why());
      if (!row.met()) {
        json.string("next", row.next());
      }
    });
  }

  private static void write(CheckedSignature one, JsonWriter list) {
    list.object(json -> {
      json.string("file", one.file().toString());
      if (!one.sha256().isEmpty()) {
        json.string("digest", "sha256:" + one.sha256());
      }
      json.array("signers", names -> one.signers().forEach(names::string));
      one.signer()
          .ifPresent(signer -> json.object("signer", fields -> SignerJson.write(signer, fields)));
      SignerJson.writeTimes(one.times(), json);
      json.bool("counts", one.counts());
      if (!one.counts()) {
        json.string("why", one.why());
      }
    });
  }

  private static void write(UncoveredEntry entry, JsonWriter list) {
    list.object(json ->
        json.string("name", entry.name())
            .string("kind", entry.kind().name())
            .string("reason", entry.reason().name()));
  }

  private static void write(CheckedClaim one, JsonWriter list) {
    list.object(json -> {
      json.string("file", one.file().toString()).integer("line", one.line());
      if (!one.predicateType().isEmpty()) {
        json.string("predicateType", one.predicateType());
      }
      json.array("signers", names -> one.signers().forEach(names::string))
          .bool("counts", one.counts());
      if (!one.counts()) {
        json.string("why", one.why());
      }
    });
  }
}
