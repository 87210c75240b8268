package dev.modelsigning.keyfile;

import dev.modelsigning.PasswordSource;
import dev.modelsigning.SigningException;
import dev.modelsigning.bundle.SignatureAlgorithm;
import dev.modelsigning.json.Printable;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.util.io.pem.PemObject;
import org.jspecify.annotations.Nullable;

/**
 * Reads the file of a private key: SEC 1 ({@code EC PRIVATE KEY}) or PKCS #8 ({@code PRIVATE KEY}),
 * plain or encrypted.
 */
public final class PrivateKeyFile {

  private PrivateKeyFile() {}

  /**
   * Reads a private key. The file is read once, so it may be a pipe.
   *
   * @param file the PEM file; text before the key is passed over
   * @param passwords is asked if the key is encrypted
   * @throws IOException if the file or the password cannot be read
   * @throws SigningException if the file holds no usable private key, or the password is wrong
   */
  public static EcKeyPair read(Path file, PasswordSource passwords)
      throws IOException, SigningException {
    try {
      Object content = only(PemFile.text(file));
      boolean encrypted =
          content instanceof PEMEncryptedKeyPair || content instanceof PKCS8EncryptedPrivateKeyInfo;
      char[] password = encrypted ? passwords.password() : null;
      return EcKeys.keyPair(decode(content, password));
    } catch (PemException | InvalidKeyException e) {
      throw new SigningException(file + ": " + e.getMessage(), e);
    }
  }

  /** The only private key of a file, as Bouncy Castle represents it, perhaps encrypted. */
  private static Object only(String text) throws PemException {
    List<PemObject> blocks = PemFile.blocks(text);
    List<PemObject> keys =
        blocks.stream().filter(block -> block.getType().endsWith("PRIVATE KEY")).toList();
    if (keys.size() > 1) {
      throw new PemException("holds " + keys.size() + " private keys, expected one");
    }
    if (keys.isEmpty()) {
      boolean publicKey = blocks.stream().anyMatch(block -> block.getType().endsWith("PUBLIC KEY"));
      boolean certificate =
          blocks.stream().anyMatch(block -> block.getType().endsWith("CERTIFICATE"));
      throw new PemException(
          publicKey
              ? "holds a public key, expected the private key"
              : certificate
                  ? "holds a certificate, expected the private key"
                  : "holds no private key, expected a PEM block"
                      + " '-----BEGIN PRIVATE KEY-----' or '-----BEGIN EC PRIVATE KEY-----'");
    }
    String type = keys.get(0).getType();
    switch (type) {
      case "PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "EC PRIVATE KEY" -> {}
      case "RSA PRIVATE KEY", "DSA PRIVATE KEY" ->
          throw new PemException(
              SignatureAlgorithm.unsupported("this is a key for " + type.substring(0, 3)));
      default ->
          throw new PemException(
              "holds a key in the form "
                  + Printable.quote(type)
                  + ", expected PKCS #8 or SEC 1; convert it, for example with"
                  + " 'openssl pkcs8 -topk8 -nocrypt' or 'ssh-keygen -p -m PKCS8'");
    }
    return parse(text, type);
  }

  private static Object parse(String text, String type) throws PemException {
    int start = text.indexOf("-----BEGIN " + type + "-----");
    try (PEMParser parser = new PEMParser(new StringReader(text.substring(start)))) {
      Object content = parser.readObject();
      if (content == null) {
        throw new PemException("the private key is damaged");
      }
      return content;
    } catch (IOException | RuntimeException e) {
      throw new PemException("the private key is damaged", e);
    }
  }

  private static PrivateKeyInfo decode(Object content, char @Nullable [] password)
      throws PemException {
    if (content instanceof PrivateKeyInfo plain) {
      return plain;
    }
    if (content instanceof PEMKeyPair pair) {
      return pair.getPrivateKeyInfo();
    }
    if (password == null) {
      throw new PemException("the private key is encrypted, give its password");
    }
    try {
      if (content instanceof PKCS8EncryptedPrivateKeyInfo encrypted) {
        return encrypted.decryptPrivateKeyInfo(
            new JceOpenSSLPKCS8DecryptorProviderBuilder()
                .setProvider(new BouncyCastleProvider())
                .build(password));
      }
      if (content instanceof PEMEncryptedKeyPair encrypted) {
        return encrypted
            .decryptKeyPair(
                new JcePEMDecryptorProviderBuilder()
                    .setProvider(new BouncyCastleProvider())
                    .build(password))
            .getPrivateKeyInfo();
      }
    } catch (IOException | PKCSException | OperatorCreationException | RuntimeException e) {
      // The decryption fails in as many ways as there are schemes; none tells more than this.
      throw new PemException(
          "the password is wrong, or the private key is damaged or encrypted in an unusual way", e);
    }
    throw new PemException("holds no private key");
  }
}
