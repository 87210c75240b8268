package dev.modelsigning.internal.hash;

import static dev.modelsigning.internal.hash.Blake3Compression.BLOCK;
import static dev.modelsigning.internal.hash.Blake3Compression.CHUNK;
import static dev.modelsigning.internal.hash.Blake3Compression.CHUNK_END;
import static dev.modelsigning.internal.hash.Blake3Compression.CHUNK_START;
import static dev.modelsigning.internal.hash.Blake3Compression.CV;
import static dev.modelsigning.internal.hash.Blake3Compression.PARENT;
import static dev.modelsigning.internal.hash.Blake3Compression.WORDS;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Compresses many nodes of a BLAKE3 tree at once, one in each lane of a vector. Each word of the
 * state, and each word of the block, is an array with an element for each lane, so that the
 * compiler vectorizes the loop over the lanes. Not thread-safe. Chaining values lie one after the
 * other, eight words each.
 */
final class Blake3Lanes {

  /** The largest number of chunks in one call of {@link #chunks}; a power of two. */
  static final int MAX_CHUNKS = 256;

  /**
   * Padding so that an array of {@link #MAX_CHUNKS} lanes and its header fill whole cache lines:
   * arrays that are allocated one after the other then have the same alignment, which makes vector
   * loads faster.
   */
  private static final int PADDING = 12;

  /** Below this number of lanes, the overhead of the vector loops exceeds their benefit. */
  private static final int MIN_LANES = 32;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int[] SCHEDULE = Blake3Compression.schedule();

  private final int[][] v = new int[WORDS][MAX_CHUNKS + PADDING];
  private final int[][] m = new int[WORDS][MAX_CHUNKS + PADDING];
  private final Blake3Nodes nodes = new Blake3Nodes();

  /**
   * Computes the chaining values of whole chunks that are not the root.
   *
   * @param input holds the chunks, one after the other
   * @param offset where they start
   * @param count their number, at most {@link #MAX_CHUNKS}
   * @param counter number of the first chunk, a multiple of {@link #MAX_CHUNKS}
   * @param cvs receives the chaining values; has room for {@link #MAX_CHUNKS} of them
   * @param at index of the first word of the first of them
   */
  void chunks(byte[] input, int offset, int count, long counter, int[] cvs, int at) {
    if (count < MIN_LANES) {
      for (int i = 0; i < count; i++) {
        nodes.chunk(input, offset + CHUNK * i, CHUNK, counter + i, 0, cvs, at + CV * i);
      }
      return;
    }
    initialize(count);
    for (int block = 0; block < CHUNK; block += BLOCK) {
      load(input, offset + block, count);
      int flags = block == 0 ? CHUNK_START : block == CHUNK - BLOCK ? CHUNK_END : 0;
      compress(count, counter, 1, flags);
    }
    store(count, cvs, at);
  }

  /**
   * Replaces pairs of chaining values by those of their parents, which are not the root.
   *
   * @param cvs the chaining values, from the start of the array
   * @param count number of parents
   */
  void parents(int[] cvs, int count) {
    for (int first = 0; first < count; first += MAX_CHUNKS) {
      parents(cvs, first, Math.min(MAX_CHUNKS, count - first));
    }
  }

  private void parents(int[] cvs, int first, int count) {
    if (count < MIN_LANES) {
      for (int i = first; i < first + count; i++) {
        nodes.parent(cvs, 2 * CV * i, 0, cvs, CV * i);
      }
      return;
    }
    initialize(count);
    for (int word = 0; word < WORDS; word++) {
      int[] lanes = m[word];
      for (int i = 0; i < count; i++) {
        lanes[i] = cvs[2 * CV * (first + i) + word];
      }
    }
    compress(count, 0, 0, PARENT);
    store(count, cvs, CV * first);
  }

  private void initialize(int count) {
    for (int word = 0; word < CV; word++) {
      Arrays.fill(v[word], 0, count, Blake3Compression.iv(word));
    }
  }

