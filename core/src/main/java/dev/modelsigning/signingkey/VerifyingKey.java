package dev.modelsigning.signingkey;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.PublicKeyIdentifier;
import dev.modelsigning.internal.curve.CurveKey;
import dev.modelsigning.internal.json.Printable;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A public key with the scheme for verifying its signatures. Equal keys have the same canonical PEM
 * text, independently of their JCA provider.
 */
public final class VerifyingKey {

  private final PublicKey key;
  private final SignatureScheme scheme;
  private final String pem;
  private final Optional<String> service;

  /** For users, who get a key of the JDK's class; verifying needs none. */
  private volatile @Nullable PublicKey ofJdk;

  private VerifyingKey(
      PublicKey key, SignatureScheme scheme, String pem, Optional<String> service) {
    this.key = key;
    this.scheme = scheme;
    this.pem = pem;
    this.service = service;
  }

  /**
   * Returns a key with a scheme of OMS (4.2).
   *
   * @throws InvalidKeyException if it is not on P-256, P-384 or P-521
   */
  public static VerifyingKey of(PublicKey key) throws InvalidKeyException {
    return of(key, EcdsaScheme.of(key));
  }

  /**
   * Returns a key with any scheme.
   *
   * @throws InvalidKeyException if the key has no encoding, or is known not to match the scheme
   */
  public static VerifyingKey of(PublicKey key, SignatureScheme scheme) throws InvalidKeyException {
    if (scheme instanceof EcdsaScheme ecdsa) {
      // Not the given object: its class may belong to a third party, and change its values.
      PublicKey canonical = ecdsa.canonical(key);
      return new VerifyingKey(canonical, scheme, pem(canonical.getEncoded()), Optional.empty());
    }
    if (scheme instanceof MlDsaScheme mlDsa) {
      PublicKey canonical = mlDsa.canonical(key);
      return new VerifyingKey(canonical, scheme, pem(canonical.getEncoded()), Optional.empty());
    }
    byte[] encoded = key.getEncoded();
    if (encoded == null || !"X.509".equals(key.getFormat())) {
      throw new InvalidKeyException(
          "expected a public key that has an encoding (SubjectPublicKeyInfo), found none");
    }
    return new VerifyingKey(key, scheme, pem(encoded), Optional.empty());
  }

  /**
   * Returns the same key with the service that gave it, which {@link #service} shows.
   *
   * @param address its address, of which scheme, host and port are kept; empty for none
   */
  public VerifyingKey from(Optional<URI> address) {
    return new VerifyingKey(key, scheme, pem, address.map(VerifyingKey::origin));
  }

  /** Scheme, host and port only: the rest of an address may contain secrets. */
  private static String origin(URI address) {
    return Printable.escape(
        address.getScheme()
            + "://"
            + address.getHost()
            + (address.getPort() < 0 ? "" : ":" + address.getPort()));
  }

  /**
   * The service that gave the key, by scheme, host and port, such as {@code
   * https://vault.example:8200}; empty if no service was asked. Keys are equal wherever they come
   * from.
   */
  public Optional<String> service() {
    return service;
  }

  private static String pem(byte[] der) {
    byte[] lineFeed = {'\n'};
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder(64, lineFeed).encodeToString(der)
        + "\n-----END PUBLIC KEY-----\n";
  }

  /** The key; an elliptic-curve key is always of the JDK's class, one for ML-DSA of ours. */
  public PublicKey publicKey() {
    if (!(key instanceof CurveKey own && scheme instanceof EcdsaScheme ecdsa)) {
      return key;
    }
    PublicKey made = ofJdk;
    if (made == null) {
      made = ecdsa.ofJdk(own);
      ofJdk = made;
    }
    return made;
  }

  /** The scheme of its signatures. */
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

  /**
   * SHA-256 over the canonical PEM text, in lower-case hexadecimal: the form in which bundles
   * identify keys.
   */
  public String fingerprint() {
    return sha256(pem.getBytes(StandardCharsets.US_ASCII));
  }

  /** The identifier of this key in a bundle (method {@code key}, OMS 4.1). */
  public PublicKeyIdentifier identifier() {
    return new PublicKeyIdentifier(Optional.of(fingerprint()), Optional.empty());
  }

  /** Whether everything that a bundle states about its key matches this key. */
  public boolean isNamedBy(PublicKeyIdentifier identifier) {
    String fingerprint = fingerprint();
    return identifier
            .hint()
            .map(value -> value.toLowerCase(Locale.ROOT).equals(fingerprint))
            .orElse(true)
        && identifier.rawBytes().map(value -> fingerprint(value).equals(fingerprint)).orElse(true);
  }

  /**
   * Whether a bundle names this key as clients of Sigstore do: the hint is SHA-256 over the key
   * (SubjectPublicKeyInfo in DER) in Base64, and there is nothing else. OMS has another form (4.1).
   */
  public boolean isNamedAsBySigstore(PublicKeyIdentifier identifier) {
    return identifier.rawBytes().isEmpty()
        && identifier
            .hint()
            .map(Base64.getEncoder().encodeToString(digest(key.getEncoded()))::equals)
            .orElse(false);
  }

  /** The fingerprint of the key that a bundle states, in either format. */
  public static Optional<String> claimedFingerprint(PublicKeyIdentifier identifier) {
    return identifier.hint().or(() -> identifier.rawBytes().map(VerifyingKey::fingerprint));
  }

  private static String fingerprint(Bytes pem) {
    return sha256(pem.toArray());
  }

  private static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(digest(bytes));
  }

  private static byte[] digest(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * Requires that a signature was made with the private key of this public key.
   *
   * @param message the bytes that were signed, not hashed
   * @param signature the signature in the form of the scheme
   * @throws InvalidSignatureException if it was not, or this key cannot be used
   */
  public void verify(Bytes message, Bytes signature) throws InvalidSignatureException {
    scheme.verify(key, message, signature);
  }

  /** Verifies with another hash than that of the curve, as in the old format. */
  void verify(EcdsaScheme ecdsa, Bytes message, Bytes signature, String hashName)
      throws InvalidSignatureException {
    ecdsa.verify(key, message, signature, hashName);
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
