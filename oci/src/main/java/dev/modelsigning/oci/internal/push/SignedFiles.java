package dev.modelsigning.oci.internal.push;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.ManifestComparison;
import dev.modelsigning.manifest.ManifestComparison.FileChange;
import dev.modelsigning.manifest.ManifestComparison.FileEntry;
import dev.modelsigning.manifest.Serialization;
import dev.modelsigning.model.HashAlgorithm;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compares what statements list, which nobody verified, with the files that are pushed. */
public final class SignedFiles {

  /** Hashes the files that are pushed in another way. */
  @FunctionalInterface
  public interface Hashing {
    /**
     * Hashes them.
     *
     * @param like the algorithm, and the length of shards
     */
    Manifest hash(Serialization like) throws IOException;
  }

  /** A way to hash: the algorithm, and the length of shards or 0. */
  private record Way(HashAlgorithm algorithm, long shardSize) {
    static Way of(Serialization serialization) {
      return new Way(
          serialization.hashAlgorithm(),
          serialization instanceof Serialization.Shards shards ? shards.shardSize() : 0);
    }
  }

  private final Map<Way, Manifest> hashed = new HashMap<>();
  private final Hashing hashing;

  /**
   * The files that are pushed.
   *
   * @param files their names and digests
   * @param hashing hashes them in another way, when that is needed
   */
  public SignedFiles(Manifest files, Hashing hashing) {
    this.hashing = hashing;
    hashed.put(Way.of(files.serialization()), files);
  }

  /**
   * What differs between the files that a signature lists and those that are pushed.
   *
   * @return empty if they are the same
   */
  Optional<String> difference(Manifest signed) throws IOException {
    Way way = Way.of(signed.serialization());
    Manifest files = hashed.get(way);
    if (files == null) {
      files = hashing.hash(signed.serialization());
      hashed.put(way, files);
    }
    if (signed.hasFile(".")) {
      return Optional.of("it is about a model that is one file, not a directory");
    }
    ManifestComparison comparison = ManifestComparison.of(signed, files);
    if (comparison.isSame()) {
      return Optional.empty();
    }
    List<String> parts = new ArrayList<>();
    add(parts, comparison.changed().stream().map(SignedFiles::name).toList(), "other content");
    add(parts, comparison.removed().stream().map(FileEntry::name).toList(), "no such file");
    add(parts, comparison.added().stream().map(FileEntry::name).toList(), "not listed in it");
    add(parts, comparison.moved().stream().map(SignedFiles::name).toList(), "another name");
    return Optional.of(String.join("; ", parts));
  }

  private static String name(FileChange change) {
    return change.before().name();
  }

  private static void add(List<String> parts, List<String> names, String what) {
    if (!names.isEmpty()) {
      parts.add(
          what
              + ": "
              + Printable.quote(names.get(0))
              + (names.size() == 1 ? "" : " and " + (names.size() - 1) + " more"));
    }
  }
}
