package dev.modelsigning.key;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Envelope;
import dev.modelsigning.bundle.Payload;
import dev.modelsigning.bundle.PublicKeyIdentifier;
import dev.modelsigning.bundle.SignatureAlgorithm;
import dev.modelsigning.keyfile.EcKeyPair;
import dev.modelsigning.keyfile.PrivateKeyFile;
import dev.modelsigning.signing.EnvelopeSignature;
import dev.modelsigning.signing.PayloadSigner;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.SignerIdentity;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signingkey.PasswordSource;
import dev.modelsigning.signingkey.SigningKey;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.interfaces.ECPublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Signs with an elliptic-curve private key on P-256, P-384 or P-521 (method {@code key}, OMS 4.1).
 * Signers are immutable and may be used by several threads if their key may.
 */
public final class KeySigner implements PayloadSigner {

  private final SigningKey key;
  private final ECPublicKey publicKey;

  private KeySigner(SigningKey key, ECPublicKey publicKey) {
    this.key = key;
    this.publicKey = publicKey;
  }

  private static KeySigner using(EcKeyPair keys) {
    return new KeySigner(new LoadedKey(keys), keys.publicKey());
  }

  /**
   * A signer with a key that is kept elsewhere.
   *
   * @param key a key that knows its public key
   * @throws SigningException if it does not know it
   */
  public static KeySigner using(SigningKey key) throws SigningException {
    ECPublicKey publicKey =
        key.publicKey()
            .orElseThrow(() ->
                new SigningException(
                    "the public key that belongs to the private key is not known, and without it"
                        + " the signature cannot be checked; store it beside the private key, or"
                        + " sign with its certificate"));
    return new KeySigner(key, publicKey);
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
    return publicKey;
  }

  /** The algorithm of the signatures. */
  public SignatureAlgorithm algorithm() {
    return key.algorithm();
  }

  /** Who signs: what a verifier will say about the signer. */
  public SignerIdentity identity() {
    return KeyVerifier.identity(publicKey(), algorithm());
  }

  @Override
  public List<SignedPayload> sign(List<Payload> payloads) throws IOException, SigningException {
    List<SignedPayload> signed = new ArrayList<>(payloads.size());
    for (Payload payload : payloads) {
      Envelope envelope = new Envelope(payload, key.sign(payload.pae()));
      if (!(key instanceof LoadedKey)) {
        requireGenuine(envelope);
      }
      signed.add(
          SignedPayload.of(Bundle.of(PublicKeyIdentifier.of(publicKey), envelope), identity()));
    }
    return signed;
  }

  /** Where a key is kept elsewhere, what is kept beside it may belong to another. */
  private void requireGenuine(Envelope envelope) throws SigningException {
    boolean genuine;
    try {
      genuine = EnvelopeSignature.by(publicKey, envelope).isPresent();
    } catch (GeneralSecurityException e) {
      throw new SigningException("the public key cannot be used: " + e.getMessage(), e);
    }
    if (!genuine) {
      throw new SigningException(
          "the signature does not verify with the public key "
              + PublicKeyIdentifier.fingerprint(publicKey)
              + ", so it is not the one of the private key; nothing was signed, correct the public"
              + " key that is stored beside it");
    }
  }

  /** A key from a file, whose public key was computed from it. */
  private record LoadedKey(EcKeyPair keys) implements SigningKey {

    @Override
    public SignatureAlgorithm algorithm() {
      return keys.algorithm();
    }

    @Override
    public Optional<ECPublicKey> publicKey() {
      return Optional.of(keys.publicKey());
    }

    @Override
    public Bytes sign(Bytes message) throws SigningException {
      try {
        return algorithm().sign(keys.privateKey(), message);
      } catch (GeneralSecurityException e) {
        throw new SigningException("the private key cannot sign: " + e.getMessage(), e);
      }
    }
  }
}
