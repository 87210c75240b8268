package dev.modelsigning.content.internal.tensor;

import java.util.List;

/**
 * A tensor, as a header has it.
 *
 * @param type what its elements are, by the name of the format
 * @param shape its dimensions in the order of the format
 * @param at where in the file its first byte is
 * @param length how many bytes it has; {@link #UNKNOWN} if its type is not known here
 */
record Tensor(String type, List<Long> shape, long at, long length) {

  /** It is as long as its place in the file lets it be. */
  static final long UNKNOWN = -1;

  /** The most of them that are read of a file. */
  static final int MAX_NUMBER = 250_000;

  /** The most characters that the names of all of them may have together. */
  static final int MAX_NAMES = 16 * 1024 * 1024;

  /** The most dimensions. */
  static final int MAX_DIMENSIONS = 8;

  Tensor withLength(long found) {
    return new Tensor(type, shape, at, found);
  }

  boolean looksLike(Tensor other) {
    return type.equals(other.type) && shape.equals(other.shape) && length == other.length;
  }
}
