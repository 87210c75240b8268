package dev.modelsigning.internal.curve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECPublicKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.math.ec.ECPoint;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Signatures by ECDSA, compared with Bouncy Castle's own verification and with the JDK's. */
class CurvePointTest {

  private static final BigInteger ONE = BigInteger.ONE;

  /** Always the same numbers, so that a failure can be seen again. */
  private final Random random = new Random(20_261_127);

  /** The JDK takes no longer hash than this, in bytes. */
  private static final int LONGEST_OF_JDK = 64;

  /** Whether two numbers are a signature, which all three must say. */
  private static boolean verifies(
      NamedCurve curve, ECPoint key, byte[] hash, BigInteger r, BigInteger s) throws Exception {
    boolean signed = isSigned(curve, key, hash, r, s);
    if (hash.length <= LONGEST_OF_JDK) {
      assertThat(byJdk(curve, key, hash, r, s)).isEqualTo(signed);
    }
    return signed;
  }

  /** Whether two numbers are a signature, which Bouncy Castle's own verification must say, too. */
  private static boolean isSigned(
      NamedCurve curve, ECPoint key, byte[] hash, BigInteger r, BigInteger s) throws Exception {
    boolean signed = point(curve, key).isSigned(hash, r, s);
    ECDSASigner signer = new ECDSASigner();
    ECDomainParameters domain = new ECDomainParameters(domain(curve));
    signer.init(false, new ECPublicKeyParameters(key, domain));
    assertThat(signed)
        .as("%s %s %s %s %s", curve, key.normalize(), Arrays.toString(hash), r, s)
        .isEqualTo(signer.verifySignature(hash, r, s));
    return signed;
  }

  private static boolean byJdk(
      NamedCurve curve, ECPoint key, byte[] hash, BigInteger r, BigInteger s)
      throws GeneralSecurityException, IOException {
    Signature signature = Signature.getInstance("NONEwithECDSA");
    CurveKey ours = new CurveKey(point(curve, key));
    signature.initVerify(
        KeyFactory.getInstance("EC")
            .generatePublic(new ECPublicKeySpec(ours.getW(), ours.getParams())));
    signature.update(hash);
    ASN1EncodableVector numbers = new ASN1EncodableVector();
    numbers.add(new ASN1Integer(r));
    numbers.add(new ASN1Integer(s));
    try {
      return signature.verify(new DERSequence(numbers).getEncoded());
    } catch (SignatureException e) {
      return false; // out of range, or no encoding
    }
  }

  private static X9ECParameters domain(NamedCurve curve) {
    return CustomNamedCurves.getByName(curve.nistName());
  }

  private static CurvePoint point(NamedCurve curve, ECPoint point) throws InvalidKeyException {
    ECPoint affine = point.normalize();
    return curve.point(
        affine.getAffineXCoord().toBigInteger(), affine.getAffineYCoord().toBigInteger());
  }

  private static BigInteger coordinate(ECPoint point) {
    return point.normalize().getAffineXCoord().toBigInteger();
  }

  private BigInteger below(BigInteger order) {
    return new BigInteger(order.bitLength() + 64, random).mod(order.subtract(ONE)).add(ONE);
  }

  private byte[] hash(int length) {
    byte[] hash = new byte[length];
    random.nextBytes(hash);
    return hash;
  }

  /** The number that is signed. */
  private static BigInteger number(byte[] hash, BigInteger order) {
    BigInteger number = new BigInteger(1, hash);
    return number.shiftRight(Math.max(0, 8 * hash.length - order.bitLength()));
  }

  /** A signature (SEC 1 4.1.3), with a chosen number k. */
  private static BigInteger[] sign(NamedCurve curve, BigInteger secret, byte[] hash, BigInteger k) {
    X9ECParameters domain = domain(curve);
    BigInteger n = domain.getN();
    BigInteger r = coordinate(domain.getG().multiply(k)).mod(n);
    BigInteger s = k.modInverse(n).multiply(number(hash, n).add(r.multiply(secret))).mod(n);
    return new BigInteger[] {r, s};
  }

