package dev.modelsigning.inspection;

import dev.modelsigning.facts.TensorDifference;
import dev.modelsigning.internal.document.ReportJson;
import dev.modelsigning.internal.document.SignerJson;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.manifest.ManifestComparison;
import dev.modelsigning.manifest.ManifestComparison.FileChange;
import dev.modelsigning.manifest.ManifestComparison.FileEntry;
import java.util.List;

/** Writes a comparison as JSON. Unknown values are omitted, except lists, which are then empty. */
final class ComparisonJson {

  /** The name that older signers give to a model that is a single file. */
  private static final String SINGLE_FILE = ".";

  private ComparisonJson() {}

  static void write(ModelComparison comparison, JsonWriter json) {
    // The first member, for readers that look only at the beginning of the line.
    json.bool("verified", comparison.isVerified());
    ReportJson.writeHeader(json);
    ManifestComparison files = comparison.files();
    json.bool("same", comparison.isSame())
        .object("before", fields -> writeSide(comparison.before(), fields))
        .object("after", fields -> writeSide(comparison.after(), fields))
        .integer("unchanged", files.unchanged())
        .array("added", list -> writeEntries(files.added(), list))
        .array("removed", list -> writeEntries(files.removed(), list))
        .array(
            "changed",
            list ->
                files
                    .changed()
                    .forEach(one ->
                        list.object(fields ->
                            fields
                                .string("name", name(one))
                                .object("before", content -> writeContent(one.before(), content))
                                .object("after", content -> writeContent(one.after(), content)))))
        .array(
            "moved",
            list ->
                files
                    .moved()
                    .forEach(one ->
                        list.object(fields -> {
                          fields
                              .string("from", one.before().name())
                              .string("to", one.after().name());
                          writeContent(one.after(), fields);
                        })));
    comparison
        .tensors()
        .ifPresent(tensors ->
            json.array("tensors", list -> tensors.forEach(one -> writeTensors(one, list))));
    json.array(
        "findings", list -> comparison.findings().forEach(each -> ReportJson.write(each, list)));
  }

  private static void writeTensors(TensorDifference tensors, JsonWriter list) {
    list.object(fields -> {
      fields.string("file", tensors.file());
      if (tensors.problem().isPresent()) {
        fields.string("problem", tensors.problem().get());
        return;
      }
      fields
          .integer("total", tensors.total())
          .bool("metadataChanged", tensors.metadata())
          .array("changed", names -> tensors.changed().forEach(names::string))
          .array("added", names -> tensors.added().forEach(names::string))
          .array("removed", names -> tensors.removed().forEach(names::string));
    });
  }

  /**
   * The name of a file that both sides have; one of them may have the name that stands for a single
   * file.
   */
  static String name(FileChange change) {
    return change.before().name().equals(SINGLE_FILE)
        ? change.after().name()
        : change.before().name();
  }

  private static void writeEntries(List<FileEntry> files, JsonWriter list) {
    files.forEach(file ->
        list.object(fields -> {
          fields.string("name", file.name());
          writeContent(file, fields);
        }));
  }

  private static void writeContent(FileEntry file, JsonWriter json) {
    file.digest().ifPresent(digest -> json.string("digest", digest.toString()));
    file.size().ifPresent(size -> json.integer("size", size));
  }

  private static void writeSide(ComparedSide side, JsonWriter json) {
    json.string("kind", side.kind().name()).string("location", side.location());
    side.model().ifPresent(name -> json.string("model", name));
    json.string("digest", side.manifest().rootDigest().toString())
        .integer("files", side.manifest().fileCount())
        .object(
            "serialization",
            fields -> InspectionJson.writeSerialization(side.manifest().serialization(), fields));
    side.bytes().ifPresent(bytes -> json.integer("bytes", bytes));
    side.signature()
        .ifPresent(file ->
            json.object(
                "signature",
                fields ->
                    fields
                        .integer("size", file.size())
                        .string("digest", "sha256:" + file.sha256())));
    side.claims()
        .ifPresent(claims ->
            json.object("claimedSigner", fields -> InspectionJson.writeSigner(claims, fields)));
    side.verified()
        .ifPresent(by -> json.object("signer", fields -> SignerJson.write(by.signer(), fields)));
    SignerJson.writeTimes(side.times(), json);
    json.array(
        "notCovered",
        entries ->
            side.uncovered()
                .forEach(entry ->
                    entries.object(fields ->
                        fields
                            .string("name", entry.name())
                            .string("kind", entry.kind().name())
                            .string("reason", entry.reason().name()))));
  }
}
