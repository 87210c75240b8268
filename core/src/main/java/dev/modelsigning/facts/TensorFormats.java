package dev.modelsigning.facts;

import java.io.IOException;

/** The known file formats for tensors, and the comparison of two files of the same format. */
public interface TensorFormats {

  /**
   * Whether the name of a file is that of a known format.
   *
   * @param name its path in the model
   */
  boolean knows(String name);

  /**
   * Compares the tensors of two files by name, type, shape and bytes. Both are untrusted input.
   *
   * @param name their path in the model, of a {@linkplain #knows known} format
   * @param before the older version
   * @param after the newer version
   * @return the differences, or why they cannot be determined
   * @throws IOException if one of them cannot be read; malformed content is not such a failure
   */
  TensorDifference compare(String name, FileParts before, FileParts after) throws IOException;
}
