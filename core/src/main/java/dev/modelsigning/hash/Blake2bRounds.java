package dev.modelsigning.hash;

/** The twelve rounds of the compression function of BLAKE2b (RFC 7693 section 3.2). */
interface Blake2bRounds {

  /**
   * Mixes a block into the state.
   *
   * @param v the 16 words of the state
   * @param m the 16 words of the block
   */
  void mix(long[] v, long[] m);
}
