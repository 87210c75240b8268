package dev.modelsigning.key;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Envelope;
import dev.modelsigning.bundle.Payload;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.keyfile.PrivateKeyFile;
import dev.modelsigning.internal.keypair.EcKeyPair;
import dev.modelsigning.signing.KeyIdentity;
import dev.modelsigning.signing.PayloadSigner;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.signingkey.InvalidSignatureException;
import dev.modelsigning.signingkey.MlDsaScheme;
import dev.modelsigning.signingkey.SecretSource;
import dev.modelsigning.signingkey.SignatureScheme;
import dev.modelsigning.signingkey.SigningKey;
import dev.modelsigning.signingkey.VerifyingKey;
import java.io.IOException;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Signs with an elliptic-curve private key on P-256, P-384 or P-521 (method {@code key}, OMS 4.1).
 * Signers are immutable and may be used by several threads if their key may.
 */
public final class KeySigner implements PayloadSigner {

  private final SigningKey key;
  private final VerifyingKey publicKey;

  private KeySigner(SigningKey key, VerifyingKey publicKey) {
    this.key = key;
    this.publicKey = publicKey;
  }

  /**
   * Returns a signer with a key that is held anywhere. The key still belongs to the caller, who
   * must close it.
   *
   * @param key a key on P-256, P-384 or P-521 whose public key is known
   * @throws SigningException if it is any other key, or its public key is not known
   */
  public static KeySigner using(SigningKey key) throws SigningException {
    if (key instanceof EcKeyPair pair) {
      return new KeySigner(pair, pair.verifyingKey());
    }
    // Read once: the value that is checked here decides whether signatures are genuine.
    SignatureScheme scheme = key.scheme();
    if (scheme instanceof MlDsaScheme) {
      throw new SigningException(key.description() + ": " + MlDsaScheme.notOms(scheme.name()));
    }
    if (!(scheme instanceof EcdsaScheme)) {
      throw new SigningException(
          key.description()
              + ": "
              + EcdsaScheme.unsupported("this is a key for " + Printable.brief(scheme.name())));
    }
    return verifiedBy(scheme, key);
  }

  /**
   * Returns a signer with a key of any scheme. OMS does not define schemes other than those of
   * {@link EcdsaScheme}, and other clients do not verify them.
   *
   * @param key a key of this scheme whose public key is known
   * @param scheme the scheme with which signatures are verified before they are used, independently
   *     of what the key reports
   * @throws SigningException if the key is of another scheme, or its public key is not known
   */
  public static KeySigner using(SigningKey key, SignatureScheme scheme) throws SigningException {
    String found = key.scheme().name();
    if (!found.equals(scheme.name())) {
      throw new SigningException(
          "expected a key for "
              + scheme.name()
              + ", "
              + key.description()
              + " is one for "
              + Printable.brief(found));
    }
    return verifiedBy(scheme, key);
  }

  private static KeySigner verifiedBy(SignatureScheme scheme, SigningKey key)
      throws SigningException {
    PublicKey known =
        key.publicKey()
            .orElseThrow(() ->
                new SigningException(
                    "the public key that belongs to "
                        + key.description()
                        + " is not known, and without it the signature cannot be checked; store it"
                        + " beside the private key, or sign with its certificate"));
    try {
      return new KeySigner(key, VerifyingKey.of(known, scheme).from(key.service()));
    } catch (InvalidKeyException e) {
      throw new SigningException(
          "the public key that belongs to " + key.description() + ": " + e.getMessage(), e);
    }
  }

  /**
   * Loads a private key that is not encrypted.
   *
   * @param file a PEM file with a key in SEC 1 or PKCS #8 form; text before it is skipped
   * @throws IOException if the file cannot be read
   * @throws SigningException if it contains no usable private key, or an encrypted one
   */
  public static KeySigner load(Path file) throws IOException, SigningException {
    return load(file, SecretSource.NONE);
  }

  /**
   * Loads a private key that may be encrypted.
   *
   * @param file a PEM file with a key in SEC 1 or PKCS #8 form; text before it is skipped
   * @param password the password, or null for a key that is not encrypted; the array is not changed
   * @throws IOException if the file cannot be read
   * @throws SigningException if it contains no usable private key, or the password is wrong
   */
  public static KeySigner load(Path file, char @Nullable [] password)
      throws IOException, SigningException {
    return load(file, SecretSource.of(password));
  }

  /**
   * Loads a private key, and requests its password only if it is encrypted. The file is read once,
   * so it may be a pipe.
   *
   * @param file a PEM file with a key in SEC 1 or PKCS #8 form; text before it is skipped
   * @param passwords supplies the password
   * @throws IOException if the file or the password cannot be read
   * @throws SigningException if the file contains no usable private key, or the password is wrong
   */
  public static KeySigner load(Path file, SecretSource passwords)
      throws IOException, SigningException {
    return using(PrivateKeyFile.read(file, passwords));
  }

  /** The public key that verifies the signatures. */
  public VerifyingKey publicKey() {
    return publicKey;
  }

  /** The signer, as a verifier will report it. */
  public KeyIdentity identity() {
    return KeyVerifier.identity(publicKey);
  }

  @Override
  public List<SignedPayload> sign(List<Payload> payloads) throws IOException, SigningException {
    List<SignedPayload> signed = new ArrayList<>(payloads.size());
    for (Payload payload : payloads) {
      Bytes encoding = payload.pae();
      Bytes signature = key.sign(encoding);
      if (!(key instanceof EcKeyPair)) {
        requireGenuine(encoding, signature);
      }
      signed.add(
          new SignedPayload(
              Bundle.of(publicKey.identifier(), new Envelope(payload, signature)),
              identity(),
              List.of(),
              KeyVerifier.notOms(publicKey).stream().toList()));
    }
    return signed;
  }

  /** For a key that is held elsewhere, the stored public key may belong to a different key. */
  private void requireGenuine(Bytes encoding, Bytes signature) throws SigningException {
    try {
      publicKey.verify(encoding, signature);
    } catch (InvalidSignatureException e) {
      throw new SigningException(
          e.getCause() != null
              ? "the public key cannot be used: " + e.getMessage()
              : "the signature does not verify with the public key "
                  + publicKey.fingerprint()
                  + ", so it is not the one of "
                  + key.description()
                  + "; nothing was signed, correct the public key that is stored beside it",
          e);
    }
  }
}
