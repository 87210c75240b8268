package dev.modelsigning.signingkey;

import dev.modelsigning.bundle.Bytes;
import java.security.PublicKey;
import java.util.Optional;

/**
 * A signature scheme: the algorithm of a key with all parameters. OMS defines those of {@link
 * EcdsaScheme} (OMS 4.2); callers may pass others explicitly. Schemes are never loaded from the
 * class path, where a jar could replace the one that verifies signatures.
 */
public interface SignatureScheme {

  /** The name in reports, such as {@code ECDSA P-256}. */
  String name();

  /**
   * The JCA name of the hash whose value a token or service signs instead of the message, such as
   * {@code SHA-256}; empty if the message itself is signed.
   */
  Optional<String> prehash();

  /**
   * Requires that a signature was made over a message with the private key of this public key.
   *
   * @param key a public key of this scheme
   * @param message the bytes that were signed, not hashed
   * @param signature the signature in the form of this scheme
   * @throws InvalidSignatureException if it was not, or the key cannot be used
   */
  void verify(PublicKey key, Bytes message, Bytes signature) throws InvalidSignatureException;
}
