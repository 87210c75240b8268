package dev.modelsigning.statement;

import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.ResourceDescriptor;
import dev.modelsigning.manifest.Serialization;
import dev.modelsigning.model.Digest;
import dev.modelsigning.model.HashAlgorithm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON of a statement of model_signing 0.2 ({@link Predicate.DigestsV01}): each subject
 * is a file with its digest.
 */
final class LegacyStatementJson {

  /** The only hashing method of this format that can be verified: whole files with SHA-256. */
  private static final String HASH_ALGORITHM = "file-sha256";

  private final JsonReader json;
  private final List<ResourceDescriptor> resources = new ArrayList<>();

  LegacyStatementJson(JsonReader json) {
    this.json = json;
  }

  Statement statement() throws MalformedJsonException {
    json.object(name -> {
      switch (name) {
        case "_type", "predicateType" -> json.string();
        case "subject" -> json.array(index -> resources.add(readSubject()));
        case "predicate" -> json.object(field -> json.skip());
        default -> throw json.unknown(name);
      }
    });
    try {
      Manifest manifest =
          new Manifest(new Serialization.Files(HashAlgorithm.SHA256, false, List.of()), resources);
      return new Statement(
          resources.stream()
              .map(one -> new Subject(one.name(), Map.of("sha256", one.digest().hex())))
              .toList(),
          Predicate.DigestsV01.TYPE,
          new Predicate.DigestsV01(manifest));
    } catch (IllegalArgumentException e) {
      throw caused(json.malformed("subject", String.valueOf(e.getMessage())), e);
    }
  }

  private ResourceDescriptor readSubject() throws MalformedJsonException {
    var fields =
        new Object() {
          @Nullable String name;
          @Nullable String digest;
        };
    json.object(name -> {
      switch (name) {
        case "name" -> fields.name = json.nonEmptyString();
        case "digest" -> fields.digest = readDigest();
        case "annotations" -> readAnnotations();
        default -> json.skip();
      }
    });
    if (fields.name == null) {
      throw json.missing("name");
    }
    if (fields.digest == null) {
      throw json.missing("digest");
    }
    try {
      return new ResourceDescriptor(fields.name, new Digest(HashAlgorithm.SHA256, fields.digest));
    } catch (IllegalArgumentException e) {
      throw caused(json.malformed(String.valueOf(e.getMessage())), e);
    }
  }

  private @Nullable String readDigest() throws MalformedJsonException {
    var fields =
        new Object() {
          @Nullable String sha256;
        };
    json.object(name -> {
      if (name.equals("sha256")) {
        fields.sha256 = json.string();
      } else {
        throw json.unknown(name);
      }
    });
    return fields.sha256;
  }

  /** The digest is always called sha256; this annotation has the actual method. */
  private void readAnnotations() throws MalformedJsonException {
    json.object(name -> {
      if (!name.equals("actual_hash_algorithm")) {
        json.skip();
        return;
      }
      String found = json.string();
      if (!found.equals(HASH_ALGORITHM)) {
        throw json.malformed("expected '" + HASH_ALGORITHM + "', found " + Printable.quote(found));
      }
    });
  }

  private static MalformedJsonException caused(MalformedJsonException e, Exception cause) {
    e.initCause(cause);
    return e;
  }
}
