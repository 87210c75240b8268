package dev.modelsigning.hash;

import static dev.modelsigning.hash.Blake3Compression.BLOCK;
import static dev.modelsigning.hash.Blake3Compression.CHUNK;
import static dev.modelsigning.hash.Blake3Compression.CHUNK_END;
import static dev.modelsigning.hash.Blake3Compression.CHUNK_START;
import static dev.modelsigning.hash.Blake3Compression.CV;
import static dev.modelsigning.hash.Blake3Compression.PARENT;
import static dev.modelsigning.hash.Blake3Compression.WORDS;
import static jdk.incubator.vector.VectorOperators.ROR;
import static jdk.incubator.vector.VectorOperators.XOR;

import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Lanes in the registers of the processor, by the vector module of the JDK: 4, 8 or 16 at once.
 *
 * <p>The operations are spelt out and not put into methods of our own: the compiler expands each of
 * them to many nodes, and beyond a number of nodes it calls our methods instead of merging them,
 * with vectors as objects on the heap.
 */
final class Blake3VectorLanes implements Blake3Lanes {

  private static final VectorSpecies<Integer> INTS =
      IntVector.SPECIES_PREFERRED.length() > 16
          ? IntVector.SPECIES_512
          : IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(INTS.vectorBitSize()));
  private static final int LANES = INTS.length();

  private static final int[] LANE_NUMBERS = laneNumbers();
  private static final int[] HALF_ROUNDS = halfRounds();

  // Swaps neighbours, alone or in groups of two, four and eight, and marks the second of each two.
  private static final VectorShuffle<Integer> SWAP_1 = swap(1);
  private static final VectorShuffle<Integer> SWAP_2 = swap(2);
  private static final VectorShuffle<Integer> SWAP_4 = swap(4);
  private static final VectorShuffle<Integer> SWAP_8 = swap(8);
  private static final VectorMask<Integer> SECOND_1 = second(1);
  private static final VectorMask<Integer> SECOND_2 = second(2);
  private static final VectorMask<Integer> SECOND_4 = second(4);
  private static final VectorMask<Integer> SECOND_8 = second(8);

  /** The chaining values: word by word, an element for each lane. */
  private final int[] h = new int[CV * LANES];

  /** The block: word by word, an element for each lane. */
  private final int[] m = new int[WORDS * LANES];

  private final Blake3Nodes nodes = new Blake3Nodes();

  private static int[] laneNumbers() {
    int[] numbers = new int[LANES];
    Arrays.setAll(numbers, i -> i);
    return numbers;
  }

  private static VectorShuffle<Integer> swap(int distance) {
    return VectorShuffle.fromOp(INTS, i -> (i ^ distance) & (LANES - 1));
  }

  private static VectorMask<Integer> second(int distance) {
    boolean[] marks = new boolean[LANES];
    for (int i = 0; i < LANES; i++) {
      marks[i] = (i & distance) != 0;
    }
    return VectorMask.fromArray(INTS, marks, 0);
  }

  /**
   * Where in {@link #m} each half of a round finds its eight words: first those that the first
   * halves of the four calls of G add, then those of the second halves. See {@link #compress} for
   * the order of the four.
   */
  private static int[] halfRounds() {
    int[] schedule = Blake3Compression.schedule();
    int[] places = new int[schedule.length];
    for (int half = 0; half < schedule.length; half += 8) {
      boolean mirrored = half % WORDS != 0;
      for (int i = 0; i < 4; i++) {
        int call = mirrored ? (4 - i) & 3 : i;
        places[half + i] = LANES * schedule[half + 2 * call];
        places[half + 4 + i] = LANES * schedule[half + 2 * call + 1];
      }
    }
    return places;
  }

  @Override
  public void chunks(byte[] input, int offset, int count, long counter, int[] cvs, int at) {
    int done = 0;
    for (; count - done >= LANES; done += LANES) {
      initialize();
      for (int block = 0; block < CHUNK; block += BLOCK) {
        load(input, offset + CHUNK * done + block);
        int flags = block == 0 ? CHUNK_START : block == CHUNK - BLOCK ? CHUNK_END : 0;
        compress(h, m, counter + done, 1, flags);
      }
      store(cvs, at + CV * done);
    }
    for (; done < count; done++) {
      nodes.chunk(input, offset + CHUNK * done, CHUNK, counter + done, 0, cvs, at + CV * done);
    }
  }

  @Override
  public void parents(int[] cvs, int count) {
    int done = 0;
    for (; count - done >= LANES; done += LANES) {
      initialize();
      for (int word = 0; word < WORDS; word++) {
        for (int i = 0; i < LANES; i++) {
          m[LANES * word + i] = cvs[2 * CV * (done + i) + word];
        }
      }
      compress(h, m, 0, 0, PARENT);
      store(cvs, CV * done);
    }
    for (; done < count; done++) {
      nodes.parent(cvs, 2 * CV * done, 0, cvs, CV * done);
    }
  }

  private void initialize() {
    for (int word = 0; word < CV; word++) {
      Arrays.fill(h, LANES * word, LANES * (word + 1), Blake3Compression.iv(word));
    }
  }

  private void store(int[] cvs, int at) {
    for (int i = 0; i < LANES; i++) {
      for (int word = 0; word < CV; word++) {
        cvs[at + CV * i + word] = h[LANES * word + i];
      }
    }
  }

  /** Transposes a block of each chunk into {@link #m}. */
  private void load(byte[] input, int offset) {
    if (LANES == 16) {
      loadQuarters16(input, offset, m);
    } else if (LANES == 8) {
      loadQuarters8(input, offset, m);
    } else {
      loadQuarters4(input, offset, m);
    }
    transposeQuarters(m);
  }

  /**
   * Loads rows of 16 words, a row for each lane, and makes vectors of them that have four words of
   * four rows: rows r, r + 4, r + 8 and r + 12 in {@code m[64 * q + 16 * r]} for quarter q.
   */
  private static void loadQuarters16(byte[] input, int offset, int[] m) {
    for (int row = 0; row < 4; row++) {
      int at = offset + CHUNK * row;
      IntVector a = ByteVector.fromArray(BYTES, input, at).reinterpretAsInts();
      IntVector b = ByteVector.fromArray(BYTES, input, at + 4 * CHUNK).reinterpretAsInts();
      IntVector c = ByteVector.fromArray(BYTES, input, at + 8 * CHUNK).reinterpretAsInts();
      IntVector d = ByteVector.fromArray(BYTES, input, at + 12 * CHUNK).reinterpretAsInts();
      IntVector ac0 = a.blend(c.rearrange(SWAP_8), SECOND_8);
      IntVector ac1 = a.rearrange(SWAP_8).blend(c, SECOND_8);
      IntVector bd0 = b.blend(d.rearrange(SWAP_8), SECOND_8);
      IntVector bd1 = b.rearrange(SWAP_8).blend(d, SECOND_8);
      ac0.blend(bd0.rearrange(SWAP_4), SECOND_4).intoArray(m, 16 * row);
      ac0.rearrange(SWAP_4).blend(bd0, SECOND_4).intoArray(m, 16 * row + 64);
      ac1.blend(bd1.rearrange(SWAP_4), SECOND_4).intoArray(m, 16 * row + 128);
      ac1.rearrange(SWAP_4).blend(bd1, SECOND_4).intoArray(m, 16 * row + 192);
    }
  }

  /** The same for 8 lanes: rows r and r + 4 in {@code m[32 * q + 8 * r]}. */
  private static void loadQuarters8(byte[] input, int offset, int[] m) {
    for (int row = 0; row < 4; row++) {
      int at = offset + CHUNK * row;
      for (int half = 0; half < 2; half++) {
        int from = at + 32 * half;
        IntVector a = ByteVector.fromArray(BYTES, input, from).reinterpretAsInts();
        IntVector b = ByteVector.fromArray(BYTES, input, from + 4 * CHUNK).reinterpretAsInts();
        a.blend(b.rearrange(SWAP_4), SECOND_4).intoArray(m, 64 * half + 8 * row);
        a.rearrange(SWAP_4).blend(b, SECOND_4).intoArray(m, 64 * half + 8 * row + 32);
      }
    }
  }

  /** The same for 4 lanes: row r in {@code m[16 * q + 4 * r]}. */
  private static void loadQuarters4(byte[] input, int offset, int[] m) {
    for (int row = 0; row < 4; row++) {
      for (int quarter = 0; quarter < 4; quarter++) {
        int at = offset + CHUNK * row + 16 * quarter;
        ByteVector.fromArray(BYTES, input, at)
            .reinterpretAsInts()
            .intoArray(m, 16 * quarter + 4 * row);
      }
    }
  }

  /** In each quarter, turns four vectors with a word for each row into four with a row for each. */
  private static void transposeQuarters(int[] m) {
    for (int quarter = 0; quarter < WORDS * LANES; quarter += 4 * LANES) {
      IntVector a = IntVector.fromArray(INTS, m, quarter);
      IntVector b = IntVector.fromArray(INTS, m, quarter + LANES);
      IntVector c = IntVector.fromArray(INTS, m, quarter + 2 * LANES);
      IntVector d = IntVector.fromArray(INTS, m, quarter + 3 * LANES);
      IntVector ac0 = a.blend(c.rearrange(SWAP_2), SECOND_2);
      IntVector ac1 = a.rearrange(SWAP_2).blend(c, SECOND_2);
      IntVector bd0 = b.blend(d.rearrange(SWAP_2), SECOND_2);
      IntVector bd1 = b.rearrange(SWAP_2).blend(d, SECOND_2);
      ac0.blend(bd0.rearrange(SWAP_1), SECOND_1).intoArray(m, quarter);
      ac0.rearrange(SWAP_1).blend(bd0, SECOND_1).intoArray(m, quarter + LANES);
      ac1.blend(bd1.rearrange(SWAP_1), SECOND_1).intoArray(m, quarter + 2 * LANES);
      ac1.rearrange(SWAP_1).blend(bd1, SECOND_1).intoArray(m, quarter + 3 * LANES);
    }
  }

  /**
   * The compression function on all lanes.
   *
   * <p>The body of the loop is half a round: four calls of G on the columns, then on the diagonals.
   * G number i takes a[i], b[i], c[i], d[i] for the columns and a[i], b[i + 1], c[i + 2], d[i + 3]
   * for the diagonals, modulo 4. Renaming a[i] to a[-i], b[i] to b[1 - i], c[i] to c[2 - i] and
   * d[i] to d[3 - i] turns one into the other, and back; calls 1 and 3 change places. So the body
   * can be the same for both, which halves what has to be compiled.
   */
  private static void compress(int[] h, int[] m, long counter, int step, int flags) {
    IntVector v0 = IntVector.fromArray(INTS, h, 0);
    IntVector v1 = IntVector.fromArray(INTS, h, LANES);
    IntVector v2 = IntVector.fromArray(INTS, h, 2 * LANES);
    IntVector v3 = IntVector.fromArray(INTS, h, 3 * LANES);
    IntVector v4 = IntVector.fromArray(INTS, h, 4 * LANES);
    IntVector v5 = IntVector.fromArray(INTS, h, 5 * LANES);
    IntVector v6 = IntVector.fromArray(INTS, h, 6 * LANES);
    IntVector v7 = IntVector.fromArray(INTS, h, 7 * LANES);
    IntVector v8 = IntVector.broadcast(INTS, Blake3Compression.iv(0));
    IntVector v9 = IntVector.broadcast(INTS, Blake3Compression.iv(1));
    IntVector v10 = IntVector.broadcast(INTS, Blake3Compression.iv(2));
    IntVector v11 = IntVector.broadcast(INTS, Blake3Compression.iv(3));
    // The counter is a multiple of the number of lanes, so the lower half does not overflow.
    IntVector v12 = IntVector.fromArray(INTS, LANE_NUMBERS, 0).mul(step).add((int) counter);
    IntVector v13 = IntVector.broadcast(INTS, (int) (counter >>> 32));
    IntVector v14 = IntVector.broadcast(INTS, BLOCK);
    IntVector v15 = IntVector.broadcast(INTS, flags);
    for (int r = 0; r < HALF_ROUNDS.length; r += 8) {
      v0 = v0.add(v4).add(IntVector.fromArray(INTS, m, HALF_ROUNDS[r]));
      v1 = v1.add(v5).add(IntVector.fromArray(INTS, m, HALF_ROUNDS[r + 1]));
      v2 = v2.add(v6).add(IntVector.fromArray(INTS, m, HALF_ROUNDS[r + 2]));
      v3 = v3.add(v7).add(IntVector.fromArray(INTS, m, HALF_ROUNDS[r + 3]));
      v12 = v12.lanewise(XOR, v0).lanewise(ROR, 16);
      v13 = v13.lanewise(XOR, v1).lanewise(ROR, 16);
      v14 = v14.lanewise(XOR, v2).lanewise(ROR, 16);
      v15 = v15.lanewise(XOR, v3).lanewise(ROR, 16);
      v8 = v8.add(v12);
      v9 = v9.add(v13);
      v10 = v10.add(v14);
      v11 = v11.add(v15);
      v4 = v4.lanewise(XOR, v8).lanewise(ROR, 12);
      v5 = v5.lanewise(XOR, v9).lanewise(ROR, 12);
      v6 = v6.lanewise(XOR, v10).lanewise(ROR, 12);
      v7 = v7.lanewise(XOR, v11).lanewise(ROR, 12);
      v0 = v0.add(v4).add(IntVector.fromArray(INTS, m, HALF_ROUNDS[r + 4]));
      v1 = v1.add(v5).add(IntVector.fromArray(INTS, m, HALF_ROUNDS[r + 5]));
      v2 = v2.add(v6).add(IntVector.fromArray(INTS, m, HALF_ROUNDS[r + 6]));
      v3 = v3.add(v7).add(IntVector.fromArray(INTS, m, HALF_ROUNDS[r + 7]));
      v12 = v12.lanewise(XOR, v0).lanewise(ROR, 8);
      v13 = v13.lanewise(XOR, v1).lanewise(ROR, 8);
      v14 = v14.lanewise(XOR, v2).lanewise(ROR, 8);
      v15 = v15.lanewise(XOR, v3).lanewise(ROR, 8);
      v8 = v8.add(v12);
      v9 = v9.add(v13);
      v10 = v10.add(v14);
      v11 = v11.add(v15);
      v4 = v4.lanewise(XOR, v8).lanewise(ROR, 7);
      v5 = v5.lanewise(XOR, v9).lanewise(ROR, 7);
      v6 = v6.lanewise(XOR, v10).lanewise(ROR, 7);
      v7 = v7.lanewise(XOR, v11).lanewise(ROR, 7);

      IntVector renamed = v1;
      v1 = v3;
      v3 = renamed;
      renamed = v4;
      v4 = v5;
      v5 = renamed;
      renamed = v6;
      v6 = v7;
      v7 = renamed;
      renamed = v8;
      v8 = v10;
      v10 = renamed;
      renamed = v12;
      v12 = v15;
      v15 = renamed;
      renamed = v13;
      v13 = v14;
      v14 = renamed;
    }
    v0.lanewise(XOR, v8).intoArray(h, 0);
    v1.lanewise(XOR, v9).intoArray(h, LANES);
    v2.lanewise(XOR, v10).intoArray(h, 2 * LANES);
    v3.lanewise(XOR, v11).intoArray(h, 3 * LANES);
    v4.lanewise(XOR, v12).intoArray(h, 4 * LANES);
    v5.lanewise(XOR, v13).intoArray(h, 5 * LANES);
    v6.lanewise(XOR, v14).intoArray(h, 6 * LANES);
    v7.lanewise(XOR, v15).intoArray(h, 7 * LANES);
  }
}
