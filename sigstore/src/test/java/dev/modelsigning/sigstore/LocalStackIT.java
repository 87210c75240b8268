package dev.modelsigning.sigstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.ModelVerifier;
import dev.modelsigning.VerifiedModel;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.sigstore.identity.AmbientCredentials;
import dev.modelsigning.sigstore.identity.InteractiveSignIn;
import dev.modelsigning.sigstore.identity.SignInDialog;
import dev.modelsigning.sigstore.identity.TestSignIn;
import dev.modelsigning.testing.Models;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signing and verifying with the servers that the public Sigstore instance runs. */
class LocalStackIT {

  private static final String WORKFLOW =
      "https://github.com/owner/repo/.github/workflows/release.yml@refs/heads/main";

  @TempDir Path directory;
  private LocalStack stack;
  private Path model;

  @BeforeEach
  void makeModel() throws Exception {
    stack = LocalStack.require();
    model = Models.write(directory.resolve("mod\u00e8le"), "a", "alpha", "\u6a21/c", "gamma");
  }

  private VerifiedModel signAndVerify(String config, String token, IdentityPolicy policy)
      throws Exception {
    SigstoreSigner signer =
        SigstoreSigner.using(
            ClientTrustConfig.load(stack.file(config)), () -> IdentityToken.parse(token));
    Path signature = directory.resolve("model.sig");
    ModelSigner.using(signer).sign(model, signature);
    TrustedRoot root = TrustedRoot.load(stack.file("trusted_root.json"));
    return ModelVerifier.using(SigstoreVerifier.using(root, policy)).verify(model, signature);
  }

  @ParameterizedTest
  @ValueSource(strings = {"trust_config_v1.json", "trust_config_v2.json", "trust_config.json"})
  void signsForAnAddressAndVerifies(String config) throws Exception {
    String token = stack.token("OIDC_URL", LocalStack.parameter("identity", "signer@example.com"));
    IdentityPolicy policy = IdentityPolicy.exactly("signer@example.com", stack.address("OIDC_URL"));
    VerifiedModel verified = signAndVerify(config, token, policy);
    assertThat(verified.files()).isEqualTo(2);
    assertThat(verified.times()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"trust_config_v1.json", "trust_config_v2.json"})
  void signsForAWorkflowAndVerifies(String config) throws Exception {
    String token = stack.token("OIDC_WORKFLOW_URL", LocalStack.parameter("uri", WORKFLOW));
    IdentityPolicy policy = IdentityPolicy.exactly(WORKFLOW, stack.address("OIDC_WORKFLOW_URL"));
    assertThat(signAndVerify(config, token, policy).signer().name()).isEqualTo(WORKFLOW);
  }

  @Test
  void refusesAnotherIdentity() throws Exception {
    String token = stack.token("OIDC_URL", LocalStack.parameter("identity", "signer@example.com"));
    IdentityPolicy policy = IdentityPolicy.exactly("other@example.com", stack.address("OIDC_URL"));
    assertThatThrownBy(() -> signAndVerify("trust_config.json", token, policy))
        .isInstanceOfSatisfying(
            VerificationException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.WRONG_IDENTITY));
  }

  @ParameterizedTest
  @CsvSource({"expires=-60, expired at", "audience=somebody-else, answered 4"})
  void refusesATokenThatIsNotForThis(String parameter, String message) throws Exception {
    String token =
        stack.token(
            "OIDC_URL", LocalStack.parameter("identity", "signer@example.com") + "&" + parameter);
    IdentityPolicy policy = IdentityPolicy.exactly("signer@example.com", stack.address("OIDC_URL"));
    assertThatThrownBy(() -> signAndVerify("trust_config.json", token, policy))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining(message);
  }

  // --- signing in with a browser

  /** Signs in as a user in front of a browser would. */
  private SignInDialog browser() {
    return new SignInDialog() {
      private String said = "";

      @Override
      public void show(URI address) throws IOException {
        said = stack.login(address, "signer@example.com");
      }

      @Override
      public String code() {
        return said;
      }
    };
  }

  private InteractiveSignIn signIn(String provider) {
    return InteractiveSignIn.at(URI.create(stack.address(provider)), browser())
        .withPatience(Duration.ofSeconds(30));
  }

  private void signsIn(InteractiveSignIn signIn, String provider) throws Exception {
    IdentityPolicy policy = IdentityPolicy.exactly("signer@example.com", stack.address(provider));
    String token = signIn.token().content().secret();
    assertThat(signAndVerify("trust_config.json", token, policy).files()).isEqualTo(2);
  }

  @Test
  void signsInWithABrowser() throws Exception {
    signsIn(signIn("OIDC_URL"), "OIDC_URL");
  }

  @Test
  void signsInOutOfBand() throws Exception {
    signsIn(signIn("OIDC_URL").withoutLoopback(), "OIDC_URL");
  }

  @Test
  void signsInAsAClientWithASecret() throws Exception {
    InteractiveSignIn confidential =
        signIn("OIDC_CONFIDENTIAL_URL").withClient("sigstore", Optional.of("sigstore-secret"));
    signsIn(confidential, "OIDC_CONFIDENTIAL_URL");
    signsIn(confidential.withoutLoopback(), "OIDC_CONFIDENTIAL_URL");
    InteractiveSignIn wrong =
        signIn("OIDC_CONFIDENTIAL_URL").withClient("sigstore", Optional.of("wr0ng"));
    assertThatThrownBy(wrong::token)
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("'invalid_client'")
        .message()
        .doesNotContain("wr0ng");
  }

  @Test
  void getsTheTokenOfAWorkflow() throws Exception {
    Map<String, String> environment =
        Map.of(
            "GITHUB_ACTIONS",
            "true",
            "ACTIONS_ID_TOKEN_REQUEST_URL",
            stack.address("OIDC_WORKFLOW_URL")
                + "/test/token?"
                + LocalStack.parameter("uri", WORKFLOW),
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
            "any");
    AmbientCredentials credentials =
        TestSignIn.credentials(environment, "http://metadata", directory.resolve("none"));
    String token = credentials.token().orElseThrow().content().secret();
    IdentityPolicy policy = IdentityPolicy.exactly(WORKFLOW, stack.address("OIDC_WORKFLOW_URL"));
    assertThat(signAndVerify("trust_config.json", token, policy).files()).isEqualTo(2);
  }
}
