package dev.modelsigning.model;

import dev.modelsigning.internal.hash.FileHash;
import dev.modelsigning.internal.hash.FoundDirectory;
import dev.modelsigning.internal.hash.ParallelFileHasher;
import dev.modelsigning.internal.json.Printable;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/**
 * What signing and verifying need alike to find and hash the files of a model.
 *
 * @param parallelism greatest number of threads
 * @param progress is told how far the work has come
 */
record HashingResources(int parallelism, HashProgress progress) {

  static int defaultParallelism() {
    return Runtime.getRuntime().availableProcessors();
  }

  /**
   * Finds what is in a directory, and hashes of it what the sink wants.
   *
   * @param attributes those of the directory, not of a link to it
   * @param isLink whether its path is a link
   * @throws IOException if the directory cannot be read; what cannot be read below it is irregular
   */
  void walk(
      HashAlgorithm algorithm,
      Path model,
      BasicFileAttributes attributes,
      boolean isLink,
      ModelWalk walk)
      throws IOException {
    progress.started(0, 0);
    try {
      hasher(algorithm)
          .scan(walk, ModelWalk.top(), new FoundDirectory(model, attributes.fileKey(), isLink));
    } finally {
      progress.ended();
    }
  }

  /**
   * Hashes a single file.
   *
   * @return the digests of its ranges
   */
  byte[][] hash(
      HashAlgorithm algorithm,
      Path file,
      BasicFileAttributes attributes,
      long rangeSize,
      boolean followLinks)
      throws IOException {
    FileHash work = FileHash.of(file, attributes, rangeSize, followLinks);
    progress.started(1, work.size());
    try {
      return hasher(algorithm).hash(List.of(work)).get(0);
    } finally {
      progress.ended();
    }
  }

  private ParallelFileHasher hasher(HashAlgorithm algorithm) {
    return new ParallelFileHasher(
        algorithm::newFunction, parallelism, progress::hashed, progress::finished);
  }

  /**
   * Checks a path that is to be recorded in {@code ignore_paths} (OMS 6.2.1).
   *
   * @throws IllegalArgumentException if it is not canonical or has one of the characters of
   *     patterns
   */
  static String recordableIgnorePath(String path) {
    if (path.chars().anyMatch(c -> c == '*' || c == '?' || c == '[')) {
      throw new IllegalArgumentException(
          "the path to ignore "
              + Printable.quote(path)
              + " has one of the characters *?[ (there are no patterns, name the path itself)"
              + " (OMS 6.2.1)");
    }
    return canonicalIgnorePath(path);
  }

  /**
   * Checks a path that may be unsigned.
   *
   * @throws IllegalArgumentException if it is not canonical
   */
  static String canonicalIgnorePath(String path) {
    String problem = CanonicalPath.problem(path);
    if (problem != null) {
      throw new IllegalArgumentException(
          "the path to ignore " + Printable.quote(path) + " " + problem + " (OMS 6.2.1)");
    }
    return path;
  }
}
