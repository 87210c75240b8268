package dev.modelsigning.signingkey;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.signing.SigningException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** A key of a JCA provider. */
record ProvidedKey(
    EcdsaScheme scheme,
    PrivateKey privateKey,
    Optional<PublicKey> publicKey,
    List<X509Certificate> certificates)
    implements SigningKey {

  ProvidedKey {
    certificates = List.copyOf(certificates);
  }

  @Override
  public Bytes sign(Bytes message) throws SigningException {
    try {
      return scheme.sign(privateKey, message);
    } catch (GeneralSecurityException e) {
      throw new SigningException("the private key cannot sign: " + e.getMessage(), e);
    }
  }

  /** The scheme only, never the key. */
  @Override
  public String toString() {
    return "private key for " + scheme.name();
  }
}
