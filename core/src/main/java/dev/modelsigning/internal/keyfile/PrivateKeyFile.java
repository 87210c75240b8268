package dev.modelsigning.internal.keyfile;

import dev.modelsigning.internal.file.FileKind;
import dev.modelsigning.internal.file.SmallFile;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.keypair.EcKeyPair;
import dev.modelsigning.internal.keypair.LocalKeyPair;
import dev.modelsigning.internal.keypair.MlDsaKeyPair;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signingkey.SecretSource;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.util.io.pem.PemHeader;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.jspecify.annotations.Nullable;

/**
 * Reads private key files: SEC 1 ({@code EC PRIVATE KEY}) or PKCS #8 ({@code PRIVATE KEY}), plain
 * or encrypted.
 */
public final class PrivateKeyFile {

  /** The block that openssl writes before a key, with the name of its curve. */
  private static final String PARAMETERS = "EC PARAMETERS";

  private PrivateKeyFile() {}

  /**
   * Reads a private key. The file is read once, so it may be a pipe.
   *
   * @param file a PEM file with the key and no other block but the name of its curve; text around
   *     them is skipped
   * @param passwords supplies the password if the key is encrypted
   * @throws IOException if the file or the password cannot be read
   * @throws SigningException if the file contains no usable private key, or the password is wrong
   */
  public static EcKeyPair read(Path file, SecretSource passwords)
      throws IOException, SigningException {
    return read(file, SmallFile.read(file, FileKind.KEY), passwords, EcKeys::keyPair);
  }

  /**
   * Like {@link #read(Path, SecretSource)}, and accepts keys for ML-DSA too. OMS does not have
   * those (4.2), so whoever uses the key must ask for its scheme.
   */
  public static LocalKeyPair readAny(Path file, SecretSource passwords)
      throws IOException, SigningException {
    return readAny(file, SmallFile.read(file, FileKind.KEY), passwords);
  }

  /** Like {@link #readAny(Path, SecretSource)}, for a file whose content was already read. */
  static LocalKeyPair readAny(Path file, byte[] read, SecretSource passwords)
      throws IOException, SigningException {
    return read(
        file,
        read,
        passwords,
        info ->
            MlDsaKeyPair.scheme(info.getPrivateKeyAlgorithm()) == null
                ? EcKeys.keyPair(info)
                : MlDsaKeyPair.of(info));
  }

  /** The kinds of keys that a file may have. */
  @FunctionalInterface
  private interface Kinds<K extends LocalKeyPair> {
    K keyPair(PrivateKeyInfo info) throws InvalidKeyException;
  }

  private static <K extends LocalKeyPair> K read(
      Path file, byte[] read, SecretSource passwords, Kinds<K> kinds)
      throws IOException, SigningException {
    try {
      List<PemBlock> blocks = PemText.blocks(read);
      Object content = parse(only(blocks));
      if (content instanceof PKCS8EncryptedPrivateKeyInfo pkcs8) {
        KeyDerivation.requireBounded(pkcs8.toASN1Structure().getEncryptionAlgorithm());
      }
      boolean encrypted =
          content instanceof PEMEncryptedKeyPair || content instanceof PKCS8EncryptedPrivateKeyInfo;
      char[] password = encrypted ? passwords.secret(request(file)) : null;
      K keys = kinds.keyPair(decode(content, password));
      requireCurve(blocks, keys);
      return keys;
    } catch (PemException | InvalidKeyException e) {
      throw new SigningException(file + ": " + e.getMessage(), e);
    }
  }

  /** The request for the password of a file. */
  static SecretSource.Request request(Path file) {
    return new SecretSource.Request(
        SecretSource.Kind.PASSWORD, Printable.escape(file.toString()), Optional.empty());
  }

  /** Refuses an {@code EC PARAMETERS} block that names another curve than the key. */
  private static void requireCurve(List<PemBlock> blocks, LocalKeyPair keys)
      throws PemException, InvalidKeyException {
    for (PemBlock block : blocks) {
      if (block.label().equals(PARAMETERS) && EcKeys.algorithm(block.content()) != keys.scheme()) {
        throw block.refused("the block '" + PARAMETERS + "' is of another curve than the key");
      }
    }
  }

  /** The only private key of a file. */
  private static PemBlock only(List<PemBlock> blocks) throws PemException {
    List<PemBlock> keys = blocks.stream().filter(PemBlock::isPrivateKey).toList();
    if (keys.size() > 1) {
      throw new PemException("holds " + keys.size() + " private keys, expected one");
    }
    for (PemBlock block : blocks) {
      if (!block.isPrivateKey() && !block.label().equals(PARAMETERS)) {
        throw block.label().endsWith("PUBLIC KEY")
            ? block.refusedAmong(
                blocks, "holds a public key, expected the private key and nothing else")
            : block.isCertificate()
                ? block.refusedAmong(
                    blocks, "holds a certificate, expected the private key and nothing else")
                : block.unexpected("the private key");
      }
    }
    if (keys.isEmpty()) {
      throw new PemException(
          "holds no private key, expected a PEM block"
              + " '-----BEGIN PRIVATE KEY-----' or '-----BEGIN EC PRIVATE KEY-----'");
    }
    if (blocks.size() > 2) {
      throw new PemException("holds several blocks '" + PARAMETERS + "', expected at most one");
    }
    PemBlock key = keys.get(0);
    switch (key.label()) {
      case "PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "EC PRIVATE KEY" -> {}
      case "RSA PRIVATE KEY", "DSA PRIVATE KEY" ->
          throw new PemException(
              EcKeys.otherKind("this is a key for " + key.label().substring(0, 3)));
      default ->
          throw new PemException(
              "holds a key in the form "
                  + Printable.quote(key.label())
                  + ", expected PKCS #8 or SEC 1; "
                  + (key.label().equals("OPENSSH PRIVATE KEY")
                      ? "convert a copy, for example with 'cp KEY COPY && ssh-keygen -p -m PKCS8 -f"
                          + " COPY', which writes over the file that it is given"
                      : "convert it, for example with 'openssl pkcs8 -topk8 -in KEY -out COPY'"));
    }
    return key;
  }

  /** The key as represented by Bouncy Castle, possibly encrypted. */
  private static Object parse(PemBlock block) throws PemException {
    try {
      List<PemHeader> headers =
          block.headers().entrySet().stream()
              .map(header -> new PemHeader(header.getKey(), header.getValue()))
              .toList();
      StringWriter text = new StringWriter();
      try (PemWriter writer = new PemWriter(text)) {
        writer.writeObject(new PemObject(block.label(), headers, block.content().toArray()));
      }
      try (PEMParser parser = new PEMParser(new StringReader(text.toString()))) {
        Object content = parser.readObject();
        if (content != null) {
          return content;
        }
      }
    } catch (IOException | RuntimeException e) {
      throw new PemException("the private key is damaged", e);
    }
    throw new PemException("the private key is damaged");
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
    if (content instanceof PKCS8EncryptedPrivateKeyInfo encrypted) {
      return PasswordDecryption.decrypt(encrypted, password);
    }
    if (content instanceof PEMEncryptedKeyPair encrypted) {
      return PasswordDecryption.decrypt(encrypted, password);
    }
    throw new PemException("holds no private key");
  }
}
