package dev.modelsigning.hash;

/**
 * Compresses many nodes of a BLAKE3 tree at once, one in each lane of a vector. Not safe for use by
 * several threads. Chaining values lie one after the other, eight words each.
 */
interface Blake3Lanes {

  /** Chunks in one call of {@link #chunks}, at most; a power of two. */
  int MAX_CHUNKS = 256;

  /**
   * Chaining values of whole chunks that are not the root.
   *
   * @param input holds the chunks, one after the other
   * @param offset where they start
   * @param count their number, at most {@link #MAX_CHUNKS}
   * @param counter number of the first chunk, a multiple of {@link #MAX_CHUNKS}
   * @param cvs gets the chaining values; has room for {@link #MAX_CHUNKS} of them
   * @param at index of the first word of the first of them
   */
  void chunks(byte[] input, int offset, int count, long counter, int[] cvs, int at);

  /**
   * Replaces pairs of chaining values by those of their parents, which are not the root.
   *
   * @param cvs the chaining values, from the start of the array
   * @param count number of parents
   */
  void parents(int[] cvs, int count);
}
