package dev.modelsigning.internal.engine;

import dev.modelsigning.internal.hash.Blake3;
import dev.modelsigning.internal.hash.HashFunction;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Hashes many files with several threads, longest tasks first. Reading and hashing overlap; ranges
 * of a file and, with BLAKE3, pieces of a range are hashed in parallel. Memory use depends on the
 * number of threads and not on the size of the files. The first error ends the run and is thrown.
 */
public final class ParallelFileHasher {

  /** More threads than this only use memory. */
  private static final int MAX_THREADS = 256;

  private final Supplier<HashFunction> functions;
  private final int parallelism;
  private final LongConsumer bytesHashed;
  private final LongConsumer filesHashed;

  /**
   * Creates a hasher that can be reused.
   *
   * @param functions creates the hash function, once for each thread
   * @param parallelism the largest number of threads, at least 1; values above 256 are treated as
   *     256
   * @param bytesHashed receives the number of bytes after each block; called by several threads
   *     concurrently
   * @param filesHashed receives the number of files that were finished since its last call; called
   *     by several threads concurrently
   */
  public ParallelFileHasher(
      Supplier<HashFunction> functions,
      int parallelism,
      LongConsumer bytesHashed,
      LongConsumer filesHashed) {
    if (parallelism < 1) {
      throw new IllegalArgumentException("parallelism must be at least 1, is " + parallelism);
    }
    this.functions = functions;
    this.parallelism = Math.min(parallelism, MAX_THREADS);
    this.bytesHashed = bytesHashed;
    this.filesHashed = filesHashed;
  }

  /** Creates a hasher without a listener for finished files. */
  public ParallelFileHasher(
      Supplier<HashFunction> functions, int parallelism, LongConsumer bytesHashed) {
    this(functions, parallelism, bytesHashed, files -> {});
  }

  /**
   * Hashes files.
   *
   * @return for each file, in the order given, the digests of its ranges in ascending order
   * @throws FileChangedException if a file has changed since it was found
   * @throws InterruptedIOException if the calling thread is interrupted
   * @throws IOException if a file cannot be read; the message names it
   */
  public List<byte[][]> hash(List<? extends HashInput> files) throws IOException {
    List<byte[][]> digests = new ArrayList<>(Collections.nCopies(files.size(), new byte[0][]));
    hash(files, digests::set);
    return digests;
  }

  /** Receives the digests of files. It may be called by several threads concurrently. */
  @FunctionalInterface
  public interface Sink {
    /**
     * Receives the digests of a file.
     *
     * @param file the index of the file in the list, from 0
     * @param digests the digests of its ranges in ascending order
     */
    void hashed(int file, byte[][] digests) throws IOException;

    /**
     * Called once for a file that is not empty, after its first bytes were read.
     *
     * @param file the index of the file in the list, from 0
     * @param start the bytes, read-only
     * @return the tap that receives the file's bytes, or null
     */
    default @Nullable FileTap tap(int file, ByteBuffer start) {
      return null;
    }
  }

  /**
   * Hashes files.
   *
   * @param sink receives the digests of each
   * @throws FileChangedException if a file has changed since it was found
   * @throws InterruptedIOException if the calling thread is interrupted
   * @throws IOException if a file cannot be read; the message names it
   */
  public void hash(List<? extends HashInput> files, Sink sink) throws IOException {
    HashPlan plan = new HashPlan(pieces());
    for (int i = 0; i < files.size(); i++) {
      plan.add(files.get(i), new Numbered(sink, i));
    }
    perform(plan, List.of());
  }

  /** One of several files. */
  private record Numbered(Sink sink, int number) implements DirectoryScan.Result {
    @Override
    public void digests(byte[][] digests) throws IOException {
      sink.hashed(number, digests);
    }

    @Override
    public @Nullable FileTap tap(ByteBuffer start) {
      return sink.tap(number, start);
    }
  }

  /**
   * Lists a directory recursively and hashes the files found, small files immediately.
   *
   * @param handler decides what to do with each entry
   * @param directory the handler's own data for the directory
   * @param found the directory
   * @throws FileChangedException if a file has changed since it was found
   * @throws InterruptedIOException if the calling thread is interrupted
   * @throws IOException if a file cannot be read, with a message that names it; or if the handler
   *     makes the run fail
   */
  public <D> void scan(DirectoryHandler<D> handler, D directory, FoundDirectory found)
      throws IOException {
    perform(new HashPlan(pieces()), List.of(new DirectoryWork<>(handler, directory, found).task()));
  }

  private boolean pieces() {
    return parallelism > 1 && functions.get() instanceof Blake3;
  }

  private void perform(HashPlan plan, List<HashTask.Scan> scans) throws IOException {
    HashRun run = new HashRun(plan, scans, parallelism);
    run.perform(
        opening -> new HashWorker(run, opening, functions.get(), plan, bytesHashed, filesHashed));
  }
}
