package dev.modelsigning.internal.engine;

import java.io.IOException;
import java.util.List;

/** A unit of work for one thread, with files that were found before. */
sealed interface HashTask {

  /** The number of bytes to hash. */
  long bytes();

  /** A unit of work for one thread while files are being found: a directory, or a part of one. */
  @FunctionalInterface
  interface Scan {
    /** Performs it; further tasks are added to the worker. */
    void perform(HashWorker worker) throws IOException, InterruptedException;

    /**
     * Releases its resources, as the run has failed and this is not performed.
     *
     * @throws IOException if they cannot be closed
     */
    default void abandon() throws IOException {}
  }

  /**
   * Several small files.
   *
   * @param files the files
   * @param bytes their total length
   */
  record Files(List<FileWork> files, long bytes) implements HashTask {}

  /**
   * Consecutive ranges of a file.
   *
   * @param work the file
   * @param first the first range
   * @param last the range after the last one
   */
  record Ranges(FileWork work, int first, int last) implements HashTask {
    @Override
    public long bytes() {
      return work.file().end(last - 1) - work.file().start(first);
    }
  }

  /**
   * A piece of a file, for BLAKE3.
   *
   * @param work the file
   * @param number the index of the piece
   */
  record Piece(FileWork work, int number) implements HashTask {
    long start() {
      return number * work.pieceSize();
    }

    @Override
    public long bytes() {
      return Math.min(work.file().size() - start(), work.pieceSize());
    }
  }
}
