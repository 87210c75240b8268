package dev.modelsigning.model;

import dev.modelsigning.facts.ContentCollector;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The parameters for hashing files (OMS 6.3).
 *
 * @param algorithm the algorithm of the digests
 * @param shardSize length in bytes of the ranges that have a digest each, at least 1; empty for one
 *     digest over the whole file
 * @param parallelism the largest number of threads, at least 1
 * @param progress the listener for progress
 * @param contents inspects the files while they are hashed; empty for none. Digesters that hash
 *     elsewhere may ignore it; there are then no facts
 */
public record Hashing(
    HashAlgorithm algorithm,
    OptionalLong shardSize,
    int parallelism,
    HashProgress progress,
    Optional<ContentCollector> contents) {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is not positive
   */
  public Hashing {
    if (parallelism < 1) {
      throw new IllegalArgumentException("at least one thread is needed, this is " + parallelism);
    }
    if (shardSize.isPresent() && shardSize.getAsLong() < 1) {
      throw new IllegalArgumentException(
          "the shard size must be positive, is " + shardSize.getAsLong());
    }
  }

  /** Creates parameters without an inspection of files. */
  public Hashing(
      HashAlgorithm algorithm, OptionalLong shardSize, int parallelism, HashProgress progress) {
    this(algorithm, shardSize, parallelism, progress, Optional.empty());
  }

  /** Returns the same parameters with an inspection of files. */
  public Hashing contents(ContentCollector collector) {
    return new Hashing(algorithm, shardSize, parallelism, progress, Optional.of(collector));
  }

  /**
   * The number of digests of a file: one, or one for each shard; an empty file has no shards.
   *
   * @param size its length in bytes
   */
  public long digests(long size) {
    if (shardSize.isEmpty()) {
      return 1;
    }
    long shard = shardSize.getAsLong();
    return size / shard + (size % shard == 0 ? 0 : 1);
  }
}