  /** Distributes one block of each chunk over the lanes, half a block at a time. */
  private void load(byte[] input, int offset, int count) {
    load(input, offset, count, m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7]);
    load(input, offset + 32, count, m[8], m[9], m[10], m[11], m[12], m[13], m[14], m[15]);
  }

  private static void load(
      byte[] input,
      int offset,
      int count,
      int[] m0,
      int[] m1,
      int[] m2,
      int[] m3,
      int[] m4,
      int[] m5,
      int[] m6,
      int[] m7) {
    for (int i = 0; i < count; i++) {
      int at = offset + CHUNK * i;
      long words = (long) LONGS.get(input, at);
      m0[i] = (int) words;
      m1[i] = (int) (words >>> 32);
      words = (long) LONGS.get(input, at + 8);
      m2[i] = (int) words;
      m3[i] = (int) (words >>> 32);
      words = (long) LONGS.get(input, at + 16);
      m4[i] = (int) words;
      m5[i] = (int) (words >>> 32);
      words = (long) LONGS.get(input, at + 24);
      m6[i] = (int) words;
      m7[i] = (int) (words >>> 32);
    }
  }

  /**
   * The first eight words of the state are the chaining values, before and after. There is no loop
   * over lanes in this method: with one, the compiler, which takes long for all of this code
   * together, would compile it first and delay everything else.
   */
  private void compress(int count, long counter, int step, int flags) {
    for (int word = 0; word < 4; word++) {
      Arrays.fill(v[CV + word], 0, count, Blake3Compression.iv(word));
    }
    setCounters(v[12], v[13], count, counter, step);
    Arrays.fill(v[14], 0, count, BLOCK);
    Arrays.fill(v[15], 0, count, flags);
    for (int r = 0; r < SCHEDULE.length; r += WORDS) {
      for (int i = 0; i < 4; i++) {
        mix(v[i], v[4 + i], v[8 + i], v[12 + i], word(r + 2 * i), word(r + 2 * i + 1), count);
      }
      for (int i = 0; i < 4; i++) {
        int[] b = v[4 + ((i + 1) & 3)];
        int[] c = v[8 + ((i + 2) & 3)];
        int[] d = v[12 + ((i + 3) & 3)];
        mix(v[i], b, c, d, word(r + 8 + 2 * i), word(r + 9 + 2 * i), count);
      }
    }
    for (int word = 0; word < CV; word++) {
      xor(v[word], v[CV + word], count);
    }
  }

  private static void setCounters(int[] low, int[] high, int count, long counter, int step) {
    for (int i = 0; i < count; i++) {
      long number = counter + (long) step * i;
      low[i] = (int) number;
      high[i] = (int) (number >>> 32);
    }
  }

  private int[] word(int step) {
    return m[SCHEDULE[step]];
  }

  private static void xor(int[] target, int[] other, int count) {
    for (int i = 0; i < count; i++) {
      target[i] ^= other[i];
    }
  }

  /** The function G of the paper, on all lanes. */
  private static void mix(int[] a, int[] b, int[] c, int[] d, int[] mx, int[] my, int count) {
    for (int i = 0; i < count; i++) {
      int va = a[i];
      int vb = b[i];
      int vc = c[i];
      int vd = d[i];
      va += vb + mx[i];
      vd = Integer.rotateRight(vd ^ va, 16);
      vc += vd;
      vb = Integer.rotateRight(vb ^ vc, 12);
      va += vb + my[i];
      vd = Integer.rotateRight(vd ^ va, 8);
      vc += vd;
      vb = Integer.rotateRight(vb ^ vc, 7);
      a[i] = va;
      b[i] = vb;
      c[i] = vc;
      d[i] = vd;
    }
  }

  private void store(int count, int[] cvs, int at) {
    for (int word = 0; word < CV; word++) {
      int[] lanes = v[word];
      for (int i = 0; i < count; i++) {
        cvs[at + CV * i + word] = lanes[i];
      }
    }
  }
}
