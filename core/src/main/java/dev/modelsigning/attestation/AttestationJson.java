package dev.modelsigning.attestation;

import dev.modelsigning.internal.document.ReportJson;
import dev.modelsigning.internal.document.SignerJson;
import dev.modelsigning.internal.json.JsonText;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.signing.SignerIdentity;
import dev.modelsigning.signing.VerificationTime;
import java.util.List;

/** Writes what the reports about attestations have in common as JSON. */
final class AttestationJson {

  private AttestationJson() {}

  static void writeSubject(ModelSubject subject, JsonWriter json) {
    json.string("subject", subject.name())
        .string("digest", "sha256:" + subject.rootDigest())
        .string("namesDigest", "sha256:" + subject.namesDigest());
  }

  static void writeSigner(SignerIdentity signer, List<VerificationTime> times, JsonWriter json) {
    json.object("signer", fields -> SignerJson.write(signer, fields));
    SignerJson.writeTimes(times, json);
  }

  static void write(Attestation attestation, JsonWriter json) {
    json.object(fields -> {
      fields
          .string("file", attestation.file())
          .integer("line", attestation.line())
          .string("statementType", attestation.statement().form())
          .string("predicateType", attestation.statement().predicateType());
      attestation
          .statement()
          .predicate()
          .ifPresent(text -> fields.raw("predicate", JsonText.ascii(text)));
      fields
          .bool("namesBound", attestation.namesBound())
          .integer("repeated", attestation.repeated());
      writeSigner(attestation.signer(), attestation.times(), fields);
      fields.array(
          "findings", list -> attestation.findings().forEach(each -> ReportJson.write(each, list)));
    });
  }

  static void write(RefusedClaim claim, JsonWriter json) {
    json.object(fields ->
        fields
            .string("file", claim.file())
            .integer("line", claim.line())
            .string("reason", claim.why().rule().code())
            .string("message", claim.why().message()));
  }
}
