package dev.modelsigning.hash;

import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * One file to hash, and how it looked when it was found. The hasher compares both size and identity
 * with what it meets, so that a file that changes meanwhile is an error and not a wrong digest.
 *
 * @param path the file
 * @param size its length in bytes when it was found
 * @param modified its modification time when it was found
 * @param key the identity of the file (device and inode), or null where the file system has none
 * @param rangeSize the length in bytes of the ranges that get a digest each, at least 1; {@link
 *     #WHOLE} for one digest over the whole file
 * @param followLinks whether the path may be a symbolic link
 */
public record FileHash(
    Path path,
    long size,
    FileTime modified,
    @Nullable Object key,
    long rangeSize,
    boolean followLinks) {

  /** The range size that gives a file exactly one digest, also when it is empty. */
  public static final long WHOLE = Long.MAX_VALUE;

  /** Checks the numbers. */
  public FileHash {
    if (size < 0 || rangeSize < 1) {
      throw new IllegalArgumentException("size " + size + ", range size " + rangeSize);
    }
  }

  /** Number of digests that this file gets. */
  int ranges() {
    if (rangeSize == WHOLE) {
      return 1;
    }
    return Math.toIntExact((size + rangeSize - 1) / rangeSize);
  }

  /** Start of a range, inclusive. */
  long start(int range) {
    return rangeSize == WHOLE ? 0 : range * rangeSize;
  }

  /** End of a range, exclusive. */
  long end(int range) {
    return rangeSize == WHOLE ? size : Math.min(size, start(range) + rangeSize);
  }
}
