package dev.modelsigning.model;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The hash algorithms for files and shards (OMS 7 and algorithm registry). */
public enum HashAlgorithm {
  /** SHA-256 (FIPS 180-4): the default, which every implementation supports. */
  SHA256("sha256", 32),

  /** BLAKE2b (RFC 7693) with 512 bits, without a key. */
  BLAKE2B("blake2b", 64),

  /** BLAKE3 with 256 bits, without a key. */
  BLAKE3("blake3", 32);

  private final String id;
  private final int length;

  HashAlgorithm(String id, int length) {
    this.id = id;
    this.length = length;
  }

  /**
   * Returns the algorithm with an identifier of the registry.
   *
   * @param id the identifier, exactly as the registry spells it
   * @return the algorithm, or empty if there is none of this identifier
   */
  public static Optional<HashAlgorithm> of(String id) {
    return Arrays.stream(values()).filter(algorithm -> algorithm.id.equals(id)).findFirst();
  }

  /** All identifiers, for messages: {@code sha256, blake2b, blake3}. */
  public static String ids() {
    return Arrays.stream(values()).map(HashAlgorithm::id).collect(Collectors.joining(", "));
  }

  /** The identifier in the algorithm registry, such as {@code sha256}. */
  public String id() {
    return id;
  }

  /** The length of a digest in bytes. */
  public int digestLength() {
    return length;
  }

  @Override
  public String toString() {
    return id;
  }
}
