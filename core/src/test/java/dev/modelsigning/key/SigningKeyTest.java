package dev.modelsigning.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.ModelVerifier;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Payload;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.signingkey.SigningKey;
import dev.modelsigning.testing.Models;
import dev.modelsigning.testing.TestKeys;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.SignatureException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Signing with keys that are held elsewhere. */
class SigningKeyTest {

  @TempDir private Path directory;

  /** A key that reports a wrong public key, or none. */
  private record ForeignKey(TestKeys keys, Optional<PublicKey> publicKey) implements SigningKey {

    @Override
    public EcdsaScheme scheme() {
      return keys.algorithm();
    }

    @Override
    public Bytes sign(Bytes message) throws SigningException {
      try {
        return keys.algorithm().sign(keys.privateKey(), message);
      } catch (GeneralSecurityException e) {
        throw new SigningException("", e);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.modelsigning.signingkey.EcdsaScheme#values")
  void signsOnEveryCurve(EcdsaScheme algorithm) throws Exception {
    TestKeys keys = TestKeys.generate(algorithm);
    Path model = Models.write(directory.resolve("model"), "a", "1");
    Path signature = directory.resolve("model.sig");
    KeySigner signer = KeySigner.using(new ForeignKey(keys, Optional.of(keys.publicKey())));

    ModelSigner.using(signer).sign(model, signature);

    assertThat(signer.identity().name()).isEqualTo(TestKeys.fingerprint(keys.publicKey()));
    ModelVerifier.using(KeyVerifier.using(keys.publicKey())).verify(model, signature);
  }

  @Test
  void signsAListEachForItself() throws Exception {
    TestKeys keys = TestKeys.generate();
    KeySigner signer = KeySigner.using(new ForeignKey(keys, Optional.of(keys.publicKey())));
    List<Payload> payloads =
        List.of(
            Payload.inToto(Bytes.of(new byte[] {'1'})), Payload.inToto(Bytes.of(new byte[] {'2'})));
    List<SignedPayload> signed = signer.sign(payloads);

    assertThat(signed)
        .extracting(each -> each.bundle().envelope().payload())
        .containsExactlyElementsOf(payloads);
    for (SignedPayload each : signed) {
      assertThat(KeyVerifier.using(keys.publicKey()).verify(each.bundle()).payload())
          .isEqualTo(each.bundle().envelope().payload());
    }
    assertThat(signer.sign(List.of())).isEmpty();
  }

  @Test
  void refusesAKeyThatDoesNotKnowItsPublicKey() {
    assertThatThrownBy(() -> KeySigner.using(new ForeignKey(TestKeys.generate(), Optional.empty())))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("the public key that belongs to the private key is not known");
  }

  @Test
  void writesNoSignatureThatThePublicKeyDoesNotVerify() throws Exception {
    PublicKey other = TestKeys.generate().publicKey();
    Path model = Models.write(directory.resolve("model"), "a", "1");
    KeySigner signer = KeySigner.using(new ForeignKey(TestKeys.generate(), Optional.of(other)));

    assertThatThrownBy(() -> ModelSigner.using(signer).sign(model, directory.resolve("m.sig")))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("does not verify with the public key")
        .hasMessageContaining(TestKeys.fingerprint(other));
    assertThat(directory.resolve("m.sig")).doesNotExist();
  }

  @ParameterizedTest
  @MethodSource("dev.modelsigning.signingkey.EcdsaScheme#values")
  void encodesRAndSMinimally(EcdsaScheme algorithm) throws Exception {
    byte[] smallest = new byte[2 * length(algorithm)];
    smallest[length(algorithm) - 1] = 1;
    smallest[smallest.length - 1] = (byte) 0x80;
    assertThat(algorithm.der(Bytes.of(smallest)).toArray())
        .containsExactly(0x30, 7, 2, 1, 1, 2, 2, 0, 0x80);
  }

  @ParameterizedTest
  @MethodSource("dev.modelsigning.signingkey.EcdsaScheme#values")
  void refusesRAndSOfAnotherLengthOrOutOfRange(EcdsaScheme algorithm) {
    int length = length(algorithm);
    byte[] ones = new byte[2 * length];
    ones[length - 1] = 1;
    ones[2 * length - 1] = 1;
    byte[] order = ones.clone();
    byte[] n = algorithm.parameters().getOrder().toByteArray();
    int from = n.length - length;
    System.arraycopy(n, from, order, length, length);
    byte[] zero = ones.clone();
    zero[length - 1] = 0;
    for (byte[] bad :
        new byte[][] {
          {},
          Arrays.copyOf(ones, ones.length - 1),
          Arrays.copyOf(ones, ones.length + 1),
          zero,
          order
        }) {
      assertThatThrownBy(() -> algorithm.der(Bytes.of(bad)))
          .as(new BigInteger(1, bad).toString(16))
          .isInstanceOf(SignatureException.class)
          .hasMessageMatching(
              "expected a signature of (\\d+ bytes for \\S+, found \\d+|"
                  + "two numbers from 1 to the order of \\S+)");
    }
  }

  private static int length(EcdsaScheme algorithm) {
    return (algorithm.parameters().getOrder().bitLength() + 7) / 8;
  }
}
