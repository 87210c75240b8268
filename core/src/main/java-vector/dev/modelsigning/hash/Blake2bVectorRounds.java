package dev.modelsigning.hash;

import static jdk.incubator.vector.VectorOperators.ROR;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The rounds of BLAKE2b (RFC 7693 section 3.2) by the vector module of the JDK: the state is four
 * vectors, and the four calls of G on columns, then on diagonals, are one in four lanes.
 */
final class Blake2bVectorRounds implements Blake2bRounds {

  private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_256;

  private static final VectorShuffle<Long> LEFT_1 = VectorShuffle.fromValues(LONGS, 1, 2, 3, 0);
  private static final VectorShuffle<Long> LEFT_2 = VectorShuffle.fromValues(LONGS, 2, 3, 0, 1);
  private static final VectorShuffle<Long> LEFT_3 = VectorShuffle.fromValues(LONGS, 3, 0, 1, 2);

  private static final int ROUNDS = 12;

  /**
   * Which word of the block each of the 16 steps of a round adds; the rounds 10 and 11 start over.
   */
  private static final int[][] SIGMA = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
    {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
    {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
    {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
    {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}
  };

  private static final int[] PLACES = places();

  /**
   * The words that the lanes add: for each round four times four, the first and second words of the
   * columns, then of the diagonals. Lane i has diagonal i - 1, so that b stays in its place: it is
   * what the next step waits for.
   */
  private static int[] places() {
    int[] places = new int[16 * ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      int[] words = SIGMA[round % SIGMA.length];
      for (int lane = 0; lane < 4; lane++) {
        int diagonal = (lane + 3) & 3;
        places[16 * round + lane] = words[2 * lane];
        places[16 * round + 4 + lane] = words[2 * lane + 1];
        places[16 * round + 8 + lane] = words[8 + 2 * diagonal];
        places[16 * round + 12 + lane] = words[8 + 2 * diagonal + 1];
      }
    }
    return places;
  }

  @Override
  public void mix(long[] v, long[] m) {
    LongVector a = LongVector.fromArray(LONGS, v, 0);
    LongVector b = LongVector.fromArray(LONGS, v, 4);
    LongVector c = LongVector.fromArray(LONGS, v, 8);
    LongVector d = LongVector.fromArray(LONGS, v, 12);
    for (int r = 0; r < PLACES.length; r += 16) {
      a = a.add(LongVector.fromArray(LONGS, m, 0, PLACES, r)).add(b);
      d = d.lanewise(XOR, a).lanewise(ROR, 32);
      c = c.add(d);
      b = b.lanewise(XOR, c).lanewise(ROR, 24);
      a = a.add(LongVector.fromArray(LONGS, m, 0, PLACES, r + 4)).add(b);
      d = d.lanewise(XOR, a).lanewise(ROR, 16);
      c = c.add(d);
      b = b.lanewise(XOR, c).lanewise(ROR, 63);

      a = a.rearrange(LEFT_3);
      c = c.rearrange(LEFT_1);
      d = d.rearrange(LEFT_2);

      a = a.add(LongVector.fromArray(LONGS, m, 0, PLACES, r + 8)).add(b);
      d = d.lanewise(XOR, a).lanewise(ROR, 32);
      c = c.add(d);
      b = b.lanewise(XOR, c).lanewise(ROR, 24);
      a = a.add(LongVector.fromArray(LONGS, m, 0, PLACES, r + 12)).add(b);
      d = d.lanewise(XOR, a).lanewise(ROR, 16);
      c = c.add(d);
      b = b.lanewise(XOR, c).lanewise(ROR, 63);

      a = a.rearrange(LEFT_1);
      c = c.rearrange(LEFT_3);
      d = d.rearrange(LEFT_2);
    }
    a.intoArray(v, 0);
    b.intoArray(v, 4);
    c.intoArray(v, 8);
    d.intoArray(v, 12);
  }
}
