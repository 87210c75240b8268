package dev.modelsigning.sigstore.internal.data;

import dev.modelsigning.bundle.Bytes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256, which every Java platform supports. */
public final class Sha256 {

  /** The length of a hash in bytes. */
  public static final int LENGTH = 32;

  private Sha256() {}

  /** Returns a hash function for input in parts. */
  public static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Hashes bytes. */
  public static byte[] of(Bytes content) {
    return newDigest().digest(content.toArray());
  }
}
