package dev.modelsigning.internal.hash;

import static dev.modelsigning.internal.hash.Blake3Compression.CHUNK;
import static dev.modelsigning.internal.hash.Blake3Compression.CV;
import static dev.modelsigning.internal.hash.Blake3Compression.ROOT;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * BLAKE3 with a digest of 256 bits. The input is a binary tree over chunks of 1024 bytes; input is
 * hashed in batches of chunks, groups of batches are subtrees, and only the chaining values of
 * subtrees are kept.
 *
 * <p>Besides the whole input, an instance can hash one piece of it: then {@link #startPiece} is
 * called before the bytes and {@link #endPiece} after them, and {@link #root} computes the digest
 * from all pieces. Different instances can hash the pieces of an input in parallel.
 */
public final class Blake3 implements HashFunction {

  /**
   * The number of chunks whose chaining values are combined together: the more, the fuller the
   * vector lanes.
   */
  private static final int GROUP_CHUNKS = 4 * Blake3Lanes.MAX_CHUNKS;

  /**
   * The unit of the length of a piece, in bytes: all pieces of an input but the last have this
   * length times a power of two.
   */
  public static final long PIECE_UNIT = (long) GROUP_CHUNKS * CHUNK;

  /** The number of words that {@link #endPiece} writes for a piece. */
  public static final int PIECE_WORDS = CV;

  private static final int BATCH = Blake3Lanes.MAX_CHUNKS * CHUNK;

  /** The depth of a tree over all groups that a 64-bit counter can number. */
  private static final int MAX_DEPTH = 54;

  private final Blake3Lanes lanes = new Blake3Lanes();
  private final Blake3Nodes nodes = new Blake3Nodes();

  private final byte[] buffer = new byte[BATCH];
  private int buffered;

  /** Chaining values of the current group: of its chunks, then of their parents. */
  private final int[] cvs = new int[CV * (GROUP_CHUNKS + Blake3Lanes.MAX_CHUNKS)];

  /** Number of chunks in {@link #cvs}. */
  private int grouped;

  /** Complete subtrees, the largest and leftmost first, each half the size of the one before. */
  private final int[] stack = new int[CV * MAX_DEPTH];

  private int depth;

  /** The number of the first chunk of the group. */
  private long firstChunk;

  private long groups;

  @Override
  public void update(byte[] input, int offset, int length) {
    int from = offset;
    int end = offset + length;
    while (from < end) {
      hashFullBuffer();
      if (buffered == 0 && end - from > BATCH) {
        addBatch(input, from);
        from += BATCH;
      } else {
        int taken = Math.min(BATCH - buffered, end - from);
        System.arraycopy(input, from, buffer, buffered, taken);
        buffered += taken;
        from += taken;
      }
    }
  }

  @Override
  public void update(ByteBuffer input) {
    while (input.hasRemaining()) {
      hashFullBuffer();
      int taken = Math.min(BATCH - buffered, input.remaining());
      input.get(buffer, buffered, taken);
      buffered += taken;
    }
  }

  /** Makes room when more input follows; the last full batch is kept, as it might be the root. */
  private void hashFullBuffer() {
    if (buffered == BATCH) {
      addBatch(buffer, 0);
      buffered = 0;
    }
  }

  @Override
  public byte[] digest() {
    finish(ROOT);
    return bytes(cvs);
  }

  /**
   * Resets the state and begins a piece of an input.
   *
   * @param offset where the piece starts in the input, a multiple of {@link #PIECE_UNIT} times the
   *     power of two that all pieces but the last are long
   */
  public void startPiece(long offset) {
    reset();
    firstChunk = offset / CHUNK;
  }

  /**
   * Finishes a piece that is not the whole input, and writes the eight words of its chaining value.
   */
  public void endPiece(int[] target, int at) {
    finish(0);
    System.arraycopy(cvs, 0, target, at, CV);
  }

  /**
   * Computes the digest of an input from its pieces.
   *
   * @param pieces the chaining values of at least two pieces, in order; is overwritten
   */
  public static byte[] root(int[] pieces) {
    Blake3Nodes nodes = new Blake3Nodes();
    reduce(pieces, pieces.length / CV, 2, nodes);
    nodes.parent(pieces, 0, ROOT, pieces, 0);
    return bytes(pieces);
  }

  private void reset() {
    buffered = 0;
    grouped = 0;
    depth = 0;
    firstChunk = 0;
    groups = 0;
  }

  private void addBatch(byte[] input, int offset) {
    if (grouped == GROUP_CHUNKS) {
      endGroup();
    }
    lanes.chunks(input, offset, Blake3Lanes.MAX_CHUNKS, firstChunk + grouped, cvs, CV * grouped);
    grouped += Blake3Lanes.MAX_CHUNKS;
  }

  /** Combines a group that is followed by more input into a subtree. */
  private void endGroup() {
    reduceGroup(GROUP_CHUNKS, 1);
    System.arraycopy(cvs, 0, stack, CV * depth, CV);
    depth++;
    groups++;
    firstChunk += GROUP_CHUNKS;
    grouped = 0;
    // The number of complete subtrees is the number of factors of two in the number of groups.
    for (long n = groups; (n & 1) == 0; n >>= 1) {
      depth--;
      nodes.parent(stack, CV * (depth - 1), 0, stack, CV * (depth - 1));
    }
  }

  /**
   * Hashes the buffered input, combines it with the subtrees before, and resets the state. The
   * chaining value is then the first of {@link #cvs}.
   */
  private void finish(int rootFlag) {
    if (grouped == GROUP_CHUNKS) {
      endGroup();
    }
    int flags = depth == 0 ? rootFlag : 0;
    if (grouped == 0 && buffered <= CHUNK) {
      nodes.chunk(buffer, 0, buffered, firstChunk, flags, cvs, 0);
    } else {
      int whole = buffered / CHUNK;
      int rest = buffered % CHUNK;
      lanes.chunks(buffer, 0, whole, firstChunk + grouped, cvs, CV * grouped);
      grouped += whole;
      if (rest > 0) {
        nodes.chunk(buffer, CHUNK * whole, rest, firstChunk + grouped, 0, cvs, CV * grouped);
        grouped++;
      }
      reduceGroup(grouped, 2);
      nodes.parent(cvs, 0, flags, cvs, 0);
    }
    while (depth > 0) {
      depth--;
      System.arraycopy(cvs, 0, cvs, CV, CV);
      System.arraycopy(stack, CV * depth, cvs, 0, CV);
      nodes.parent(cvs, 0, depth == 0 ? rootFlag : 0, cvs, 0);
    }
    reset();
  }

  /** Combines the first nodes of the group pairwise until only this many are left. */
  private void reduceGroup(int count, int wanted) {
    int left = count;
    while (left > wanted) {
      lanes.parents(cvs, left / 2);
      left = carry(cvs, left);
    }
  }

  private static void reduce(int[] cvs, int count, int wanted, Blake3Nodes nodes) {
    int left = count;
    while (left > wanted) {
      for (int i = 0; i < left / 2; i++) {
        nodes.parent(cvs, 2 * CV * i, 0, cvs, CV * i);
      }
      left = carry(cvs, left);
    }
  }

  /** Moves the last node, if it has no sibling, behind the parents; returns their number. */
  private static int carry(int[] cvs, int children) {
    int parents = children / 2;
    if (children % 2 == 1) {
      System.arraycopy(cvs, CV * (children - 1), cvs, CV * parents, CV);
      return parents + 1;
    }
    return parents;
  }

  private static byte[] bytes(int[] cv) {
    byte[] digest = new byte[4 * CV];
    ByteBuffer.wrap(digest).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().put(cv, 0, CV);
    return digest;
  }
}
