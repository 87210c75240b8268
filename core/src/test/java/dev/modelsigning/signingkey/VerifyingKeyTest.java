package dev.modelsigning.signingkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.testing.TestKeys;
import java.math.BigInteger;
import java.security.InvalidKeyException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Public keys of classes outside the JDK, which may return anything. */
class VerifyingKeyTest {

  private static final Bytes MESSAGE = Bytes.of(new byte[] {1, 2, 3});

  /** A key on P-256, as it says, with whatever point. */
  @SuppressWarnings("serial") // never written
  private record ForgedKey(Supplier<ECPoint> point) implements ECPublicKey {

    @Override
    public ECPoint getW() {
      return point.get();
    }

    @Override
    public ECParameterSpec getParams() {
      return EcdsaScheme.P256.parameters();
    }

    @Override
    public String getAlgorithm() {
      return "EC";
    }

    @Override
    public String getFormat() {
      return "X.509";
    }

    @Override
    public byte[] getEncoded() {
      return new byte[] {1};
    }
  }

  static List<ECPoint> noPoints() {
    ECPoint g = EcdsaScheme.P256.parameters().getGenerator();
    BigInteger huge = BigInteger.ONE.shiftLeft(100_000);
    return Arrays.asList(
        null,
        ECPoint.POINT_INFINITY,
        new ECPoint(BigInteger.ONE, BigInteger.ONE),
        new ECPoint(BigInteger.ZERO, BigInteger.ZERO),
        new ECPoint(g.getAffineX(), g.getAffineY().negate()),
        new ECPoint(huge, huge),
        new ECPoint(g.getAffineX().add(BigInteger.ONE.shiftLeft(256)), g.getAffineY()));
  }

  @ParameterizedTest
  @MethodSource("noPoints")
  void refusesAKeyThatIsNoPointOfItsCurve(ECPoint point) {
    ForgedKey key = new ForgedKey(() -> point);
    assertThatThrownBy(() -> VerifyingKey.of(key))
        .isInstanceOf(InvalidKeyException.class)
        .hasMessageContaining("no point of its curve");
    assertThatThrownBy(() -> EcdsaScheme.P256.verify(key, MESSAGE, MESSAGE))
        .isInstanceOf(InvalidSignatureException.class)
        .hasMessageContaining("no point of its curve")
        .hasCauseInstanceOf(Exception.class);
  }

  @Test
  void verifiesByTheKeyOfItsFingerprint() throws Exception {
    TestKeys named = TestKeys.generate(EcdsaScheme.P256);
    TestKeys other = TestKeys.generate(EcdsaScheme.P256);
    ECPoint[] point = {named.publicKey().getW()};
    VerifyingKey key = VerifyingKey.of(new ForgedKey(() -> point[0]));
    point[0] = other.publicKey().getW();

    key.verify(MESSAGE, EcdsaScheme.P256.sign(named.privateKey(), MESSAGE));
    Bytes signature = EcdsaScheme.P256.sign(other.privateKey(), MESSAGE);
    assertThatThrownBy(() -> key.verify(MESSAGE, signature))
        .isInstanceOf(InvalidSignatureException.class)
        .hasNoCause();
    assertThat(VerifyingKey.of(key.publicKey())).isEqualTo(VerifyingKey.of(named.publicKey()));
  }

  /** Though no key of the JDK is made to verify. */
  @ParameterizedTest
  @MethodSource("dev.modelsigning.signingkey.EcdsaScheme#values")
  void givesUsersAKeyOfTheJdksClass(EcdsaScheme scheme) throws Exception {
    TestKeys keys = TestKeys.generate(scheme);
    VerifyingKey key = VerifyingKey.of(keys.publicKey());

    assertThat(key.publicKey()).hasSameClassAs(keys.publicKey()).isEqualTo(keys.publicKey());
    assertThat(key.publicKey()).isSameAs(key.publicKey());
    assertThat(key.pem())
        .isEqualTo(
            "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                    .encodeToString(key.publicKey().getEncoded())
                + "\n-----END PUBLIC KEY-----\n");
  }

  @Test
  void refusesAKeyOnAnotherCurveThanItsSchemes() {
    TestKeys keys = TestKeys.generate(EcdsaScheme.P384);
    assertThatThrownBy(() -> VerifyingKey.of(keys.publicKey(), EcdsaScheme.P256))
        .isInstanceOf(InvalidKeyException.class)
        .hasMessage("expected a public key on P-256, found another key");
    assertThatThrownBy(() -> EcdsaScheme.P256.verify(keys.publicKey(), MESSAGE, MESSAGE))
        .isInstanceOf(InvalidSignatureException.class)
        .hasMessageContaining("expected a public key on P-256")
        .hasCauseInstanceOf(Exception.class);
  }

  /** Says once that it is of a scheme of ours, and then that it is of one that finds all good. */
  private static final class ChangingKey implements SigningKey {
    private static final SignatureScheme ANYTHING =
        new SignatureScheme() {
          @Override
          public String name() {
            return "ECDSA P-256";
          }

          @Override
          public Optional<String> prehash() {
            return Optional.empty();
          }

          @Override
          public void verify(PublicKey key, Bytes message, Bytes signature) {}
        };

    private final PublicKey publicKey = TestKeys.generate(EcdsaScheme.P256).publicKey();
    private int asked;

    @Override
    public SignatureScheme scheme() {
      asked++;
      return asked == 1 ? EcdsaScheme.P256 : ANYTHING;
    }

    @Override
    public Optional<PublicKey> publicKey() {
      return Optional.of(publicKey);
    }

    @Override
    public Bytes sign(Bytes message) {
      return Bytes.of(new byte[] {0});
    }
  }

  @Test
  void goesByTheSchemeThatWasLookedAt() throws Exception {
    assertThat(KeySigner.using(new ChangingKey()).publicKey().scheme()).isEqualTo(EcdsaScheme.P256);
  }
}
