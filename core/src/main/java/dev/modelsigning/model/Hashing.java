package dev.modelsigning.model;

import dev.modelsigning.facts.ContentCollector;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How files are hashed (OMS 6.3).
 *
 * @param algorithm the algorithm of the digests
 * @param shardSize length in bytes of the ranges that get a digest each, at least 1; empty for one
 *     digest over the whole file
 * @param parallelism greatest number of threads, at least 1
 * @param progress is told how far the work has come
 * @param contents has the files looked into while they are hashed; empty if nobody wants to know.
 *     Who hashes elsewhere may pass it over, and then there are no facts
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

  /** The same, and nobody looks into the files. */
  public Hashing(
      HashAlgorithm algorithm, OptionalLong shardSize, int parallelism, HashProgress progress) {
    this(algorithm, shardSize, parallelism, progress, Optional.empty());
  }

  /** The same with files looked into. */
  public Hashing contents(ContentCollector collector) {
    return new Hashing(algorithm, shardSize, parallelism, progress, Optional.of(collector));
  }

  /**
   * How many digests a file gets: one, or one for each shard; an empty file has no shards.
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
