package dev.modelsigning.statement;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.json.JsonReader;
import dev.modelsigning.json.JsonWriter;
import dev.modelsigning.json.MalformedJsonException;
import dev.modelsigning.json.Printable;
import dev.modelsigning.manifest.Digest;
import dev.modelsigning.manifest.HashAlgorithm;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.ResourceDescriptor;
import dev.modelsigning.manifest.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes and reads the JSON of a {@link Statement} (OMS 5.2, 6.6, 8.3). */
final class StatementJson {

  private static final String DOCUMENT = "payload";

  /** Enough for every manifest that fits into a bundle, each resource being eight tokens. */
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
    });
  }

  private static void writePredicate(Manifest manifest, JsonWriter json) {
    json.array(
            "resources",
            resources ->
                manifest.resources().forEach(resource -> writeResource(resource, resources)))
        .object("serialization", fields -> writeSerialization(manifest.serialization(), fields));
  }

  private static void writeResource(ResourceDescriptor resource, JsonWriter json) {
    json.object(fields ->
        fields
            .string("name", resource.name())
            .string("algorithm", resource.digest().algorithm().id())
            .string("digest", resource.digest().hex()));
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
      // The form decides what everything else means, so it is read before all else.
      String type =
          JsonReader.read(
              DOCUMENT, payload.inputStream(), MAX_TOKENS, StatementJson::readPredicateType);
      return JsonReader.read(
          DOCUMENT,
          payload.inputStream(),
          MAX_TOKENS,
          json ->
              switch (type) {
                case Predicate.SignatureV1.TYPE -> new Reader(json).statement();
                case Predicate.DigestsV01.TYPE -> new LegacyStatementJson(json).statement();
                default -> new OtherStatementJson(json).statement(type);
              });
    } catch (MalformedJsonException e) {
      throw new MalformedBundleException(String.valueOf(e.getMessage()), e);
    }
  }

  private static String readPredicateType(JsonReader json) throws MalformedJsonException {
    Map<String, String> fields = json.strings(Set.of("_type", "predicateType"));
    requireType(json, "_type", Statement.TYPE, fields.get("_type"));
    String predicateType = fields.get("predicateType");
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

  /** A resource before it is known by which algorithm its digest must be. */
  private record RawResource(String name, String algorithm, String digest) {}

  /** Reads the fields of one statement, in whatever order they come. */
  private static final class Reader {
    private final JsonReader json;
    private @Nullable String subjectName;
    private @Nullable String rootDigest;
    private @Nullable List<RawResource> resources;
    private @Nullable Serialization serialization;

    Reader(JsonReader json) {
      this.json = json;
    }

    Statement statement() throws MalformedJsonException {
      json.object(name -> {
        switch (name) {
          case "_type", "predicateType" -> json.string();
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
      Manifest manifest = manifest(resources, serialization);
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
          case "serialization" -> serialization = new SerializationReader(json).read();
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

    private List<RawResource> readResources() throws MalformedJsonException {
      List<RawResource> list = new ArrayList<>();
      json.array(index -> list.add(readResource()));
      return list;
    }

    private RawResource readResource() throws MalformedJsonException {
      var fields =
          new Object() {
            @Nullable String name;
            @Nullable String algorithm;
            @Nullable String digest;
          };
      json.object(name -> {
        switch (name) {
          case "name" -> fields.name = json.nonEmptyString();
          case "algorithm" -> fields.algorithm = json.string();
          case "digest" -> fields.digest = json.string();
          default -> json.skip();
        }
      });
      if (fields.name == null) {
        throw json.missing("name");
      }
      if (fields.algorithm == null) {
        throw json.missing("algorithm");
      }
      if (fields.digest == null) {
        throw json.missing("digest");
      }
      return new RawResource(fields.name, fields.algorithm, fields.digest);
    }

    private Manifest manifest(List<RawResource> raw, Serialization by)
        throws MalformedJsonException {
      List<ResourceDescriptor> descriptors = new ArrayList<>(raw.size());
      for (int i = 0; i < raw.size(); i++) {
        String place = "predicate.resources[" + i + "]";
        RawResource resource = raw.get(i);
        requireAlgorithm(place, resource.algorithm(), by);
        try {
          descriptors.add(
              new ResourceDescriptor(
                  resource.name(), new Digest(by.hashAlgorithm(), resource.digest())));
        } catch (IllegalArgumentException e) {
          throw caused(json.malformed(place, message(e)), e);
        }
      }
      try {
        return new Manifest(by, descriptors);
      } catch (IllegalArgumentException e) {
        throw caused(json.malformed("predicate.resources", message(e)), e);
      }
    }

    /** Other implementations write the shard size into the algorithm; both forms say the same. */
    private void requireAlgorithm(String place, String found, Serialization by)
        throws MalformedJsonException {
      String id = by.hashAlgorithm().id();
      boolean accepted =
          found.equals(id)
              || (by instanceof Serialization.Shards shards
                  && found.equals(id + "-sharded-" + shards.shardSize()));
      if (!accepted) {
        throw json.malformed(
            place + ".algorithm",
            "expected '"
                + id
                + "' as in hash_type, found "
                + Printable.quote(found)
                + " (OMS 5.2.1)");
      }
    }
  }

  /** Reads the {@code serialization} object. */
  private static final class SerializationReader {
    private final JsonReader json;
    private @Nullable String method;
    private @Nullable HashAlgorithm hashAlgorithm;
    private @Nullable Long shardSize;
    private @Nullable Boolean allowSymlinks;
    private final List<String> ignorePaths = new ArrayList<>();

    SerializationReader(JsonReader json) {
      this.json = json;
    }

    Serialization read() throws MalformedJsonException {
      json.object(this::readField);
      if (method == null) {
        throw json.missing("method");
      }
      if (hashAlgorithm == null) {
        throw json.missing("hash_type");
      }
      if (allowSymlinks == null) {
        throw json.missing("allow_symlinks");
      }
      try {
        return switch (method) {
          case "files" -> {
            if (shardSize != null) {
              throw json.malformed("shard_size", "must be absent with method 'files' (OMS 5.2.2)");
            }
            yield new Serialization.Files(hashAlgorithm, allowSymlinks, ignorePaths);
          }
          case "shards" -> {
            if (shardSize == null) {
              throw json.missing("shard_size");
            }
            yield new Serialization.Shards(hashAlgorithm, shardSize, allowSymlinks, ignorePaths);
          }
          default ->
              throw json.malformed(
                  "method",
                  "expected 'files' or 'shards', found "
                      + Printable.quote(method)
                      + " (OMS 5.2.2)");
        };
      } catch (IllegalArgumentException e) {
        throw caused(json.malformed("ignore_paths", message(e)), e);
      }
    }

    private void readField(String name) throws MalformedJsonException {
      switch (name) {
        case "method" -> method = json.string();
        case "hash_type" -> {
          String id = json.string();
          hashAlgorithm =
              HashAlgorithm.of(id)
                  .orElseThrow(() ->
                      json.malformed(
                          "expected sha256, blake2b or blake3, found "
                              + Printable.quote(id)
                              + " (OMS 7)"));
        }
        case "shard_size" -> shardSize = json.positiveInteger();
        case "allow_symlinks" -> allowSymlinks = json.bool();
        case "ignore_paths" -> json.array(index -> ignorePaths.add(json.string()));
        default -> throw json.unknown(name);
      }
    }
  }

  private static String message(IllegalArgumentException e) {
    return String.valueOf(e.getMessage());
  }

  private static MalformedJsonException caused(MalformedJsonException e, Exception cause) {
    e.initCause(cause);
    return e;
  }
}
