package dev.modelsigning.spark;

import dev.modelsigning.model.HashProgress;
import dev.modelsigning.spark.ChunkResult.Kind;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The results for chunks: one for each, which fits it. */
final class Results {

  private final List<Chunk> chunks;
  private final long shardSize;
  private final int digestLength;
  private final HashProgress progress;

  /** By the numbers of the chunks. Guarded by this. */
  private final @Nullable ChunkResult[] results;

  /**
   * Creates an empty collection.
   *
   * @param chunks the chunks, each at the index of its number
   * @param shardSize the length of the ranges that have a digest each
   * @param digestLength the length of a digest in bytes
   */
  Results(List<Chunk> chunks, long shardSize, int digestLength, HashProgress progress) {
    this.chunks = chunks;
    this.shardSize = shardSize;
    this.digestLength = digestLength;
    this.progress = progress;
    this.results = new ChunkResult[chunks.size()];
  }

  /**
   * Takes the results of a task. Only a failure may be replaced by another result.
   *
   * @throws IOException if they do not fit its chunks; none is taken then
   */
  void take(List<Chunk> task, List<ChunkResult> found) throws IOException {
    if (found.size() != task.size()) {
      throw new IOException("expected " + task.size() + " results, found " + found.size());
    }
    for (int i = 0; i < task.size(); i++) {
      requireFitting(task.get(i), found.get(i));
    }
    put(found);
    for (ChunkResult result : found) {
      if (result.kind() == Kind.READ) {
        Chunk chunk = chunks.get(result.number());
        progress.hashed(chunk.to() - chunk.from());
      }
    }
  }

  private synchronized void put(List<ChunkResult> found) throws IOException {
    for (ChunkResult result : found) {
      ChunkResult before = results[result.number()];
      if (before != null && before.kind() != Kind.FAILED) {
        throw new IOException("a second result for " + chunks.get(result.number()).path());
      }
    }
    for (ChunkResult result : found) {
      results[result.number()] = result;
    }
  }

  private void requireFitting(Chunk chunk, ChunkResult result) throws IOException {
    if (result.number() != chunk.number()) {
      throw new IOException("a result for another range than that of " + chunk.path());
    }
    if (result.kind() != Kind.READ) {
      return;
    }
    int expected = chunk.digests(shardSize);
    if (result.digests().size() != expected) {
      throw new IOException(
          "expected "
              + expected
              + " digests of "
              + chunk.path()
              + ", found "
              + result.digests().size());
    }
    for (byte[] digest : result.digests()) {
      if (digest.length != digestLength) {
        throw new IOException("a digest of " + digest.length + " bytes of " + chunk.path());
      }
    }
  }

  /** How reading a chunk ended. */
  Kind kind(int number) {
    return get(number).kind();
  }

  /**
   * The result for a chunk.
   *
   * @throws IllegalStateException if there is none
   */
  synchronized ChunkResult get(int number) {
    ChunkResult result = results[number];
    if (result == null) {
      throw new IllegalStateException("Spark returned no result for " + chunks.get(number).path());
    }
    return result;
  }
}
