package dev.modelsigning.sigstore.internal.service;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.signing.SigningException;
import dev.modelsigning.sigstore.TestSigstore;
import dev.modelsigning.sigstore.TestSigstore.Certified;
import dev.modelsigning.sigstore.internal.trust.SigningCertificate;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.OtherName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which certificates match a token, by the rules of Fulcio (its {@code config/identity}). */
class TokenIdentityTest {

  private static final TestSigstore SIGSTORE = new TestSigstore();

  private static final String GITHUB = "https://token.actions.githubusercontent.com";
  private static final String WORKFLOW =
      "alice/models/.github/workflows/release.yml@refs/heads/main";
  private static final String GITHUB_CLAIMS =
      ",\"sub\":\"repo:alice/models:ref:refs/heads/main\",\"repository\":\"alice/models\","
          + "\"ref\":\"refs/heads/main\",\"workflow\":\"release\",\"actor\":\"alice\","
          + "\"job_workflow_ref\":\""
          + WORKFLOW
          + "\"";

  private static JsonWebToken token(String issuer, String claims) throws SigningException {
    Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
    String payload =
        "{\"iss\":\"" + issuer + "\",\"aud\":\"sigstore\",\"exp\":9999999999" + claims + "}";
    return JsonWebToken.parse(
        "e30." + encoder.encodeToString(payload.getBytes(StandardCharsets.UTF_8)) + ".c2ln");
  }

  private static SigningCertificate certificate(GeneralName name, String issuer) throws Exception {
    return SigningCertificate.of(
        List.of(
            SIGSTORE.certify(
                TestSigstore.ecKeys().getPublic(),
                new Certified(name, Instant.now()).issuer(issuer))));
  }

  private static void fits(String issuer, String claims, GeneralName name) throws Exception {
    SigningCertificate certificate = certificate(name, issuer);
    assertThatCode(() -> token(issuer, claims).identity().require(certificate, Optional.empty()))
        .as("%s for %s", name, claims)
        .doesNotThrowAnyException();
  }

  private static void refuses(String issuer, String claims, GeneralName name) throws Exception {
    SigningCertificate certificate = certificate(name, issuer);
    assertThatThrownBy(
            () -> token(issuer, claims).identity().require(certificate, Optional.empty()))
        .as("%s for %s", name, claims)
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("certified somebody else, so nothing was published")
        .hasMessageContaining("found '");
  }

  private static GeneralName uri(String uri) {
    return new GeneralName(GeneralName.uniformResourceIdentifier, uri);
  }

  private static GeneralName email(String address) {
    return new GeneralName(GeneralName.rfc822Name, address);
  }

  private static GeneralName userName(String name) {
    return new GeneralName(
        GeneralName.otherName,
        new OtherName(new ASN1ObjectIdentifier("1.3.6.1.4.1.57264.1.7"), new DERUTF8String(name)));
  }

  // --- build services

