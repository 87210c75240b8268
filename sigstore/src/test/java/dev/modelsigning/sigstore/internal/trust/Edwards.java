package dev.modelsigning.sigstore.internal.trust;

import java.math.BigInteger;

/**
 * Arithmetic of the curve of Ed25519 (RFC 8032 5.1), slow and plain, for signatures that no library
 * makes.
 */
final class Edwards {

  private static final BigInteger PRIME =
      BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));
  private static final BigInteger D =
      BigInteger.valueOf(-121_665)
          .multiply(BigInteger.valueOf(121_666).modInverse(PRIME))
          .mod(PRIME);

  static final Point NEUTRAL = new Point(BigInteger.ZERO, BigInteger.ONE);
  static final Point OF_ORDER_2 = new Point(BigInteger.ZERO, PRIME.subtract(BigInteger.ONE));

  /** The square root of -1, and 0. */
  static final Point OF_ORDER_4 =
      new Point(
          BigInteger.TWO.modPow(PRIME.subtract(BigInteger.ONE).shiftRight(2), PRIME),
          BigInteger.ZERO);

  static final Point BASE =
      new Point(
          new BigInteger(
              "15112221349535400772501151409588531511454012693041857206046113283949847762202"),
          BigInteger.valueOf(4).multiply(BigInteger.valueOf(5).modInverse(PRIME)).mod(PRIME));

  private Edwards() {}

  record Point(BigInteger x, BigInteger y) {}

  static Point add(Point a, Point b) {
    BigInteger xs = a.x().multiply(b.y()).add(b.x().multiply(a.y()));
    BigInteger ys = a.y().multiply(b.y()).add(a.x().multiply(b.x()));
    BigInteger all = D.multiply(a.x()).multiply(b.x()).multiply(a.y()).multiply(b.y()).mod(PRIME);
    return new Point(
        xs.multiply(BigInteger.ONE.add(all).modInverse(PRIME)).mod(PRIME),
        ys.multiply(BigInteger.ONE.subtract(all).modInverse(PRIME)).mod(PRIME));
  }

  static Point multiply(Point point, BigInteger factor) {
    Point sum = NEUTRAL;
    for (int i = factor.bitLength() - 1; i >= 0; i--) {
      sum = add(sum, sum);
      if (factor.testBit(i)) {
        sum = add(sum, point);
      }
    }
    return sum;
  }

  /** 32 octets: the y-coordinate, and the lowest bit of the other one. */
  static byte[] encode(Point point) {
    byte[] octets = octets(point.y());
    if (point.x().testBit(0)) {
      octets[31] |= (byte) 0x80;
    }
    return octets;
  }

  /** 32 octets, the lowest first. */
  static byte[] octets(BigInteger number) {
    byte[] octets = new byte[32];
    for (int i = 0; i < 32; i++) {
      octets[i] = number.shiftRight(8 * i).byteValue();
    }
    return octets;
  }

  /** The number of octets of which the lowest is first. */
  static BigInteger number(byte[] octets) {
    BigInteger number = BigInteger.ZERO;
    for (int i = octets.length - 1; i >= 0; i--) {
      number = number.shiftLeft(8).or(BigInteger.valueOf(octets[i] & 0xff));
    }
    return number;
  }
}
