package dev.modelsigning.manifest;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.model.HashAlgorithm;
import dev.modelsigning.model.Hashing;
import java.util.List;
import java.util.OptionalLong;

/**
 * The parameters with which the files of a model are serialized into a manifest (OMS 5.2.2), so
 * that a verifier can repeat it.
 */
public sealed interface Serialization permits Serialization.Files, Serialization.Shards {

  /** The default size of a shard: 1,000,000,000 bytes (OMS 6.3.2). */
  long DEFAULT_SHARD_SIZE = 1_000_000_000L;

  /** The algorithm of all digests in the manifest. */
  HashAlgorithm hashAlgorithm();

  /** Whether links to files were followed (OMS 6.1.1). */
  boolean allowSymlinks();

  /**
   * The paths that were left out (OMS 6.2), relative to the model's root; each stands for itself
   * and everything below it.
   */
  List<String> ignorePaths();

  /** The value of {@code method}: {@code files} or {@code shards}. */
  String method();

  /**
   * One digest for each file (OMS 6.3.1).
   *
   * @param hashAlgorithm the algorithm of the digests
   * @param allowSymlinks whether links to files were followed
   * @param ignorePaths the paths that were left out
   */
  record Files(HashAlgorithm hashAlgorithm, boolean allowSymlinks, List<String> ignorePaths)
      implements Serialization {

    /**
     * Checks and copies the paths.
     *
     * @throws IllegalArgumentException if one is empty, {@code .}, absolute or has a component
     *     {@code ..}
     */
    public Files {
      ignorePaths = checkedIgnorePaths(ignorePaths);
    }

    @Override
    public String method() {
      return "files";
    }
  }

  /**
   * One digest for each range of bytes (OMS 6.3.2).
   *
   * @param hashAlgorithm the algorithm of the digests
   * @param shardSize length of a range in bytes, at least 1; the last range of a file may be
   *     shorter
   * @param allowSymlinks whether links to files were followed
   * @param ignorePaths the paths that were left out
   */
  record Shards(
      HashAlgorithm hashAlgorithm, long shardSize, boolean allowSymlinks, List<String> ignorePaths)
      implements Serialization {

    /**
     * Checks the size, checks and copies the paths.
     *
     * @throws IllegalArgumentException if the size is not positive, or a path is empty, {@code .},
     *     absolute or has a component {@code ..}
     */
    public Shards {
      if (shardSize < 1) {
        throw new IllegalArgumentException("the shard size must be positive, is " + shardSize);
      }
      ignorePaths = checkedIgnorePaths(ignorePaths);
    }

    @Override
    public String method() {
      return "shards";
    }
  }

  private static List<String> checkedIgnorePaths(List<String> paths) {
    for (String path : paths) {
      String problem = null;
      if (path.isEmpty() || path.equals(".")) {
        problem = "would leave out the whole model";
      } else if (path.startsWith("/")) {
        problem = "is absolute";
      } else if (List.of(path.split("/", -1)).contains("..")) {
        problem = "has the component '..'";
      }
      if (problem != null) {
        throw new IllegalArgumentException(
            "the ignore path " + Printable.quote(path) + " " + problem + " (OMS 6.2.1)");
      }
    }
    return List.copyOf(paths);
  }

  /** Whether digests that are made with these parameters are those of this serialization. */
  default boolean isHashedBy(Hashing how) {
    OptionalLong size =
        this instanceof Shards shards ? OptionalLong.of(shards.shardSize()) : OptionalLong.empty();
    return how.algorithm() == hashAlgorithm() && how.shardSize().equals(size);
  }
}
