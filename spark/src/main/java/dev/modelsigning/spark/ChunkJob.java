package dev.modelsigning.spark;

import dev.modelsigning.model.HashProgress;
import dev.modelsigning.spark.ChunkResult.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * Has chunks hashed by executors. Each chunk has exactly one result: Spark passes one on for each
 * task, however often it ran, and what does not fit the chunks of the task is refused.
 */
final class ChunkJob {

  /** How often what could not be read is tried, all in all. */
  private static final int ATTEMPTS = 2;

  private final SparkContext spark;
  private final ChunkHasher hasher;
  private final List<Chunk> chunks;
  private final long shardSize;
  private final int digestLength;
  private final HashProgress progress;

  // Guarded by this, until the job has ended.
  private final @Nullable ChunkResult[] results;
  private @Nullable IOException broken;

  ChunkJob(
      SparkContext spark,
      ChunkHasher hasher,
      List<Chunk> chunks,
      long shardSize,
      int digestLength,
      HashProgress progress) {
    this.spark = spark;
    this.hasher = hasher;
    this.chunks = chunks;
    this.shardSize = shardSize;
    this.digestLength = digestLength;
    this.progress = progress;
    this.results = new ChunkResult[chunks.size()];
  }

  /**
   * Runs it.
   *
   * @return the results, by the numbers of the chunks
   * @throws InterruptedIOException if the calling thread is interrupted
   * @throws IOException if Spark gave up, or an executor returned something else
   */
  ChunkResult[] run() throws IOException {
    List<Chunk> left = chunks;
    for (int attempt = 1; !left.isEmpty() && attempt <= ATTEMPTS; attempt++) {
      run(Plan.of(left, Math.max(1, spark.defaultParallelism())));
      left = left.stream().filter(this::mayWorkAgain).toList();
    }
    ChunkResult[] all = new ChunkResult[results.length];
    synchronized (this) {
      for (int i = 0; i < all.length; i++) {
        ChunkResult result = results[i];
        if (result == null) {
          throw new IOException("Spark returned no result for " + chunks.get(i).path());
        }
        all[i] = result;
      }
    }
    return all;
  }

  private synchronized boolean mayWorkAgain(Chunk chunk) {
    ChunkResult result = results[chunk.number()];
    return result != null && result.kind() == Kind.FAILED;
  }

  private void run(List<List<Chunk>> tasks) throws IOException {
    List<byte[]> encoded = tasks.stream().map(Chunk::encode).toList();
    RDD<byte[]> work =
        JavaSparkContext.fromSparkContext(spark).parallelize(encoded, encoded.size()).rdd();
    List<Object> partitions =
        IntStream.range(0, encoded.size()).<Object>mapToObj(Integer::valueOf).toList();
    String tag = "model-signing-" + UUID.randomUUID();
    spark.addJobTag(tag);
    try {
      spark.runJob(
          work,
          hasher,
          CollectionConverters.asScala(partitions).toSeq(),
          new Taking(tasks),
          ClassTag$.MODULE$.apply(byte[].class));
    } catch (Exception e) {
      // Spark declares no exceptions, and throws checked ones.
      spark.cancelJobsWithTag(tag);
      throw failure(e);
    } finally {
      spark.removeJobTag(tag);
    }
    synchronized (this) {
      if (broken != null) {
        throw broken;
      }
    }
  }

  private synchronized IOException failure(Exception e) {
    if (e instanceof InterruptedException) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("interrupted");
      interrupted.initCause(e);
      return interrupted;
    }
    if (broken != null) {
      return broken;
    }
    if (!(e instanceof SparkException) && e instanceof RuntimeException unexpected) {
      throw unexpected;
    }
    String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return new IOException("Spark could not hash the files: " + why, e);
  }

  /** Takes the results of a task, in a thread of Spark's. */
  private final class Taking extends AbstractFunction2<Object, byte[], BoxedUnit> {
    private final List<List<Chunk>> tasks;

    Taking(List<List<Chunk>> tasks) {
      this.tasks = tasks;
    }

    @Override
    public BoxedUnit apply(Object task, byte[] encoded) {
      try {
        take(tasks.get((Integer) task), ChunkResult.decode(encoded));
      } catch (IOException e) {
        refuse(e);
      }
      return BoxedUnit.UNIT;
    }
  }

  private synchronized void refuse(IOException e) {
    if (broken == null) {
      broken = new IOException("an executor returned what is no result: " + e.getMessage(), e);
    }
  }

  private void take(List<Chunk> task, List<ChunkResult> found) throws IOException {
    if (found.size() != task.size()) {
      throw new IOException("expected " + task.size() + " results, found " + found.size());
    }
    List<ChunkResult> checked = new ArrayList<>();
    for (int i = 0; i < task.size(); i++) {
      checked.add(check(task.get(i), found.get(i)));
    }
    synchronized (this) {
      for (ChunkResult result : checked) {
        ChunkResult before = results[result.number()];
        if (before != null && before.kind() != Kind.FAILED) {
          throw new IOException("a second result for " + chunks.get(result.number()).path());
        }
        results[result.number()] = result;
      }
    }
    for (ChunkResult result : checked) {
      Chunk chunk = chunks.get(result.number());
      if (result.kind() == Kind.READ) {
        progress.hashed(chunk.to() - chunk.from());
      }
    }
  }

  private ChunkResult check(Chunk chunk, ChunkResult result) throws IOException {
    if (result.number() != chunk.number()) {
      throw new IOException("a result for another range than " + chunk.path());
    }
    if (result.kind() != Kind.READ) {
      return result;
    }
    int expected = chunk.digests(shardSize);
    if (result.digests().size() != expected) {
      throw new IOException(
          "expected " + expected + " digests of " + chunk.path() + ", found "
              + result.digests().size());
    }
    for (byte[] digest : result.digests()) {
      if (digest.length != digestLength) {
        throw new IOException("a digest of " + digest.length + " bytes of " + chunk.path());
      }
    }
    return result;
  }
}