  @Test
  void comparesTheWorkflowOfGitHubActions() throws Exception {
    fits(GITHUB, GITHUB_CLAIMS, uri("https://github.com/" + WORKFLOW));
    fits(GITHUB + "/enterprise", GITHUB_CLAIMS, uri("https://github.com/" + WORKFLOW));
    fits(
        "https://git.bank.example/_services/token",
        GITHUB_CLAIMS,
        uri("https://git.bank.example/" + WORKFLOW));
    fits(
        "https://git.bank.example/_services/token",
        GITHUB_CLAIMS,
        uri("https://github.com/" + WORKFLOW));
    fits(
        "https://token.actions.bank.ghe.com",
        GITHUB_CLAIMS,
        uri("https://bank.ghe.com/" + WORKFLOW));
    fits(GITHUB, GITHUB_CLAIMS, uri("repo:alice/models:ref:refs/heads/main"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://github.com/mallory/models/.github/workflows/release.yml@refs/heads/main",
        "https://github.com/alice/models/.github/workflows/other.yml@refs/heads/main",
        "https://github.com/alice/models/.github/workflows/release.yml@refs/heads/mine",
        "https://github.com/alice/models/.github/workflows/release.yml@refs/heads/main2",
        "https://github.com/mallory/alice/models/.github/workflows/release.yml@refs/heads/main",
        "https://github.example/alice/models/.github/workflows/release.yml@refs/heads/main",
        "http://github.com/alice/models/.github/workflows/release.yml@refs/heads/main",
        "https://github.com/alice/models",
        "repo:alice/models:ref:refs/heads/other"
      })
  void refusesAnotherWorkflowOfGitHubActions(String identity) throws Exception {
    refuses(GITHUB, GITHUB_CLAIMS, uri(identity));
    refuses(GITHUB, GITHUB_CLAIMS, email("alice@example.com"));
  }

  @Test
  void readsNamesThatAnAuthorityEncodes() throws Exception {
    String claims =
        ",\"sub\":\"x\",\"job_workflow_ref\":\"a/b/.github/workflows/c d.yml@refs/heads/\u00e9\"";
    fits(
        GITHUB,
        claims,
        uri("https://github.com/a/b/.github/workflows/c%20d.yml@refs/heads/%c3%A9"));
    refuses(GITHUB, claims, uri("https://github.com/a/b/.github/workflows/c%20d.yml@refs/heads/e"));
  }

  @Test
  void comparesThePipelineOfGitLab() throws Exception {
    String claims =
        ",\"sub\":\"project_path:alice/models:ref_type:branch:ref:main\",\"project_path\":"
            + "\"alice/models\",\"user_email\":\"alice@example.com\",\"ci_config_ref_uri\":"
            + "\"gitlab.com/alice/models//.gitlab-ci.yml@refs/heads/main\"";
    String issuer = "https://gitlab.com";
    fits(issuer, claims, uri("https://gitlab.com/alice/models//.gitlab-ci.yml@refs/heads/main"));
    refuses(issuer, claims, uri("https://gitlab.com/alice/models//.gitlab-ci.yml@refs/heads/x"));
    refuses(
        issuer, claims, uri("https://gitlab.com/mallory/models//.gitlab-ci.yml@refs/heads/main"));
    refuses(issuer, claims, uri("https://gitlab.com/alice/models"));
  }

  @Test
  void comparesThePipelineOfBuildkite() throws Exception {
    String claims =
        ",\"sub\":\"organization:acme:pipeline:models:ref:main\",\"organization_slug\":\"acme\","
            + "\"pipeline_slug\":\"models\",\"build_branch\":\"main\"";
    String issuer = "https://agent.buildkite.com";
    fits(issuer, claims, uri("https://buildkite.com/acme/models"));
    refuses(issuer, claims, uri("https://buildkite.com/acme/other"));
    refuses(issuer, claims, uri("https://buildkite.com/other/models"));
    refuses(issuer, claims, uri("https://buildkite.com/acme/models/main"));
  }

  @Test
  void comparesTheProjectOfCircleCi() throws Exception {
    String claims =
        ",\"sub\":\"org/1/project/2/user/3\",\"oidc.circleci.com/project-id\":\"2\","
            + "\"oidc.circleci.com/pipeline-definition-id\":\"4\"";
    String issuer = "https://oidc.circleci.com";
    fits(issuer, claims, uri("https://circleci.com/api/v2/projects/2/pipeline-definitions/4"));
    refuses(issuer, claims, uri("https://circleci.com/api/v2/projects/9/pipeline-definitions/4"));
    refuses(issuer, claims, uri("https://circleci.com/api/v2/projects/2/pipeline-definitions/9"));
  }

  @Test
  void comparesThePipelineOfCodefresh() throws Exception {
    String claims =
        ",\"sub\":\"account:1:pipeline:2\",\"account_name\":\"acme\",\"account_id\":\"1\","
            + "\"pipeline_name\":\"models/release\",\"pipeline_id\":\"2\"";
    String issuer = "https://oidc.codefresh.io";
    fits(issuer, claims, uri("https://g.codefresh.io/acme/models/release:1/2"));
    refuses(issuer, claims, uri("https://g.codefresh.io/acme/models/release:1/3"));
  }

  // --- people and machines

  @Test
  void comparesTheEmailAddressOfPeopleAndServiceAccounts() throws Exception {
    String issuer = "https://accounts.google.com";
    String claims =
        ",\"sub\":\"1142\",\"email\":\"ci@project.iam.gserviceaccount.com\",\"email_verified\":true";
    fits(issuer, claims, email("ci@project.iam.gserviceaccount.com"));
    refuses(issuer, claims, email("mallory@project.iam.gserviceaccount.com"));
    refuses(issuer, claims, email("ci@project.iam.gserviceaccount.com.evil.example"));
    refuses(
        issuer, claims, uri("https://github.com/mallory/x/.github/workflows/y.yml@refs/heads/z"));
    // No claim says so, whatever the address is.
    refuses(
        issuer, ",\"sub\":\"1142\",\"name\":\"mallory@example.com\"", email("mallory@example.com"));
  }

  @Test
  void comparesTheSubjectOfWorkloads() throws Exception {
    String issuer = "https://spire.bank.example";
    String claims = ",\"sub\":\"spiffe://bank.example/ns/ml/sa/signer\"";
    fits(issuer, claims, uri("spiffe://bank.example/ns/ml/sa/signer"));
    refuses(issuer, claims, uri("spiffe://bank.example/ns/ml/sa/other"));
    refuses(issuer, claims, uri("spiffe://other.example/ns/ml/sa/signer"));
  }

  @Test
  void comparesTheServiceAccountOfKubernetes() throws Exception {
    String issuer = "https://kubernetes.default.svc";
    String claims =
        ",\"sub\":\"system:serviceaccount:ml:signer\",\"kubernetes.io\":{\"namespace\":\"ml\","
            + "\"serviceaccount\":{\"name\":\"signer\",\"uid\":\"77\"}}";
    fits(issuer, claims, uri("https://kubernetes.io/namespaces/ml/serviceaccounts/signer"));
    refuses(issuer, claims, uri("https://kubernetes.io/namespaces/a/serviceaccounts/b"));
  }

  @Test
  void comparesUserNamesAndIdentitiesBelowTheirProvider() throws Exception {
    fits("https://idp.example", ",\"sub\":\"alice\"", userName("alice!bank.example"));
    refuses("https://idp.example", ",\"sub\":\"alice\"", userName("alice2!bank.example"));
    refuses("https://idp.example", ",\"sub\":\"alice\"", userName("bob!alice.example"));
    fits("https://issuer.enforce.dev", ",\"sub\":\"a/b\"", uri("https://issuer.enforce.dev/a/b"));
  }

  // --- an authority with rules of its own

  @ParameterizedTest
  @CsvSource({
    "https://ci.example/team/vision/42, true",
    "https://ci.example/people/alice-7, true",
    "https://ci.example/team/vision2/43, false",
    "https://ci.example/team/language/43, false",
    "https://ci.example/token-9/sigstore, false",
    "https://idp.example, false"
  })
  void wantsAClaimInTheNameWhereNoRuleIsKnown(String identity, boolean fits) throws Exception {
    String claims =
        ",\"sub\":\"42\",\"jti\":\"token-9\",\"user\":{\"login\":\"alice-7\"},\"team\":\"vision\"";
    if (fits) {
      fits("https://idp.example", claims, uri(identity));
    } else {
      refuses("https://idp.example", claims, uri(identity));
    }
  }

  @Test
  void comparesTheProvider() throws Exception {
    SigningCertificate certificate =
        certificate(email("alice@example.com"), "https://accounts.google.com");
    String claims = ",\"sub\":\"x\",\"email\":\"alice@example.com\"";
    for (String other :
        List.of(
            claims,
            claims + ",\"federated_claims\":{\"connector_id\":\"https://github.com/login/oauth\"}",
            claims + ",\"federated_claims\":\"https://accounts.google.com\"",
            claims + ",\"connector_id\":\"https://accounts.google.com\"")) {
      assertThatThrownBy(() ->
              token("https://oauth2.sigstore.dev/auth", other)
                  .identity()
                  .require(certificate, Optional.of("alice@example.com")))
          .isInstanceOf(SigningException.class)
          .hasMessageContaining("another identity provider");
    }
    String federated =
        claims + ",\"federated_claims\":{\"connector_id\":\"https://accounts.google.com\"}";
    assertThatCode(() ->
            token("https://oauth2.sigstore.dev/auth", federated)
                .identity()
                .require(certificate, Optional.empty()))
        .doesNotThrowAnyException();
  }
}
