package dev.modelsigning.model;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.model.ModelWalk.Irregular;
import java.io.IOException;

/**
 * Says which files of a model are to be hashed, and takes what was found, in any order. It is
 * called by several threads at once.
 */
interface ModelSink {

  /** The file is not to be hashed. */
  int NOT_HASHED = -1;

  /**
   * A regular file, or an allowed link to one, was found.
   *
   * @param name the bytes of its canonical path in the model
   * @param size its length in bytes
   * @return {@link #NOT_HASHED}, or a number of one's own for the file
   * @throws IOException if the work is to end
   */
  int file(byte[] name, long size) throws IOException;

  /**
   * A file was hashed.
   *
   * @param number the number that {@link #file} returned
   * @param name the bytes of its canonical path in the model
   * @param size its length in bytes
   * @param digests the digests of its ranges in ascending order
   */
  void hashed(int number, byte[] name, long size, byte[][] digests);

  /** An entry was left out by a rule. */
  void ignored(UncoveredEntry entry);

  /** An entry is neither a directory nor a file that may be hashed. */
  void irregular(Irregular entry);

  /** Something was found that a signer or a reader of the verdict should know. */
  void finding(Finding finding);
}
