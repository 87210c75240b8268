package dev.modelsigning.internal.hash;

import java.nio.ByteBuffer;

/**
 * A streaming hash function. Instances hold the state of one computation, are not thread-safe, and
 * are reset by {@link #digest()}.
 */
public sealed interface HashFunction permits Sha256, Blake2b512, Blake3 {

  /**
   * Adds bytes to the input.
   *
   * @param input the array that holds the bytes
   * @param offset index of the first byte
   * @param length number of bytes
   */
  void update(byte[] input, int offset, int length);

  /**
   * Adds all remaining bytes of a buffer to the input.
   *
   * @param input the buffer, direct or with an array
   */
  void update(ByteBuffer input);

  /**
   * Finishes the computation and resets the state.
   *
   * @return the digest of all bytes added since the last call
   */
  byte[] digest();

  /** Returns SHA-256 (FIPS 180-4), 32 bytes. */
  static HashFunction sha256() {
    return new Sha256();
  }

  /** Returns BLAKE2b (RFC 7693), unkeyed, 64 bytes. */
  static HashFunction blake2b512() {
    return new Blake2b512();
  }

  /** Returns BLAKE3, unkeyed, 32 bytes. */
  static HashFunction blake3() {
    return new Blake3();
  }
}
