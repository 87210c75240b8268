package dev.modelsigning.cli.sign;

import static dev.modelsigning.cli.Workspace.SIGNING_FAILED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What {@code sign sigstore} refuses without contacting a service. The service addresses in its
 * configuration have no server.
 */
public class SignSigstoreCommandTest {

  private static final String NO_TRUSTED_ROOT = "{\"certificateAuthorities\": [], \"tlogs\": []}";

  /** What could be a signature, and must not be seen either. */
  private static final String TOKEN_END = "c2VjcmV0LXNpZ25hdHVyZQ";

  @TempDir private Path directory;

  private Workspace workspace;
  private Path config;

  @BeforeEach
  void makeWorkspace() throws Exception {
    workspace = Workspace.in(directory);
    config = workspace.write("config.json", config("http://127.0.0.1:1"));
  }

  public static String config(String services) {
    String service =
        "[{\"url\": \""
            + services
            + "\", \"majorApiVersion\": 1, \"operator\": \"nobody\","
            + " \"validFor\": {\"start\": \"2020-01-01T00:00:00Z\"}}]";
    return "{\"mediaType\": \"application/vnd.dev.sigstore.clienttrustconfig.v0.1+json\","
        + " \"trustedRoot\": "
        + NO_TRUSTED_ROOT
        + ", \"signingConfig\": {\"mediaType\":"
        + " \"application/vnd.dev.sigstore.signingconfig.v0.2+json\", \"caUrls\": "
        + service
        + ", \"oidcUrls\": "
        + service
        + ", \"rekorTlogUrls\": "
        + service
        + ", \"tsaUrls\": "
        + service
        + ", \"rekorTlogConfig\": {\"selector\": \"ANY\"}, \"tsaConfig\": {\"selector\":"
        + " \"ANY\"}}}";
  }

  /** A token with these claims, and an invalid signature. */
  public static String token(String claims) {
    return base64("{\"alg\":\"RS256\"}") + "." + base64(claims) + "." + TOKEN_END;
  }

  private static String tokenUntil(Instant expiry) {
    return token(
        "{\"iss\":\"https://issuer.example\",\"aud\":\"sigstore\",\"sub\":\"1\","
            + "\"email\":\"signer@bank.example\",\"exp\":"
            + expiry.getEpochSecond()
            + "}");
  }

  private static String base64(String json) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  /** Signs, which is to change nothing on disk. */
  private Invocation sign(Map<String, String> environment, Object... options) throws Exception {
    List<Object> args =
        new ArrayList<>(
            List.of("sign", "sigstore", workspace.model(), "--signature", workspace.signature()));
    args.addAll(List.of(options));
    return workspace.changingNothing(() -> Invocation.in(environment, args.toArray()));
  }

  private Invocation sign(Object... options) throws Exception {
    return sign(Map.of(), options);
  }

  /** Makes a model that cannot be hashed, which every attempt reports. */
  private void makeModelUnhashable() throws Exception {
    workspace.fifo("model/pipe");
  }

  // Options

  @ParameterizedTest
  @ValueSource(strings = {"0", "3", "-1"})
  void refusesAVersionOfTheLogThatIsNone(String version) throws Exception {
    sign("--rekor-version", version, "--trust-config", config)
        .assertUsage("--rekor-version must be 1 or 2");
  }

  @Test
  void refusesAVersionOfTheLogThatIsNoNumber() throws Exception {
    sign("--rekor-version", "v2", "--trust-config", config).assertUsage("--rekor-version", "'v2'");
  }

  @Test
  void refusesTwoSourcesOfATokenWithoutShowingIt() throws Exception {
    String token = tokenUntil(Instant.now().plusSeconds(600));
    Path file = workspace.write("token.jwt", token);

    Invocation refused =
        sign("--trust-config", config, "--identity-token", token, "--identity-token-file", file)
            .assertUsage("--identity-token and --identity-token-file exclude each other");

    assertThat(refused.err()).doesNotContain(token).doesNotContain(TOKEN_END);
  }

