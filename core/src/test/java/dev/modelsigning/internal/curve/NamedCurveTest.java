package dev.modelsigning.internal.curve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Points of curves and their encodings, compared with Bouncy Castle's own and with the JDK. */
class NamedCurveTest {

  private static final String NO_POINT = "the public key is no point of its curve";

  private static X9ECParameters domain(NamedCurve curve) {
    return CustomNamedCurves.getByName(curve.nistName());
  }

  private static ECPoint some(NamedCurve curve) {
    return domain(curve).getG().multiply(BigInteger.valueOf(1_234_567)).normalize();
  }

  /** Requires that bytes are refused, here and by Bouncy Castle with the check that was before. */
  private static void refuses(NamedCurve curve, byte[] encoded) {
    assertThatThrownBy(() -> curve.decode(encoded))
        .isInstanceOf(InvalidKeyException.class)
        .hasMessage(NO_POINT);
    boolean taken;
    try {
      taken = !domain(curve).getCurve().decodePoint(encoded).isInfinity();
    } catch (RuntimeException e) {
      taken = false;
    }
    assertThat(taken).isFalse();
  }

  private static byte[] bytes(NamedCurve curve, int form, BigInteger... coordinates) {
    int length = (curve.arithmetic().getFieldSize() + 7) / 8;
    byte[] encoded = new byte[1 + coordinates.length * length];
    encoded[0] = (byte) form;
    for (int i = 0; i < coordinates.length; i++) {
      byte[] number = coordinates[i].toByteArray();
      int count = Math.min(length, number.length);
      int end = 1 + (i + 1) * length;
      System.arraycopy(number, number.length - count, encoded, end - count, count);
    }
    return encoded;
  }

  @ParameterizedTest
  @EnumSource
  void hasTheParametersOfTheJdk(NamedCurve curve) throws Exception {
    AlgorithmParameters named = AlgorithmParameters.getInstance("EC");
    named.init(new ECGenParameterSpec(jdkName(curve)));
    ECParameterSpec jdk = named.getParameterSpec(ECParameterSpec.class);

    assertThat(curve.matches(jdk)).isTrue();
    assertThat(curve.parameters().getCurve()).isEqualTo(jdk.getCurve());
    assertThat(curve.parameters().getGenerator()).isEqualTo(jdk.getGenerator());
    assertThat(curve.parameters().getOrder()).isEqualTo(jdk.getOrder());
    assertThat(curve.parameters().getCofactor()).isEqualTo(jdk.getCofactor());
    assertThat(curve.order()).isEqualTo(jdk.getOrder());
  }

  private static String jdkName(NamedCurve curve) {
    return switch (curve) {
      case P256 -> "secp256r1";
      case P384 -> "secp384r1";
      case P521 -> "secp521r1";
    };
  }

  /**
   * Whoever changes one parameter has another curve, on which all discrete logarithms are known.
   */
  @ParameterizedTest
  @EnumSource
  void matchesNoOtherParameters(NamedCurve curve) {
    ECParameterSpec own = curve.parameters();
    java.security.spec.ECPoint g = own.getGenerator();
    java.security.spec.ECPoint other =
        new java.security.spec.ECPoint(g.getAffineX(), g.getAffineY().negate());
    assertThat(curve.matches(null)).isFalse();
    assertThat(curve.matches(new ECParameterSpec(own.getCurve(), other, own.getOrder(), 1)))
        .isFalse();
    assertThat(
            curve.matches(
                new ECParameterSpec(own.getCurve(), g, own.getOrder().subtract(BigInteger.ONE), 1)))
        .isFalse();
    assertThat(curve.matches(new ECParameterSpec(own.getCurve(), g, own.getOrder(), 2))).isFalse();
    for (NamedCurve each : NamedCurve.values()) {
      assertThat(curve.matches(each.parameters())).isEqualTo(each == curve);
    }
  }

