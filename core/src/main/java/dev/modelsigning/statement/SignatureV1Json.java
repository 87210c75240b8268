package dev.modelsigning.statement;

import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.Serialization;
import org.jspecify.annotations.Nullable;

/** Reads a statement about the files of a model, with fields in any order (OMS 5.2). */
final class SignatureV1Json {
  private final JsonReader json;
  private @Nullable String subjectName;
  private @Nullable String rootDigest;
  private @Nullable ResourcesJson resources;
  private @Nullable String type;
  private @Nullable String predicateType;
  private @Nullable Serialization serialization;

  SignatureV1Json(JsonReader json) {
    this.json = json;
  }

  /**
   * Reads the statement.
   *
   * @throws MalformedJsonException if it is malformed, or has another predicate type
   */
  Statement statementOfThisType() throws MalformedJsonException {
    Statement statement = statement();
    if (!Statement.TYPE.equals(type) || !Predicate.SignatureV1.TYPE.equals(predicateType)) {
      throw json.malformed("predicateType", "is another");
    }
    return statement;
  }

  /** Reads the statement, whose type is already known. */
  Statement statement() throws MalformedJsonException {
    json.object(name -> {
      switch (name) {
        case "_type" -> type = json.string();
        case "predicateType" -> predicateType = json.string();
        case "subject" -> readSubjects();
        case "predicate" -> readPredicate();
        default -> throw json.unknown(name);
      }
    });
    if (subjectName == null || rootDigest == null) {
      throw json.missing("subject");
    }
    if (resources == null || serialization == null) {
      throw json.missing("predicate");
    }
    Manifest manifest = resources.manifest(serialization);
    String computed = manifest.rootDigest().hex();
    if (!computed.equals(rootDigest)) {
      throw json.malformed(
          "subject[0].digest.sha256",
          "expected "
              + computed
              + ", the root digest of the resources, found "
              + Printable.quote(rootDigest)
              + " (OMS 6.5.1)");
    }
    return Statement.about(subjectName, manifest);
  }

  private void readSubjects() throws MalformedJsonException {
    json.array(index -> {
      if (index > 0) {
        throw json.malformed("exactly one subject is allowed (OMS 6.5)");
      }
      readSubject();
    });
    if (subjectName == null) {
      throw json.malformed("exactly one subject is required, found none (OMS 6.5)");
    }
  }

  private void readSubject() throws MalformedJsonException {
    json.object(name -> {
      switch (name) {
        case "name" -> subjectName = json.nonEmptyString();
        case "digest" -> readSubjectDigest();
        default -> json.skip();
      }
    });
    if (subjectName == null) {
      throw json.missing("name");
    }
    if (rootDigest == null) {
      throw json.missing("digest.sha256");
    }
  }

  private void readSubjectDigest() throws MalformedJsonException {
    json.object(name -> {
      if (name.equals("sha256")) {
        rootDigest = json.string();
      } else {
        json.skip();
      }
    });
  }

  private void readPredicate() throws MalformedJsonException {
    json.object(name -> {
      switch (name) {
        case "resources" -> resources = readResources();
        case "serialization" -> serialization = new SerializationJson(json).read();
        default -> throw json.unknown(name);
      }
    });
    if (resources == null) {
      throw json.missing("resources");
    }
    if (serialization == null) {
      throw json.missing("serialization");
    }
  }

  private ResourcesJson readResources() throws MalformedJsonException {
    ResourcesJson list = new ResourcesJson(json);
    list.read();
    return list;
  }
}
