package dev.modelsigning.report;

import dev.modelsigning.Demands;
import dev.modelsigning.internal.document.ContentJson;
import dev.modelsigning.internal.document.RegistryJson;
import dev.modelsigning.internal.document.ReportJson;
import dev.modelsigning.internal.document.SignerJson;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.ManifestDiff;
import dev.modelsigning.manifest.Serialization;
import dev.modelsigning.model.UncoveredEntry;
import java.time.Instant;
import java.util.Optional;

/** Writes verdicts as JSON. Unknown values are omitted, except lists, which are then empty. */
final class VerdictJson {

  private final Verdict verdict;
  private final boolean listFiles;

  private VerdictJson(Verdict verdict, boolean listFiles) {
    this.verdict = verdict;
    this.listFiles = listFiles;
  }

  /** Writes the members of a verdict. */
  static void write(Verdict verdict, boolean listFiles, JsonWriter json) {
    new VerdictJson(verdict, listFiles).write(json);
  }

  private void write(JsonWriter json) {
    // The first member, for readers that look only at the beginning of the line.
    json.bool("verified", verdict.isVerified());
    ReportJson.writeHeader(json);
    json.string("model", verdict.model());
    verdict
        .reason()
        .ifPresent(
            why -> json.string("reason", why.rule().code()).string("message", why.message()));
    verdict.explanation().ifPresent(text -> json.string("explanation", text));
    verdict.registry().ifPresent(place -> RegistryJson.write(place, json));
    verdict
        .signature()
        .ifPresent(file ->
            json.object(
                "signature",
                fields ->
                    fields
                        .string("file", file.location())
                        .integer("size", file.size())
                        .string("digest", "sha256:" + file.sha256())));
    verdict
        .statement()
        .ifPresent(statement -> {
          json.string("subject", statement.modelName().orElse(""))
              .string("predicateType", statement.predicateType());
        });
    verdict
        .manifest()
        .ifPresent(manifest ->
            json.string("digest", manifest.rootDigest().toString())
                .object(
                    "serialization",
                    fields -> writeSerialization(manifest.serialization(), fields)));
    verdict
        .signer()
        .ifPresent(signer -> json.object("signer", fields -> SignerJson.write(signer, fields)));
    SignerJson.writeTimes(verdict.times(), json);
    verdict
        .demands()
        .ifPresent(demands -> json.object("demanded", fields -> writeDemands(demands, fields)));
    verdict
        .comparison()
        .ifPresent(result -> {
          json.integer("files", result.files())
              .integer("bytes", result.bytes())
              .bool("partial", result.isPartial());
          if (result.isPartial()) {
            json.array("left", names -> result.left().forEach(names::string));
          }
        });
    verdict
        .manifest()
        .ifPresent(manifest ->
            json.string("hashAlgorithm", manifest.serialization().hashAlgorithm().id()));
    verdict.copy().ifPresent(directory -> json.string("copy", directory.toString()));
    if (!verdict.differences().isEmpty()) {
      writeDiff(verdict.differences(), json);
    }
    json.array(
        "notCovered",
        entries -> verdict.uncovered().forEach(entry -> writeUncovered(entry, entries)));
    ReportJson.writeFindings(verdict.findings(), verdict.warnings().toList(), json);
    verdict
        .contents()
        .ifPresent(found -> json.object("contents", fields -> ContentJson.write(found, fields)));
    if (listFiles) {
      json.array("fileList", files -> verdict.manifest().ifPresent(it -> list(it, files)));
    }
  }

  static void writeSerialization(Serialization serialization, JsonWriter json) {
    json.string("method", serialization.method())
        .string("hash", serialization.hashAlgorithm().id());
    if (serialization instanceof Serialization.Shards shards) {
      json.integer("shardSize", shards.shardSize());
    }
    json.bool("allowSymlinks", serialization.allowSymlinks())
        .array("ignoredPaths", paths -> serialization.ignorePaths().forEach(paths::string));
  }

  private void writeDemands(Demands demands, JsonWriter json) {
    json.bool("strict", demands.strict())
        .bool("ignoreUnsignedFiles", demands.ignoreUnsignedFiles())
        .bool("ignoreGitPaths", demands.ignoreGitPaths());
    demands.allowSymlinks().ifPresent(allowed -> json.bool("allowSymlinks", allowed));
    json.array("ignoredPaths", paths -> demands.ignorePaths().forEach(paths::string));
    if (!demands.only().isEmpty()) {
      json.array("only", paths -> demands.only().forEach(paths::string));
    }
    json.object(
        "signer",
        signer ->
            demands
                .signer()
                .forEach(
                    (name, values) -> signer.array(name, list -> values.forEach(list::string))));
    verdict.matched().ifPresent(name -> json.string("matched", name));
  }

  static void writeUncovered(UncoveredEntry entry, JsonWriter json) {
    json.object(fields ->
        fields
            .string("name", entry.name())
            .string("kind", entry.kind().name())
            .string("reason", entry.reason().name()));
  }

  private static void writeDiff(ManifestDiff diff, JsonWriter json) {
    json.array(
            "changed",
            list ->
                diff.changed()
                    .forEach(one ->
                        list.object(fields -> {
                          fields
                              .string("name", one.name())
                              .string("file", one.file())
                              .string("expected", one.expected())
                              .string("found", one.found());
                          writeModified(one.modified(), fields);
                        })))
        .array("missing", list -> diff.missing().forEach(list::string))
        .array(
            "notSigned",
            list ->
                diff.extra()
                    .forEach(one ->
                        list.object(fields -> {
                          fields.string("name", one.name()).string("kind", one.kind().name());
                          writeModified(one.modified(), fields);
                        })));
  }

  private static void writeModified(Optional<Instant> modified, JsonWriter json) {
    modified.ifPresent(time -> ReportJson.writeTime("modified", time, json));
  }

  private static void list(Manifest manifest, JsonWriter json) {
    manifest
        .resources()
        .forEach(resource ->
            json.object(fields ->
                fields
                    .string("name", resource.name())
                    .string("digest", resource.digest().toString())));
  }
}
