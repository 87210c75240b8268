package dev.modelsigning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.VerificationMaterial.X509CertificateChain;
import dev.modelsigning.certificate.CertificateVerifier;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.statement.Predicate;
import dev.modelsigning.statement.Statement;
import dev.modelsigning.testing.Forge;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.timestamp.TimestampVerifier;
import java.util.List;

/** For any bytes, a parser accepts or refuses them; it never fails in another way. */
class BundleFuzzTest {

  private static final Forge FORGE = new Forge();
  private static final TestCertificate ROOT = TestCertificate.root("CN=Root");

  @FuzzTest(maxDuration = "60s")
  void readsOrRefusesABundle(byte[] bytes) {
    try {
      Bundle bundle = Bundle.parse(Bytes.of(bytes));
      assertThat(Bundle.parse(bundle.toJson())).isEqualTo(bundle);
    } catch (MalformedBundleException e) {
      assertThat(e.getMessage()).startsWith("bundle: ");
    }
  }

  @FuzzTest(maxDuration = "60s")
  void readsOrRefusesAStatement(byte[] bytes) throws MalformedBundleException {
    if (bytes.length == 0) {
      return;
    }
    try {
      Statement statement = Statement.readUnverified(FORGE.bundle(bytes));
      if (!(statement.predicate() instanceof Predicate.DigestsV01)) {
        byte[] written = statement.toPayload().content().toArray();
        assertThat(Statement.readUnverified(FORGE.bundle(written))).isEqualTo(statement);
      }
    } catch (MalformedBundleException e) {
      assertThat(e.getMessage()).startsWith("payload: ");
    }
  }

  @FuzzTest(maxDuration = "60s")
  void readsOrRefusesACertificateAndATimestamp(byte[] bytes) {
    Bytes input = Bytes.of(bytes);
    Bundle bundle =
        Bundle.of(
                new X509CertificateChain(List.of(input, ROOT.der())),
                ROOT.envelope(new Forge.StatementText().file("a", "alpha").toString()))
            .withTimestamp(input);
    CertificateVerifier verifier = CertificateVerifier.trusting(List.of(ROOT.certificate()));
    assertThat(TimestampVerifier.trusting(List.of(ROOT.certificate())).verify(bundle).times())
        .isEmpty();
    assertThatThrownBy(() -> verifier.verify(bundle))
        .isInstanceOfAny(MalformedBundleException.class, VerificationException.class);
  }
}
