package dev.modelsigning.report;

import dev.modelsigning.VerifiedModel;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rule;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.manifest.ManifestDiff;
import dev.modelsigning.signing.UnusableTrustException.Kind;
import dev.modelsigning.signing.VerificationTime;

/** Writes verdicts as JSON. */
final class VerdictJson {

  private VerdictJson() {}

  static String success(VerifiedModel model) {
    return JsonWriter.asciiDocument(json ->
        json.bool("verified", true)
            .string("model", model.model().location())
            .string("subject", model.statement().modelName().orElse(""))
            .string("digest", model.manifest().rootDigest().toString())
            .string("predicateType", model.statement().predicateType())
            .object("signer", signer -> writeSigner(model, signer))
            .array("times", times -> writeTimes(model, times))
            .integer("files", model.files())
            .integer("bytes", model.bytes())
            .string("hashAlgorithm", model.manifest().serialization().hashAlgorithm().id())
            .array("notCovered", entries -> writeUncovered(model, entries))
            .array(
                "warnings",
                warnings -> model.findings().forEach(each -> warnings.string(each.message()))))
        + "\n";
  }

  private static void writeSigner(VerifiedModel model, JsonWriter json) {
    json.string("method", model.signer().method()).string("name", model.signer().name());
    SignerFields.of(model.signer()).forEach(json::string);
  }

  private static void writeTimes(VerifiedModel model, JsonWriter json) {
    for (VerificationTime time : model.times()) {
      json.object(fields -> {
        fields.string("time", time.instant().toString()).string("source", time.source().name());
        if (!time.authority().isEmpty()) {
          fields.string("authority", time.authority());
        }
      });
    }
  }

  private static void writeUncovered(VerifiedModel model, JsonWriter json) {
    model
        .uncovered()
        .forEach(entry ->
            json.object(fields ->
                fields
                    .string("name", entry.name())
                    .string("kind", entry.kind().name())
                    .string("reason", entry.reason().name())));
  }

  static String failure(String model, Finding why, ManifestDiff differences) {
    return JsonWriter.asciiDocument(json -> {
      json.bool("verified", false)
          .string("model", model)
          .string("reason", reason(why.rule()))
          .string("message", why.message());
      if (!differences.isEmpty()) {
        writeDiff(differences, json);
      }
    })
        + "\n";
  }

  /** Revocation lists were called certificates, and are until the verdict has a version. */
  private static String reason(Rule rule) {
    return (rule.equals(Kind.REVOCATION_LIST.rule()) ? Kind.CERTIFICATE.rule() : rule).code();
  }

  private static void writeDiff(ManifestDiff diff, JsonWriter json) {
    json.array(
            "changed",
            list ->
                diff.changed()
                    .forEach(one ->
                        list.object(fields ->
                            fields
                                .string("name", one.name())
                                .string("expected", one.expected())
                                .string("found", one.found()))))
        .array("missing", list -> diff.missing().forEach(list::string))
        .array(
            "notSigned",
            list ->
                diff.extra()
                    .forEach(one ->
                        list.object(fields ->
                            fields.string("name", one.name()).string("kind", one.kind().name()))));
  }
}
