package dev.modelsigning.internal.curve;

import java.math.BigInteger;
import java.security.InvalidKeyException;
import java.security.spec.ECFieldFp;
import java.security.spec.ECParameterSpec;
import java.security.spec.EllipticCurve;
import java.util.HexFormat;
import java.util.Optional;
import org.bouncycastle.math.ec.ECCurve;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.custom.sec.SecP256R1Curve;
import org.bouncycastle.math.ec.custom.sec.SecP384R1Curve;
import org.bouncycastle.math.ec.custom.sec.SecP521R1Curve;
import org.jspecify.annotations.Nullable;

/** The curves of OMS (4.2) with their parameters (SEC 2 2.4.2, 2.5.1 and 2.6.1). */
public enum NamedCurve {
  /** The curve P-256, also called secp256r1. */
  P256(
      "P-256",
      "1.2.840.10045.3.1.7",
      "3059301306072a8648ce3d020106082a8648ce3d030107034200",
      "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
          + "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"),

  /** The curve P-384, also called secp384r1. */
  P384(
      "P-384",
      "1.3.132.0.34",
      "3076301006072a8648ce3d020106052b81040022036200",
      "04aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a38"
          + "5502f25dbf55296c3a545e3872760ab73617de4a96262c6f5d9e98bf9292dc29f8"
          + "f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f"),

  /** The curve P-521, also called secp521r1. */
  P521(
      "P-521",
      "1.3.132.0.35",
      "30819b301006072a8648ce3d020106052b8104002303818600",
      "0400c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d"
          + "3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd"
          + "66011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e"
          + "662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd166"
          + "50");

  private final String nistName;
  private final String identifier;
  private final String prefix;
  private final String encodedGenerator;

  NamedCurve(String nistName, String identifier, String prefix, String encodedGenerator) {
    this.nistName = nistName;
    this.identifier = identifier;
    this.prefix = prefix;
    this.encodedGenerator = encodedGenerator;
  }

  /** The arithmetic of a curve, its generator, and its parameters for the classes of the JDK. */
  private record Domain(ECCurve curve, ECPoint generator, ECParameterSpec parameters) {}

  // Each is made when it is used: a program needs one curve as a rule.

  private static final class OnP256 {
    private static final Domain DOMAIN = P256.domain(new SecP256R1Curve());
  }

  private static final class OnP384 {
    private static final Domain DOMAIN = P384.domain(new SecP384R1Curve());
  }

  private static final class OnP521 {
    private static final Domain DOMAIN = P521.domain(new SecP521R1Curve());
  }

  /** Returns the curve with this object identifier, in numbers with dots; empty for others. */
  public static Optional<NamedCurve> identified(String identifier) {
    for (NamedCurve curve : values()) {
      if (curve.identifier.equals(identifier)) {
        return Optional.of(curve);
      }
    }
    return Optional.empty();
  }

  /** The NIST name, such as {@code P-256}. */
  public String nistName() {
    return nistName;
  }

  /** The order of the generator. */
  public BigInteger order() {
    return arithmetic().getOrder();
  }

  /** The parameters, in a class that every provider takes. */
  public ECParameterSpec parameters() {
    return domain().parameters();
  }

  /** Whether a key's parameters are those of this curve, whatever the class of the key. */
  public boolean matches(@Nullable ECParameterSpec other) {
    ECParameterSpec own = parameters();
    return other != null
        && own.getCurve().equals(other.getCurve())
        && own.getGenerator().equals(other.getGenerator())
        && own.getOrder().equals(other.getOrder())
        && own.getCofactor() == other.getCofactor();
  }

  /**
   * Decodes a point (SEC 1 2.3.4): compressed, uncompressed or in the hybrid form.
   *
   * @throws InvalidKeyException if it is not on this curve, or infinity, or of another form or
   *     length
   */
  public CurvePoint decode(byte[] encoded) throws InvalidKeyException {
    try {
      return new CurvePoint(this, CurvePoint.require(arithmetic().decodePoint(encoded)));
    } catch (IllegalArgumentException e) {
      throw CurvePoint.none(e);
    }
  }

  /**
   * Returns the point with these coordinates.
   *
   * @throws InvalidKeyException if it is not on this curve, or a coordinate is not from 0 to below
   *     the prime of its field
   */
  public CurvePoint point(BigInteger x, BigInteger y) throws InvalidKeyException {
    try {
      return new CurvePoint(this, CurvePoint.require(arithmetic().createPoint(x, y)));
    } catch (IllegalArgumentException e) {
      throw CurvePoint.none(e);
    }
  }

  /**
   * Returns the point of a key, which may be of any class: a third-party one may return anything,
   * and the JDK creates keys from any numbers.
   *
   * @throws InvalidKeyException if there is none, or it is infinity, or not on this curve
   */
  public CurvePoint point(java.security.spec.@Nullable ECPoint point) throws InvalidKeyException {
    if (point == null || point.equals(java.security.spec.ECPoint.POINT_INFINITY)) {
      throw CurvePoint.none(null);
    }
    return point(point.getAffineX(), point.getAffineY());
  }

  ECCurve arithmetic() {
    return domain().curve();
  }

  ECPoint generator() {
    return domain().generator();
  }

  /** What is before an uncompressed point in a SubjectPublicKeyInfo (RFC 5480 2). */
  byte[] prefix() {
    return HexFormat.of().parseHex(prefix);
  }

  private Domain domain() {
    return switch (this) {
      case P256 -> OnP256.DOMAIN;
      case P384 -> OnP384.DOMAIN;
      case P521 -> OnP521.DOMAIN;
    };
  }

  private Domain domain(ECCurve curve) {
    ECPoint generator = curve.decodePoint(HexFormat.of().parseHex(encodedGenerator));
    ECParameterSpec parameters =
        new ECParameterSpec(
            new EllipticCurve(
                new ECFieldFp(curve.getField().getCharacteristic()),
                curve.getA().toBigInteger(),
                curve.getB().toBigInteger()),
            new java.security.spec.ECPoint(
                generator.getAffineXCoord().toBigInteger(),
                generator.getAffineYCoord().toBigInteger()),
            curve.getOrder(),
            curve.getCofactor().intValueExact());
    return new Domain(curve, generator, parameters);
  }
}
