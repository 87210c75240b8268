package dev.modelsigning.internal.curve;

import java.io.IOException;
import java.math.BigInteger;
import java.security.InvalidKeyException;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECParameterSpec;
import java.util.Arrays;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECFieldElement;
import org.bouncycastle.math.ec.ECPoint;
import org.jspecify.annotations.Nullable;

/** A point on a curve, which is not infinity: the content of a public key. */
public final class CurvePoint {

  private final NamedCurve curve;

  /** With affine coordinates, as it was made of them. */
  private final ECPoint point;

  CurvePoint(NamedCurve curve, ECPoint point) {
    this.curve = curve;
    this.point = point;
  }

  /**
   * Returns the point of a public key of any class.
   *
   * @throws InvalidKeyException if the key is not on P-256, P-384 or P-521, or is no point there
   */
  public static CurvePoint of(ECPublicKey key) throws InvalidKeyException {
    if (key instanceof CurveKey own) {
      return own.point();
    }
    ECParameterSpec parameters = key.getParams();
    for (NamedCurve curve : NamedCurve.values()) {
      if (curve.matches(parameters)) {
        return curve.point(key.getW());
      }
    }
    throw new InvalidKeyException("expected a key on P-256, P-384 or P-521");
  }

  /** Requires a point on its curve that is not infinity. The order of these curves is prime. */
  static ECPoint require(ECPoint point) throws InvalidKeyException {
    if (point.isInfinity() || !point.isValid()) {
      throw none(null);
    }
    return point;
  }

  static InvalidKeyException none(@Nullable IllegalArgumentException cause) {
    return new InvalidKeyException("the public key is no point of its curve", cause);
  }

  /** The curve that it is on. */
  public NamedCurve curve() {
    return curve;
  }

  /** The x-coordinate, from 0 to below the prime of the field. */
  public BigInteger x() {
    return point.getAffineXCoord().toBigInteger();
  }

  /** The y-coordinate, from 0 to below the prime of the field. */
  public BigInteger y() {
    return point.getAffineYCoord().toBigInteger();
  }

  /** Its canonical encoding as a key: a SubjectPublicKeyInfo with an uncompressed point. */
  byte[] subjectPublicKeyInfo() {
    byte[] prefix = curve.prefix();
    byte[] encoded = point.getEncoded(false);
    byte[] info = Arrays.copyOf(prefix, prefix.length + encoded.length);
    System.arraycopy(encoded, 0, info, prefix.length, encoded.length);
    return info;
  }

  /**
   * Whether this is a signature of ECDSA with this public key (SEC 1 4.1.4).
   *
   * @param hash the hash of the message, of which as many bits count as the order has
   * @param signature two numbers in DER (RFC 3279 2.2.3); in any other encoding it is none
   */
  public boolean isSigned(byte[] hash, byte[] signature) {
    BigInteger[] numbers;
    try {
      numbers = StandardDSAEncoding.INSTANCE.decode(curve.order(), signature);
    } catch (IOException | RuntimeException e) {
      // Not the DER encoding of two integers in range. The decoder throws various exceptions.
      return false;
    }
    return isSigned(hash, numbers[0], numbers[1]);
  }

  /**
   * Whether two numbers are a signature of ECDSA with this public key (SEC 1 4.1.4).
   *
   * @param hash the hash of the message, of which as many bits count as the order has
   */
  boolean isSigned(byte[] hash, BigInteger r, BigInteger s) {
    BigInteger order = curve.order();
    if (!isInRange(r, order) || !isInRange(s, order)) {
      return false;
    }
    BigInteger inverse = s.modInverse(order);
    BigInteger u1 = truncated(hash, order).multiply(inverse).mod(order);
    BigInteger u2 = r.multiply(inverse).mod(order);
    ECPoint sum = ECAlgorithms.sumOfTwoMultiplies(curve.generator(), u1, point, u2);
    return !sum.isInfinity() && hasCoordinate(sum, r, order);
  }

  private static boolean isInRange(BigInteger number, BigInteger order) {
    return number.signum() > 0 && number.compareTo(order) < 0;
  }

  private static BigInteger truncated(byte[] hash, BigInteger order) {
    int excess = 8 * hash.length - order.bitLength();
    BigInteger number = new BigInteger(1, hash);
    return excess > 0 ? number.shiftRight(excess) : number;
  }

  /**
   * Whether the x-coordinate is r modulo the order. The point has Jacobian coordinates, so x is X
   * divided by the square of Z; multiplying r instead saves an inversion. The field is larger than
   * the order, so that x may be r or, if that is in the field, r and the order.
   */
  private boolean hasCoordinate(ECPoint sum, BigInteger r, BigInteger order) {
    ECFieldElement x = sum.getXCoord();
    ECFieldElement square = sum.getZCoord(0).square();
    BigInteger beyond = r.add(order);
    return multiple(square, r).equals(x)
        || (curve.arithmetic().isValidFieldElement(beyond) && multiple(square, beyond).equals(x));
  }

  private ECFieldElement multiple(ECFieldElement element, BigInteger factor) {
    return curve.arithmetic().fromBigInteger(factor).multiply(element);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CurvePoint that
        && curve == that.curve
        && x().equals(that.x())
        && y().equals(that.y());
  }

  @Override
  public int hashCode() {
    return 31 * curve.hashCode() + x().hashCode();
  }

  @Override
  public String toString() {
    return "point on " + curve.nistName();
  }
}
