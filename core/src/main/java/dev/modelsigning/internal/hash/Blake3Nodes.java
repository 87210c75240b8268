package dev.modelsigning.internal.hash;

import static dev.modelsigning.internal.hash.Blake3Compression.BLOCK;
import static dev.modelsigning.internal.hash.Blake3Compression.CHUNK_END;
import static dev.modelsigning.internal.hash.Blake3Compression.CHUNK_START;
import static dev.modelsigning.internal.hash.Blake3Compression.CV;
import static dev.modelsigning.internal.hash.Blake3Compression.PARENT;
import static dev.modelsigning.internal.hash.Blake3Compression.WORDS;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Chaining values of single nodes of a BLAKE3 tree. Not thread-safe. */
final class Blake3Nodes {

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final int[] cv = new int[CV];
  private final int[] words = new int[WORDS];
  private final byte[] rest = new byte[BLOCK];

  /**
   * The chaining value of a chunk.
   *
   * @param input holds the chunk
   * @param offset where it starts
   * @param length its bytes, at most 1024; 0 only for an empty input
   * @param counter its number
   * @param flags {@link Blake3Compression#ROOT} if it is the whole input, otherwise 0
   * @param target receives the eight words
   * @param at index of the first of them
   */
  void chunk(byte[] input, int offset, int length, long counter, int flags, int[] target, int at) {
    Blake3Compression.initialize(cv, 0);
    int blockFlags = CHUNK_START;
    int done = 0;
    for (; length - done > BLOCK; done += BLOCK) {
      load(input, offset + done);
      Blake3Compression.compress(cv, 0, words, counter, BLOCK, blockFlags);
      blockFlags = 0;
    }
    int last = length - done;
    System.arraycopy(input, offset + done, rest, 0, last);
    Arrays.fill(rest, last, BLOCK, (byte) 0);
    load(rest, 0);
    Blake3Compression.compress(cv, 0, words, counter, last, blockFlags | CHUNK_END | flags);
    System.arraycopy(cv, 0, target, at, CV);
  }

  private void load(byte[] input, int offset) {
    for (int i = 0; i < WORDS; i++) {
      words[i] = (int) INTS.get(input, offset + 4 * i);
    }
  }

  /**
   * The chaining value of a parent.
   *
   * @param children holds the chaining values of the left and the right child
   * @param from index of the first of their sixteen words
   * @param flags {@link Blake3Compression#ROOT} if it is the root, otherwise 0
   * @param target receives the eight words; may be the same array
   * @param at index of the first of them
   */
  void parent(int[] children, int from, int flags, int[] target, int at) {
    System.arraycopy(children, from, words, 0, WORDS);
    Blake3Compression.initialize(cv, 0);
    Blake3Compression.compress(cv, 0, words, 0, BLOCK, PARENT | flags);
    System.arraycopy(cv, 0, target, at, CV);
  }
}
