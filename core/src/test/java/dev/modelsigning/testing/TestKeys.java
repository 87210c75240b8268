package dev.modelsigning.testing;

import dev.modelsigning.bundle.SignatureAlgorithm;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPublicKey;

/** A fresh key pair for a test. */
public record TestKeys(SignatureAlgorithm algorithm, PrivateKey privateKey, ECPublicKey publicKey) {

  /** Keys on P-256. */
  public static TestKeys generate() {
    return generate(SignatureAlgorithm.ECDSA_P256_SHA256);
  }

  /** Keys for an algorithm. */
  public static TestKeys generate(SignatureAlgorithm algorithm) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(algorithm.parameters());
      KeyPair pair = generator.generateKeyPair();
      return new TestKeys(algorithm, pair.getPrivate(), (ECPublicKey) pair.getPublic());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
