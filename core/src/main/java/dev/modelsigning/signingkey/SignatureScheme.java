package dev.modelsigning.signingkey;

import dev.modelsigning.bundle.Bytes;
import java.security.PublicKey;
import java.util.Optional;

/**
 * How signatures are made with a kind of key and verified: the key's algorithm with all its
 * parameters. OMS has those of {@link EcdsaScheme} (OMS 4.2); others are passed in by those who
 * want them. Schemes are never looked for on the class path, where a jar could replace the one that
 * decides whether a signature is genuine.
 */
public interface SignatureScheme {

  /** What it is called in reports, such as {@code ECDSA P-256}. */
  String name();

  /**
   * The hash that a token or service has to be given in place of the message, as the JDK calls it,
   * such as {@code SHA-256}; empty if it is the message itself that is signed.
   */
  Optional<String> prehash();

  /**
   * Requires that a signature was made over a message with the private key that belongs to this
   * public one.
   *
   * @param key a public key of this scheme
   * @param message the bytes that were signed, not hashed
   * @param signature the signature in the form of this scheme
   * @throws InvalidSignatureException if it was not, or the key cannot be used
   */
  void verify(PublicKey key, Bytes message, Bytes signature) throws InvalidSignatureException;
}
