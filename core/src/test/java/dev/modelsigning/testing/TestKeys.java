package dev.modelsigning.testing;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.PublicKeyIdentifier;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.signingkey.InvalidSignatureException;
import dev.modelsigning.signingkey.VerifyingKey;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;

/** A new key pair for each test. */
public record TestKeys(EcdsaScheme algorithm, PrivateKey privateKey, ECPublicKey publicKey) {

  /** Keys on P-256. */
  public static TestKeys generate() {
    return generate(EcdsaScheme.P256);
  }

  /** Keys for an algorithm. */
  public static TestKeys generate(EcdsaScheme algorithm) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(algorithm.parameters());
      KeyPair pair = generator.generateKeyPair();
      return new TestKeys(algorithm, pair.getPrivate(), (ECPublicKey) pair.getPublic());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether a signature is one by a key; that the key can be used is required. */
  public static boolean verifies(
      EcdsaScheme scheme, PublicKey key, Bytes message, Bytes signature) {
    try {
      scheme.verify(key, message, signature);
      return true;
    } catch (InvalidSignatureException e) {
      if (e.getCause() != null) {
        throw new IllegalArgumentException(e);
      }
      return false;
    }
  }

  /** A public key with its scheme. */
  public static VerifyingKey verifying(PublicKey key) {
    try {
      return VerifyingKey.of(key);
    } catch (InvalidKeyException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** What a bundle says of a public key. */
  public static PublicKeyIdentifier identifier(PublicKey key) {
    return verifying(key).identifier();
  }

  /** The fingerprint of a public key. */
  public static String fingerprint(PublicKey key) {
    return verifying(key).fingerprint();
  }

  /** The canonical text of a public key. */
  public static String pem(PublicKey key) {
    return verifying(key).pem();
  }
}
