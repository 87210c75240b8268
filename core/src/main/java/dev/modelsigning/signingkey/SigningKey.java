package dev.modelsigning.signingkey;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.signing.SigningException;
import java.io.IOException;
import java.net.URI;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * A private key that signs where it is held: in memory, in a hardware token, in a service. This is
 * an extension point: the signers of the methods {@code key} and {@code certificate} accept any
 * implementation, and verify each of its signatures before they use it. A {@link KeyProvider} opens
 * keys by their URI.
 */
public interface SigningKey extends AutoCloseable {

  /** The scheme of its signatures. */
  SignatureScheme scheme();

  /** The public key; empty if the storage of the key does not provide it. */
  Optional<PublicKey> publicKey();

  /**
   * The certificates that are stored with it, its own first, followed by intermediate certificates
   * in order; empty if there are none.
   */
  default List<X509Certificate> certificates() {
    return List.of();
  }

  /**
   * Signs bytes.
   *
   * @param message the bytes, not hashed
   * @return the signature in the form of the scheme, which for ECDSA is DER
   * @throws IOException if the key cannot be reached
   * @throws SigningException if it cannot be used or is not permitted to sign
   */
  Bytes sign(Bytes message) throws IOException, SigningException;

  /**
   * The service that holds the key, for verdicts, since the environment may have named it: scheme,
   * host and port count, nothing else is shown. Empty if no service was asked.
   */
  default Optional<URI> service() {
    return Optional.empty();
  }

  /** The name of the key in messages, such as {@code the private key}. */
  default String description() {
    return "the private key";
  }

  /**
   * Releases the resources that were used to reach the key. What was signed remains signed, so this
   * does not fail.
   */
  @Override
  default void close() {}

  /**
   * Returns a key of a JCA provider, which need not be extractable.
   *
   * @param privateKey the key
   * @param publicKey its public key
   * @throws InvalidKeyException if the public key is not on P-256, P-384 or P-521
   */
  static SigningKey of(PrivateKey privateKey, PublicKey publicKey) throws InvalidKeyException {
    return new ProvidedKey(
        EcdsaScheme.of(publicKey), privateKey, Optional.of(publicKey), List.of());
  }

  /**
   * Returns a key of a JCA provider, which need not be extractable, with its certificates.
   *
   * @param privateKey the key
   * @param certificates its certificate, for which proof of possession is required later, followed
   *     by intermediate certificates
   * @throws InvalidKeyException if the certificate's key is not on P-256, P-384 or P-521
   */
  static SigningKey of(PrivateKey privateKey, List<X509Certificate> certificates)
      throws InvalidKeyException {
    EcdsaScheme scheme = EcdsaScheme.of(certificates.get(0).getPublicKey());
    return new ProvidedKey(scheme, privateKey, Optional.empty(), certificates);
  }
}
