package dev.modelsigning.facts;

import java.io.IOException;

/** Knows formats of files that hold tensors, and compares two files of one format. */
public interface TensorFormats {

  /**
   * Whether a file is taken for one of a format that is known.
   *
   * @param name its path in the model
   */
  boolean knows(String name);

  /**
   * Compares the tensors of two files by name, type, shape and bytes. Both come from a stranger.
   *
   * @param name their path in the model, which is known
   * @param before the older one
   * @param after the newer one
   * @return how they differ, or why that cannot be said
   * @throws IOException if one of them cannot be read; bytes that make no sense are no such failure
   */
  TensorDifference compare(String name, FileParts before, FileParts after) throws IOException;
}
