package dev.modelsigning.internal.keyfile;

import java.io.IOException;
import java.security.SecureRandom;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfoBuilder;

/**
 * Encrypts private keys as PKCS #8 (RFC 5958) by PBES2 (RFC 8018): the key from the password in
 * UTF-8 by PBKDF2 with HMAC-SHA-256, then AES-256 in CBC mode. OpenSSL 1.1 and newer read it.
 */
public final class EncryptedKey {

  /** OWASP's recommendation for PBKDF2 with HMAC-SHA-256: about a third of a second. */
  private static final int ITERATIONS = 600_000;

  private EncryptedKey() {}

  /**
   * Encrypts a private key.
   *
   * @param key the key as PKCS #8, in DER
   * @return an EncryptedPrivateKeyInfo, in DER
   */
  public static byte[] der(byte[] key, char[] password) {
    try {
      return new PKCS8EncryptedPrivateKeyInfoBuilder(key)
          .build(
              new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                  .setProvider(new BouncyCastleProvider())
                  .setPRF(PKCS8Generator.PRF_HMACSHA256)
                  .setIterationCount(ITERATIONS)
                  .setRandom(new SecureRandom())
                  .setPassword(password)
                  .build())
          .getEncoded();
    } catch (OperatorCreationException | IOException e) {
      throw new IllegalStateException("Bouncy Castle has PBES2 with AES-256", e);
    }
  }
}
