package dev.modelsigning.inspection;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Envelope;
import dev.modelsigning.bundle.PublicKeyIdentifier;
import dev.modelsigning.bundle.StoredBundle;
import dev.modelsigning.bundle.VerificationMaterial;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.internal.document.ReportJson;
import dev.modelsigning.internal.document.SignerJson;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.Serialization;
import dev.modelsigning.statement.Statement;
import dev.modelsigning.statement.Subject;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/**
 * Writes an inspection as JSON: three nested objects. Unknown values are omitted, except lists,
 * which are then empty.
 */
final class InspectionJson {

  private static final String PROBLEM = "problem";

  private final Inspection inspection;

  /** The only layer to write; empty for all. */
  private final Optional<Layer> only;

  private InspectionJson(Inspection inspection, Optional<Layer> only) {
    this.inspection = inspection;
    this.only = only;
  }

  static void write(Inspection inspection, Optional<Layer> only, JsonWriter json) {
    new InspectionJson(inspection, only).write(json);
  }

  private void write(JsonWriter json) {
    // The first member, and always the same, for readers that look only at the beginning of the
    // line.
    json.bool("verified", false);
    ReportJson.writeHeader(json);
    inspection
        .problem()
        .ifPresent(problem ->
            json.string("reason", Rules.MALFORMED_BUNDLE.code())
                .string("message", inspection.file().location() + ": " + problem.getMessage()));
    StoredBundle file = inspection.file();
    json.object(
        "signature",
        fields ->
            fields
                .string("file", file.location())
                .integer("size", file.size())
                .string("digest", "sha256:" + file.sha256()));
    Layer outermost = only.orElse(Layer.BUNDLE);
    json.object(outermost.toString(), fields -> write(outermost, fields));
  }

  private void write(Layer layer, JsonWriter json) {
    switch (layer) {
      case BUNDLE -> writeBundle(json);
      case ENVELOPE -> writeEnvelope(json);
      case STATEMENT -> writeStatement(json);
    }
  }

  private void writeBundle(JsonWriter json) {
    Bundle bundle = inspection.bundle();
    SignerClaims claims = inspection.signer();
    json.string("mediaType", bundle.mediaType())
        .object("material", fields -> writeMaterial(bundle.verificationMaterial(), fields))
        .object("claimedSigner", fields -> writeSigner(claims, fields))
        .integer("logEntryCount", bundle.tlogEntries().size())
        .array(
            "logEntries",
            entries ->
                claims
                    .logEntries()
                    .value()
                    .ifPresent(all -> all.forEach(each -> writeLogEntry(each, entries))));
    claims.logEntries().problem().ifPresent(why -> json.string("logEntriesProblem", why));
    json.array(
        "timestamps",
        stamps ->
            claims
                .stamps()
                .forEach(claim ->
                    stamps.object(fields -> {
                      claim
                          .value()
                          .ifPresent(stamp ->
                              fields
                                  .string("time", stamp.time().toString())
                                  .string("authority", stamp.authority()));
                      claim.problem().ifPresent(why -> fields.string(PROBLEM, why));
                    })));
    if (only.isEmpty()) {
      json.object("envelope", this::writeEnvelope);
    }
  }

  private void writeMaterial(VerificationMaterial material, JsonWriter json) {
    if (material instanceof PublicKeyIdentifier) {
      json.string("kind", "PUBLIC_KEY");
    } else if (material instanceof VerificationMaterial.X509CertificateChain) {
      json.string("kind", "CERTIFICATE_CHAIN");
    } else {
      json.string("kind", "CERTIFICATE");
    }
    json.array(
        "certificates",
        list ->
            inspection
                .signer()
                .certificates()
                .forEach(claim -> list.object(fields -> writeCertificate(claim, fields))));
  }

  private static void writeCertificate(Claim<ClaimedCertificate> claim, JsonWriter json) {
    claim
        .value()
        .ifPresent(it ->
            json.string("subject", it.subject())
                .string("issuer", it.issuer())
                .string("serial", it.serial().toString(16).toUpperCase(Locale.ROOT))
                .string("fingerprint", "sha256:" + it.fingerprint())
                .string("notBefore", it.notBefore().toString())
                .string("notAfter", it.notAfter().toString()));
    claim.problem().ifPresent(why -> json.string(PROBLEM, why));
  }

  /** Writes the claimed signer. */
  static void writeSigner(SignerClaims claims, JsonWriter json) {
    if (claims.signer().isEmpty()) {
      json.string("method", "KEY");
      // The hint need not be a digest, so it is not called a fingerprint in that case.
      claims.fingerprint().ifPresent(text -> json.string("name", text));
      return;
    }
    claims.signer().get().value().ifPresent(signer -> SignerJson.write(signer, json));
    claims.signer().get().problem().ifPresent(why -> json.string(PROBLEM, why));
  }

  private static void writeLogEntry(KeylessClaims.LogEntry entry, JsonWriter json) {
    json.object(fields -> {
      fields.integer("index", entry.index());
      entry.time().ifPresent(time -> ReportJson.writeTime("time", time, fields));
      fields.string("origin", entry.origin());
    });
  }

  private void writeEnvelope(JsonWriter json) {
    Envelope envelope = inspection.bundle().envelope();
    Bytes signature = envelope.signature();
    json.string("payloadType", envelope.payload().type())
        .integer("payloadSize", envelope.payload().content().length())
        .array(
            "signatures",
            list ->
                list.object(fields ->
                    fields
                        .integer("size", signature.length())
                        .string("base64", Base64.getEncoder().encodeToString(signature.toArray()))))
        .object(
            "pae",
            fields ->
                fields
                    .integer("size", inspection.pae().length())
                    .string("digest", "sha256:" + inspection.paeDigest()));
    if (only.isEmpty()) {
      json.object("statement", this::writeStatement);
    }
  }

  private void writeStatement(JsonWriter json) {
    inspection.problem().ifPresent(why -> json.string(PROBLEM, String.valueOf(why.getMessage())));
    inspection
        .statement()
        .ifPresent(statement ->
            json.string("type", Statement.TYPE).string("predicateType", statement.predicateType()));
    json.array(
        "subjects",
        list ->
            inspection
                .statement()
                .ifPresent(
                    statement -> statement.subjects().forEach(each -> writeSubject(each, list))));
    inspection.manifest().ifPresent(manifest -> writeManifest(manifest, json));
  }

  private static void writeSubject(Subject subject, JsonWriter json) {
    json.object(fields ->
        fields
            .string("name", subject.name())
            .object("digests", digests -> subject.digests().forEach(digests::string)));
  }

  private static void writeManifest(Manifest manifest, JsonWriter json) {
    json.string("digest", manifest.rootDigest().toString())
        .object("serialization", fields -> writeSerialization(manifest.serialization(), fields))
        .integer("files", manifest.fileCount())
        .array(
            "resources",
            list ->
                manifest
                    .resources()
                    .forEach(one ->
                        list.object(fields ->
                            fields
                                .string("name", one.name())
                                .string("digest", one.digest().toString()))));
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
}
