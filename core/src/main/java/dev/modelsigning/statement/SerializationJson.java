package dev.modelsigning.statement;

import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.manifest.Serialization;
import dev.modelsigning.model.HashAlgorithm;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the {@code serialization} object of a statement (OMS 5.2.2). */
final class SerializationJson {
  private final JsonReader json;
  private @Nullable String method;
  private @Nullable HashAlgorithm hashAlgorithm;
  private @Nullable Long shardSize;
  private @Nullable Boolean allowSymlinks;
  private final List<String> ignorePaths = new ArrayList<>();

  SerializationJson(JsonReader json) {
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
                "expected 'files' or 'shards', found " + Printable.quote(method) + " (OMS 5.2.2)");
      };
    } catch (IllegalArgumentException e) {
      MalformedJsonException malformed =
          json.malformed("ignore_paths", String.valueOf(e.getMessage()));
      malformed.initCause(e);
      throw malformed;
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
