package dev.modelsigning.internal.hash;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** BLAKE2b (RFC 7693) with a digest of 512 bits and without a key. */
final class Blake2b512 implements HashFunction {

  private static final int BLOCK = 128;

  /** Many blocks, so that direct buffers are copied in large parts. */
  private static final int BUFFER = 64 * BLOCK;

  private static final int DIGEST = 64;

  private static final long[] IV = {
    0x6a09e667f3bcc908L,
    0xbb67ae8584caa73bL,
    0x3c6ef372fe94f82bL,
    0xa54ff53a5f1d36f1L,
    0x510e527fade682d1L,
    0x9b05688c2b3e6c1fL,
    0x1f83d9abfb41bd6bL,
    0x5be0cd19137e2179L
  };

  /** The first word of the parameter block: depth 1, fan-out 1, no key, length of the digest. */
  private static final long PARAMETERS = 0x01010000L | DIGEST;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final long[] h = new long[8];
  private final long[] v = new long[16];
  private final long[] m = new long[16];
  private final byte[] buffer = new byte[BUFFER];
  private int buffered;

  /**
   * The number of bytes in all blocks that were compressed. The RFC's upper 64 bits of it are
   * always zero.
   */
  private long length;

  Blake2b512() {
    reset();
  }

  private void reset() {
    System.arraycopy(IV, 0, h, 0, h.length);
    h[0] ^= PARAMETERS;
    buffered = 0;
    length = 0;
  }

  @Override
  public void update(byte[] input, int offset, int length) {
    int from = offset;
    int end = offset + length;
    while (from < end) {
      hashFullBuffer();
      if (buffered == 0 && end - from > BLOCK) {
        compress(input, from, BLOCK, 0);
        from += BLOCK;
      } else {
        int taken = Math.min(BUFFER - buffered, end - from);
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
      int taken = Math.min(BUFFER - buffered, input.remaining());
      input.get(buffer, buffered, taken);
      buffered += taken;
    }
  }

  /**
   * Makes room when more input follows: the last block, which is not known before, must be marked.
   */
  private void hashFullBuffer() {
    if (buffered == BUFFER) {
      for (int block = 0; block < BUFFER; block += BLOCK) {
        compress(buffer, block, BLOCK, 0);
      }
      buffered = 0;
    }
  }

  @Override
  public byte[] digest() {
    int block = 0;
    for (; buffered - block > BLOCK; block += BLOCK) {
      compress(buffer, block, BLOCK, 0);
    }
    // The last block is padded with zeros, and it is the only one of an empty input.
    int end = block + BLOCK;
    Arrays.fill(buffer, buffered, end, (byte) 0);
    compress(buffer, block, buffered - block, -1);
    byte[] digest = new byte[DIGEST];
    ByteBuffer.wrap(digest).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(h);
    reset();
    return digest;
  }

  private void compress(byte[] input, int offset, int added, long lastBlock) {
    length += added;
    for (int i = 0; i < m.length; i++) {
      m[i] = (long) LONGS.get(input, offset + 8 * i);
    }
    System.arraycopy(h, 0, v, 0, h.length);
    System.arraycopy(IV, 0, v, h.length, IV.length);
    v[12] ^= length;
    v[14] ^= lastBlock;
    Blake2bRounds.mix(v, m);
    for (int i = 0; i < h.length; i++) {
      h[i] ^= v[i] ^ v[8 + i];
    }
  }
}
