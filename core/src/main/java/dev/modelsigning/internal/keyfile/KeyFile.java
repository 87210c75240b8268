package dev.modelsigning.internal.keyfile;

import dev.modelsigning.internal.file.FileKind;
import dev.modelsigning.internal.file.SmallFile;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signingkey.SecretSource;
import dev.modelsigning.signingkey.VerifyingKey;
import java.io.IOException;
import java.nio.file.Path;

/** Reads a key file that contains a private or a public key. */
public final class KeyFile {

  private KeyFile() {}

  /**
   * Reads a public key, or computes it from a private key, also for ML-DSA. The file is read once,
   * so it may be a pipe.
   *
   * @param file a PEM file with one key
   * @param passwords supplies the password of an encrypted private key
   * @throws IOException if the file or the password cannot be read
   * @throws SigningException if it contains an unusable private key
   * @throws UnusableTrustException if it contains no usable key otherwise
   */
  public static VerifyingKey publicKey(Path file, SecretSource passwords)
      throws IOException, SigningException, UnusableTrustException {
    byte[] content = SmallFile.read(file, FileKind.KEY);
    return holdsPrivateKey(content)
        ? PrivateKeyFile.readAny(file, content, passwords).verifyingKey()
        : PublicKeyFile.readAny(file, content);
  }

  private static boolean holdsPrivateKey(byte[] content) {
    try {
      return PemText.blocks(content).stream().anyMatch(PemBlock::isPrivateKey);
    } catch (PemException e) {
      return false; // the reader of public keys then reports the error
    }
  }
}