  @ParameterizedTest
  @EnumSource
  void verifiesSignaturesOverHashesOfAnyLength(NamedCurve curve) throws Exception {
    BigInteger n = curve.order();
    for (int length : new int[] {1, 20, 28, 31, 32, 33, 47, 48, 49, 63, 64}) {
      byte[] hash = hash(length);
      BigInteger secret = below(n);
      ECPoint key = domain(curve).getG().multiply(secret);
      BigInteger[] good = sign(curve, secret, hash, below(n));
      BigInteger r = good[0];
      BigInteger s = good[1];

      assertThat(verifies(curve, key, hash, r, s)).isTrue();
      assertThat(verifies(curve, key, hash, r, n.subtract(s))).isTrue();
      assertThat(verifies(curve, key.negate(), hash, r, s)).isFalse();
      assertThat(verifies(curve, key, hash, s, r)).isFalse();
      assertThat(verifies(curve, key, hash, r.xor(ONE), s)).isFalse();
      assertThat(verifies(curve, key, hash, r, s.xor(ONE))).isFalse();
      assertThat(verifies(curve, key, hash, n.subtract(r), s)).isFalse();
      byte[] other = hash.clone();
      other[0] ^= (byte) 0x80;
      assertThat(verifies(curve, key, other, r, s)).isFalse();
    }
    byte[] hash = hash(100); // longer than any of the JDK
    BigInteger secret = below(n);
    BigInteger[] good = sign(curve, secret, hash, below(n));
    ECPoint key = domain(curve).getG().multiply(secret);
    assertThat(isSigned(curve, key, hash, good[0], good[1])).isTrue();
  }

