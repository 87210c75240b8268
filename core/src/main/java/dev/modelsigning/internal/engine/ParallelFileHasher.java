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
 * Hashes many files with several threads, longest work first. Reading and hashing overlap, ranges
 * of a file and, with BLAKE3, pieces of a range are hashed at the same time. Memory use depends on
 * the number of threads and not on the size of the files. The first error ends all work and is
 * reported.
 */
public final class ParallelFileHasher {

  /** More threads than this only cost memory. */
  private static final int MAX_THREADS = 256;

  private final Supplier<HashFunction> functions;
  private final int parallelism;
  private final LongConsumer bytesHashed;
  private final LongConsumer filesHashed;

  /**
   * A hasher that can be used any number of times.
   *
   * @param functions makes the hash function, once for each thread
   * @param parallelism greatest number of threads, at least 1; more than 256 count as 256
   * @param bytesHashed is told the number of bytes after each piece of work; called by several
   *     threads at once
   * @param filesHashed is told the number of files that were finished since it was told last;
   *     called by several threads at once
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

  /** A hasher that tells nobody of finished files. */
  public ParallelFileHasher(
      Supplier<HashFunction> functions, int parallelism, LongConsumer bytesHashed) {
    this(functions, parallelism, bytesHashed, files -> {});
  }

  /**
   * Hashes files.
   *
   * @return for each file, in the order given, the digests of its ranges in ascending order
   * @throws FileChangedException if a file is not what it was when it was found
   * @throws InterruptedIOException if the calling thread is interrupted
   * @throws IOException if a file cannot be read; the message names it
   */
  public List<byte[][]> hash(List<? extends HashInput> files) throws IOException {
    List<byte[][]> digests = new ArrayList<>(Collections.nCopies(files.size(), new byte[0][]));
    hash(files, digests::set);
    return digests;
  }

  /** Takes the digests of a file. It may be called by several threads at once. */
  @FunctionalInterface
  public interface Sink {
    /**
     * Takes them.
     *
     * @param file which file of those given, from 0
     * @param digests the digests of its ranges in ascending order
     */
    void hashed(int file, byte[][] digests) throws IOException;

    /**
     * Asked once for a file that is not empty, when its first bytes were read.
     *
     * @param file which file of those given, from 0
     * @param start the bytes, read-only
     * @return what is to see them, or null
     */
    default @Nullable FileTap tap(int file, ByteBuffer start) {
      return null;
    }
  }

  /**
   * Hashes files.
   *
   * @param sink takes the digests of each
   * @throws FileChangedException if a file is not what it was when it was found
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
   * Lists a directory and all below it, and hashes what is found, small files at once.
   *
   * @param handler says what is to be done
   * @param directory what the handler has to know of the directory
   * @param found the directory
   * @throws FileChangedException if a file is not what it was when it was found
   * @throws InterruptedIOException if the calling thread is interrupted
   * @throws IOException if a file cannot be read, with a message that names it; or if the handler
   *     has the run fail
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
