package dev.modelsigning.oci.report;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.internal.document.ReportJson;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.model.UncoveredEntry;
import dev.modelsigning.oci.PushedModel;
import dev.modelsigning.oci.PushedModel.Attached;
import dev.modelsigning.oci.PushedModel.Blobs;
import dev.modelsigning.oci.reference.OciReference;
import dev.modelsigning.report.Amounts;
import dev.modelsigning.report.Facts;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What was pushed to a registry, as text and JSON.
 *
 * @param model where the model is, for display
 * @param pushed what was pushed
 * @param rewriting changes the messages of findings, for example to redact a secret
 */
public record PushReport(String model, PushedModel pushed, UnaryOperator<String> rewriting) {

  /** The report in one line. */
  public String headline() {
    return "Pushed " + pushed.reference();
  }

  /** The facts: where it is, what was sent, and what refers to it. */
  public Facts facts() {
    Manifest manifest = pushed.content().manifest();
    return new Facts()
        .add("manifest", pushed.digest().toString())
        .addFiles(manifest, pushed.content().files(), pushed.content().bytes())
        .add(
            "blobs",
            amount(pushed.pushed()) + " sent, " + amount(pushed.skipped()) + " were there before")
        .addList(
            "attached",
            pushed.attached().isEmpty()
                ? List.of("nothing; 'sign' and 'attest' take this reference, too")
                : pushed.attached().stream().map(PushReport::line).toList())
        .addList(
            "not pushed", pushed.content().uncovered().stream().map(PushReport::line).toList());
  }

  private static String amount(Blobs blobs) {
    return Amounts.of(blobs.number(), "blob") + " (" + Amounts.size(blobs.bytes()) + ")";
  }

  private static String line(Attached attached) {
    return attached.source()
        + attached.manifest().map(it -> " as " + it).orElse(", as before")
        + ", NOT VERIFIED: "
        + attached.predicateType();
  }

  private static String line(UncoveredEntry entry) {
    return entry.name() + " (" + entry.reason() + ")";
  }

  /**
   * Writes the report as one JSON object on one line, in ASCII, according to the schema {@code
   * oci-push} (docs/json.md).
   *
   * @param out the stream, which is not closed
   * @throws IOException if it cannot be written
   */
  public void writeJson(OutputStream out) throws IOException {
    JsonWriter.asciiDocument(out, this::write);
    out.write('\n');
  }

  private void write(JsonWriter json) {
    ReportJson.writeHeader(json);
    json.string("model", model);
    OciReference to = pushed.reference();
    json.object(
        "registry",
        fields -> {
          RegistryFields.write(to, pushed.digest(), fields);
          fields.array(
              "attached",
              list -> pushed.attached().forEach(each -> list.object(one -> write(each, one))));
        });
    json.string("digest", pushed.content().manifest().rootDigest().toString())
        .integer("layers", pushed.layers())
        .integer("bytes", pushed.content().bytes())
        .object("pushed", fields -> write(pushed.pushed(), fields))
        .object("skipped", fields -> write(pushed.skipped(), fields))
        .array(
            "notPushed",
            list ->
                pushed
                    .content()
                    .uncovered()
                    .forEach(entry ->
                        list.object(one ->
                            one.string("name", entry.name())
                                .string("kind", entry.kind().name())
                                .string("reason", entry.reason().name()))));
    List<Finding> findings =
        pushed.findings().stream()
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

  private static void write(Attached attached, JsonWriter json) {
    attached.manifest().ifPresent(digest -> json.string("digest", digest.toString()));
    json.string("predicateType", attached.predicateType())
        .string("bundle", attached.digest().toString())
        .string("source", attached.source())
        .bool("before", attached.manifest().isEmpty());
  }

  private static void write(Blobs blobs, JsonWriter json) {
    json.integer("blobs", blobs.number()).integer("bytes", blobs.bytes());
  }
}
