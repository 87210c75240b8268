package dev.modelsigning.signingkey;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.PublicKeyIdentifier;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * A public key and the scheme that signatures are verified by with it. Equal keys have the same
 * canonical text, whichever provider of the JDK they are of.
 */
public final class VerifyingKey {

  private final PublicKey key;
  private final SignatureScheme scheme;
  private final String pem;

  private VerifyingKey(PublicKey key, SignatureScheme scheme, String pem) {
    this.key = key;
    this.scheme = scheme;
    this.pem = pem;
  }

  /**
   * A key of a scheme of OMS (4.2).
   *
   * @throws InvalidKeyException if it is not on P-256, P-384 or P-521
   */
  public static VerifyingKey of(PublicKey key) throws InvalidKeyException {
    return of(key, EcdsaScheme.of(key));
  }

  /**
   * A key of any scheme.
   *
   * @throws InvalidKeyException if the key has no encoding, or is not one of the scheme as far as
   *     that is known
   */
  public static VerifyingKey of(PublicKey key, SignatureScheme scheme) throws InvalidKeyException {
    if (scheme instanceof EcdsaScheme ecdsa) {
      // Not the one given: its class may be anybody's, and change what it says.
      PublicKey canonical = ecdsa.canonical(key);
      return new VerifyingKey(canonical, scheme, pem(canonical.getEncoded()));
    }
    byte[] encoded = key.getEncoded();
    if (encoded == null || !"X.509".equals(key.getFormat())) {
      throw new InvalidKeyException(
          "expected a public key that has an encoding (SubjectPublicKeyInfo), found none");
    }
    return new VerifyingKey(key, scheme, pem(encoded));
  }

  private static String pem(byte[] der) {
    byte[] lineFeed = {'\n'};
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder(64, lineFeed).encodeToString(der)
        + "\n-----END PUBLIC KEY-----\n";
  }

  /** The key; one on an elliptic curve is of the JDK's class, whatever was given. */
  public PublicKey publicKey() {
    return key;
  }

  /** How its signatures are verified. */
  public SignatureScheme scheme() {
    return scheme;
  }

  /**
   * The canonical PEM text of the key (RFC 7468, SubjectPublicKeyInfo): for elliptic curves with a
   * named curve and an uncompressed point, in lines of 64 characters, each ended by a line feed.
   */
  public String pem() {
    return pem;
  }

  /** SHA-256 over the canonical PEM text, in lower-case hexadecimal, as bundles name keys. */
  public String fingerprint() {
    return sha256(pem.getBytes(StandardCharsets.US_ASCII));
  }

  /** What a bundle says of this key (method {@code key}, OMS 4.1). */
  public PublicKeyIdentifier identifier() {
    return new PublicKeyIdentifier(Optional.of(fingerprint()), Optional.empty());
  }

  /** Whether everything that a bundle says about its key is true of this key. */
  public boolean isNamedBy(PublicKeyIdentifier identifier) {
    String fingerprint = fingerprint();
    return identifier
            .hint()
            .map(value -> value.toLowerCase(Locale.ROOT).equals(fingerprint))
            .orElse(true)
        && identifier.rawBytes().map(value -> fingerprint(value).equals(fingerprint)).orElse(true);
  }

  /** The fingerprint that a bundle gives of its key, in either form. */
  public static Optional<String> claimedFingerprint(PublicKeyIdentifier identifier) {
    return identifier.hint().or(() -> identifier.rawBytes().map(VerifyingKey::fingerprint));
  }

  private static String fingerprint(Bytes pem) {
    return sha256(pem.toArray());
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * Requires that a signature was made with the private key that belongs to this one.
   *
   * @param message the bytes that were signed, not hashed
   * @param signature the signature in the form of the scheme
   * @throws InvalidSignatureException if it was not, or this key cannot be used
   */
  public void verify(Bytes message, Bytes signature) throws InvalidSignatureException {
    scheme.verify(key, message, signature);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VerifyingKey that && pem.equals(that.pem) && scheme.equals(that.scheme);
  }

  @Override
  public int hashCode() {
    return pem.hashCode();
  }

  @Override
  public String toString() {
    return scheme.name() + " " + fingerprint();
  }
}
