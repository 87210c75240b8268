package dev.modelsigning.internal.engine;

import dev.modelsigning.internal.hash.Blake3;
import java.util.ArrayList;
import java.util.List;

/** Divides files into tasks. Several threads may add files. */
final class HashPlan {

  /** Files shorter than this are combined into one task. */
  static final long SMALL_FILE = 1024 * 1024;

  /** The ranges of a file are divided into tasks of at least this many bytes. */
  private static final long MIN_LOT = 8L * 1024 * 1024;

  /** The largest number of small files in a task, so that no thread waits long. */
  private static final int MAX_SMALL_FILES = 64;

  private static final long MIN_PIECE = 4 * Blake3.PIECE_UNIT;

  /** The largest number of pieces of a file, for any possible file size. */
  private static final int MAX_PIECES = 1 << 16;

  private final boolean pieces;
  private final List<HashTask> tasks = new ArrayList<>();
  private List<FileWork> small = new ArrayList<>();
  private long smallBytes;

  /**
   * Creates an empty plan.
   *
   * @param pieces whether files are hashed in pieces, as BLAKE3 can
   */
  HashPlan(boolean pieces) {
    this.pieces = pieces;
  }

  /** Adds a file. */
  synchronized void add(HashInput file, DirectoryScan.Result result) {
    FileWork work = workOn(file, result);
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

  private FileWork workOn(HashInput file, DirectoryScan.Result result) {
    long piece = MIN_PIECE;
    while (file.size() / piece >= MAX_PIECES) {
      piece *= 2;
    }
    int number = Math.toIntExact((file.size() + piece - 1) / piece);
    if (pieces && number > 1 && file.ranges() == 1 && file.cheapRanges()) {
      return FileWork.inPieces(file, piece, number, result);
    }
    if (file.size() < SMALL_FILE) {
      return FileWork.inRanges(file, 1, result);
    }
    int lot = lot(file);
    return FileWork.inRanges(file, (file.ranges() + lot - 1) / lot, result);
  }

  /** The number of ranges of a file in one task. */
  private static int lot(HashInput file) {
    if (file.rangeSize() == HashInput.WHOLE || !file.cheapRanges()) {
      return Math.max(1, file.ranges());
    }
    return (int) Math.min(Integer.MAX_VALUE, Math.max(1, MIN_LOT / file.rangeSize()));
  }

  private void addSmall() {
    tasks.add(new HashTask.Files(small, smallBytes));
    small = new ArrayList<>();
    smallBytes = 0;
  }

  /** All tasks, the longest first. */
  synchronized List<HashTask> tasks() {
    if (!small.isEmpty()) {
      addSmall();
    }
    tasks.sort((a, b) -> Long.compare(b.bytes(), a.bytes()));
    return tasks;
  }
}
