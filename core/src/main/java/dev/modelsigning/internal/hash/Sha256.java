package dev.modelsigning.internal.hash;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The JDK's SHA-256, which uses the processor's SHA instructions if available. */
final class Sha256 implements HashFunction {

  private final MessageDigest digest;

  Sha256() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public void update(byte[] input, int offset, int length) {
    digest.update(input, offset, length);
  }

  @Override
  public void update(ByteBuffer input) {
    digest.update(input);
  }

  @Override
  public byte[] digest() {
    return digest.digest();
  }
}
