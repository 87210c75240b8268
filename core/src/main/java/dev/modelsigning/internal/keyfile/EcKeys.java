package dev.modelsigning.internal.keyfile;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.internal.curve.CurveKey;
import dev.modelsigning.internal.curve.CurvePoint;
import dev.modelsigning.internal.curve.NamedCurve;
import dev.modelsigning.internal.keypair.EcKeyPair;
import dev.modelsigning.internal.keypair.MlDsaKeyPair;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.signingkey.MlDsaScheme;
import dev.modelsigning.signingkey.VerifyingKey;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.spec.ECPrivateKeySpec;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/** Converts the ASN.1 forms of elliptic-curve keys to keys of the JDK, with full validation. */
public final class EcKeys {

  private EcKeys() {}

  /** The message for a key of another kind, and what makes one that can be used. */
  static String otherKind(String found) {
    return EcdsaScheme.unsupported(found) + "; 'model-signing generate-key' makes a key pair";
  }

  /**
   * Converts a public key; its point may be compressed.
   *
   * @throws InvalidKeyException if it is of another kind or on another curve, or its point is not
   *     on the curve
   */
  static VerifyingKey publicKey(SubjectPublicKeyInfo info) throws InvalidKeyException {
    NamedCurve curve = curve(info.getAlgorithm());
    return publicKey(curve.decode(info.getPublicKeyData().getOctets()), algorithm(curve));
  }

  /**
   * Converts a public key; its point may be compressed.
   *
   * @param der the key in DER (SubjectPublicKeyInfo)
   * @throws InvalidKeyException if it is of another kind or on another curve, or damaged
   */
  public static VerifyingKey publicKey(Bytes der) throws InvalidKeyException {
    SubjectPublicKeyInfo info;
    try {
      info = SubjectPublicKeyInfo.getInstance(der.toArray());
    } catch (RuntimeException e) {
      // The ASN.1 parser throws various unchecked exceptions for malformed input.
      throw new InvalidKeyException("the public key is damaged", e);
    }
    if (info == null) {
      throw new InvalidKeyException("the public key is damaged");
    }
    return publicKey(info);
  }

  /**
   * Returns the scheme for a curve.
   *
   * @param parameters the parameters of a key in DER ({@code ECParameters}, RFC 5480 2.1.1)
   * @throws InvalidKeyException if they do not name P-256, P-384 or P-521
   */
  public static EcdsaScheme algorithm(Bytes parameters) throws InvalidKeyException {
    try {
      return algorithm(
          curve(
              new AlgorithmIdentifier(
                  X9ObjectIdentifiers.id_ecPublicKey,
                  ASN1Primitive.fromByteArray(parameters.toArray()))));
    } catch (IOException | RuntimeException e) {
      throw new InvalidKeyException("the name of its curve is damaged", e);
    }
  }

  /**
   * Creates a public key.
   *
   * @param algorithm the scheme of the key
   * @param point its point (SEC 1 2.3.3), which may be compressed
   * @throws InvalidKeyException if the point is not on the curve
   */
  public static VerifyingKey publicKey(EcdsaScheme algorithm, Bytes point)
      throws InvalidKeyException {
    for (NamedCurve curve : NamedCurve.values()) {
      if (algorithm(curve).equals(algorithm)) {
        return publicKey(curve.decode(point.toArray()), algorithm);
      }
    }
    throw new IllegalStateException("no curve for " + algorithm);
  }

