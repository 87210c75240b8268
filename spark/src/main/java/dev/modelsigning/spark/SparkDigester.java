package dev.modelsigning.spark;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.model.Digester;
import dev.modelsigning.model.Evidence;
import dev.modelsigning.model.HashOutcome;
import dev.modelsigning.model.HashOutcome.Failed;
import dev.modelsigning.model.HashOutcome.Hashed;
import dev.modelsigning.model.Hashing;
import dev.modelsigning.model.ModelFile;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.jspecify.annotations.Nullable;

/**
 * Hashes files of a {@link SparkModel} by the executors of Spark. They are believed, so a cluster
 * must authenticate them ({@code spark.authenticate}). Keys, tokens and PINs stay in the driver:
 * executors get no more than the names and versions of files, and the name of the algorithm.
 *
 * <p>A file that cannot be read is one outcome, and the others are hashed all the same, so that one
 * run reports them all. What failed is tried once more, by any executor, unless the file has
 * changed.
 */
public final class SparkDigester implements Digester {

  /** Executors lose what they were reading, so a file is not left to one for longer. */
  private static final long LONGEST_CHUNK = Plan.TASK;

  private static final int BATCH = 65_536;

  private final SparkContext spark;

  /** A copy of the settings, since Spark makes one whenever it is asked. */
  private final SparkConf conf;

  private SparkDigester(SparkContext spark) {
    this.spark = spark;
    this.conf = spark.getConf();
  }

  /**
   * Returns a digester.
   *
   * @param spark a running Spark, such as that of a session
   * @throws IOException if it is a cluster that does not authenticate its executors
   */
  public static SparkDigester of(SparkContext spark) throws IOException {
    requireAuthentication(spark.isLocal(), spark.getConf());
    return new SparkDigester(spark);
  }

  /** Whoever can reach the driver could otherwise say what the digests are. */
  static void requireAuthentication(boolean local, SparkConf conf) throws IOException {
    if (!local && !conf.getBoolean("spark.authenticate", false)) {
      throw new IOException(
          "Spark on "
              + conf.get("spark.master")
              + " does not authenticate its executors, whose digests would be signed or believed;"
              + " start it with spark.authenticate=true");
    }
  }

  SparkConf conf() {
    return conf;
  }

  /** What readers of a report must know. */
  List<Finding> findings() {
    if (spark.isLocal()) {
      return List.of();
    }
    List<Finding> findings = new ArrayList<>();
    findings.add(
        Finding.of(
            Rules.EXECUTORS_BELIEVED,
            "the files were read and hashed by executors of Spark on "
                + spark.master()
                + ", which are believed"));
    if (!isProtected(spark.getConf())) {
      findings.add(
          Finding.of(
              Rules.EXECUTORS_NOT_ENCRYPTED,
              "executors are authenticated, and what they send can be changed on its way; set"
                  + " spark.network.crypto.enabled=true,"
                  + " spark.network.crypto.cipher=AES/GCM/NoPadding and"
                  + " spark.network.crypto.saslFallback=false"));
    }
    return findings;
  }

  /**
   * Whether nobody on the way can change what executors send. Other ciphers than GCM only hide it;
   * whoever disturbs the handshake gets what SASL does, if that may take its place; and TLS without
   * certificates to trust believes any.
   */
  static boolean isProtected(SparkConf conf) {
    boolean gcm =
        conf.getBoolean("spark.network.crypto.enabled", false)
            && conf.get("spark.network.crypto.cipher", "").equalsIgnoreCase("AES/GCM/NoPadding")
            && !conf.getBoolean("spark.network.crypto.saslFallback", true);
    boolean tls =
        conf.getBoolean("spark.ssl.rpc.enabled", false)
            && conf.contains("spark.ssl.rpc.trustStore");
    return gcm || tls;
  }

  /** So many that all cores are busy, and so few that the driver needs little memory for them. */
  @Override
  public int batchSize() {
    return BATCH;
  }

  @Override
  public void digest(
      Collection<? extends ModelFile> files, Hashing how, Consumer<? super HashOutcome> sink)
      throws IOException {
    List<StoredFile> stored = new ArrayList<>(files.size());
    for (ModelFile file : files) {
      if (!(file instanceof StoredFile one)) {
        throw new FileSystemException(
            file.location(), null, "is not where executors can read; open it as a SparkModel");
      }
      stored.add(one);
    }
    if (stored.isEmpty()) {
      return;
    }
    Storage storage = stored.get(0).storage();
    long shardSize = how.shardSize().orElse(Long.MAX_VALUE);
    List<Chunk> chunks = new ArrayList<>();
    List<Integer> owners = new ArrayList<>();
    for (int i = 0; i < stored.size(); i++) {
      StoredFile file = stored.get(i);
      if (!file.storage().equals(storage)) {
        throw new FileSystemException(file.location(), null, "is in another storage than others");
      }
      for (Chunk chunk : chunks(file, how, chunks.size())) {
        chunks.add(chunk);
        owners.add(i);
      }
    }
    Results results =
        new Results(chunks, shardSize, how.algorithm().digestLength(), how.progress());
    new ChunkJob(spark, new ChunkHasher(storage, how.algorithm(), shardSize), chunks, results)
        .run();
    tell(stored, owners, results, how, sink);
    for (StoredFile file : stored) {
      file.hashed(this);
    }
  }

  /** The chunks of a file; none if it is empty and has no shards. */
  private static List<Chunk> chunks(StoredFile file, Hashing how, int first)
      throws FileSystemException {
    long size = file.size();
    if (how.shardSize().isEmpty()) {
      return List.of(new Chunk(first, file.path(), file.look(), 0, size));
    }
    long shard = how.shardSize().getAsLong();
    long length = shard >= LONGEST_CHUNK ? shard : LONGEST_CHUNK / shard * shard;
    List<Chunk> chunks = new ArrayList<>();
    for (long from = 0; from < size; from += Math.min(length, size - from)) {
      long to = from + Math.min(length, size - from);
      chunks.add(new Chunk(first + chunks.size(), file.path(), file.look(), from, to));
    }
    return chunks;
  }

  /** Puts the digests of each file together, in the order of its chunks. */
  private static void tell(
      List<StoredFile> files,
      List<Integer> owners,
      Results results,
      Hashing how,
      Consumer<? super HashOutcome> sink) {
    int next = 0;
    for (int i = 0; i < files.size(); i++) {
      StoredFile file = files.get(i);
      List<byte[]> digests = new ArrayList<>();
      IOException failure = null;
      for (; next < owners.size() && owners.get(next) == i; next++) {
        ChunkResult result = results.get(next);
        if (result.kind() == ChunkResult.Kind.READ) {
          digests.addAll(result.digests());
        } else if (failure == null) {
          failure =
              result.kind() == ChunkResult.Kind.CHANGED
                  ? new Storage.ChangedException(file.location(), result.message())
                  : new FileSystemException(file.location(), null, result.message());
        }
      }
      if (failure == null) {
        failure = changedHere(file);
      }
      how.progress().finished(1);
      sink.accept(
          failure == null ? new Hashed(file, digests, Evidence.READ) : new Failed(file, failure));
    }
  }

  private static @Nullable IOException changedHere(StoredFile file) {
    try {
      file.requireUnchangedHere();
      return null;
    } catch (IOException e) {
      return e;
    }
  }
}
