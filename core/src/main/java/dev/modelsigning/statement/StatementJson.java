package dev.modelsigning.statement;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.Serialization;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes the JSON of a {@link Statement}, and determines how to read it (OMS 5.2, 6.6, 8.3). */
final class StatementJson {

  private static final String DOCUMENT = "payload";

  /** Enough for every manifest that fits into a bundle, with eight tokens for each resource. */
  private static final long MAX_TOKENS = 20_000_000;

  private StatementJson() {}

  static void write(Statement statement, JsonWriter json) {
    json.string("_type", Statement.TYPE)
        .array(
            "subject",
            subjects -> statement.subjects().forEach(subject -> writeSubject(subject, subjects)))
        .string("predicateType", statement.predicateType());
    Predicate predicate = statement.predicate();
    if (predicate instanceof Predicate.SignatureV1 signature) {
      json.object("predicate", fields -> writePredicate(signature.manifest(), fields));
    } else if (predicate instanceof Predicate.Other other) {
      other.json().ifPresent(text -> json.raw("predicate", text));
    }
  }

  private static void writeSubject(Subject subject, JsonWriter json) {
    json.object(fields -> {
      if (!subject.name().isEmpty()) {
        fields.string("name", subject.name());
      }
      fields.object("digest", digests -> subject.digests().forEach(digests::string));
      if (!subject.annotations().isEmpty()) {
        fields.object("annotations", notes -> subject.annotations().forEach(notes::string));
      }
    });
  }

  private static void writePredicate(Manifest manifest, JsonWriter json) {
    json.raw(
            "resources",
            out -> {
              out.write('[');
              manifest.writeResources(out, JsonWriter::quoted);
              out.write(']');
            })
        .object("serialization", fields -> writeSerialization(manifest.serialization(), fields));
  }

  private static void writeSerialization(Serialization serialization, JsonWriter json) {
    json.string("method", serialization.method())
        .string("hash_type", serialization.hashAlgorithm().id());
    if (serialization instanceof Serialization.Shards shards) {
      json.integer("shard_size", shards.shardSize());
    }
    json.bool("allow_symlinks", serialization.allowSymlinks())
        .array("ignore_paths", paths -> serialization.ignorePaths().forEach(paths::string));
  }

  static Statement read(Bytes payload) throws MalformedBundleException {
    try {
      return JsonReader.read(
          DOCUMENT,
          payload.inputStream(),
          MAX_TOKENS,
          json -> new SignatureV1Json(json).statementOfThisType());
    } catch (MalformedJsonException e) {
      // It has another format, or is malformed: determine the format first, since it decides what
      // is valid.
      return readByForm(payload);
    }
  }

  private static Statement readByForm(Bytes payload) throws MalformedBundleException {
    try {
      String type =
          JsonReader.read(
              DOCUMENT, payload.inputStream(), MAX_TOKENS, StatementJson::readPredicateType);
      return JsonReader.read(
          DOCUMENT,
          payload.inputStream(),
          MAX_TOKENS,
          json ->
              switch (type) {
                case Predicate.SignatureV1.TYPE -> new SignatureV1Json(json).statement();
                case Predicate.DigestsV01.TYPE -> new LegacyStatementJson(json).statement();
                default -> new OtherStatementJson(json).statement(type);
              });
    } catch (MalformedJsonException e) {
      throw new MalformedBundleException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Reads a statement of any predicate but ours, of version 0.1 or 1. */
  static AttestedStatement readAttested(Bytes payload) throws MalformedBundleException {
    try {
      Map<String, String> fields =
          JsonReader.read(
              DOCUMENT,
              payload.inputStream(),
              MAX_TOKENS,
              json -> {
                Map<String, String> found = json.strings(Set.of("_type", "predicateType"));
                String form = found.get("_type");
                if (!AttestedStatement.V01.equals(form)) {
                  requireType(json, "_type", Statement.TYPE, form);
                }
                requirePredicateType(json, found.get("predicateType"));
                return found;
              });
      String type = String.valueOf(fields.get("predicateType"));
      if (type.equals(Predicate.SignatureV1.TYPE) || type.equals(Predicate.DigestsV01.TYPE)) {
        throw new MalformedBundleException(
            DOCUMENT + ": predicateType: this is the signature of a model, not an attestation");
      }
      Statement read =
          JsonReader.read(
              DOCUMENT,
              payload.inputStream(),
              MAX_TOKENS,
              json -> new OtherStatementJson(json).statement(type));
      Predicate.Other predicate = (Predicate.Other) read.predicate();
      return new AttestedStatement(
          String.valueOf(fields.get("_type")), read.subjects(), type, predicate.json());
    } catch (MalformedJsonException e) {
      throw new MalformedBundleException(String.valueOf(e.getMessage()), e);
    }
  }

  static boolean isSignatureOfModel(Bytes payload) {
    try {
      String type =
          JsonReader.read(
              DOCUMENT, payload.inputStream(), MAX_TOKENS, StatementJson::readPredicateType);
      return type.equals(Predicate.SignatureV1.TYPE) || type.equals(Predicate.DigestsV01.TYPE);
    } catch (MalformedJsonException e) {
      return false; // no statement of version 1
    }
  }

  private static String readPredicateType(JsonReader json) throws MalformedJsonException {
    Map<String, String> fields = json.strings(Set.of("_type", "predicateType"));
    requireType(json, "_type", Statement.TYPE, fields.get("_type"));
    return requirePredicateType(json, fields.get("predicateType"));
  }

  private static String requirePredicateType(JsonReader json, @Nullable String predicateType)
      throws MalformedJsonException {
    if (predicateType == null) {
      throw json.missing("predicateType");
    }
    if (predicateType.isEmpty()) {
      throw json.malformed("predicateType", "must not be empty");
    }
    return predicateType;
  }

  private static void requireType(
      JsonReader json, String name, String expected, @Nullable String found)
      throws MalformedJsonException {
    if (found == null) {
      throw json.missing(name);
    }
    if (!found.equals(expected)) {
      throw json.malformed(
          name, "expected '" + expected + "', found " + Printable.quote(found) + " (OMS 8.3)");
    }
  }
}
