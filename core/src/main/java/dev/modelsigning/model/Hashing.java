package dev.modelsigning.model;

import java.util.OptionalLong;

/**
 * How files are hashed (OMS 6.3).
 *
 * @param algorithm the algorithm of the digests
 * @param shardSize length in bytes of the ranges that get a digest each, at least 1; empty for one
 *     digest over the whole file
 * @param parallelism greatest number of threads, at least 1
 * @param progress is told how far the work has come
 */
public record Hashing(
    HashAlgorithm algorithm, OptionalLong shardSize, int parallelism, HashProgress progress) {

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
