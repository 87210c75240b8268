package dev.modelsigning.spark;

import dev.modelsigning.internal.hash.HashFunction;
import dev.modelsigning.model.HashAlgorithm;
import dev.modelsigning.spark.ChunkResult.Kind;
import dev.modelsigning.spark.Storage.Look;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction2;

/**
 * What executors do: they read chunks and hash them. It is sent to them as it is, so it holds no
 * more than where the files are and how they are hashed. Failures are results like others: only one
 * that is thrown would be all that the driver hears of, and would be repeated.
 */
final class ChunkHasher extends AbstractFunction2<TaskContext, Iterator<byte[]>, byte[]>
    implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final int BLOCK = 1 << 20;

  private final Storage storage;
  private final HashAlgorithm algorithm;
  private final long shardSize;

  /**
   * Creates it.
   *
   * @param shardSize the length of the ranges that have a digest each; {@link Long#MAX_VALUE} for
   *     one digest of each file
   */
  ChunkHasher(Storage storage, HashAlgorithm algorithm, long shardSize) {
    this.storage = storage;
    this.algorithm = algorithm;
    this.shardSize = shardSize;
  }

  @Override
  public byte[] apply(TaskContext task, Iterator<byte[]> parts) {
    SparkConf conf = SparkEnv.get().conf();
    byte[] block = new byte[BLOCK];
    List<ChunkResult> results = new ArrayList<>();
    try {
      while (parts.hasNext()) {
        for (Chunk chunk : Chunk.decode(parts.next())) {
          task.killTaskIfInterrupted();
          results.add(hash(chunk, block, conf, task));
        }
      }
      return ChunkResult.encode(results);
    } catch (IOException e) {
      throw new IllegalStateException("the driver sent what is no chunk", e);
    }
  }

  private ChunkResult hash(Chunk chunk, byte[] block, SparkConf conf, TaskContext task) {
    try {
      return ChunkResult.read(chunk, digests(chunk, block, conf, task));
    } catch (IOException | RuntimeException e) {
      task.killTaskIfInterrupted(); // it fails because it was told to end
      return ChunkResult.failed(chunk, kind(e), message(e));
    }
  }

  private List<byte[]> digests(Chunk chunk, byte[] block, SparkConf conf, TaskContext task)
      throws IOException {
    requireSame(chunk, conf);
    List<byte[]> digests = new ArrayList<>();
    HashFunction function = function();
    try (InputStream in = storage.open(chunk.path(), chunk.look(), chunk.from(), conf)) {
      long position = chunk.from();
      do {
        long end = position + Math.min(shardSize, chunk.to() - position);
        while (position < end) {
          int read = in.read(block, 0, (int) Math.min(block.length, end - position));
          if (read < 0) {
            throw new Storage.ChangedException(
                storage.locate(chunk.path()),
                "ends after " + position + " bytes, and had " + chunk.look().size());
          }
          function.update(block, 0, read);
          position += read;
          task.killTaskIfInterrupted();
        }
        digests.add(function.digest());
      } while (position < chunk.to());
      if (position == chunk.look().size() && in.read() >= 0) {
        throw new Storage.ChangedException(
            storage.locate(chunk.path()), "has more than the " + position + " bytes that it had");
      }
    }
    requireSame(chunk, conf);
    return digests;
  }

  private HashFunction function() {
    return switch (algorithm) {
      case SHA256 -> HashFunction.sha256();
      case BLAKE2B -> HashFunction.blake2b512();
      case BLAKE3 -> HashFunction.blake3();
    };
  }

  private void requireSame(Chunk chunk, SparkConf conf) throws IOException {
    Look now = storage.look(chunk.path(), conf);
    if (!now.isSame(chunk.look())) {
      throw new Storage.ChangedException(
          storage.locate(chunk.path()),
          "was " + chunk.look() + " when it was listed, and is " + now);
    }
  }

  private static Kind kind(Exception failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof Storage.ChangedException
          || each instanceof NoSuchFileException
          || each instanceof FileNotFoundException
          // Of the module hadoop-aws, which need not be there.
          || each.getClass().getSimpleName().equals("RemoteFileChangedException")) {
        return Kind.CHANGED;
      }
    }
    return Kind.FAILED;
  }

  private String message(Exception failure) {
    String why;
    if (failure instanceof NoSuchFileException || failure instanceof FileNotFoundException) {
      why =
          "is not there any more"
              + (storage instanceof FileStorage
                  ? ", or this executor does not have the file system of the driver"
                  : "");
    } else if (failure instanceof FileSystemException named && named.getReason() != null) {
      why = named.getReason();
    } else if (failure instanceof FileSystemException) {
      why = "cannot be read: " + failure.getClass().getSimpleName();
    } else {
      why = "cannot be read: " + failure;
    }
    return why + " (executor " + SparkEnv.get().executorId() + " on " + host() + ")";
  }

  private static String host() {
    return SparkEnv.get().blockManager().blockManagerId().host();
  }
}
