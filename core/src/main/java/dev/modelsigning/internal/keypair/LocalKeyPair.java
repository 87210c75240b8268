package dev.modelsigning.internal.keypair;

import dev.modelsigning.signingkey.SigningKey;
import dev.modelsigning.signingkey.VerifyingKey;
import java.security.PublicKey;
import java.util.Optional;

/** A private key in memory, and the public key that was computed from it. */
public sealed interface LocalKeyPair extends SigningKey permits EcKeyPair, MlDsaKeyPair {

  /** The public key with its scheme. */
  VerifyingKey verifyingKey();

  @Override
  default Optional<PublicKey> publicKey() {
    return Optional.of(verifyingKey().publicKey());
  }

  /** The private key as PKCS #8 in DER, not encrypted; the caller should clear it. */
  byte[] pkcs8();
}
