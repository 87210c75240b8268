package dev.modelsigning.content.internal.tensor;

import java.util.List;

/**
 * A tensor in a header.
 *
 * @param type the type of its elements, by its name in the format
 * @param shape its dimensions in the order of the format
 * @param at the offset of its first byte in the file
 * @param length its length in bytes; {@link #UNKNOWN} if its type is unknown
 */
record Tensor(String type, List<Long> shape, long at, long length) {

  /** The length is determined by the next tensor or the end of the file. */
  static final long UNKNOWN = -1;

  /** The largest number of tensors that are read of a file. */
  static final int MAX_NUMBER = 250_000;

  /** The largest total number of characters of their names. */
  static final int MAX_NAMES = 16 * 1024 * 1024;

  /** The largest number of dimensions. */
  static final int MAX_DIMENSIONS = 8;

  Tensor withLength(long found) {
    return new Tensor(type, shape, at, found);
  }

  boolean looksLike(Tensor other) {
    return type.equals(other.type) && shape.equals(other.shape) && length == other.length;
  }
}
