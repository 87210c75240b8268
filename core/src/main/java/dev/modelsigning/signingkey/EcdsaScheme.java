package dev.modelsigning.signingkey;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.internal.curve.CurveKey;
import dev.modelsigning.internal.curve.CurvePoint;
import dev.modelsigning.internal.curve.NamedCurve;
import java.io.IOException;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPublicKeySpec;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.jspecify.annotations.Nullable;

/**
 * The schemes of OMS (4.2 and algorithm registry): ECDSA with the hash for each curve; signatures
 * are DER sequences of r and s.
 */
public final class EcdsaScheme implements SignatureScheme {

  /** ECDSA on P-256 with SHA-256. */
  public static final EcdsaScheme P256 =
      new EcdsaScheme(NamedCurve.P256, "secp256r1", "SHA-256", "SHA256withECDSA");

  /** ECDSA on P-384 with SHA-384. */
  public static final EcdsaScheme P384 =
      new EcdsaScheme(NamedCurve.P384, "secp384r1", "SHA-384", "SHA384withECDSA");

  /** ECDSA on P-521 with SHA-512. */
  public static final EcdsaScheme P521 =
      new EcdsaScheme(NamedCurve.P521, "secp521r1", "SHA-512", "SHA512withECDSA");

  private static final List<EcdsaScheme> ALL = List.of(P256, P384, P521);

  private final NamedCurve curve;
  private final String curveName;
  private final String digestName;
  private final String jcaName;

  /** Asked for when it is used: on Java 17 that loads other providers, and verifying does not. */
  private volatile @Nullable ECParameterSpec parameters;

  private EcdsaScheme(NamedCurve curve, String curveName, String digestName, String jcaName) {
    this.curve = curve;
    this.curveName = curveName;
    this.digestName = digestName;
    this.jcaName = jcaName;
  }

  /** All schemes, in order of key length. */
  public static List<EcdsaScheme> values() {
    return ALL;
  }

  /**
   * Returns the scheme for the curve of a key.
   *
   * @param key a public or private key
   * @throws InvalidKeyException if the key is not an elliptic-curve key on P-256, P-384 or P-521
   */
  public static EcdsaScheme of(Key key) throws InvalidKeyException {
    if (MlDsaScheme.isFor(key)) {
      throw new InvalidKeyException(MlDsaScheme.notOms(key.getAlgorithm()));
    }
    if (!(key instanceof ECKey ec)) {
      // The JDK has no key class for unknown curves; it keeps the encoded bytes.
      throw new InvalidKeyException(
          unsupported(
              key.getAlgorithm().equals("EC")
                  ? "this key is on another curve"
                  : "this is a key for " + key.getAlgorithm()));
    }
    for (EcdsaScheme scheme : ALL) {
      if (scheme.curve.matches(ec.getParams())) {
        return scheme;
      }
    }
    throw new InvalidKeyException(unsupported("this key is on another curve"));
  }

  /** The message for an unsupported key: what is supported, and what was found. */
  public static String unsupported(String found) {
    return "expected an elliptic-curve key on P-256, P-384 or P-521, " + found + " (OMS 4.2)";
  }

  @Override
  public String name() {
    return "ECDSA " + curve.nistName();
  }

  @Override
  public Optional<String> prehash() {
    return Optional.of(digestName);
  }

  /** The NIST name of the curve, such as {@code P-256}. */
  public String curve() {
    return curve.nistName();
  }

  /** The parameters of the curve. */
  public ECParameterSpec parameters() {
    ECParameterSpec known = parameters;
    if (known == null) {
      try {
        AlgorithmParameters named = AlgorithmParameters.getInstance("EC");
        named.init(new ECGenParameterSpec(curveName));
        known = named.getParameterSpec(ECParameterSpec.class);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("this Java platform lacks the curve " + curve(), e);
      }
      parameters = known;
    }
    return known;
  }

  /**
   * Signs bytes.
   *
   * @param key the private key, on this curve
   * @param message the bytes, not hashed
   * @return the signature in DER
   * @throws GeneralSecurityException if the key cannot sign
   */
  public Bytes sign(PrivateKey key, Bytes message) throws GeneralSecurityException {
    Signature signature = Signature.getInstance(jcaName);
    signature.initSign(key);
    message.update(signature);
    return Bytes.of(signature.sign());
  }