  /** Only as many bits of a hash count as the order has, and these are the first ones. */
  @ParameterizedTest
  @EnumSource
  void takesTheFirstBitsOfALongHash(NamedCurve curve) throws Exception {
    BigInteger n = curve.order();
    byte[] hash = hash(100);
    BigInteger secret = below(n);
    BigInteger[] good = sign(curve, secret, hash, below(n));
    ECPoint key = domain(curve).getG().multiply(secret);
    int bits = n.bitLength();
    hash[bits / 8] ^= (byte) (0x80 >> bits % 8);
    assertThat(isSigned(curve, key, hash, good[0], good[1])).isTrue();
    hash[(bits - 1) / 8] ^= (byte) (0x80 >> (bits - 1) % 8);
    assertThat(isSigned(curve, key, hash, good[0], good[1])).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void verifiesWhatTheJdkSigns(NamedCurve curve) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(curve.parameters());
    for (int i = 0; i < 20; i++) {
      KeyPair pair = generator.generateKeyPair();
      byte[] hash = hash(32);
      Signature signing = Signature.getInstance("NONEwithECDSA");
      signing.initSign(pair.getPrivate());
      signing.update(hash);
      ASN1Sequence numbers = ASN1Sequence.getInstance(signing.sign());
      java.security.spec.ECPoint w = ((ECPublicKey) pair.getPublic()).getW();
      ECPoint key = domain(curve).getCurve().createPoint(w.getAffineX(), w.getAffineY());
      BigInteger r = ASN1Integer.getInstance(numbers.getObjectAt(0)).getValue();
      BigInteger s = ASN1Integer.getInstance(numbers.getObjectAt(1)).getValue();
      assertThat(verifies(curve, key, hash, r, s)).isTrue();
      assertThat(verifies(curve, key, hash, r, below(curve.order()))).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void saysTheSameOfNumbersAtTheEndsOfTheirRange(NamedCurve curve) throws Exception {
    BigInteger n = curve.order();
    BigInteger p = curve.arithmetic().getField().getCharacteristic();
    ECPoint generator = domain(curve).getG();
    BigInteger secret = below(n);
    byte[] zero = new byte[32];
    List<BigInteger> numbers =
        List.of(
            BigInteger.ZERO,
            ONE,
            ONE.negate(),
            BigInteger.TWO,
            n.subtract(ONE),
            n,
            n.add(ONE),
            n.shiftLeft(1),
            n.negate(),
            p,
            p.subtract(n),
            coordinate(generator).mod(n),
            coordinate(generator.multiply(secret)).mod(n));
    List<ECPoint> keys =
        List.of(generator, generator.negate(), generator.twice(), generator.multiply(secret));
    int valid = 0;
    for (ECPoint key : keys) {
      for (byte[] hash : List.of(zero, hash(32))) {
        for (BigInteger r : numbers) {
          for (BigInteger s : numbers) {
            boolean inRange =
                r.signum() > 0 && s.signum() > 0 && r.compareTo(n) < 0 && s.compareTo(n) < 0;
            // The JDK takes a number without its sign for the positive one with the same bytes.
            boolean negative = r.signum() < 0 || s.signum() < 0;
            boolean signed =
                negative ? isSigned(curve, key, hash, r, s) : verifies(curve, key, hash, r, s);
            assertThat(signed && !inRange).isFalse();
            valid += signed ? 1 : 0;
          }
        }
      }
    }
    // With a hash of 0, r and s that are both the coordinate of the key.
    assertThat(valid).isPositive();
  }

  @ParameterizedTest
  @EnumSource
  void refusesNumbersOutOfRangeThatAreThoseOfASignatureModuloTheOrder(NamedCurve curve)
      throws Exception {
    BigInteger n = curve.order();
    byte[] hash = hash(32);
    BigInteger secret = below(n);
    ECPoint key = domain(curve).getG().multiply(secret);
    BigInteger[] good = sign(curve, secret, hash, below(n));
    BigInteger r = good[0];
    BigInteger s = good[1];
    assertThat(verifies(curve, key, hash, r, s)).isTrue();
    assertThat(verifies(curve, key, hash, r.add(n), s)).isFalse();
    assertThat(verifies(curve, key, hash, r, s.add(n))).isFalse();
    assertThat(verifies(curve, key, hash, r.subtract(n), s)).isFalse();
    assertThat(verifies(curve, key, hash, r, s.subtract(n))).isFalse();
    assertThat(verifies(curve, key, hash, BigInteger.ZERO, s)).isFalse();
    assertThat(verifies(curve, key, hash, r, BigInteger.ZERO)).isFalse();
    assertThat(verifies(curve, key, hash, n, s)).isFalse();
    assertThat(verifies(curve, key, hash, r, n)).isFalse();
  }

  /** One of the two factors is 0, both points are one, or one is minus the other. */
  @ParameterizedTest
  @EnumSource
  void addsPointsThatAreTheSameOrOpposite(NamedCurve curve) throws Exception {
    BigInteger n = curve.order();
    ECPoint generator = domain(curve).getG();
    int length = (n.bitLength() + 7) / 8;
    byte[] hash = hash(32);
    BigInteger e = number(hash, n);
    for (BigInteger secret : List.of(ONE, n.subtract(ONE), BigInteger.TWO, below(n))) {
      ECPoint key = generator.multiply(secret);
      // A hash of 0, and one that is the order: no generator in the sum.
      byte[] order = new byte[length];
      byte[] bytes = n.shiftLeft(Math.max(0, 8 * length - n.bitLength())).toByteArray();
      System.arraycopy(bytes, bytes.length - length, order, 0, length);
      for (byte[] nothing : List.of(new byte[32], order)) {
        assertThat(number(nothing, n).mod(n)).isZero();
        BigInteger[] good = sign(curve, secret, nothing, below(n));
        assertThat(verifies(curve, key, nothing, good[0], good[1])).isTrue();
        assertThat(verifies(curve, key, nothing, good[0].xor(ONE), good[1])).isFalse();
      }
      BigInteger[] good = sign(curve, secret, hash, below(n));
      assertThat(verifies(curve, key, hash, good[0], good[1])).isTrue();
    }
    // Both products are one point: e G = r Q.
    BigInteger r = coordinate(generator).mod(n);
    BigInteger equal = e.multiply(r.modInverse(n)).mod(n);
    BigInteger s = e.add(r.multiply(equal)).mod(n);
    assertThat(verifies(curve, generator.multiply(equal), hash, r, s)).isTrue();
    // Their sum is infinity: e G = - r Q. Nothing is a signature then.
    ECPoint opposite = generator.multiply(n.subtract(equal));
    assertThat(verifies(curve, opposite, hash, r, ONE)).isFalse();
    assertThat(verifies(curve, opposite, hash, r, s)).isFalse();
  }

  /** A point whose coordinate is beyond the order, so that r is small. Java 17 refuses it. */
  @ParameterizedTest
  @EnumSource
  void verifiesByAPointBeyondTheOrder(NamedCurve curve) throws Exception {
    BigInteger n = curve.order();
    BigInteger p = curve.arithmetic().getField().getCharacteristic();
    ECPoint generator = domain(curve).getG();
    byte[] hash = hash(32);
    BigInteger x = n.add(ONE);
    ECPoint beyond = compressed(curve, x);
    while (beyond == null) {
      x = x.add(ONE);
      assertThat(x).isLessThan(p);
      beyond = compressed(curve, x);
    }
    BigInteger r = x.subtract(n);
    BigInteger s = below(n);
    ECPoint key =
        beyond
            .multiply(s)
            .subtract(generator.multiply(number(hash, n)))
            .multiply(r.modInverse(n))
            .normalize();
    assertThat(isSigned(curve, key, hash, r, s)).isTrue();
    assertThat(verifies(curve, key, hash, x, s)).isFalse();
    assertThat(verifies(curve, key, hash, r.add(ONE), s)).isFalse();
    // r and the order are beyond the field, so r is the coordinate or nothing is.
    assertThat(isSigned(curve, key, hash, p.subtract(n), s)).isFalse();
    assertThat(isSigned(curve, key, hash, n.subtract(ONE), s)).isFalse();
  }

  private static ECPoint compressed(NamedCurve curve, BigInteger x) {
    int length = (curve.arithmetic().getFieldSize() + 7) / 8;
    byte[] encoded = new byte[1 + length];
    encoded[0] = 2;
    byte[] bytes = x.toByteArray();
    int count = Math.min(length, bytes.length);
    System.arraycopy(bytes, bytes.length - count, encoded, encoded.length - count, count);
    try {
      return domain(curve).getCurve().decodePoint(encoded);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  @ParameterizedTest
  @EnumSource
  void saysTheSameOfRandomNumbers(NamedCurve curve) throws Exception {
    BigInteger n = curve.order();
    List<ECPoint> keys = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      keys.add(domain(curve).getG().multiply(below(n)));
    }
    for (int i = 0; i < 60; i++) {
      byte[] hash = hash(1 + random.nextInt(64));
      assertThat(verifies(curve, keys.get(i % 3), hash, below(n), below(n))).isFalse();
    }
  }

  /** The tables that are made for the generator do not change what is found. */
  @ParameterizedTest
  @EnumSource
  void saysTheSameAgain(NamedCurve curve) throws Exception {
    BigInteger n = curve.order();
    byte[] hash = hash(32);
    BigInteger secret = below(n);
    BigInteger[] good = sign(curve, secret, hash, below(n));
    CurvePoint key = point(curve, domain(curve).getG().multiply(secret));
    for (int i = 0; i < 20; i++) {
      assertThat(key.isSigned(hash, good[0], good[1])).isTrue();
      assertThat(key.isSigned(hash, good[0], good[1].xor(ONE))).isFalse();
    }
  }
}
