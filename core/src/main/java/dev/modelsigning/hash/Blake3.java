package dev.modelsigning.hash;

import org.bouncycastle.crypto.digests.Blake3Digest;

/** BLAKE3 with a digest of 256 bits, by Bouncy Castle. */
final class Blake3 implements HashFunction {

  private final Blake3Digest digest = new Blake3Digest(256);

  @Override
  public void update(byte[] input, int offset, int length) {
    digest.update(input, offset, length);
  }

  @Override
  public byte[] digest() {
    byte[] result = new byte[digest.getDigestSize()];
    digest.doFinal(result, 0);
    return result;
  }
}
