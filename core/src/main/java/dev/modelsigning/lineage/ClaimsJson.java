package dev.modelsigning.lineage;

import dev.modelsigning.inspection.SignerClaims;
import dev.modelsigning.internal.document.ReportJson;
import dev.modelsigning.internal.document.SignerJson;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.lineage.UnverifiedClaim.Content;
import dev.modelsigning.statement.Subject;

/** Writes claims that were not verified as JSON. */
final class ClaimsJson {

  private ClaimsJson() {}

  static void write(ClaimsInspection inspection, boolean withLineage, JsonWriter json) {
    // The first member, for readers that look only at the beginning of the line.
    json.bool("verified", false);
    ReportJson.writeHeader(json);
    json.string("file", inspection.location())
        .array("claims", list -> inspection.claims().forEach(claim -> writeClaim(claim, list)));
    if (withLineage) {
      json.array("lineage", list -> LineageTree.of(inspection).writeJson(list));
    }
  }

  private static void writeClaim(UnverifiedClaim claim, JsonWriter json) {
    json.object(fields -> {
      fields.integer("line", claim.line());
      claim.problem().ifPresent(why -> fields.string("problem", why));
      claim.content().ifPresent(content -> writeContent(content, fields));
    });
  }

  private static void writeContent(Content content, JsonWriter json) {
    json.string("statementType", content.form())
        .string("predicateType", content.predicateType())
        .bool("hasPredicate", content.hasPredicate())
        .object("claimedSigner", fields -> writeSigner(content.signer(), fields));
    content.time().ifPresent(time -> ReportJson.writeTime("claimedTime", time, json));
    json.integer("subjectCount", content.subjectCount());
    json.array(
        "subjects", list -> content.subjects().forEach(subject -> writeSubject(subject, list)));
  }

  private static void writeSigner(SignerClaims claims, JsonWriter json) {
    if (claims.signer().isEmpty()) {
      json.string("method", "KEY");
      claims.fingerprint().ifPresent(text -> json.string("name", text));
      return;
    }
    claims.signer().get().value().ifPresent(signer -> SignerJson.write(signer, json));
    claims.signer().get().problem().ifPresent(why -> json.string("problem", why));
  }

  private static void writeSubject(Subject subject, JsonWriter json) {
    json.object(fields -> {
      fields
          .string("name", subject.name())
          .object("digests", digests -> subject.digests().forEach(digests::string));
      if (!subject.annotations().isEmpty()) {
        fields.object("annotations", notes -> subject.annotations().forEach(notes::string));
      }
    });
  }
}
