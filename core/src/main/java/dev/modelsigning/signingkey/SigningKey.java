package dev.modelsigning.signingkey;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.SignatureAlgorithm;
import dev.modelsigning.signing.SigningException;
import java.io.IOException;
import java.security.interfaces.ECPublicKey;
import java.util.Optional;

/**
 * A private key that signs where it is kept, such as one in a hardware token or a service. This is
 * an extension point: the signers of the methods {@code key} and {@code certificate} take it in
 * place of a key in a file, and verify each of its signatures before they use it.
 */
public interface SigningKey {

  /** The algorithm of its signatures, which belongs to its curve (OMS 4.2). */
  SignatureAlgorithm algorithm();

  /** The public key that belongs to it; empty if where it is kept does not say. */
  Optional<ECPublicKey> publicKey();

  /**
   * Signs bytes.
   *
   * @param message the bytes, not hashed
   * @return the signature in DER
   * @throws IOException if the key cannot be reached
   * @throws SigningException if it cannot or may not sign
   */
  Bytes sign(Bytes message) throws IOException, SigningException;
}
