package dev.modelsigning.keyfile;

import dev.modelsigning.bundle.SignatureAlgorithm;
import java.security.PrivateKey;
import java.security.interfaces.ECPublicKey;

/**
 * A private key, the public key that was computed from it, and the algorithm of its curve.
 *
 * @param algorithm what the keys are for
 * @param privateKey the secret half
 * @param publicKey the half for everybody
 */
public record EcKeyPair(
    SignatureAlgorithm algorithm, PrivateKey privateKey, ECPublicKey publicKey) {

  /** The public half only. */
  @Override
  public String toString() {
    return "EC key pair on " + algorithm.curve();
  }
}