  /**
   * The hash that is signed.
   *
   * @param message the bytes to hash
   */
  public Bytes digest(Bytes message) {
    try {
      return Bytes.of(hash(digestName, message));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + digestName, e);
    }
  }

  /**
   * Converts a signature to DER.
   *
   * @param concatenated r and s one after the other, each of the length of the curve's order, the
   *     form in which hardware tokens return them (PKCS #11 v2.40 2.3.1)
   * @throws SignatureException if the length differs, or a number is out of range
   */
  public Bytes der(Bytes concatenated) throws SignatureException {
    byte[] bytes = concatenated.toArray();
    BigInteger order = curve.order();
    int length = (order.bitLength() + 7) / 8;
    if (bytes.length != 2 * length) {
      throw new SignatureException(
          "expected a signature of "
              + 2 * length
              + " bytes for "
              + curve()
              + ", found "
              + bytes.length);
    }
    BigInteger r = new BigInteger(1, bytes, 0, length);
    BigInteger s = new BigInteger(1, bytes, length, length);
    if (r.signum() == 0 || r.compareTo(order) >= 0 || s.signum() == 0 || s.compareTo(order) >= 0) {
      throw new SignatureException(
          "expected a signature of two numbers from 1 to the order of " + curve());
    }
    try {
      return Bytes.of(StandardDSAEncoding.INSTANCE.encode(order, r, s));
    } catch (IOException e) {
      throw new IllegalStateException("numbers in range have an encoding", e);
    }
  }

  /**
   * Uses Bouncy Castle, since the JDK accepts non-canonical encodings of signatures and, in Java
   * 17, refuses valid signatures whose point has an x-coordinate beyond the order of the curve.
   */
  @Override
  public void verify(PublicKey key, Bytes message, Bytes signature)
      throws InvalidSignatureException {
    verify(key, message, signature, digestName);
  }

  /**
   * Verifies a signature with another hash than that of the curve, as in the old format.
   *
   * @param hashName the JCA name of the hash
   */
  void verify(PublicKey key, Bytes message, Bytes signature, String hashName)
      throws InvalidSignatureException {
    if (!isSignature(key, message, signature, hashName)) {
      throw new InvalidSignatureException(
          "the signature does not verify with this key over these bytes");
    }
  }

  private boolean isSignature(PublicKey key, Bytes message, Bytes signature, String hashName)
      throws InvalidSignatureException {
    CurvePoint point;
    byte[] hash;
    try {
      point = point(key);
      hash = hash(hashName, message);
    } catch (GeneralSecurityException e) {
      throw new InvalidSignatureException(String.valueOf(e.getMessage()), e);
    }
    return point.isSigned(hash, signature.toArray());
  }

  private static byte[] hash(String hashName, Bytes message) throws NoSuchAlgorithmException {
    return message.digest(MessageDigest.getInstance(hashName));
  }

  private ECPublicKey require(PublicKey key) throws InvalidKeyException {
    if (key instanceof ECPublicKey ec && of(ec) == this) {
      return ec;
    }
    throw new InvalidKeyException("expected a public key on " + curve() + ", found another key");
  }

  /** The point of a key, which must be on this curve. */
  private CurvePoint point(PublicKey key) throws InvalidKeyException {
    if (key instanceof CurveKey own && own.point().curve() == curve) {
      return own.point();
    }
    return curve.point(require(key).getW());
  }

  /**
   * Converts a public key of any class to one of ours, whose encoding is canonical
   * (SubjectPublicKeyInfo, with the name of the curve and an uncompressed point).
   *
   * @throws InvalidKeyException if the key is not on this curve
   */
  CurveKey canonical(PublicKey key) throws InvalidKeyException {
    return new CurveKey(point(key));
  }

  /** Converts a public key of ours on this curve to one of the JDK, with the same encoding. */
  PublicKey ofJdk(CurveKey key) {
    try {
      return KeyFactory.getInstance("EC")
          .generatePublic(new ECPublicKeySpec(key.getW(), parameters()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has keys on " + curve(), e);
    }
  }

  @Override
  public String toString() {
    return name();
  }
}
