package dev.modelsigning.statement;

import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.ManifestBuilder;
import dev.modelsigning.manifest.Serialization;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads the array {@code resources} of a statement without an object for each of them (OMS 5.2.1).
 * The algorithm of the digests may come after them in the document.
 */
final class ResourcesJson {

  /** Two spellings are valid, so of three at least one is wrong. */
  private static final int ENOUGH_ALGORITHMS = 3;

  private final JsonReader json;
  private final ManifestBuilder manifest = new ManifestBuilder();

  /**
   * The first different spellings of an algorithm that occur, with the index of the first
   * occurrence.
   */
  private final Map<String, Integer> algorithms = new LinkedHashMap<>();

  private final Text name = new Text();
  private final Text algorithm = new Text();
  private final Text digest = new Text();
  private byte[] lastAlgorithm = new byte[0];

  ResourcesJson(JsonReader json) {
    this.json = json;
  }

  /** A string that is copied to a reused buffer. */
  private static final class Text implements JsonReader.StringSink {
    private byte[] bytes = new byte[256];
    private int length = -1;

    @Override
    public void string(byte[] array, int from, int to) {
      length = to - from;
      if (length > bytes.length) {
        bytes = new byte[2 * length];
      }
      System.arraycopy(array, from, bytes, 0, length);
    }

    boolean isMissing() {
      return length < 0;
    }
  }

  void read() throws MalformedJsonException {
    JsonReader.MemberHandler fields = this::readField;
    json.array(index -> {
      name.length = -1;
      algorithm.length = -1;
      digest.length = -1;
      json.object(fields);
      add(index);
    });
  }

  private void readField(String field) throws MalformedJsonException {
    switch (field) {
      case "name" -> {
        json.string(name);
        if (name.length == 0) {
          throw json.malformed("must not be empty");
        }
      }
      case "algorithm" -> json.string(algorithm);
      case "digest" -> json.string(digest);
      default -> json.skip();
    }
  }

  private void add(int index) throws MalformedJsonException {
    if (name.isMissing()) {
      throw json.missing("name");
    }
    if (algorithm.isMissing()) {
      throw json.missing("algorithm");
    }
    if (digest.isMissing()) {
      throw json.missing("digest");
    }
    boolean another =
        index == 0
            || !Arrays.equals(
                lastAlgorithm, 0, lastAlgorithm.length, algorithm.bytes, 0, algorithm.length);
    if (another && algorithms.size() < ENOUGH_ALGORITHMS) {
      lastAlgorithm = Arrays.copyOf(algorithm.bytes, algorithm.length);
      algorithms.putIfAbsent(new String(lastAlgorithm, StandardCharsets.UTF_8), index);
    }
    manifest.add(name.bytes, name.length, digest.bytes, digest.length);
  }

  /**
   * Returns the manifest of the resources that were read.
   *
   * @throws MalformedJsonException if one of them is invalid, or all of them together are
   */
  Manifest manifest(Serialization by) throws MalformedJsonException {
    ManifestBuilder.Problem problem = manifest.problem(by.hashAlgorithm()).orElse(null);
    for (Map.Entry<String, Integer> found : algorithms.entrySet()) {
      int index = found.getValue();
      if (!isAlgorithm(found.getKey(), by) && (problem == null || index <= problem.index())) {
        throw json.malformed(
            place(index) + ".algorithm",
            "expected '"
                + by.hashAlgorithm().id()
                + "' as in hash_type, found "
                + Printable.quote(found.getKey())
                + " (OMS 5.2.1)");
      }
    }
    if (problem != null) {
      throw json.malformed(place(problem.index()), problem.message());
    }
    try {
      return manifest.build(by);
    } catch (IllegalArgumentException e) {
      MalformedJsonException malformed =
          json.malformed("predicate.resources", String.valueOf(e.getMessage()));
      malformed.initCause(e);
      throw malformed;
    }
  }

  private static String place(int index) {
    return "predicate.resources[" + index + "]";
  }

  /**
   * Other implementations append the shard size to the algorithm; both spellings are equivalent.
   */
  private static boolean isAlgorithm(String found, Serialization by) {
    String id = by.hashAlgorithm().id();
    return found.equals(id)
        || (by instanceof Serialization.Shards shards
            && found.equals(id + "-sharded-" + shards.shardSize()));
  }
}
