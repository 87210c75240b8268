package dev.modelsigning.report;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.internal.document.RegistryJson;
import dev.modelsigning.internal.document.ReportJson;
import dev.modelsigning.internal.document.SignerJson;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.manifest.HashedModel;
import dev.modelsigning.model.UncoveredEntry;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.statement.Predicate;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Writes reports about signing and hashing as JSON. Lists are written even if they are empty. */
final class SigningJson {

  private SigningJson() {}

  /** Writes the members of a report about signing. */
  static void write(SigningReport report, JsonWriter json) {
    if (!report.isSigned()) {
      // All failures begin like this, whatever the operation was.
      json.bool("verified", false);
    }
    json.bool("signed", report.isSigned());
    ReportJson.writeHeader(json);
    json.string("model", report.model());
    report
        .reason()
        .ifPresent(
            why -> json.string("reason", why.rule().code()).string("message", why.message()));
    report.registry().ifPresent(place -> RegistryJson.write(place, json));
    report.signed().ifPresent(made -> write(made, json));
    ReportJson.writeFindings(report.findings(), report.warnings().toList(), json);
    if (!report.verifyCommand().isEmpty()) {
      json.array("verifyCommand", words -> report.verifyCommand().forEach(words::string));
    }
  }

  private static void write(SigningReport.Signed made, JsonWriter json) {
    HashedModel content = made.content();
    json.object(
            "signature",
            fields -> writeFile(made.file(), made.replaced(), made.signature(), fields))
        .string("subject", content.name())
        .string("predicateType", Predicate.SignatureV1.TYPE);
    writeManifest(content, json);
    made.also().ifPresent(also -> json.object("also", fields -> write(also, fields)));
    json.object("signer", fields -> SignerJson.write(made.signature().signer(), fields));
    SignerJson.writeTimes(made.signature().times(), json);
    json.array(
        "claimedTimeStamps",
        stamps ->
            SigningReport.claimed(made.signature())
                .forEach(stamp -> stamps.object(fields -> write(stamp, fields))));
    writeContent(content, json);
    made.update()
        .ifPresent(it ->
            json.object(
                "update",
                fields -> {
                  fields.integer("read", it.read()).integer("notRead", it.notRead());
                  if (!it.why().isEmpty()) {
                    fields.string("reason", it.why());
                  }
                }));
  }

  private static void write(SigningReport.Also also, JsonWriter json) {
    writeFile(also.file(), also.replaced(), also.signature(), json)
        .object("signer", signer -> SignerJson.write(also.signature().signer(), signer));
    if (!also.verifyCommand().isEmpty()) {
      json.array("verifyCommand", words -> also.verifyCommand().forEach(words::string));
    }
  }

  private static JsonWriter writeFile(
      String file, boolean replaced, SignedPayload signed, JsonWriter json) {
    Bytes bundle = signed.bundle().toJson();
    return json.string("file", file)
        .integer("size", bundle.length())
        .string("digest", "sha256:" + HexFormat.of().formatHex(sha256(bundle)))
        .bool("replaced", replaced);
  }

  private static void write(SigningReport.Claimed claimed, JsonWriter json) {
    claimed
        .stamp()
        .ifPresentOrElse(
            stamp ->
                json.string("time", stamp.time().toString()).string("authority", stamp.authority()),
            () -> json.string("problem", claimed.problem()));
  }

  /** Writes the members of a report about a model that was hashed. */
  static void write(DigestReport report, JsonWriter json) {
    ReportJson.writeHeader(json);
    json.string("model", report.model()).string("subject", report.content().name());
    writeManifest(report.content(), json);
    writeContent(report.content(), json);
    ReportJson.writeFindings(report.findings(), report.findings(), json);
  }

  private static void writeManifest(HashedModel content, JsonWriter json) {
    json.string("digest", content.manifest().rootDigest().toString())
        .object(
            "serialization",
            fields -> VerdictJson.writeSerialization(content.manifest().serialization(), fields));
  }

  private static void writeContent(HashedModel content, JsonWriter json) {
    json.integer("files", content.files())
        .integer("bytes", content.bytes())
        .array(
            "notCovered",
            entries -> {
              for (UncoveredEntry entry : content.uncovered()) {
                VerdictJson.writeUncovered(entry, entries);
              }
            });
  }

  private static byte[] sha256(Bytes bytes) {
    try {
      return bytes.digest(MessageDigest.getInstance("SHA-256"));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
