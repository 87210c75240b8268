package dev.modelsigning.internal.hash;

/**
 * The compression function of BLAKE3 and its constants (section 2 of the BLAKE3 paper), for one
 * block at a time.
 */
final class Blake3Compression {

  /** Bytes of a block. */
  static final int BLOCK = 64;

  /** Bytes of a chunk, the leaf of the tree. */
  static final int CHUNK = 1024;

  /** Words of 32 bits in a chaining value. */
  static final int CV = 8;

  /** Words of 32 bits in a block. */
  static final int WORDS = 16;

  static final int CHUNK_START = 1;
  static final int CHUNK_END = 2;
  static final int PARENT = 4;
  static final int ROOT = 8;

  private static final int ROUNDS = 7;

  private static final int[] IV = {
    0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19
  };

  /** The permutation of the words of the block between two rounds. */
  private static final int[] PERMUTATION = {2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8};

  private static final int[] SCHEDULE = schedule();

  private Blake3Compression() {}

  /** Word i of the initial value. */
  static int iv(int i) {
    return IV[i];
  }

  /**
   * The index of the word of the block that each of the 16 steps of each of the 7 rounds adds:
   * entry {@code 16 * round + step}.
   */
  static int[] schedule() {
    int[] schedule = new int[ROUNDS * WORDS];
    for (int i = 0; i < WORDS; i++) {
      schedule[i] = i;
    }
    for (int i = WORDS; i < schedule.length; i++) {
      schedule[i] = schedule[i - i % WORDS - WORDS + PERMUTATION[i % WORDS]];
    }
    return schedule;
  }

  /** Writes the initial value to an array. */
  static void initialize(int[] cv, int offset) {
    System.arraycopy(IV, 0, cv, offset, CV);
  }

  /**
   * Replaces a chaining value by its compression with a block.
   *
   * @param cv the array that holds the chaining value
   * @param offset where it starts
   * @param m the 16 words of the block
   * @param counter number of the chunk, 0 for parents
   * @param length bytes of the block that are input
   * @param flags the flags of the block
   */
  static void compress(int[] cv, int offset, int[] m, long counter, int length, int flags) {
    int v0 = cv[offset];
    int v1 = cv[offset + 1];
    int v2 = cv[offset + 2];
    int v3 = cv[offset + 3];
    int v4 = cv[offset + 4];
    int v5 = cv[offset + 5];
    int v6 = cv[offset + 6];
    int v7 = cv[offset + 7];
    int v8 = IV[0];
    int v9 = IV[1];
    int v10 = IV[2];
    int v11 = IV[3];
    int v12 = (int) counter;
    int v13 = (int) (counter >>> 32);
    int v14 = length;
    int v15 = flags;
    int[] s = SCHEDULE;
    for (int r = 0; r < ROUNDS * WORDS; r += WORDS) {
      // Columns
      v0 += v4 + m[s[r]];
      v12 = Integer.rotateRight(v12 ^ v0, 16);
      v8 += v12;
      v4 = Integer.rotateRight(v4 ^ v8, 12);
      v0 += v4 + m[s[r + 1]];
      v12 = Integer.rotateRight(v12 ^ v0, 8);
      v8 += v12;
      v4 = Integer.rotateRight(v4 ^ v8, 7);
      v1 += v5 + m[s[r + 2]];
      v13 = Integer.rotateRight(v13 ^ v1, 16);
      v9 += v13;
      v5 = Integer.rotateRight(v5 ^ v9, 12);
      v1 += v5 + m[s[r + 3]];
      v13 = Integer.rotateRight(v13 ^ v1, 8);
      v9 += v13;
      v5 = Integer.rotateRight(v5 ^ v9, 7);
      v2 += v6 + m[s[r + 4]];
      v14 = Integer.rotateRight(v14 ^ v2, 16);
      v10 += v14;
      v6 = Integer.rotateRight(v6 ^ v10, 12);
      v2 += v6 + m[s[r + 5]];
      v14 = Integer.rotateRight(v14 ^ v2, 8);
      v10 += v14;
      v6 = Integer.rotateRight(v6 ^ v10, 7);
      v3 += v7 + m[s[r + 6]];
      v15 = Integer.rotateRight(v15 ^ v3, 16);
      v11 += v15;
      v7 = Integer.rotateRight(v7 ^ v11, 12);
      v3 += v7 + m[s[r + 7]];
      v15 = Integer.rotateRight(v15 ^ v3, 8);
      v11 += v15;
      v7 = Integer.rotateRight(v7 ^ v11, 7);
      // Diagonals
      v0 += v5 + m[s[r + 8]];
      v15 = Integer.rotateRight(v15 ^ v0, 16);
      v10 += v15;
      v5 = Integer.rotateRight(v5 ^ v10, 12);
      v0 += v5 + m[s[r + 9]];
      v15 = Integer.rotateRight(v15 ^ v0, 8);
      v10 += v15;
      v5 = Integer.rotateRight(v5 ^ v10, 7);
      v1 += v6 + m[s[r + 10]];
      v12 = Integer.rotateRight(v12 ^ v1, 16);
      v11 += v12;
      v6 = Integer.rotateRight(v6 ^ v11, 12);
      v1 += v6 + m[s[r + 11]];
      v12 = Integer.rotateRight(v12 ^ v1, 8);
      v11 += v12;
      v6 = Integer.rotateRight(v6 ^ v11, 7);
      v2 += v7 + m[s[r + 12]];
      v13 = Integer.rotateRight(v13 ^ v2, 16);
      v8 += v13;
      v7 = Integer.rotateRight(v7 ^ v8, 12);
      v2 += v7 + m[s[r + 13]];
      v13 = Integer.rotateRight(v13 ^ v2, 8);
      v8 += v13;
      v7 = Integer.rotateRight(v7 ^ v8, 7);
      v3 += v4 + m[s[r + 14]];
      v14 = Integer.rotateRight(v14 ^ v3, 16);
      v9 += v14;
      v4 = Integer.rotateRight(v4 ^ v9, 12);
      v3 += v4 + m[s[r + 15]];
      v14 = Integer.rotateRight(v14 ^ v3, 8);
      v9 += v14;
      v4 = Integer.rotateRight(v4 ^ v9, 7);
    }
    cv[offset] = v0 ^ v8;
    cv[offset + 1] = v1 ^ v9;
    cv[offset + 2] = v2 ^ v10;
    cv[offset + 3] = v3 ^ v11;
    cv[offset + 4] = v4 ^ v12;
    cv[offset + 5] = v5 ^ v13;
    cv[offset + 6] = v6 ^ v14;
    cv[offset + 7] = v7 ^ v15;
  }
}
