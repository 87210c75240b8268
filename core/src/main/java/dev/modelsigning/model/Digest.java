package dev.modelsigning.model;

import dev.modelsigning.internal.text.DigestText;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A digest and its algorithm.
 *
 * @param algorithm the hash algorithm
 * @param hex the digest in lower-case hexadecimal, of exactly the algorithm's length (OMS 6.3.1)
 */
public record Digest(HashAlgorithm algorithm, String hex) {

  /**
   * Checks the format.
   *
   * @throws IllegalArgumentException if {@code hex} is not lower-case hexadecimal of the length of
   *     the algorithm
   */
  public Digest {
    int expected = 2 * algorithm.digestLength();
    if (hex.length() != expected) {
      throw new IllegalArgumentException(
          DigestText.wrongLength(algorithm.id(), expected, hex.length()));
    }
    if (!hex.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
      throw new IllegalArgumentException(DigestText.NOT_HEXADECIMAL);
    }
  }

  /**
   * Creates a digest from its bytes.
   *
   * @throws IllegalArgumentException if the number of bytes does not match the algorithm
   */
  public static Digest of(HashAlgorithm algorithm, byte[] bytes) {
    return new Digest(algorithm, HexFormat.of().formatHex(bytes));
  }

  /** The bytes of the digest. */
  public byte[] toBytes() {
    return HexFormat.of().parseHex(hex);
  }

  /** Like that of any record; a generated method would create classes when it first runs. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Digest digest
        && algorithm == digest.algorithm
        && hex.equals(digest.hex);
  }

  @Override
  public int hashCode() {
    return 31 * algorithm.hashCode() + hex.hashCode();
  }

  /** The identifier of the algorithm, a colon and the digest: {@code sha256:bc9a...}. */
  @Override
  public String toString() {
    return algorithm + ":" + hex;
  }
}
