package dev.modelsigning.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelsigning.ModelMismatchException;
import dev.modelsigning.ModelVerifier;
import dev.modelsigning.VerifiedModel;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.signing.CertificateIdentity;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.statement.Predicate;
import dev.modelsigning.testing.SharedVectors;
import dev.modelsigning.testing.WithSharedVectors;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Published bundles that concern certificates. */
@WithSharedVectors
class CertificateVectorsTest {

  @TempDir Path directory;

  private static CertificateVerifier trusting(String file) throws Exception {
    return CertificateVerifier.builder()
        .trust(SharedVectors.path("historical/keys/" + file))
        .build();
  }

  private static Bundle bundle(String name) throws Exception {
    return Bundle.read(SharedVectors.path("oms/bundles/" + name + ".bundle.json"));
  }

  private Path currentModel() throws Exception {
    Path folder = Files.createDirectory(directory.resolve("model"));
    Files.copy(
        SharedVectors.path("historical/v1.0.0-elliptic-key/model/signme-1"),
        folder.resolve("signme-1"));
    Files.copy(
        SharedVectors.path("historical/v0.2.0-certificate/model/signme-2"),
        folder.resolve("signme-2"));
    return folder;
  }

  @Test
  void verifiesABundleOfModelSigning02AndSaysSo() throws Exception {
    Path folder = SharedVectors.path("historical/v0.2.0-certificate");
    VerifiedModel model =
        ModelVerifier.using(trusting("ca-cert.pem"))
            .verify(folder.resolve("model"), folder.resolve("bundle.sig"));
    assertThat(model.files()).isEqualTo(2);
    assertThat(model.statement().predicateType()).isEqualTo(Predicate.DigestsV01.TYPE);
    assertThat(model.statement().modelName()).isEmpty();
    assertThat(AnySigner.aside(model.findings()))
        .singleElement()
        .asString()
        .contains("https://model_signing/Digests/v0.1");
  }

  @Test
  void refusesABundleOfModelSigning02OverAChangedModel() throws Exception {
    Path folder = SharedVectors.path("historical/v0.2.0-certificate");
    Path model = Files.createDirectory(directory.resolve("model"));
    Files.copy(folder.resolve("model/signme-1"), model.resolve("signme-1"));
    Files.writeString(model.resolve("signme-2"), "changed");
    ModelVerifier verifier = ModelVerifier.using(trusting("ca-cert.pem"));
    assertThatThrownBy(() -> verifier.verify(model, folder.resolve("bundle.sig")))
        .isInstanceOfSatisfying(
            VerificationException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(Reason.MODEL_MISMATCH);
              assertThat(((ModelMismatchException) e).differences().changed()).hasSize(1);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"ca-cert.pem", "int-ca-cert.pem"})
  void verifiesTheValidCertificateBundle(String anchor) throws Exception {
    VerifiedModel model =
        ModelVerifier.using(trusting(anchor)).verify(currentModel(), bundle("valid/certificate"));
    assertThat(((CertificateIdentity) model.signer()).certificate().subject())
        .isEqualTo("CN=intermediate-ca");
  }

  @ParameterizedTest
  @ValueSource(strings = {"valid/key", "valid/sigstore"})
  void refusesBundlesOfOtherMethods(String name) throws Exception {
    CertificateVerifier verifier = trusting("ca-cert.pem");
    Bundle bundle = bundle(name);
    VerificationException failure =
        catchThrowableOfType(VerificationException.class, () -> verifier.verify(bundle));
    assertThat(failure.reason()).isEqualTo(Reason.WRONG_METHOD);
  }

  /** Its only certificate does not lead to this root, and that is what it is refused for. */
  @Test
  void readsALoneCertificateWithoutLogEntriesAsAChainOfOne() throws Exception {
    CertificateVerifier verifier = trusting("ca-cert.pem");
    Bundle bundle = bundle("invalid/missing-tlog-entries");
    VerificationException failure =
        catchThrowableOfType(VerificationException.class, () -> verifier.verify(bundle));
    assertThat(failure.reason()).isNotEqualTo(Reason.WRONG_METHOD);
  }
}
