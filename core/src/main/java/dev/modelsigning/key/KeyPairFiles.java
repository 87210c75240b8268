package dev.modelsigning.key;

import dev.modelsigning.bundle.PublicKeyIdentifier;
import dev.modelsigning.bundle.SignatureAlgorithm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.util.Base64;
import java.util.Set;

/** Makes key pairs and writes them to files. */
public final class KeyPairFiles {

  private KeyPairFiles() {}

  /**
   * Makes a new key pair and writes both keys in PEM: the private one as PKCS #8 without
   * encryption, readable by its owner only; the public one as SubjectPublicKeyInfo.
   *
   * @param algorithm what the keys are for
   * @param privateKey the file for the private key, which must not exist
   * @param publicKey the file for the public key, which must not exist
   * @return the public key
   * @throws IOException if a file exists or cannot be written
   */
  public static ECPublicKey generate(SignatureAlgorithm algorithm, Path privateKey, Path publicKey)
      throws IOException {
    requireAbsent(privateKey);
    requireAbsent(publicKey);
    KeyPair pair = newPair(algorithm);
    ECPublicKey key = (ECPublicKey) pair.getPublic();
    byte[] lineFeed = {'\n'};
    String pem =
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder(64, lineFeed).encodeToString(pair.getPrivate().getEncoded())
            + "\n-----END PRIVATE KEY-----\n";
    FileAttribute<?>[] ownerOnly =
        privateKey.getFileSystem().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    create(publicKey, PublicKeyIdentifier.pem(key));
    try {
      create(privateKey, pem, ownerOnly);
    } catch (IOException e) {
      Files.delete(publicKey);
      throw e;
    }
    return key;
  }

  private static KeyPair newPair(SignatureAlgorithm algorithm) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(algorithm.parameters());
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform makes keys on " + algorithm.curve(), e);
    }
  }

  private static void requireAbsent(Path file) throws IOException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileSystemException(
          file.toString(), null, "exists and is not replaced; choose another file");
    }
  }

  private static void create(Path file, String content, FileAttribute<?>... attributes)
      throws IOException {
    try (SeekableByteChannel channel =
        Files.newByteChannel(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
      ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }
}
