package dev.modelsigning.sigstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.ModelVerifier;
import dev.modelsigning.VerifiedModel;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.signing.KeylessIdentity;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.signing.VerificationTime.Source;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.statement.Statement;
import dev.modelsigning.testing.SharedVectors;
import dev.modelsigning.testing.WithSharedVectors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The published keyless bundles, each with its expected outcome. */
@WithSharedVectors
class SigstoreVectorsTest {

  private static final String SIGNER = "stefanb@us.ibm.com";
  private static final String ISSUER = "https://sigstore.verify.ibm.com/oauth2";

  private static final IdentityPolicy BEACON =
      IdentityPolicy.exactly(
          "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/"
              + ".github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main",
          "https://token.actions.githubusercontent.com");

  private static TrustedRoot publicGood() throws Exception {
    return TrustedRoot.load(SharedVectors.path("sigstore/public-good/trusted_root.json"));
  }

  private static SigstoreVerifier verifier(IdentityPolicy policy) throws Exception {
    return SigstoreVerifier.using(publicGood(), policy);
  }

  private static VerifiedModel verifyHistorical(IdentityPolicy policy) throws Exception {
    Path folder = SharedVectors.path("historical/v1.0.0-sigstore");
    return ModelVerifier.builder(verifier(policy))
        .build()
        .verify(folder.resolve("model"), folder.resolve("bundle.sig"));
  }

  @Test
  void verifiesAHistoricalBundleWithItsModelWithoutANetwork() throws Exception {
    VerifiedModel model = verifyHistorical(IdentityPolicy.exactly(SIGNER, ISSUER));
    assertThat(model.files()).isEqualTo(2);
    assertThat(model.signer().method()).isEqualTo("sigstore");
    assertThat(model.signer().name()).isEqualTo(SIGNER);
    KeylessIdentity signer = (KeylessIdentity) model.signer();
    assertThat(signer.provider()).isEqualTo(ISSUER);
    assertThat(signer.logEntries())
        .singleElement()
        .satisfies(entry ->
            assertThat(entry.address())
                .isEqualTo("https://search.sigstore.dev/?logIndex=" + entry.index()));
    assertThat(model.times())
        .singleElement()
        .satisfies(time -> {
          assertThat(time.source()).isEqualTo(Source.TRANSPARENCY_LOG);
          assertThat(time.authority()).startsWith("rekor.sigstore.dev");
        });
    assertThat(model.findings()).isEmpty();
  }

  @Test
  void verifiesTheValidSigstoreBundleOfOms() throws Exception {
    Bundle bundle = Bundle.read(SharedVectors.path("oms/bundles/valid/sigstore.bundle.json"));
    VerifiedPayload verified = verifier(IdentityPolicy.exactly(SIGNER, ISSUER)).verify(bundle);
    assertThat(Statement.read(verified).manifest().rootDigest().hex())
        .isEqualTo("61d4849d9d90076d6215f4d525f13d6574af8e3f67aef3e6f36fc40a14fdd226");
  }

  @Test
  void verifiesAnIdentityByARegularExpressionOverAllOfIt() throws Exception {
    IdentityPolicy all = IdentityPolicy.matching(Pattern.compile(".*@us\\.ibm\\.com"), ISSUER);
    assertThat(verifyHistorical(all).signer().name()).isEqualTo(SIGNER);
    IdentityPolicy part = IdentityPolicy.matching(Pattern.compile("stefanb"), ISSUER);
    assertThatThrownBy(() -> verifyHistorical(part))
        .isInstanceOfSatisfying(
            VerificationException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.WRONG_IDENTITY));
  }

  @ParameterizedTest
  @CsvSource({
    "mallory@example.com, https://sigstore.verify.ibm.com/oauth2, (identity)",
    "STEFANB@us.ibm.com, https://sigstore.verify.ibm.com/oauth2, (identity)",
    "stefanb@us.ibm.com, https://accounts.example.com, (identity provider)",
    "stefanb@us.ibm.com, https://sigstore.verify.ibm.com/oauth2/, (identity provider)",
    "mallory@example.com, https://accounts.example.com, (identity and provider)"
  })
  void refusesAnotherSignerAndSaysWhoSigned(String identity, String issuer, String what) {
    assertThatThrownBy(() -> verifyHistorical(IdentityPolicy.exactly(identity, issuer)))
        .isInstanceOfSatisfying(
            VerificationException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.WRONG_IDENTITY))
        .hasMessageContaining(what)
        .hasMessageContaining("'" + identity + "' by '" + issuer + "'")
        .hasMessageContaining("'" + SIGNER + "' by '" + ISSUER + "'");
  }

  @Test
  void refusesABundleOfTheMethodKey() throws Exception {
    SigstoreVerifier verifier = verifier(IdentityPolicy.exactly(SIGNER, ISSUER));
    Bundle bundle = Bundle.read(SharedVectors.path("oms/bundles/valid/key.bundle.json"));
    assertThatThrownBy(() -> verifier.verify(bundle))
        .isInstanceOfSatisfying(
            VerificationException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.WRONG_METHOD));
  }

  @ParameterizedTest
  @CsvSource({
    "valid/certificate, WRONG_METHOD",
    "invalid/missing-tlog-entries, UNTRUSTED_LOG_ENTRY"
  })
  void refusesABundleWithoutALogEntry(String name, Reason reason) throws Exception {
    SigstoreVerifier verifier = verifier(IdentityPolicy.exactly(SIGNER, ISSUER));
    Bundle bundle = Bundle.read(SharedVectors.path("oms/bundles/" + name + ".bundle.json"));
    assertThatThrownBy(() -> verifier.verify(bundle))
        .isInstanceOfSatisfying(
            VerificationException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  // --- bundles of other clients of Sigstore, whose payload is not about a model

  private static VerifiedSignature verifyConformance(String name) throws Exception {
    Path folder = SharedVectors.path("sigstore-conformance/" + name);
    Path own = folder.resolve("trusted_root.json");
    TrustedRoot root = Files.exists(own) ? TrustedRoot.load(own) : publicGood();
    return SigstoreVerifier.using(root, BEACON)
        .verifySignature(Bundle.read(folder.resolve("bundle.sigstore.json")));
  }

  @ParameterizedTest
  @CsvSource({
    "happy-path-intoto-in-dsse-v3, TRANSPARENCY_LOG",
    "rekor2-dsse-happy-path, TIMESTAMP",
    "intoto-with-custom-trust-root, TIMESTAMP"
  })
  void verifiesBundlesOfOtherClients(String name, Source source) throws Exception {
    assertThat(verifyConformance(name).times())
        .anySatisfy(time -> assertThat(time.source()).isEqualTo(source));
  }

  @ParameterizedTest
  @CsvSource({
    "dsse-invalid-sig_fail, UNTRUSTED_LOG_ENTRY",
    "dsse-mismatch-envelope_fail, UNTRUSTED_LOG_ENTRY",
    "rekor2-dsse-mismatch-sig_fail, UNTRUSTED_LOG_ENTRY"
  })
  void refusesBundlesThatOtherClientsRefuse(String name, Reason reason) {
    assertThatThrownBy(() -> verifyConformance(name))
        .isInstanceOfSatisfying(
            VerificationException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }
}
