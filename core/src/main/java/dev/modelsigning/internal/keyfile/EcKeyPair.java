package dev.modelsigning.internal.keyfile;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.signingkey.SigningKey;
import dev.modelsigning.signingkey.VerifyingKey;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Optional;

/**
 * A private key from a file, and the public key that was computed from it, so that no proof of
 * possession is needed.
 *
 * @param scheme the signature scheme of the keys
 * @param privateKey the private key
 * @param verifyingKey the public key
 */
public record EcKeyPair(EcdsaScheme scheme, PrivateKey privateKey, VerifyingKey verifyingKey)
    implements SigningKey {

  @Override
  public Optional<PublicKey> publicKey() {
    return Optional.of(verifyingKey.publicKey());
  }

  @Override
  public Bytes sign(Bytes message) throws SigningException {
    try {
      return scheme.sign(privateKey, message);
    } catch (GeneralSecurityException e) {
      throw new SigningException("the private key cannot sign: " + e.getMessage(), e);
    }
  }

  /** The public key only. */
  @Override
  public String toString() {
    return "EC key pair on " + scheme.curve();
  }
}
