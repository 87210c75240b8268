package dev.modelsigning.kms.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Payload;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.signing.KeyIdentity;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.signingkey.KeyContext;
import dev.modelsigning.signingkey.KeyProviders;
import dev.modelsigning.signingkey.SigningKey;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.kms.model.KeyUsageType;

/** Keys in a server that answers as AWS KMS does. */
@WithLocalKms
class LocalKmsTest {

  private static final KeyProviders PROVIDERS = KeyProviders.installed();
  private static final KeyContext CONTEXT =
      KeyContext.withDefaults().withEnvironment(LocalKms.environment());
  private static final Payload PAYLOAD =
      Payload.inToto(Bytes.of("{}".getBytes(StandardCharsets.UTF_8)));

  @TempDir private static Path directory;
  private static LocalKms kms;

  @BeforeAll
  static void start() throws Exception {
    kms = LocalKms.in(directory);
  }

  @AfterAll
  static void stop() {
    kms.close();
  }

  private static SignedPayload sign(String uri) throws Exception {
    try (SigningKey key = PROVIDERS.open(URI.create(uri), CONTEXT)) {
      return KeySigner.using(key).sign(List.of(PAYLOAD)).get(0);
    }
  }

  private static KeyVerifier verifier(String uri) throws Exception {
    return KeyVerifier.using(PROVIDERS.verifyingKey(URI.create(uri), CONTEXT));
  }

  static List<EcdsaScheme> schemes() {
    return EcdsaScheme.values();
  }

  @ParameterizedTest
  @MethodSource("schemes")
  void signsWithAKeyOnEachCurve(EcdsaScheme scheme) throws Exception {
    String id = kms.make("curve-" + scheme.curve(), scheme);
    String host = "awskms://127.0.0.1:" + kms.address().getPort() + "/";
    for (String uri :
        List.of(
            kms.uri("curve-" + scheme.curve()),
            host + id,
            host + "arn:aws:kms:eu-central-1:111122223333:key/" + id,
            host + "arn:aws:kms:eu-central-1:111122223333:alias/curve-" + scheme.curve())) {
      SignedPayload signed = sign(uri);
      KeyIdentity signer = (KeyIdentity) signed.signer();
      assertThat(signer.algorithm()).isEqualTo(scheme.name());
      assertThat(signer.keyService()).contains(kms.address().toString());
      assertThat(verifier(uri).verify(signed.bundle()).signer()).isEqualTo(signer);
    }
  }

  @Test
  void signsWithTheKeyWhosePublicKeyItReadEvenIfTheAliasIsMoved() throws Exception {
    kms.make("moving", EcdsaScheme.P256);
    String other = kms.make("other", EcdsaScheme.P256);
    KeyVerifier before = verifier(kms.uri("moving"));
    try (SigningKey key = PROVIDERS.open(URI.create(kms.uri("moving")), CONTEXT)) {
      kms.move("moving", other);
      SignedPayload signed = KeySigner.using(key).sign(List.of(PAYLOAD)).get(0);
      assertThat(before.verify(signed.bundle())).isNotNull();
    }
  }

  @Test
  void refusesADisabledKey() throws Exception {
    kms.disable(kms.make("disabled", EcdsaScheme.P256));
    assertThatThrownBy(() -> sign(kms.uri("disabled")))
        .isInstanceOf(SigningException.class)
        .hasMessageContainingAll(kms.address().toString(), "enable it");
  }

  @Test
  void refusesAKeyThatIsGoingToBeDeleted() throws Exception {
    kms.delete(kms.make("deleted", EcdsaScheme.P256));
    assertThatThrownBy(() -> sign(kms.uri("deleted")))
        .isInstanceOf(SigningException.class)
        .hasMessageContainingAll(kms.address().toString(), "delet", "another key");
  }

  @Test
  void saysThatThereIsNoSuchKeyInTheRegion() {
    assertThatThrownBy(() -> sign(kms.uri("absent")))
        .isInstanceOf(SigningException.class)
        .hasMessageContainingAll("has no key 'alias/absent' in the region eu-central-1");
    assertThatThrownBy(() -> verifier(kms.uri("absent")))
        .isInstanceOf(UnusableTrustException.class)
        .hasMessageContainingAll("has no key 'alias/absent'");
  }

  @ParameterizedTest
  @CsvSource({
    "RSA_2048, SIGN_VERIFY, its kind is 'RSA_2048'",
    "ECC_SECG_P256K1, SIGN_VERIFY, its kind is 'ECC_SECG_P256K1'",
    "RSA_2048, ENCRYPT_DECRYPT, it is one for 'ENCRYPT_DECRYPT'",
    "SYMMETRIC_DEFAULT, ENCRYPT_DECRYPT, SIGN_VERIFY",
    "HMAC_256, GENERATE_VERIFY_MAC, SIGN_VERIFY"
  })
  void refusesKeysOfOtherKinds(String spec, KeyUsageType usage, String words) {
    String alias = "kind-" + spec + "-" + usage;
    kms.make(alias, spec, usage);
    assertThatThrownBy(() -> sign(kms.uri(alias)))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining(words);
  }
}
