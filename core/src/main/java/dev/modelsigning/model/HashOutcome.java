package dev.modelsigning.model;

import java.io.IOException;
import java.util.List;

/** The outcome for a file that was to be hashed. */
public sealed interface HashOutcome {

  /** The file. */
  ModelFile file();

  /**
   * A file that was hashed.
   *
   * @param file the file
   * @param digests the digests of its ranges in ascending order, or of the whole file; the arrays
   *     must not be modified
   * @param evidence the evidence for them
   */
  record Hashed(ModelFile file, List<byte[]> digests, Evidence evidence) implements HashOutcome {}

  /**
   * A file that could not be hashed.
   *
   * @param file the file
   * @param failure the cause; its message names the file
   */
  record Failed(ModelFile file, IOException failure) implements HashOutcome {}
}
