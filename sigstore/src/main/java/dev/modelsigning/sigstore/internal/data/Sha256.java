package dev.modelsigning.sigstore.internal.data;

import dev.modelsigning.bundle.Bytes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256, which every Java platform has. */
public final class Sha256 {

  /** Bytes of a hash. */
  public static final int LENGTH = 32;

  private Sha256() {}

  /** A hash to compute in parts. */
  public static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The hash of bytes. */
  public static byte[] of(Bytes content) {
    return newDigest().digest(content.toArray());
  }
}
