package dev.modelsigning.key;

import dev.modelsigning.internal.file.WholeFile;
import dev.modelsigning.internal.keyfile.EncryptedKey;
import dev.modelsigning.internal.keypair.EcKeyPair;
import dev.modelsigning.internal.keypair.LocalKeyPair;
import dev.modelsigning.internal.keypair.MlDsaKeyPair;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.signingkey.MlDsaScheme;
import dev.modelsigning.signingkey.VerifyingKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Generates key pairs and writes them to files. */
public final class KeyPairFiles {

  private KeyPairFiles() {}

  /**
   * Generates a key pair and writes both keys in PEM: the private one as PKCS #8 without
   * encryption, readable by its owner only; the public one as SubjectPublicKeyInfo. Each file is
   * written atomically, and the public one never without the private one.
   *
   * @param scheme the signature scheme of the keys
   * @param privateKey the file for the private key, which must not exist
   * @param publicKey the file for the public key, which must not exist
   * @return the public key
   * @throws IOException if a file exists or cannot be written
   */
  public static VerifyingKey generate(EcdsaScheme scheme, Path privateKey, Path publicKey)
      throws IOException {
    return write(pair(scheme), privateKey, publicKey, null);
  }

  /**
   * Generates a key pair for ML-DSA and writes both keys in PEM, like {@link #generate(EcdsaScheme,
   * Path, Path)}: the private one as its seed (RFC 9881 6).
   */
  public static VerifyingKey generate(MlDsaScheme scheme, Path privateKey, Path publicKey)
      throws IOException {
    return write(() -> MlDsaKeyPair.generate(scheme), privateKey, publicKey, null);
  }

  /**
   * Like {@link #generate(MlDsaScheme, Path, Path)}, with the private key encrypted like that of
   * {@link #generate(EcdsaScheme, Path, Path, char[])}.
   */
  public static VerifyingKey generate(
      MlDsaScheme scheme, Path privateKey, Path publicKey, char[] password) throws IOException {
    requirePassword(password);
    return write(() -> MlDsaKeyPair.generate(scheme), privateKey, publicKey, password);
  }

  /**
   * Like {@link #generate(EcdsaScheme, Path, Path)}, with the private key encrypted: PKCS #8 by
   * PBES2, with PBKDF2, HMAC-SHA-256 and AES-256.
   *
   * @param password the password, not empty; the caller should clear it
   * @throws IllegalArgumentException if the password is empty
   */
  public static VerifyingKey generate(
      EcdsaScheme scheme, Path privateKey, Path publicKey, char[] password) throws IOException {
    requirePassword(password);
    return write(pair(scheme), privateKey, publicKey, password);
  }

  private static void requirePassword(char[] password) {
    if (password.length == 0) {
      throw new IllegalArgumentException("the password is empty");
    }
  }

  private static VerifyingKey write(
      Supplier<LocalKeyPair> generator, Path privateKey, Path publicKey, char @Nullable [] password)
      throws IOException {
    WholeFile.requireAbsent(privateKey);
    WholeFile.requireAbsent(publicKey);
    LocalKeyPair pair = generator.get();
    VerifyingKey key = pair.verifyingKey();
    String pem =
        password == null
            ? pem("PRIVATE KEY", pair.pkcs8())
            : pem("ENCRYPTED PRIVATE KEY", EncryptedKey.der(pair.pkcs8(), password));
    WholeFile.create(publicKey, key.pem().getBytes(StandardCharsets.US_ASCII));
    try {
      WholeFile.createOwnerOnly(privateKey, pem.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      try {
        Files.delete(publicKey);
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
    return key;
  }

  private static String pem(String label, byte[] content) {
    byte[] lineFeed = {'\n'};
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getMimeEncoder(64, lineFeed).encodeToString(content)
        + "\n-----END "
        + label
        + "-----\n";
  }

  private static Supplier<LocalKeyPair> pair(EcdsaScheme scheme) {
    return () -> {
      KeyPair pair = newPair(scheme);
      return new EcKeyPair(scheme, pair.getPrivate(), key(pair));
    };
  }

  private static VerifyingKey key(KeyPair pair) {
    try {
      return VerifyingKey.of(pair.getPublic());
    } catch (InvalidKeyException e) {
      throw new IllegalStateException("a key that was made on a curve is on it", e);
    }
  }

  private static KeyPair newPair(EcdsaScheme scheme) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(scheme.parameters());
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform makes keys on " + scheme.curve(), e);
    }
  }
}
