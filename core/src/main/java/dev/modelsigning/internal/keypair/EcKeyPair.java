package dev.modelsigning.internal.keypair;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.signingkey.VerifyingKey;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;

/**
 * An elliptic-curve private key, and the public key that was computed from it, so that no proof of
 * possession is needed.
 *
 * @param scheme the signature scheme of the keys
 * @param privateKey the private key
 * @param verifyingKey the public key
 */
public record EcKeyPair(EcdsaScheme scheme, PrivateKey privateKey, VerifyingKey verifyingKey)
    implements LocalKeyPair {

  @Override
  public byte[] pkcs8() {
    return privateKey.getEncoded();
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
