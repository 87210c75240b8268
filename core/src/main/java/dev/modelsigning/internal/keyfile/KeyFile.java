package dev.modelsigning.internal.keyfile;

import dev.modelsigning.internal.file.FileKind;
import dev.modelsigning.internal.file.SmallFile;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signingkey.SecretSource;
import dev.modelsigning.signingkey.VerifyingKey;
import java.io.IOException;
import java.nio.file.Path;

/** Reads the file of a key, whichever half it holds. */
public final class KeyFile {

  private KeyFile() {}

  /**
   * Reads a public key, or computes it from the private one. The file is read once, so it may be a
   * pipe.
   *
   * @param file a PEM file with one key
   * @param passwords is asked if it is an encrypted private key
   * @throws IOException if the file or the password cannot be read
   * @throws SigningException if it holds a private key that cannot be used
   * @throws UnusableTrustException if it holds no key that can be used otherwise
   */
  public static VerifyingKey publicKey(Path file, SecretSource passwords)
      throws IOException, SigningException, UnusableTrustException {
    byte[] content = SmallFile.read(file, FileKind.KEY);
    return holdsPrivateKey(content)
        ? PrivateKeyFile.read(file, content, passwords).verifyingKey()
        : PublicKeyFile.read(file, content);
  }

  private static boolean holdsPrivateKey(byte[] content) {
    try {
      return PemText.blocks(content).stream().anyMatch(PemBlock::isPrivateKey);
    } catch (PemException e) {
      return false; // and the reader of public keys says what is wrong
    }
  }
}
