package dev.modelsigning.testing;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.signingkey.EcdsaScheme;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;

/**
 * Deterministic signatures: ECDSA according to RFC 6979, so that test data can be reproduced byte
 * for byte.
 */
public final class RepeatableSignatures {

  private static final BouncyCastleProvider PROVIDER = new BouncyCastleProvider();

  private RepeatableSignatures() {}

  /**
   * A signature.
   *
   * @param algorithm the JDK's name, such as {@code SHA256withECDSA} or {@code Ed25519}
   * @param key the private key
   * @param message the bytes, not hashed
   */
  public static byte[] sign(String algorithm, PrivateKey key, byte[] message) {
    try {
      Signature signature =
          algorithm.endsWith("withECDSA")
              ? Signature.getInstance(algorithm.replace("withECDSA", "WITHECDDSA"), PROVIDER)
              : Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A signature by the hash that belongs to the curve (OMS 4.2). */
  public static Bytes sign(EcdsaScheme algorithm, PrivateKey key, Bytes message) {
    return Bytes.of(sign(hashOf(algorithm) + "withECDSA", key, message.toArray()));
  }

  /** The hash that belongs to a curve, such as {@code SHA256}. */
  public static String hashOf(EcdsaScheme algorithm) {
    return algorithm.prehash().orElseThrow().replace("-", "");
  }

  /** What signs certificates, revocation lists and tokens. */
  public static ContentSigner contentSigner(String algorithm, PrivateKey key) {
    return new ContentSigner() {
      private final ByteArrayOutputStream content = new ByteArrayOutputStream();

      @Override
      public AlgorithmIdentifier getAlgorithmIdentifier() {
        return new DefaultSignatureAlgorithmIdentifierFinder().find(algorithm);
      }

      @Override
      public OutputStream getOutputStream() {
        content.reset();
        return content;
      }

      @Override
      public byte[] getSignature() {
        return sign(algorithm, key, content.toByteArray());
      }
    };
  }
}
