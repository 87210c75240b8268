package dev.modelsigning.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.Forge;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestKeys;
import dev.modelsigning.timestamp.TimestampVerifier;
import dev.modelsigning.timestamp.TimestampedVerifier;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that are named as clients of Sigstore name them: in attestations, and nowhere else. */
class SigstoreKeyNamesTest {

  private static String name(TestKeys keys) throws Exception {
    return Base64.getEncoder()
        .encodeToString(MessageDigest.getInstance("SHA-256").digest(keys.publicKey().getEncoded()));
  }

  /** A valid bundle of the forge, whose key has another name. */
  private static Bundle named(Forge forge, String hint) throws Exception {
    String ours = TestKeys.fingerprint(forge.keys().publicKey());
    String json = forge.bundleJson("{}");
    assertThat(json).contains("\"hint\":\"" + ours + "\"");
    return Forge.parse(json.replace("\"hint\":\"" + ours + "\"", hint));
  }

  private static void assertRefused(BundleVerifier verifier, Bundle bundle) {
    assertThatThrownBy(() -> verifier.verify(bundle))
        .isInstanceOfSatisfying(
            VerificationException.class, e -> assertThat(e.reason()).isEqualTo(Reason.WRONG_KEY));
  }

  @ParameterizedTest
  @ValueSource(strings = {"P-256", "P-384", "P-521"})
  void areTakenInAttestationsAlone(String curve) throws Exception {
    EcdsaScheme scheme =
        EcdsaScheme.values().stream()
            .filter(each -> each.name().contains(curve))
            .findFirst()
            .orElseThrow();
    Forge forge = new Forge(TestKeys.generate(scheme));
    Bundle bundle = named(forge, "\"hint\":\"" + name(forge.keys()) + "\"");

    assertRefused(forge.verifier(), bundle);
    assertThat(forge.verifier().forAttestations().verify(bundle).findings()).isEmpty();
  }

  @Test
  void ourNameIsTakenInAttestationsToo() throws Exception {
    Forge forge = new Forge();
    assertThat(forge.verifier().forAttestations().verify(forge.bundle("{}")).findings()).isEmpty();
  }

  @Test
  void areTakenWithTimeStampsToo() throws Exception {
    Forge forge = new Forge();
    Bundle bundle = named(forge, "\"hint\":\"" + name(forge.keys()) + "\"");
    TimestampedVerifier stamped =
        TimestampedVerifier.using(
            forge.verifier(),
            TimestampVerifier.trusting(List.of(TestCertificate.root("CN=TSA").certificate())));

    assertRefused(stamped, bundle);
    assertThat(stamped.forAttestations().verify(bundle).payload())
        .isEqualTo(bundle.envelope().payload());
  }

  @Test
  void theNameOfAnotherKeyIsRefused() throws Exception {
    Forge forge = new Forge();
    String own = name(forge.keys());
    for (String hint :
        List.of(
            name(TestKeys.generate()),
            own.replace("=", ""),
            own.substring(1),
            own + " ",
            "release key")) {
      assertRefused(forge.verifier().forAttestations(), named(forge, "\"hint\":\"" + hint + "\""));
    }
  }

  @Test
  void aSecondNameMustBeTheSameKeyAsOmsWritesIt() throws Exception {
    Forge forge = new Forge();
    String second =
        ",\"rawBytes\":\"" + Forge.base64(TestKeys.pem(TestKeys.generate().publicKey())) + "\"";
    assertRefused(
        forge.verifier().forAttestations(),
        named(forge, "\"hint\":\"" + name(forge.keys()) + "\"" + second));
  }

  @Test
  void theRightNameDoesNotReplaceTheSignature() throws Exception {
    Forge forge = new Forge();
    Forge other = new Forge();
    Bundle bundle = named(other, "\"hint\":\"" + name(forge.keys()) + "\"");
    assertThatThrownBy(() -> forge.verifier().forAttestations().verify(bundle))
        .isInstanceOfSatisfying(
            VerificationException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_SIGNATURE));
  }
}
