package dev.modelsigning.cli;

import dev.modelsigning.VerifiedModel;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.json.JsonWriter;
import dev.modelsigning.manifest.ManifestDiff;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.UnusableTrustException.Kind;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationTime;
import java.nio.file.Path;

/**
 * A verdict for machines: one JSON object on one line. Fields are added over time, never renamed.
 */
final class JsonVerdict {

  private JsonVerdict() {}

  static String success(VerifiedModel model) {
    return JsonWriter.asciiDocument(json ->
        json.bool("verified", true)
            .string("model", model.model().toString())
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

  static String failure(Path model, Exception failure) {
    return JsonWriter.asciiDocument(json -> {
      json.bool("verified", false)
          .string("model", model.toString())
          .string("reason", reason(failure))
          .string("message", Output.withoutSecrets(Failures.describe(failure)));
      if (failure instanceof VerificationException verification) {
        verification.diff().ifPresent(diff -> writeDiff(diff, json));
      }
    })
        + "\n";
  }

  private static String reason(Exception failure) {
    if (failure instanceof VerificationException verification) {
      return verification.rule().code();
    }
    if (failure instanceof MalformedBundleException) {
      return "MALFORMED_BUNDLE";
    }
    if (failure instanceof UnusableTrustException unusable) {
      // Lists were called so too, until the verdict has a version.
      Kind kind = unusable.kind() == Kind.REVOCATION_LIST ? Kind.CERTIFICATE : unusable.kind();
      return kind.rule().code();
    }
    return "IO_ERROR";
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