  @ParameterizedTest
  @EnumSource
  void isFoundByItsIdentifier(NamedCurve curve) {
    String identifier =
        switch (curve) {
          case P256 -> "1.2.840.10045.3.1.7";
          case P384 -> "1.3.132.0.34";
          case P521 -> "1.3.132.0.35";
        };
    assertThat(NamedCurve.identified(identifier)).contains(curve);
    assertThat(NamedCurve.identified("1.3.132.0.10")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void decodesPointsInAllForms(NamedCurve curve) throws Exception {
    ECPoint point = some(curve);
    BigInteger x = point.getAffineXCoord().toBigInteger();
    BigInteger y = point.getAffineYCoord().toBigInteger();
    int odd = y.testBit(0) ? 1 : 0;
    CurvePoint expected = curve.point(x, y);

    assertThat(expected.x()).isEqualTo(x);
    assertThat(expected.y()).isEqualTo(y);
    assertThat(expected.curve()).isEqualTo(curve);
    assertThat(curve.decode(bytes(curve, 2 + odd, x))).isEqualTo(expected);
    assertThat(curve.decode(bytes(curve, 4, x, y))).isEqualTo(expected);
    assertThat(curve.decode(bytes(curve, 6 + odd, x, y))).isEqualTo(expected);
    CurvePoint opposite = curve.decode(bytes(curve, 3 - odd, x));
    assertThat(opposite).isNotEqualTo(expected);
    assertThat(opposite.x()).isEqualTo(x);
  }

  @ParameterizedTest
  @EnumSource
  void refusesWhatIsNoPoint(NamedCurve curve) {
    ECPoint point = some(curve);
    BigInteger one = BigInteger.ONE;
    BigInteger zero = BigInteger.ZERO;
    BigInteger x = point.getAffineXCoord().toBigInteger();
    BigInteger y = point.getAffineYCoord().toBigInteger();
    BigInteger p = curve.arithmetic().getField().getCharacteristic();
    int odd = y.testBit(0) ? 1 : 0;
    refuses(curve, new byte[0]);
    refuses(curve, new byte[] {0});
    refuses(curve, bytes(curve, 0, x, y));
    refuses(curve, bytes(curve, 4, zero, zero));
    refuses(curve, bytes(curve, 4, x, y.add(one)));
    refuses(curve, bytes(curve, 4, x.add(one), y));
    refuses(curve, bytes(curve, 4, y, x));
    refuses(curve, bytes(curve, 4, p, y));
    refuses(curve, bytes(curve, 4, x, p));
    refuses(curve, bytes(curve, 2, p));
    refuses(curve, bytes(curve, 3, p.add(one)));
    refuses(curve, bytes(curve, 7 - odd, x, y));
    refuses(curve, bytes(curve, 6 + odd, x, y.add(one)));
    for (int form : new int[] {1, 5, 8, 0x42, 0xff}) {
      refuses(curve, bytes(curve, form, x, y));
      refuses(curve, bytes(curve, form, x));
    }
    for (int form : new int[] {2 + odd, 4, 6 + odd}) {
      byte[] good = form < 4 ? bytes(curve, form, x) : bytes(curve, form, x, y);
      refuses(curve, Arrays.copyOf(good, good.length - 1));
      refuses(curve, Arrays.copyOf(good, good.length + 1));
      refuses(curve, new byte[] {(byte) form});
    }
  }

  /** The same numbers modulo the prime of the field are not the same point. */
  @ParameterizedTest
  @EnumSource
  void refusesCoordinatesBeyondTheField(NamedCurve curve) {
    BigInteger p = curve.arithmetic().getField().getCharacteristic();
    // The smallest x on the curve, so that x and the prime fit into as many bytes if possible.
    BigInteger x = BigInteger.ZERO;
    CurvePoint found = null;
    while (found == null) {
      try {
        found = curve.decode(bytes(curve, 2, x));
      } catch (InvalidKeyException e) {
        x = x.add(BigInteger.ONE);
      }
    }
    CurvePoint point = found;
    refuses(curve, bytes(curve, 2, x.add(p)));
    refuses(curve, bytes(curve, 4, x.add(p), point.y()));
    for (BigInteger[] numbers :
        new BigInteger[][] {
          {point.x().add(p), point.y()},
          {point.x(), point.y().add(p)},
          {point.x().subtract(p), point.y()},
          {point.x(), point.y().subtract(p)},
          {point.x(), point.y().negate()},
          {point.x(), point.y().add(BigInteger.ONE)},
          {BigInteger.ONE.shiftLeft(100_000), point.y()}
        }) {
      assertThatThrownBy(() -> curve.point(numbers[0], numbers[1]))
          .isInstanceOf(InvalidKeyException.class)
          .hasMessage(NO_POINT);
    }
  }

  /** An x-coordinate without a point, and thus without a square root. */
  @ParameterizedTest
  @EnumSource
  void refusesACompressedPointWithoutARoot(NamedCurve curve) {
    int refused = 0;
    for (int x = 0; x < 40; x++) {
      byte[] encoded = bytes(curve, 2, BigInteger.valueOf(x));
      boolean taken;
      try {
        domain(curve).getCurve().decodePoint(encoded);
        taken = true;
      } catch (IllegalArgumentException e) {
        taken = false;
      }
      if (!taken) {
        refuses(curve, encoded);
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  @ParameterizedTest
  @EnumSource
  void encodesAKeyAsTheJdkDoes(NamedCurve curve) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(curve.parameters());
    ECPublicKey jdk = (ECPublicKey) generator.generateKeyPair().getPublic();
    CurveKey key = new CurveKey(curve.point(jdk.getW().getAffineX(), jdk.getW().getAffineY()));

    assertThat(key.getEncoded()).isEqualTo(jdk.getEncoded());
    assertThat(key.getW()).isEqualTo(jdk.getW());
    assertThat(key.getAlgorithm()).isEqualTo(jdk.getAlgorithm());
    assertThat(key.getFormat()).isEqualTo(jdk.getFormat());
    KeyFactory factory = KeyFactory.getInstance("EC");
    assertThat(factory.generatePublic(new ECPublicKeySpec(key.getW(), key.getParams())))
        .isEqualTo(jdk);
    assertThat(factory.generatePublic(new X509EncodedKeySpec(key.getEncoded()))).isEqualTo(jdk);
  }

  @Test
  void isNotWrittenAsAnObject() throws Exception {
    CurveKey key = new CurveKey(point(NamedCurve.P256));
    try (ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream())) {
      assertThatThrownBy(() -> out.writeObject(key)).isInstanceOf(NotSerializableException.class);
    }
  }

  @Test
  void isEqualToTheSamePointOnly() throws Exception {
    CurveKey key = new CurveKey(point(NamedCurve.P256));
    assertThat(key).isEqualTo(new CurveKey(point(NamedCurve.P256)));
    assertThat(key).hasSameHashCodeAs(new CurveKey(point(NamedCurve.P256)));
    assertThat(key).isNotEqualTo(new CurveKey(point(NamedCurve.P384)));
    assertThat(key.toString()).isEqualTo("public key on P-256");
    assertThat(key.point().toString()).isEqualTo("point on P-256");
  }

  private static CurvePoint point(NamedCurve curve) throws InvalidKeyException {
    return curve.decode(some(curve).getEncoded(true));
  }
}
