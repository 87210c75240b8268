package dev.modelsigning.hash;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystems;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * Hashes many files with several threads, longest work first. Reading and hashing overlap, ranges
 * of a file and, with BLAKE3, pieces of a range are hashed at the same time. Memory use depends on
 * the number of threads and not on the size of the files. The first error ends all work and is
 * reported.
 */
public final class ParallelFileHasher {

  /** More threads than this only cost memory. */
  private static final int MAX_THREADS = 256;

  /** Ranges of one file are handed out in lots of at least this many bytes. */
  private static final long MIN_LOT = 8L * 1024 * 1024;

  /** Files shorter than this are handed out together. */
  private static final long SMALL_FILE = 1024 * 1024;

  /** No more small files than this are handed out together, so that no thread waits for long. */
  private static final int MAX_SMALL_FILES = 64;

  private static final long MIN_PIECE = 4 * Blake3.PIECE_UNIT;

  /** A file has no more pieces than this, unless it is longer than any file can be. */
  private static final int MAX_PIECES = 1 << 16;

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
  public List<byte[][]> hash(List<FileHash> files) throws IOException {
    HashFunction function = functions.get();
    Plan plan = new Plan(parallelism > 1 && function instanceof Blake3);
    files.forEach(plan::add);
    List<HashTask> tasks = plan.tasks();
    HashRun run = new HashRun(tasks);
    run.perform(
        threads(tasks),
        (thread, opening) ->
            new HashWorker(
                run,
                opening,
                thread == 0 ? function : functions.get(),
                buffer(tasks),
                bytesHashed,
                filesHashed));
    return plan.digests;
  }

  /** Outside the heap for much work, as it spares a copy; in the heap where that is cheaper. */
  private static ByteBuffer buffer(List<HashTask> tasks) {
    return !tasks.isEmpty() && tasks.get(0).bytes() > SMALL_FILE
        ? ByteBuffer.allocateDirect(HashWorker.BUFFER_SIZE)
        : ByteBuffer.allocate(HashWorker.BUFFER_SIZE);
  }

  private int threads(List<HashTask> tasks) {
    if (tasks.isEmpty() || (tasks.size() == 1 && tasks.get(0).bytes() <= SMALL_FILE)) {
      return 1;
    }
    // Each task can keep two threads busy: one that reads and one that hashes.
    return Math.min(parallelism, 2 * tasks.size());
  }

  /** Makes tasks of files. */
  private static final class Plan {
    private final boolean pieces;
    private final List<byte[][]> digests = new ArrayList<>();
    private final List<HashTask> tasks = new ArrayList<>();
    private List<FileWork> small = new ArrayList<>();
    private long smallBytes;

    Plan(boolean pieces) {
      this.pieces = pieces;
    }

    void add(FileHash file) {
      FileWork work = workOn(file);
      digests.add(work.digests());
      if (work.numberOfPieces() > 0) {
        for (int i = 0; i < work.numberOfPieces(); i++) {
          tasks.add(new HashTask.Piece(work, i));
        }
      } else if (file.size() < SMALL_FILE) {
        small.add(work);
        smallBytes += file.size();
        if (smallBytes >= SMALL_FILE || small.size() == MAX_SMALL_FILES) {
          addSmall();
        }
      } else {
        int ranges = work.digests().length;
        int lot = lot(file);
        for (int first = 0; first < ranges; first += lot) {
          tasks.add(new HashTask.Ranges(work, first, Math.min(ranges, first + lot)));
        }
      }
    }

    private FileWork workOn(FileHash file) {
      long piece = MIN_PIECE;
      while (file.size() / piece >= MAX_PIECES) {
        piece *= 2;
      }
      int number = Math.toIntExact((file.size() + piece - 1) / piece);
      if (pieces && number > 1 && file.ranges() == 1 && seeksCheaply(file)) {
        return FileWork.inPieces(file, piece, number);
      }
      int lot = lot(file);
      return FileWork.inRanges(file, (file.ranges() + lot - 1) / lot);
    }

    /** How many ranges of a file are handed out together. */
    private static int lot(FileHash file) {
      if (file.rangeSize() == FileHash.WHOLE || !seeksCheaply(file)) {
        return Math.max(1, file.ranges());
      }
      return (int) Math.min(Integer.MAX_VALUE, Math.max(1, MIN_LOT / file.rangeSize()));
    }

    /** Only the default file system is known to; a zip entry is read from its start. */
    private static boolean seeksCheaply(FileHash file) {
      return file.path().getFileSystem().equals(FileSystems.getDefault());
    }

    private void addSmall() {
      tasks.add(new HashTask.Files(small, smallBytes));
      small = new ArrayList<>();
      smallBytes = 0;
    }

    List<HashTask> tasks() {
      if (!small.isEmpty()) {
        addSmall();
      }
      tasks.sort((a, b) -> Long.compare(b.bytes(), a.bytes()));
      return tasks;
    }
  }
}
