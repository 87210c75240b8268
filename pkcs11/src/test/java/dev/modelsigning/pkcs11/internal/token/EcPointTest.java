package dev.modelsigning.pkcs11.internal.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.TestKeys;
import java.io.IOException;
import java.security.InvalidKeyException;
import java.util.Arrays;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DEROctetString;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The encodings of points on tokens. */
class EcPointTest {

  private static byte[] bare(TestKeys keys) {
    byte[] encoded = keys.publicKey().getEncoded();
    int length = 1 + 2 * ((keys.algorithm().parameters().getOrder().bitLength() + 7) / 8);
    return Arrays.copyOfRange(encoded, encoded.length - length, encoded.length);
  }

  private static byte[] compressed(byte[] bare) {
    byte[] compressed = Arrays.copyOf(bare, 1 + bare.length / 2);
    compressed[0] = (byte) (2 + (bare[bare.length - 1] & 1));
    return compressed;
  }

  @ParameterizedTest
  @MethodSource("dev.modelsigning.signingkey.EcdsaScheme#values")
  void readsAPointInEveryForm(EcdsaScheme algorithm) throws Exception {
    TestKeys keys = TestKeys.generate(algorithm);
    byte[] bare = bare(keys);
    for (byte[] point : new byte[][] {bare, compressed(bare)}) {
      for (byte[] form :
          new byte[][] {
            point, new DEROctetString(point).getEncoded(), new DERBitString(point).getEncoded()
          }) {
        assertThat(EcPoint.publicKey(algorithm, Bytes.of(form)))
            .isEqualTo(TestKeys.verifying(keys.publicKey()));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.modelsigning.signingkey.EcdsaScheme#values")
  void refusesWhatIsNoPointOfTheCurve(EcdsaScheme algorithm) throws IOException {
    byte[] bare = bare(TestKeys.generate(algorithm));
    byte[] off = bare.clone();
    off[off.length - 1] ^= 1;
    byte[] octets = new DEROctetString(bare).getEncoded();
    byte[] otherTag = octets.clone();
    otherTag[0] = 5;
    for (byte[] bad :
        new byte[][] {
          {},
          {0},
          {4},
          off,
          otherTag,
          Arrays.copyOf(bare, bare.length + 1),
          Arrays.copyOf(bare, bare.length - 1),
          Arrays.copyOf(octets, octets.length + 1)
        }) {
      assertThatThrownBy(() -> EcPoint.publicKey(algorithm, Bytes.of(bad)))
          .isInstanceOf(InvalidKeyException.class)
          .hasMessageContaining(
              Arrays.equals(bad, off)
                  ? "the public key is no point of its curve"
                  : "the public key (CKA_EC_POINT) is damaged: ");
    }
  }
}
