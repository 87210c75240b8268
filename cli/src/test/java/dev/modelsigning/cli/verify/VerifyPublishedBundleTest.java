package dev.modelsigning.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.testing.SharedVectors;
import dev.modelsigning.testing.WithSharedVectors;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * {@code verify sigstore} of a model that was published with a signature by the public instance.
 */
@WithSharedVectors
class VerifyPublishedBundleTest {

  private static final String IDENTITY = "stefanb@us.ibm.com";
  private static final String ISSUER = "https://sigstore.verify.ibm.com/oauth2";

  private static Invocation verify(String identity) {
    Path published = SharedVectors.path("historical/v1.0.0-sigstore");
    return Invocation.of(
        "verify",
        "sigstore",
        published.resolve("model"),
        "--signature",
        published.resolve("bundle.sig"),
        "--trusted-root",
        SharedVectors.path("sigstore/public-good/trusted_root.json"),
        "--identity",
        identity,
        "--identity-provider",
        ISSUER);
  }

  @Test
  void verifiesWhatThePublicInstanceSigned() {
    Invocation verified = verify(IDENTITY).assertSucceeded();
    assertThat(verified.out())
        .startsWith("Verification succeeded\n")
        .contains(
            "sigstore " + IDENTITY,
            ISSUER,
            "206344181",
            "https://search.sigstore.dev/?logIndex=206344181",
            "2025-05-03T01:34:46Z (transparency log by rekor.sigstore.dev");
    assertThat(verified.err()).isEmpty();
  }

  @Test
  void saysWhoSignedWhereItIsSomebodyElse() {
    verify("other@us.ibm.com")
        .assertFailed(
            Workspace.VERIFICATION_FAILED,
            "the certificate is for '" + IDENTITY + "' by '" + ISSUER + "'");
  }
}
