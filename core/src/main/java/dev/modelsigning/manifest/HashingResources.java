package dev.modelsigning.manifest;

import dev.modelsigning.hash.FileHash;
import dev.modelsigning.hash.ParallelFileHasher;
import dev.modelsigning.json.Printable;
import dev.modelsigning.manifest.ModelWalk.FoundFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What signing and verifying need alike to hash the files that a walk has found.
 *
 * @param parallelism greatest number of threads
 * @param progress is told how far the work has come
 */
record HashingResources(int parallelism, HashProgress progress) {

  static int defaultParallelism() {
    return Runtime.getRuntime().availableProcessors();
  }

  /** Hashes files, each in ranges of this size. */
  List<byte[][]> hash(
      HashAlgorithm algorithm, List<FoundFile> files, long rangeSize, boolean followLinks)
      throws IOException {
    List<FileHash> work = new ArrayList<>(files.size());
    for (FoundFile file : files) {
      work.add(FileHash.of(file.path(), file.attributes(), rangeSize, followLinks));
    }
    progress.started(files.size(), work.stream().mapToLong(FileHash::size).sum());
    try {
      return new ParallelFileHasher(
              algorithm::newFunction, parallelism, progress::hashed, progress::finished)
          .hash(work);
    } finally {
      progress.ended();
    }
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
