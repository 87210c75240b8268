package dev.modelsigning.hash;

import org.bouncycastle.crypto.digests.Blake2bDigest;

/** BLAKE2b with a digest of 512 bits, by Bouncy Castle. */
final class Blake2b512 implements HashFunction {

  private final Blake2bDigest digest = new Blake2bDigest(512);

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
