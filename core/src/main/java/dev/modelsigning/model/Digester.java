package dev.modelsigning.model;

import java.io.IOException;
import java.util.Collection;
import java.util.function.Consumer;

/** Hashes the files of a model: with threads of this process, or elsewhere. */
public interface Digester {

  /**
   * Hashes files. Each gets one outcome, which holds the very object that was given.
   *
   * @param files the files
   * @param how algorithm, ranges, threads
   * @param sink takes the outcomes, in any order; it may be called by several threads at once
   * @throws IOException if the work cannot be done at all, or has failed and was given up
   */
  void digest(
      Collection<? extends ModelFile> files, Hashing how, Consumer<? super HashOutcome> sink)
      throws IOException;

  /**
   * How many files it is given at a time at most, so that the list of a large model need not be
   * held in memory. One that plans for all of them says so here.
   */
  default int batchSize() {
    return 4096;
  }
}
