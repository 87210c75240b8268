package dev.modelsigning.manifest;

import dev.modelsigning.hash.HashFunction;
import dev.modelsigning.json.Printable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The signed list of a model's files with their digests (OMS 5.2).
 *
 * <p>A manifest keeps the order it was given, because the root digest is computed in that order. A
 * manifest that {@link ModelHasher} made is in canonical order.
 *
 * @param serialization how the files became this list
 * @param resources the files or shards, at least one, no name twice
 */
public record Manifest(Serialization serialization, List<ResourceDescriptor> resources) {

  /** The name that signers before OMS 1.0 gave to the only resource of a model of one file. */
  static final String SINGLE_FILE = ".";

  /**
   * Copies and checks the resources.
   *
   * @throws IllegalArgumentException if there are none, a name comes twice, a digest is of another
   *     algorithm than the serialization says, or shards have gaps or overlap
   */
  public Manifest {
    resources = List.copyOf(resources);
    if (resources.isEmpty()) {
      throw new IllegalArgumentException("a manifest lists at least one resource (OMS 5.2.1)");
    }
    Set<String> names = new HashSet<>(resources.size() * 2);
    for (ResourceDescriptor resource : resources) {
      if (!names.add(resource.name())) {
        throw new IllegalArgumentException(
            "the name " + Printable.quote(resource.name()) + " is listed twice (OMS 5.2.1)");
      }
      if (resource.digest().algorithm() != serialization.hashAlgorithm()) {
        throw new IllegalArgumentException(
            "the resource "
                + Printable.quote(resource.name())
                + " has a digest by "
                + resource.digest().algorithm()
                + ", the serialization says "
                + serialization.hashAlgorithm()
                + " (OMS 5.2.2)");
      }
    }
    Set<String> paths =
        serialization instanceof Serialization.Shards shards
            ? shardsByPath(resources, shards.shardSize()).keySet()
            : names;
    if (paths.contains(SINGLE_FILE) && paths.size() > 1) {
      throw new IllegalArgumentException(
          "the name '.' stands for a model of one file and cannot stand beside others");
    }
  }

  /** The root digest: SHA-256 over the digests of all resources in the order listed (OMS 6.5.1). */
  public Digest rootDigest() {
    HashFunction function = HashFunction.sha256();
    for (ResourceDescriptor resource : resources) {
      byte[] digest = resource.digest().toBytes();
      function.update(digest, 0, digest.length);
    }
    return Digest.of(HashAlgorithm.SHA256, function.digest());
  }

  /** Whether the resources are in the order of the code points of their names (OMS 5.2.1). */
  public boolean isInCanonicalOrder() {
    for (int i = 1; i < resources.size(); i++) {
      if (CanonicalPath.CODE_POINT_ORDER.compare(
              resources.get(i - 1).name(), resources.get(i).name())
          > 0) {
        return false;
      }
    }
    return true;
  }

  /** The listed files and the digests of their ranges in ascending order. */
  Map<String, ListedFile> files() {
    Map<String, ListedFile> files = new LinkedHashMap<>();
    if (serialization instanceof Serialization.Shards shards) {
      shardsByPath(resources, shards.shardSize())
          .forEach((path, ranges) ->
              files.put(
                  path,
                  new ListedFile(
                      path,
                      ranges.get(ranges.size() - 1).shard().end(),
                      ranges.stream().map(range -> range.resource()).toList())));
    } else {
      for (ResourceDescriptor resource : resources) {
        files.put(
            resource.name(),
            new ListedFile(resource.name(), ListedFile.UNKNOWN, List.of(resource)));
      }
    }
    return files;
  }

  /**
   * A file as the manifest has it.
   *
   * @param path its path in the model
   * @param size its length in bytes, or {@link #UNKNOWN} if the manifest does not tell
   * @param resources its ranges in ascending order, or the one resource for the whole file
   */
  record ListedFile(String path, long size, List<ResourceDescriptor> resources) {
    static final long UNKNOWN = -1;
  }

  private record Range(Shard shard, ResourceDescriptor resource) {}

  /** Groups shards by file and requires that they cover each file from its start, without gaps. */
  private static Map<String, List<Range>> shardsByPath(
      List<ResourceDescriptor> resources, long shardSize) {
    Map<String, List<Range>> byPath = new LinkedHashMap<>();
    for (ResourceDescriptor resource : resources) {
      Shard shard = Shard.parse(resource.name());
      if (!shard.path().equals(SINGLE_FILE)) {
        CanonicalPath.require(shard.path());
      }
      byPath
          .computeIfAbsent(shard.path(), path -> new ArrayList<>())
          .add(new Range(shard, resource));
    }
    for (List<Range> ranges : byPath.values()) {
      ranges.sort(Comparator.comparingLong(range -> range.shard().start()));
      for (int i = 0; i < ranges.size(); i++) {
        requireCoverage(ranges.get(i).shard(), i, i == ranges.size() - 1, shardSize);
      }
    }
    return Collections.unmodifiableMap(byPath);
  }

  private static void requireCoverage(Shard shard, int index, boolean last, long shardSize) {
    boolean startFits = shard.start() % shardSize == 0 && shard.start() / shardSize == index;
    long length = shard.end() - shard.start();
    boolean lengthFits = last ? length <= shardSize : length == shardSize;
    if (!startFits || !lengthFits) {
      throw new IllegalArgumentException(
          "the shards of "
              + Printable.quote(shard.path())
              + " do not cover it in steps of "
              + shardSize
              + " bytes: "
              + shard.start()
              + " to "
              + shard.end()
              + " is not range "
              + index
              + " (OMS 6.3.2)");
    }
  }
}
