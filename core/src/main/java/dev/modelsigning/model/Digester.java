package dev.modelsigning.model;

import java.io.IOException;
import java.util.Collection;
import java.util.function.Consumer;

/** Hashes the files of a model: with threads of this process, or elsewhere. */
public interface Digester {

  /**
   * Hashes files (OMS 6.3). Each gets one outcome, which holds the very object that was given.
   * Sources that list with several threads have several batches hashed at once.
   *
   * @param files the files, no more than {@link #batchSize()}
   * @param how algorithm, ranges, threads; its progress is to be told what was hashed
   * @param sink takes the outcomes, in any order and before this returns; it may be called by
   *     several threads at once. It throws {@link java.io.UncheckedIOException} for an outcome that
   *     cannot be taken, and then the work is in vain: whoever catches that changes nothing
   * @throws java.io.InterruptedIOException if the calling thread is interrupted
   * @throws IOException if the work cannot be done at all, or has failed and was given up
   */
  void digest(
      Collection<? extends ModelFile> files, Hashing how, Consumer<? super HashOutcome> sink)
      throws IOException;

  /**
   * How many files it is given at a time at most, so that the list of a large model need not be
   * held in memory; at least 1. One that plans for all of them says so by {@link
   * Integer#MAX_VALUE}.
   */
  default int batchSize() {
    return 4096;
  }
}
