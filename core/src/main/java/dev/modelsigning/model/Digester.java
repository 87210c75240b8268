package dev.modelsigning.model;

import java.io.IOException;
import java.util.Collection;
import java.util.function.Consumer;

/** Hashes the files of a model: with threads of this process, or elsewhere. */
public interface Digester {

  /**
   * Hashes files (OMS 6.3). Each file has one outcome, which refers to the same object that was
   * passed. Sources that list with several threads cause several concurrent calls.
   *
   * @param files the files, no more than {@link #batchSize()}
   * @param how algorithm, ranges, threads; its listener must be notified of progress
   * @param sink receives the outcomes, in any order and before this method returns; it may be
   *     called by several threads concurrently. It throws {@link java.io.UncheckedIOException} for
   *     an outcome that it cannot accept; the run has then failed, even if the exception is caught
   * @throws java.io.InterruptedIOException if the calling thread is interrupted
   * @throws IOException if the files cannot be hashed, or hashing failed and was aborted
   */
  void digest(
      Collection<? extends ModelFile> files, Hashing how, Consumer<? super HashOutcome> sink)
      throws IOException;

  /**
   * The largest number of files in one call, so that the list of a large model need not be held in
   * memory; at least 1. A digester that needs all files at once returns {@link Integer#MAX_VALUE}.
   */
  default int batchSize() {
    return 4096;
  }
}
