package dev.modelsigning.internal.curve;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The hash functions of ECDSA in certificates and time-stamp tokens (RFC 5758 3.2, RFC 9688). */
public enum EcdsaHash {
  /** SHA-256. */
  SHA256("SHA-256", "1.2.840.10045.4.3.2"),

  /** SHA-384. */
  SHA384("SHA-384", "1.2.840.10045.4.3.3"),

  /** SHA-512. */
  SHA512("SHA-512", "1.2.840.10045.4.3.4"),

  /** SHA3-256. */
  SHA3_256("SHA3-256", "2.16.840.1.101.3.4.3.10"),

  /** SHA3-384. */
  SHA3_384("SHA3-384", "2.16.840.1.101.3.4.3.11"),

  /** SHA3-512. */
  SHA3_512("SHA3-512", "2.16.840.1.101.3.4.3.12");

  private final String jcaName;
  private final String identifier;

  EcdsaHash(String jcaName, String identifier) {
    this.jcaName = jcaName;
    this.identifier = identifier;
  }

  /**
   * Returns the hash function of an algorithm.
   *
   * @param identifier the object identifier of ECDSA with a hash function, in numbers with dots;
   *     empty for any other one
   */
  public static Optional<EcdsaHash> identified(@Nullable String identifier) {
    for (EcdsaHash hash : values()) {
      if (hash.identifier.equals(identifier)) {
        return Optional.of(hash);
      }
    }
    return Optional.empty();
  }

  /**
   * Starts a hash.
   *
   * @throws NoSuchAlgorithmException if this Java platform does not have it
   */
  public MessageDigest digest() throws NoSuchAlgorithmException {
    return MessageDigest.getInstance(jcaName);
  }
}