  /**
   * Creates a key pair from a private key. The public key is computed, and compared with the one in
   * the private key, if there is one.
   *
   * @throws InvalidKeyException if it is of another kind or on another curve, or malformed
   */
  static EcKeyPair keyPair(PrivateKeyInfo info) throws InvalidKeyException {
    NamedCurve curve = curve(info.getPrivateKeyAlgorithm());
    X9ECParameters parameters = CustomNamedCurves.getByName(curve.nistName());
    ECPrivateKey key;
    try {
      key = ECPrivateKey.getInstance(info.parsePrivateKey());
    } catch (IOException | RuntimeException e) {
      throw new InvalidKeyException("the private key is damaged", e);
    }
    BigInteger scalar = key.getKey();
    if (scalar.signum() <= 0 || scalar.compareTo(parameters.getN()) >= 0) {
      throw new InvalidKeyException("the private key is not in the range of its curve");
    }
    ECPoint product =
        new FixedPointCombMultiplier().multiply(parameters.getG(), scalar).normalize();
    CurvePoint point =
        curve.point(
            product.getAffineXCoord().toBigInteger(), product.getAffineYCoord().toBigInteger());
    ASN1BitString carried = key.getPublicKey();
    if (carried != null && !curve.decode(carried.getOctets()).equals(point)) {
      throw new InvalidKeyException("the private key carries a public key that is not its own");
    }
    EcdsaScheme algorithm = algorithm(curve);
    try {
      return new EcKeyPair(
          algorithm,
          KeyFactory.getInstance("EC")
              .generatePrivate(new ECPrivateKeySpec(scalar, algorithm.parameters())),
          publicKey(point, algorithm));
    } catch (GeneralSecurityException e) {
      throw new InvalidKeyException("the private key cannot be used: " + e.getMessage(), e);
    }
  }

  private static VerifyingKey publicKey(CurvePoint point, EcdsaScheme algorithm)
      throws InvalidKeyException {
    return VerifyingKey.of(new CurveKey(point), algorithm);
  }

  /** Whether a key of this algorithm is on an elliptic curve, supported or not. */
  static boolean isEllipticCurve(AlgorithmIdentifier algorithm) {
    return algorithm.getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey);
  }

  private static NamedCurve curve(AlgorithmIdentifier algorithm) throws InvalidKeyException {
    if (!isEllipticCurve(algorithm)) {
      MlDsaScheme mlDsa = MlDsaKeyPair.scheme(algorithm);
      throw new InvalidKeyException(
          mlDsa == null
              ? otherKind("this is a key for " + OtherKinds.name(algorithm.getAlgorithm()))
              : MlDsaScheme.notOms(mlDsa.name()));
    }
    if (!(algorithm.getParameters() instanceof ASN1ObjectIdentifier curve)) {
      throw new InvalidKeyException(EcdsaScheme.unsupported("this key does not name its curve"));
    }
    Optional<NamedCurve> named = NamedCurve.identified(curve.getId());
    if (named.isEmpty()) {
      String name = ECNamedCurveTable.getName(curve);
      throw new InvalidKeyException(
          otherKind("this key is on the curve " + (name == null ? curve.getId() : name)));
    }
    return named.get();
  }

  private static EcdsaScheme algorithm(NamedCurve curve) {
    return switch (curve) {
      case P256 -> EcdsaScheme.P256;
      case P384 -> EcdsaScheme.P384;
      case P521 -> EcdsaScheme.P521;
    };
  }

  /** Keys of other kinds; a class of its own, as it loads many names, and few users have such. */
  private static final class OtherKinds {

    /** Those that users have, by what they are called. */
    private static final Map<ASN1ObjectIdentifier, String> NAMES =
        Map.of(
            PKCSObjectIdentifiers.rsaEncryption, "RSA",
            PKCSObjectIdentifiers.id_RSASSA_PSS, "RSA",
            X9ObjectIdentifiers.id_dsa, "DSA",
            EdECObjectIdentifiers.id_Ed25519, "Ed25519",
            EdECObjectIdentifiers.id_Ed448, "Ed448",
            EdECObjectIdentifiers.id_X25519, "X25519",
            EdECObjectIdentifiers.id_X448, "X448");

    private OtherKinds() {}

    /** What an algorithm is called, as far as users have such keys. */
    static String name(ASN1ObjectIdentifier type) {
      if (type.on(NISTObjectIdentifiers.sigAlgs)) {
        // The registry of NIST has them in this order.
        int arc =
            Integer.parseInt(
                type.getId()
                    .substring(NISTObjectIdentifiers.sigAlgs.getId().length() + 1)
                    .split("\\.", 2)[0]);
        if (arc >= 20 && arc <= 31) {
          return "SLH-DSA";
        }
        if (arc >= 32 && arc <= 34) {
          return "HashML-DSA, which is another algorithm than ML-DSA";
        }
        if (arc >= 35 && arc <= 46) {
          return "HashSLH-DSA";
        }
      }
      return NAMES.getOrDefault(type, "the algorithm " + type);
    }
  }
}
