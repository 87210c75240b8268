package dev.modelsigning.spark;

import dev.modelsigning.spark.ChunkResult.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
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
 * Has chunks hashed by executors. Spark passes one result on for each task, however often it ran.
 */
final class ChunkJob {

  /** How often what could not be read is tried, all in all. */
  private static final int ATTEMPTS = 2;

  private final SparkContext spark;
  private final ChunkHasher hasher;
  private final List<Chunk> chunks;
  private final Results results;

  /** What an executor returned that is no result. Guarded by this. */
  private @Nullable IOException broken;

  ChunkJob(SparkContext spark, ChunkHasher hasher, List<Chunk> chunks, Results results) {
    this.spark = spark;
    this.hasher = hasher;
    this.chunks = chunks;
    this.results = results;
  }

  /**
   * Runs it. Each chunk has a result then.
   *
   * @throws InterruptedIOException if the calling thread is interrupted
   * @throws IOException if Spark gave up, or an executor returned something else
   */
  void run() throws IOException {
    List<Chunk> left = chunks;
    for (int attempt = 1; !left.isEmpty() && attempt <= ATTEMPTS; attempt++) {
      run(Plan.of(left, Math.max(1, spark.defaultParallelism())));
      left =
          left.stream().filter(chunk -> results.kind(chunk.number()).equals(Kind.FAILED)).toList();
    }
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
    requireNotBroken();
  }

  private synchronized void requireNotBroken() throws IOException {
    if (broken != null) {
      throw broken;
    }
  }

  private static IOException failure(Exception e) {
    if (e instanceof InterruptedException) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("interrupted");
      interrupted.initCause(e);
      return interrupted;
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
        results.take(tasks.get((Integer) task), ChunkResult.decode(encoded));
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
}