  // Trust configurations

  @Test
  void refusesATrustConfigThatIsNotThere() throws Exception {
    Path absent = workspace.path("absent.json");
    sign("--trust-config", absent)
        .assertFailed(SIGNING_FAILED, absent + ": no such file or directory");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "rubbish", "[]", "{}", "{\"trustedRoot\": 1}", "{\"trustedRoot\": {}}"})
  void refusesATrustConfigThatIsNone(String content) throws Exception {
    Path file = workspace.write("other.json", content);
    sign("--trust-config", file).assertFailed(SIGNING_FAILED, file);
  }

  @Test
  void refusesAnOldSigningConfig() throws Exception {
    Path file =
        workspace.write(
            "other.json",
            Files.readString(config).replace("signingconfig.v0.2", "signingconfig.v0.1"));
    sign("--trust-config", file)
        .assertFailed(SIGNING_FAILED, file, "expected 'application/vnd.dev.sigstore.signingconfig");
  }

  @Test
  void saysThatATrustedRootAloneIsNotEnoughToSign() throws Exception {
    Path root = workspace.write("trusted_root.json", NO_TRUSTED_ROOT);
    sign("--trust-config", root)
        .assertFailed(
            SIGNING_FAILED,
            root,
            "has no signingConfig; that is enough to verify, but not to sign");
  }

  @Test
  void namesTheServiceThatDoesNotAnswer() throws Exception {
    Map<String, String> environment =
        Map.of("SIGSTORE_ID_TOKEN", tokenUntil(Instant.now().plusSeconds(600)));

    Invocation refused =
        sign(environment, "--trust-config", config)
            .assertFailed(SIGNING_FAILED, "the certificate authority (Fulcio)", "127.0.0.1:1");

    assertThat(refused.err()).doesNotContain(TOKEN_END);
  }

  @Test
  void namesTheIdentityProviderThatDoesNotAnswer() throws Exception {
    Invocation refused = sign("--trust-config", config);

    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.errorLines()).hasSize(2);
    assertThat(refused.errorLines().get(0)).startsWith("Your identity").contains("PUBLIC for ever");
    assertThat(refused.errorLines().get(1))
        .startsWith(SIGNING_FAILED + ": ")
        .contains("the identity provider", "127.0.0.1:1");
  }

  /** A token that is given needs no sign-in and no question. */
  @Test
  void saysOfNoIdentityThatItBecomesPublicWhereNobodySignsIn() throws Exception {
    assertThat(
            sign(
                    "--trust-config",
                    config,
                    "--identity-token",
                    tokenUntil(Instant.now().plusSeconds(600)))
                .err())
        .startsWith(SIGNING_FAILED)
        .doesNotContain("PUBLIC");
  }

  /** Nothing is hashed, and no browser opened in place of the build service. */
  @Test
  void refusesAmbientCredentialsWhereThereAreNone() throws Exception {
    makeModelUnhashable();
    Assumptions.assumeTrue(
        Stream.of(
                "GITHUB_ACTIONS",
                "GITLAB_CI",
                "BUILDKITE",
                "CIRCLECI",
                "GOOGLE_SERVICE_ACCOUNT_NAME")
            .allMatch(name -> System.getenv(name) == null),
        "this is a build service");

    sign("--trust-config", config, "--use-ambient-credentials")
        .assertFailed(SIGNING_FAILED, "--use-ambient-credentials: expected GitHub Actions");
  }

  // Tokens

  /** A source of a token, and its name in messages. */
  enum Place {
    OPTION,
    FILE,
    VARIABLE
  }

  private Invocation signWith(Place place, String token) throws Exception {
    Path file = workspace.write("token.jwt", place == Place.FILE ? token : "");
    return switch (place) {
      case OPTION -> sign("--trust-config", config, "--identity-token", token);
      case FILE -> sign("--trust-config", config, "--identity-token-file", file);
      case VARIABLE -> sign(Map.of("SIGSTORE_ID_TOKEN", token), "--trust-config", config);
    };
  }

  private static void assertKeptSecret(String token, Invocation invocation) {
    assertThat(invocation.out() + invocation.err()).doesNotContain(TOKEN_END);
    for (String part : token.strip().split("\\.", -1)) {
      assertThat(invocation.out() + invocation.err()).doesNotContain(part);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "OPTION, the identity token is malformed",
    "FILE, token.jwt: the identity token is malformed",
    "VARIABLE, environment variable SIGSTORE_ID_TOKEN: the identity token is malformed"
  })
  void refusesAMalformedTokenBeforeHashing(Place place, String message) throws Exception {
    makeModelUnhashable();
    String token = "Zmlyc3Q.c2Vjb25k." + TOKEN_END;
    assertKeptSecret(token, signWith(place, token).assertFailed(SIGNING_FAILED, message));
  }

  @ParameterizedTest
  @CsvSource({"OPTION", "FILE", "VARIABLE"})
  void refusesAnExpiredTokenBeforeHashing(Place place) throws Exception {
    makeModelUnhashable();
    Instant expiry = Instant.parse("2025-01-02T03:04:05Z");
    String token = tokenUntil(expiry);
    assertKeptSecret(
        token,
        signWith(place, token)
            .assertFailed(SIGNING_FAILED, "the identity token expired at " + expiry));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "one-part",
        "two.parts",
        "a.b.c.d",
        "%%%.%%%.%%%",
        "e30.e30.e30",
        "e30.W10.e30",
        "e30.eyJleHAiOiJzb29uIn0.e30",
        "e30.eyJleHAiOi0xfQ.e30"
      })
  void refusesWhatIsNoToken(String token) throws Exception {
    Invocation refused =
        signWith(Place.OPTION, token)
            .assertFailed(
                SIGNING_FAILED,
                "the identity token is malformed",
                "get a new one from the identity");
    assertThat(refused.err()).doesNotContain(token);
  }

  @Test
  void doesNotShowATokenAtTheMostTalkativeLevel() throws Exception {
    String token = "Zmlyc3Q.c2Vjb25k." + TOKEN_END;
    Invocation refused =
        Invocation.of(
            "--log-level=DEBUG",
            "sign",
            workspace.model(),
            "--signature",
            workspace.signature(),
            "--trust-config",
            config,
            "--identity-token",
            token);

    assertThat(refused.status()).isEqualTo(1);
    assertKeptSecret(token, refused);
  }

  @Test
  void refusesATokenFileThatIsNotThere() throws Exception {
    Path absent = workspace.path("absent.jwt");
    sign("--trust-config", config, "--identity-token-file", absent)
        .assertFailed(SIGNING_FAILED, absent + ": no such file or directory");
  }

  @Test
  void refusesATokenFileThatIsADirectory() throws Exception {
    sign("--trust-config", config, "--identity-token-file", workspace.model())
        .assertFailed(SIGNING_FAILED, workspace.model() + ": ");
  }

  @Test
  void doesNotShowWhatElseIsInATokenFile() throws Exception {
    Invocation refused =
        sign("--trust-config", config, "--identity-token-file", workspace.privateKey())
            .assertFailed(
                SIGNING_FAILED, workspace.privateKey(), "the identity token is malformed");
    assertThat(refused.err()).doesNotContain("PRIVATE KEY");
  }

  @Test
  void prefersTheTokenOfAnOptionToThatOfTheEnvironment() throws Exception {
    Instant expiry = Instant.parse("2025-01-02T03:04:05Z");
    sign(
            Map.of("SIGSTORE_ID_TOKEN", "malformed"),
            "--trust-config",
            config,
            "--identity-token",
            tokenUntil(expiry))
        .assertFailed(SIGNING_FAILED, "the identity token expired at " + expiry);
  }

  @Test
  void hashesBeforeItAsksWhoSigns() throws Exception {
    makeModelUnhashable();
    sign("--trust-config", config).assertFailed(SIGNING_FAILED, "pipe");
  }
}
