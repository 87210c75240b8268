package dev.modelsigning.bundle;

import java.io.IOException;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.bouncycastle.math.ec.ECPoint;

/**
 * The signature algorithms of OMS (4.2 and algorithm registry): ECDSA with the hash that belongs to
 * the curve; signatures are DER sequences of r and s.
 */
public enum SignatureAlgorithm {
  /** ECDSA on P-256 with SHA-256. */
  ECDSA_P256_SHA256("P-256", "secp256r1", "SHA-256", "SHA256withECDSA"),
  /** ECDSA on P-384 with SHA-384. */
  ECDSA_P384_SHA384("P-384", "secp384r1", "SHA-384", "SHA384withECDSA"),
  /** ECDSA on P-521 with SHA-512. */
  ECDSA_P521_SHA512("P-521", "secp521r1", "SHA-512", "SHA512withECDSA");

  private final String curve;
  private final String curveName;
  private final String digestName;
  private final String jcaName;

  @SuppressWarnings("ImmutableEnumChecker") // has no setters, but no annotation that says so
  private final ECParameterSpec parameters;

  SignatureAlgorithm(String curve, String curveName, String digestName, String jcaName) {
    this.curve = curve;
    this.curveName = curveName;
    this.digestName = digestName;
    this.jcaName = jcaName;
    try {
      AlgorithmParameters named = AlgorithmParameters.getInstance("EC");
      named.init(new ECGenParameterSpec(curveName));
      this.parameters = named.getParameterSpec(ECParameterSpec.class);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform lacks the curve " + curve, e);
    }
  }

  /**
   * The algorithm that belongs to the curve of a key.
   *
   * @param key a public or private key
   * @throws InvalidKeyException if the key is not an elliptic-curve key on P-256, P-384 or P-521
   */
  public static SignatureAlgorithm of(Key key) throws InvalidKeyException {
    if (!(key instanceof ECKey ec)) {
      // The JDK has no keys on curves that it does not know; it keeps their bytes.
      throw new InvalidKeyException(
          unsupported(
              key.getAlgorithm().equals("EC")
                  ? "this key is on another curve"
                  : "this is a key for " + key.getAlgorithm()));
    }
    for (SignatureAlgorithm algorithm : values()) {
      if (algorithm.matches(ec.getParams())) {
        return algorithm;
      }
    }
    throw new InvalidKeyException(unsupported("this key is on another curve"));
  }

  /** The sentence that refuses a key: what is supported, and what was found. */
  public static String unsupported(String found) {
    return "expected an elliptic-curve key on P-256, P-384 or P-521, " + found + " (OMS 4.2)";
  }

  /** The name of the curve at NIST, such as {@code P-256}. */
  public String curve() {
    return curve;
  }

  /** The parameters of the curve. */
  public ECParameterSpec parameters() {
    return parameters;
  }

  /**
   * Signs bytes.
   *
   * @param key the private key, on this algorithm's curve
   * @param message the bytes, not hashed
   * @return the signature in DER
   * @throws GeneralSecurityException if the key cannot sign
   */
  public Bytes sign(PrivateKey key, Bytes message) throws GeneralSecurityException {
    Signature signature = Signature.getInstance(jcaName);
    signature.initSign(key);
    signature.update(message.shared());
    return Bytes.wrap(signature.sign());
  }

  /**
   * The hash that is signed.
   *
   * @param message the bytes to hash
   */
  public Bytes digest(Bytes message) {
    try {
      return Bytes.wrap(MessageDigest.getInstance(digestName).digest(message.shared()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + digestName, e);
    }
  }

  /**
   * A signature in DER.
   *
   * @param concatenated r and s one after the other, each of the length of the curve's order, as
   *     hardware tokens give them (PKCS #11 v2.40 2.3.1)
   * @throws SignatureException if the length is another, or a number is out of range
   */
  public Bytes der(Bytes concatenated) throws SignatureException {
    byte[] bytes = concatenated.shared();
    BigInteger order = parameters.getOrder();
    int length = (order.bitLength() + 7) / 8;
    if (bytes.length != 2 * length) {
      throw new SignatureException(
          "expected a signature of "
              + 2 * length
              + " bytes for "
              + curve
              + ", found "
              + bytes.length);
    }
    BigInteger r = new BigInteger(1, bytes, 0, length);
    BigInteger s = new BigInteger(1, bytes, length, length);
    if (r.signum() == 0 || r.compareTo(order) >= 0 || s.signum() == 0 || s.compareTo(order) >= 0) {
      throw new SignatureException(
          "expected a signature of two numbers from 1 to the order of " + curve);
    }
    try {
      return Bytes.wrap(StandardDSAEncoding.INSTANCE.encode(order, r, s));
    } catch (IOException e) {
      throw new IllegalStateException("numbers in range have an encoding", e);
    }
  }

  /**
   * Verifies a signature. Bouncy Castle does it, since the JDK is lenient about the encoding and,
   * in Java 17, refuses valid signatures whose point lies beyond the order of the curve.
   *
   * @param key the public key, on this algorithm's curve
   * @param message the bytes, not hashed
   * @param signed the signature in DER
   * @return whether it is a signature of these bytes by the owner of this key
   * @throws GeneralSecurityException if the key cannot be used
   */
  public boolean verify(ECPublicKey key, Bytes message, Bytes signed)
      throws GeneralSecurityException {
    return verify(key, message, signed, digestName);
  }

  /**
   * Verifies a signature that was made with another hash than the one that belongs to the curve, as
   * the old form has it.
   *
   * @param key the public key, on this algorithm's curve
   * @param message the bytes, not hashed
   * @param signed the signature in DER
   * @param hashName the hash, as the JDK calls it
   * @return whether it is a signature of these bytes by the owner of this key
   * @throws GeneralSecurityException if the key cannot be used
   */
  public boolean verify(ECPublicKey key, Bytes message, Bytes signed, String hashName)
      throws GeneralSecurityException {
    X9ECParameters domain = CustomNamedCurves.getByName(curveName);
    BigInteger[] rAndS;
    try {
      rAndS = StandardDSAEncoding.INSTANCE.decode(domain.getN(), signed.shared());
    } catch (IOException | RuntimeException e) {
      // Not the DER form of two integers in range. The decoder throws all kinds of exceptions.
      return false;
    }
    ECDSASigner verifier = new ECDSASigner();
    try {
      // The JDK hands out keys whose coordinates are beyond the field.
      ECPoint point =
          domain.getCurve().createPoint(key.getW().getAffineX(), key.getW().getAffineY());
      verifier.init(false, new ECPublicKeyParameters(point, new ECDomainParameters(domain)));
    } catch (IllegalArgumentException e) {
      throw new InvalidKeyException("the public key is no point of its curve", e);
    }
    byte[] hash = MessageDigest.getInstance(hashName).digest(message.shared());
    return verifier.verifySignature(hash, rAndS[0], rAndS[1]);
  }

  private boolean matches(ECParameterSpec other) {
    return other != null
        && parameters.getCurve().equals(other.getCurve())
        && parameters.getGenerator().equals(other.getGenerator())
        && parameters.getOrder().equals(other.getOrder())
        && parameters.getCofactor() == other.getCofactor();
  }
}
