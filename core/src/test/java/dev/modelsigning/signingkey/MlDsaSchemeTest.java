package dev.modelsigning.signingkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.ModelVerifier;
import dev.modelsigning.VerifiedModel;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.internal.keypair.MlDsaKeyPair;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.testing.MlDsaKeys;
import dev.modelsigning.testing.Models;
import dev.modelsigning.testing.TestKeys;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.CipherParameters;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.params.ParametersWithContext;
import org.bouncycastle.crypto.signers.HashMLDSASigner;
import org.bouncycastle.crypto.signers.MLDSASigner;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MlDsaSchemeTest {

  private static final Bytes HELLO = Bytes.of("Hello world".getBytes(StandardCharsets.US_ASCII));

  @TempDir private Path directory;

  private static MlDsaScheme scheme(String name) {
    return MlDsaScheme.named(name).orElseThrow();
  }

  private static byte[] deterministic(MlDsaKeys keys) throws Exception {
    return signed(new MLDSASigner(), keys.key());
  }

  private static byte[] signed(MLDSASigner signer, CipherParameters key) throws Exception {
    signer.init(true, key);
    byte[] message = HELLO.toArray();
    signer.update(message, 0, message.length);
    return signer.generateSignature();
  }

  private static String sha256(byte[] bytes) throws GeneralSecurityException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static VerifyingKey key(MlDsaKeys keys) throws InvalidKeyException {
    return keys.scheme().rawPublicKey(Bytes.of(keys.key().getPublicKey()));
  }

  /**
   * The seed of 32 times 42, "Hello world" and the deterministic signature with an empty context:
   * the first test of Wycheproof's mldsa_..._sign_seed_test.json, as SHA-256 of public key and
   * signature.
   */
  @ParameterizedTest
  @CsvSource({
    "ML-DSA-44, d87f8ca136ac1aa55e2d6c4521680efb3a378cbb9bc0bfb446e9c60893931ea3,"
        + " 8cd6fc03daa72e87210a4e721523e84c14f27733789075e65736744d4787fdd5",
    "ML-DSA-65, b7acce2ddb11f8cc1aa46e2bafac6eacfa2b732ef192bd636ad8d3a56d649c66,"
        + " 39fbbb0d97a52c79844213b325af823a7f16a174e00a5b3daeb3e6e6d1c89681",
    "ML-DSA-87, d43128fa8a8c785c1d44c9e7db538dbf9dd88fe6c8ad911a344bcec1017c6d54,"
        + " 1ad45bd0419e694375bd38ec11d8e0c228ab9ffac2fce4adbe6218d9c949e293"
  })
  void verifiesPublishedSignatures(String name, String publicKey, String signature)
      throws Exception {
    MlDsaKeys keys = MlDsaKeys.of(scheme(name), 42);
    byte[] made = deterministic(keys);

    assertThat(sha256(keys.key().getPublicKey())).isEqualTo(publicKey);
    assertThat(sha256(made)).isEqualTo(signature);
    assertThatCode(() -> key(keys).verify(HELLO, Bytes.of(made))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({"ML-DSA-44, 1334, 2420", "ML-DSA-65, 1974, 3309", "ML-DSA-87, 2614, 4627"})
  void hasKeysAndSignaturesOfOneLength(String name, int keyLength, int signatureLength)
      throws Exception {
    MlDsaKeys keys = MlDsaKeys.of(scheme(name), 1);
    VerifyingKey key = key(keys);
    byte[] made = deterministic(keys);

    assertThat(key.publicKey().getEncoded()).hasSize(keyLength);
    assertThat(made).hasSize(signatureLength);
    for (byte[] wrong :
        new byte[][] {
          {},
          Arrays.copyOf(made, made.length - 1),
          Arrays.copyOf(made, made.length + 1),
          new byte[made.length]
        }) {
      assertThatThrownBy(() -> key.verify(HELLO, Bytes.of(wrong)))
          .isInstanceOf(InvalidSignatureException.class)
          .hasNoCause();
    }
    for (int at = 0; at < made.length; at += 97) {
      byte[] changed = made.clone();
      changed[at] ^= 1;
      assertThatThrownBy(() -> key.verify(HELLO, Bytes.of(changed)))
          .isInstanceOf(InvalidSignatureException.class);
    }
  }

  /** Valid ones of the same key, and none that this scheme means. */
  @Test
  void refusesSignaturesWithAContextOrOverAHash() throws Exception {
    MlDsaKeys keys = MlDsaKeys.of(MlDsaScheme.ML_DSA_65, 42);
    byte[] withContext =
        signed(new MLDSASigner(), new ParametersWithContext(keys.key(), new byte[] {1}));
    HashMLDSASigner prehash = new HashMLDSASigner();
    prehash.init(
        true,
        new MLDSAPrivateKeyParameters(
            MLDSAParameters.ml_dsa_65_with_sha512, keys.expanded(), null));
    byte[] message = HELLO.toArray();
    prehash.update(message, 0, message.length);
    byte[] overHash = prehash.generateSignature();

    for (byte[] valid : new byte[][] {withContext, overHash}) {
      assertThatThrownBy(() -> key(keys).verify(HELLO, Bytes.of(valid)))
          .isInstanceOf(InvalidSignatureException.class);
    }
  }

  @Test
  void refusesEveryOtherEncodingOfAKey() throws Exception {
    MlDsaScheme scheme = MlDsaScheme.ML_DSA_44;
    byte[] good = key(MlDsaKeys.of(scheme, 1)).publicKey().getEncoded();
    byte[] withParameters =
        MlDsaKeys.joined(
            new byte[] {0x30, (byte) 0x82, 0x05, 0x34, 0x30, 0x0d},
            Arrays.copyOfRange(good, 6, 17),
            new byte[] {0x05, 0x00},
            Arrays.copyOfRange(good, 17, good.length));
    byte[] unusedBits = good.clone();
    unusedBits[21] = 1;

    assertThat(scheme.publicKey(Bytes.of(good)).publicKey().getEncoded()).isEqualTo(good);
    for (byte[] other :
        new byte[][] {
          {},
          Arrays.copyOf(good, good.length - 1),
          Arrays.copyOf(good, good.length + 1),
          withParameters,
          unusedBits,
          key(MlDsaKeys.of(MlDsaScheme.ML_DSA_65, 1)).publicKey().getEncoded()
        }) {
      assertThatThrownBy(() -> scheme.publicKey(Bytes.of(other)))
          .isInstanceOf(InvalidKeyException.class)
          .hasMessageContaining("expected a public key for ML-DSA-44 of 1334 bytes");
    }
    assertThatThrownBy(() -> scheme.rawPublicKey(Bytes.of(new byte[1311])))
        .isInstanceOf(InvalidKeyException.class);
    assertThatThrownBy(() -> MlDsaScheme.of(TestKeys.generate().publicKey()))
        .isInstanceOf(InvalidKeyException.class)
        .hasMessageContaining("expected a key for ML-DSA-44");
  }

  /** Of Bouncy Castle's class here, as of the JDK's from 24 on: only the encoding matters. */
  @Test
  void makesEqualKeysOfKeysOfAnyClass() throws Exception {
    PublicKey other =
        KeyPairGenerator.getInstance("ML-DSA-65", new BouncyCastleProvider())
            .generateKeyPair()
            .getPublic();
    VerifyingKey key = VerifyingKey.of(other, MlDsaScheme.of(other));

    assertThat(key.scheme()).isEqualTo(MlDsaScheme.ML_DSA_65);
    assertThat(key).isEqualTo(MlDsaScheme.ML_DSA_65.publicKey(Bytes.of(other.getEncoded())));
    assertThat(key.publicKey()).isNotSameAs(other);
    assertThatThrownBy(() -> VerifyingKey.of(other, MlDsaScheme.ML_DSA_44))
        .isInstanceOf(InvalidKeyException.class);
  }

  @Test
  void isNeverTakenUnaskedForASchemeOfOms() throws Exception {
    MlDsaKeyPair pair = MlDsaKeyPair.generate(MlDsaScheme.ML_DSA_65);
    PublicKey key = pair.verifyingKey().publicKey();

    assertThatThrownBy(() -> KeySigner.using(pair))
        .isInstanceOf(SigningException.class)
        .hasMessageContainingAll("ML-DSA-65", "OMS v1.0 does not have", "--beyond-oms");
    assertThatThrownBy(() -> KeyVerifier.using(key))
        .isInstanceOf(UnusableTrustException.class)
        .hasMessageContainingAll("ML-DSA-65", "OMS v1.0 does not have", "--beyond-oms");
    assertThatThrownBy(() -> VerifyingKey.of(key)).isInstanceOf(InvalidKeyException.class);
  }

  @Test
  void signsAndVerifiesModelsWithAWarning() throws Exception {
    Path model = Models.write(directory.resolve("model"), "a", "alpha");
    MlDsaKeyPair pair = MlDsaKeyPair.generate(MlDsaScheme.ML_DSA_87);
    Bundle bundle = ModelSigner.using(KeySigner.using(pair, MlDsaScheme.ML_DSA_87)).sign(model);
    VerifiedModel verified =
        ModelVerifier.using(KeyVerifier.using(pair.verifyingKey())).verify(model, bundle);

    assertThat(verified.signer().name()).isEqualTo(pair.verifyingKey().fingerprint());
    assertThat(verified.findings()).extracting(Finding::rule).containsExactly(Rules.NOT_OMS);
    assertThatThrownBy(() ->
            KeyVerifier.using(MlDsaKeyPair.generate(MlDsaScheme.ML_DSA_87).verifyingKey())
                .verify(bundle))
        .isInstanceOfSatisfying(
            VerificationException.class, e -> assertThat(e.reason()).isEqualTo(Reason.WRONG_KEY));
  }
}
