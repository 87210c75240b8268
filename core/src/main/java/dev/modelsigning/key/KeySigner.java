package dev.modelsigning.key;

import dev.modelsigning.BundleSigner;
import dev.modelsigning.PasswordSource;
import dev.modelsigning.SignerIdentity;
import dev.modelsigning.SigningException;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Envelope;
import dev.modelsigning.bundle.PublicKeyIdentifier;
import dev.modelsigning.bundle.SignatureAlgorithm;
import dev.modelsigning.bundle.Statement;
import dev.modelsigning.keyfile.EcKeyPair;
import dev.modelsigning.keyfile.PrivateKeyFile;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.interfaces.ECPublicKey;
import org.jspecify.annotations.Nullable;

/**
 * Signs with an elliptic-curve private key on P-256, P-384 or P-521 (method {@code key}, OMS 4.1).
 * Signers are immutable and may be used by several threads.
 */
public final class KeySigner implements BundleSigner {

  private final EcKeyPair keys;

  private KeySigner(EcKeyPair keys) {
    this.keys = keys;
  }

  private static KeySigner using(EcKeyPair keys) {
    return new KeySigner(keys);
  }

  /**
   * Loads a private key that is not encrypted.
   *
   * @param file a PEM file with a key in SEC 1 or PKCS #8 form; text before it is passed over
   * @throws IOException if the file cannot be read
   * @throws SigningException if it holds no usable private key, or an encrypted one
   */
  public static KeySigner load(Path file) throws IOException, SigningException {
    return using(PrivateKeyFile.read(file, () -> null));
  }

  /**
   * Loads a private key that may be encrypted.
   *
   * @param file a PEM file with a key in SEC 1 or PKCS #8 form; text before it is passed over
   * @param password the password, or null for a key that is not encrypted; the array is not changed
   * @throws IOException if the file cannot be read
   * @throws SigningException if it holds no usable private key, or the password is wrong
   */
  public static KeySigner load(Path file, char @Nullable [] password)
      throws IOException, SigningException {
    return using(PrivateKeyFile.read(file, () -> password));
  }

  /**
   * Loads a private key, and asks for its password only if it is encrypted. The file is read once,
   * so it may be a pipe.
   *
   * @param file a PEM file with a key in SEC 1 or PKCS #8 form; text before it is passed over
   * @param passwords knows the password
   * @throws IOException if the file or the password cannot be read
   * @throws SigningException if the file holds no usable private key, or the password is wrong
   */
  public static KeySigner load(Path file, PasswordSource passwords)
      throws IOException, SigningException {
    return using(PrivateKeyFile.read(file, passwords));
  }

  /** The public key that verifies the signatures. */
  public ECPublicKey publicKey() {
    return keys.publicKey();
  }

  /** The algorithm of the signatures. */
  public SignatureAlgorithm algorithm() {
    return keys.algorithm();
  }

  /** Who signs: what a verifier will say about the signer. */
  public SignerIdentity identity() {
    return KeyVerifier.identity(publicKey(), algorithm());
  }

  @Override
  public Bundle sign(Statement statement) throws SigningException {
    Bytes payload = statement.toJson();
    try {
      Bytes signature = algorithm().sign(keys.privateKey(), Envelope.pae(payload));
      return Bundle.of(PublicKeyIdentifier.of(publicKey()), new Envelope(payload, signature));
    } catch (GeneralSecurityException e) {
      throw new SigningException("the private key cannot sign: " + e.getMessage(), e);
    }
  }
}
