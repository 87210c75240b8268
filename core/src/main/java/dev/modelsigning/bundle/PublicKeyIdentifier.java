package dev.modelsigning.bundle;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECPublicKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * Which public key a signature belongs to (method {@code key}).
 *
 * @param hint the fingerprint of the key, as OMS 1.1 and later write it; empty where absent
 * @param rawBytes the key in PEM, as older signers wrote it; empty where absent
 */
public record PublicKeyIdentifier(Optional<String> hint, Optional<Bytes> rawBytes)
    implements VerificationMaterial {

  /** The identifier of a key. */
  public static PublicKeyIdentifier of(ECPublicKey key) {
    return new PublicKeyIdentifier(Optional.of(fingerprint(key)), Optional.empty());
  }

  /**
   * The fingerprint of a public key: SHA-256, in lower-case hexadecimal, over its canonical PEM
   * text (named curve, uncompressed point, lines of 64 characters, each ended by a line feed).
   */
  public static String fingerprint(ECPublicKey key) {
    return sha256(pem(key).getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * The canonical PEM text of a public key (RFC 7468, SubjectPublicKeyInfo).
   *
   * @throws IllegalArgumentException if the key is not on a supported curve
   */
  public static String pem(ECPublicKey key) {
    try {
      ECPublicKeySpec spec =
          new ECPublicKeySpec(key.getW(), SignatureAlgorithm.of(key).parameters());
      byte[] der = KeyFactory.getInstance("EC").generatePublic(spec).getEncoded();
      byte[] lineFeed = {'\n'};
      return "-----BEGIN PUBLIC KEY-----\n"
          + Base64.getMimeEncoder(64, lineFeed).encodeToString(der)
          + "\n-----END PUBLIC KEY-----\n";
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** Whether the bundle says anything about its key. */
  public boolean isPresent() {
    return hint.isPresent() || rawBytes.isPresent();
  }

  /** Whether everything that the bundle says about its key is true of this key. */
  public boolean matches(ECPublicKey key) {
    String fingerprint = fingerprint(key);
    return hint.map(value -> value.toLowerCase(Locale.ROOT).equals(fingerprint)).orElse(true)
        && rawBytes.map(value -> sha256(value.shared()).equals(fingerprint)).orElse(true);
  }

  /** The fingerprint that the bundle gives, in either form. */
  public Optional<String> claimedFingerprint() {
    return hint.or(() -> rawBytes.map(value -> sha256(value.shared())));
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
