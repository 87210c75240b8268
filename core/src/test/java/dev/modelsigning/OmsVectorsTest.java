package dev.modelsigning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.VerificationMaterial.X509Certificate;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.statement.Statement;
import dev.modelsigning.testing.SharedVectors;
import dev.modelsigning.testing.WithSharedVectors;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The published bundles, each with its expected outcome. */
@WithSharedVectors
class OmsVectorsTest {

  @TempDir Path directory;

  private static KeyVerifier suiteKey() throws Exception {
    return KeyVerifier.load(SharedVectors.path("historical/keys/signing-key-pub.pem"));
  }

  private static Bundle bundle(String name) throws Exception {
    return Bundle.read(SharedVectors.path("oms/bundles/" + name + ".bundle.json"));
  }

  @ParameterizedTest
  @CsvSource({
    "valid/key, 92745110b1ab4368471cbe31664e10174e954b113a3df333db860317b2c6dec4",
    "valid/certificate, 92745110b1ab4368471cbe31664e10174e954b113a3df333db860317b2c6dec4",
    "valid/sigstore, 61d4849d9d90076d6215f4d525f13d6574af8e3f67aef3e6f36fc40a14fdd226"
  })
  void readsEveryValidBundleAndItsStatement(String name, String root) throws Exception {
    assertThat(Statement.readUnverified(bundle(name)).manifest().rootDigest().hex())
        .isEqualTo(root);
  }

  @Test
  void verifiesTheValidKeyBundleAgainstItsModel() throws Exception {
    Path folder = Files.createDirectory(directory.resolve("model"));
    Files.copy(
        SharedVectors.path("historical/v1.0.0-elliptic-key/model/signme-1"),
        folder.resolve("signme-1"));
    Files.copy(
        SharedVectors.path("historical/v0.2.0-certificate/model/signme-2"),
        folder.resolve("signme-2"));
    VerifiedModel model = ModelVerifier.using(suiteKey()).verify(folder, bundle("valid/key"));
    assertThat(model.files()).isEqualTo(2);
    assertThat(model.signer().name())
        .isEqualTo("e8450dec4eb99dae995da9af1bc2cc9f76ed669ee2e744f57abba763df3e3f8e");
  }

  @ParameterizedTest
  @ValueSource(strings = {"valid/certificate", "valid/sigstore"})
  void refusesBundlesOfOtherMethodsWhenAKeyIsGiven(String name) throws Exception {
    KeyVerifier verifier = suiteKey();
    Bundle bundle = bundle(name);
    assertThatThrownBy(() -> verifier.verify(bundle))
        .isInstanceOfSatisfying(
            VerificationException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.WRONG_METHOD));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "invalid/empty",
        "invalid/missing-envelope",
        "invalid/missing-verification-material"
      })
  void refusesEveryInvalidBundle(String name) {
    Throwable failure = catchThrowable(() -> bundle(name));
    assertThat(failure).isInstanceOf(MalformedBundleException.class);
    assertThat(failure.getMessage()).startsWith("bundle: ");
  }

  /**
   * A certificate without log entries is malformed for the method sigstore. It can still be read,
   * because other implementations write such bundles for the method certificate; so the method
   * refuses it.
   */
  @Test
  void takesACertificateWithoutLogEntriesForNoKey() throws Exception {
    Bundle bundle = bundle("invalid/missing-tlog-entries");
    assertThat(bundle.verificationMaterial()).isInstanceOf(X509Certificate.class);
    assertThat(bundle.tlogEntries()).isEmpty();
    KeyVerifier verifier = suiteKey();
    assertThatThrownBy(() -> verifier.verify(bundle))
        .isInstanceOfSatisfying(
            VerificationException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.WRONG_METHOD));
  }

  @Test
  void refusesAPayloadWithAnotherPredicate() throws Exception {
    Bundle bundle = bundle("invalid-payload/wrong-predicate");
    Statement statement = Statement.readUnverified(bundle);
    assertThatThrownBy(statement::manifest)
        .isInstanceOf(MalformedBundleException.class)
        .hasMessage(
            "payload: predicateType: expected 'https://model_signing/signature/v1.0',"
                + " found 'https://example.com/wrong-predicate/v1.0' (OMS 8.3)");
  }

  @Test
  void refusesAChangedPayloadWhateverItSays() throws Exception {
    KeyVerifier verifier = suiteKey();
    Bundle bundle = bundle("invalid-payload/wrong-predicate");
    assertThatThrownBy(() -> verifier.verify(bundle))
        .isInstanceOfSatisfying(
            VerificationException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_SIGNATURE));
  }

  @Test
  void verifiesABundleFromBeforeOms11WithRawBytesOverASingleFile() throws Exception {
    Path folder = SharedVectors.path("historical/v1.0.0-elliptic-key");
    VerifiedModel model =
        ModelVerifier.using(suiteKey())
            .verify(folder.resolve("model/signme-1"), folder.resolve("bundle.sig"));
    assertThat(model.files()).isEqualTo(1);
    assertThat(model.statement().manifest().resources().get(0).name()).isEqualTo(".");
    assertThat(model.findings()).isEmpty();
  }

  @Test
  void refusesTheDirectoryOfAModelThatIsAFile() throws Exception {
    Path folder = SharedVectors.path("historical/v1.0.0-elliptic-key");
    ModelVerifier verifier = ModelVerifier.using(suiteKey());
    assertThatThrownBy(() -> verifier.verify(folder.resolve("model"), folder.resolve("bundle.sig")))
        .isInstanceOfSatisfying(
            VerificationException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.MODEL_MISMATCH));
  }
}
