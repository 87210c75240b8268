package dev.modelsigning.statement;

import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.MalformedJsonException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the JSON of a statement with an unsupported predicate (in-toto Statement v1). */
final class OtherStatementJson {

  /**
   * Provenance has one to a few hundred. Each needs far more memory than its bytes in the file, and
   * the statement may come from an attacker. The table in SECURITY.md has the same number.
   */
  private static final int MAX_DIGESTS = 100_000;

  private final JsonReader json;

  /** Annotations are few, and their texts short, such as a digest or an address. */
  private static final int MAX_ANNOTATIONS = 100;

  private static final int MAX_ANNOTATION = 10_000;

  private int digestsOfAll;
  private final List<Subject> subjects = new ArrayList<>();
  private Optional<String> predicate = Optional.empty();

  OtherStatementJson(JsonReader json) {
    this.json = json;
  }

  Statement statement(String predicateType) throws MalformedJsonException {
    json.object(name -> {
      switch (name) {
        case "_type", "predicateType" -> json.string();
        case "subject" -> json.array(index -> subjects.add(readSubject()));
        case "predicate" -> predicate = Optional.of(json.rawValue());
        default -> throw json.unknown(name);
      }
    });
    if (subjects.isEmpty()) {
      throw json.missing("subject");
    }
    if (predicate.isPresent() && !predicate.get().startsWith("{")) {
      throw json.malformed("predicate", "expected an object");
    }
    return new Statement(subjects, predicateType, new Predicate.Other(predicate));
  }

  private Subject readSubject() throws MalformedJsonException {
    Map<String, String> digests = new LinkedHashMap<>();
    Map<String, String> annotations = new LinkedHashMap<>();
    List<String> names = new ArrayList<>(1);
    json.object(name -> {
      switch (name) {
        case "name" -> names.add(json.string());
        case "digest" -> json.object(algorithm -> digests.put(algorithm, readDigest()));
        case "annotations" -> json.object(MAX_ANNOTATIONS, key -> readAnnotation(key, annotations));
        default -> json.skip();
      }
    });
    if (digests.isEmpty()) {
      throw json.missing("digest");
    }
    return new Subject(names.isEmpty() ? "" : names.get(0), digests, annotations);
  }

  private void readAnnotation(String name, Map<String, String> annotations)
      throws MalformedJsonException {
    // Ours decides whether a claim counts, so it must not look as if it were absent.
    if (json.isString() || name.equals(Subject.NAMES_ANNOTATION)) {
      annotations.put(name, json.string(MAX_ANNOTATION));
    } else {
      json.skip();
    }
  }

  private String readDigest() throws MalformedJsonException {
    digestsOfAll++;
    if (digestsOfAll > MAX_DIGESTS) {
      throw json.malformed("expected at most " + MAX_DIGESTS + " digests of all subjects");
    }
    return json.string();
  }
}
