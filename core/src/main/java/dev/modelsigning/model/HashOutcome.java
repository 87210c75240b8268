package dev.modelsigning.model;

import java.io.IOException;
import java.util.List;

/** What became of a file that was to be hashed. */
public sealed interface HashOutcome {

  /** The file. */
  ModelFile file();

  /**
   * A file that was hashed.
   *
   * @param file the file
   * @param digests the digests of its ranges in ascending order, or of the whole file; as bytes,
   *     which are not to be changed
   * @param evidence how they were come by
   */
  record Hashed(ModelFile file, List<byte[]> digests, Evidence evidence) implements HashOutcome {}

  /**
   * A file that could not be hashed.
   *
   * @param file the file
   * @param failure why; the message names it
   */
  record Failed(ModelFile file, IOException failure) implements HashOutcome {}
}
