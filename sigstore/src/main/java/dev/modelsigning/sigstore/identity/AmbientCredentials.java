package dev.modelsigning.sigstore.identity;

import dev.modelsigning.internal.http.Answer;
import dev.modelsigning.internal.http.Request;
import dev.modelsigning.internal.http.ServiceClient;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.sigstore.IdentityToken;
import dev.modelsigning.sigstore.IdentityTokenSource;
import dev.modelsigning.sigstore.internal.data.JsonFields;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Obtains identity tokens from the CI service or cloud on which this program runs: GitHub Actions,
 * Google Cloud, Buildkite, GitLab CI and CircleCI, detected in this order.
 */
public final class AmbientCredentials {

  private static final String GITHUB = "GitHub Actions";
  private static final String GOOGLE = "Google Cloud";
  private static final long MAX_TOKENS = 1_000;
  private static final Set<String> GOOGLE_MACHINES = Set.of("Google", "Google Compute Engine");
  private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(30);

  private final Platform platform;
  private final ServiceClient client;
  private final String audience;

  /**
   * The observable properties of the platform.
   *
   * @param environment the variables of the environment
   * @param metadata the address of Google's metadata server
   * @param iamCredentials the address of Google's service for tokens
   * @param productName the file with the product name of the machine
   * @param commands runs programs
   */
  record Platform(
      Map<String, String> environment,
      URI metadata,
      URI iamCredentials,
      Path productName,
      CommandRunner commands) {

    static Platform current() {
      Map<String, String> environment = System.getenv();
      return new Platform(
          environment,
          URI.create("http://metadata"),
          URI.create("https://iamcredentials.googleapis.com"),
          Path.of("/sys/class/dmi/id/product_name"),
          new CommandRunner(environment, COMMAND_TIMEOUT));
    }

    Optional<String> variable(String name) {
      return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }
  }

  private AmbientCredentials(Platform platform, ServiceClient client, String audience) {
    this.platform = platform;
    this.client = client;
    this.audience = audience;
  }

  /**
   * Returns the credentials of the platform on which this program runs.
   *
   * @param clientId the audience of the tokens: the client ID of the certificate authority; {@link
   *     InteractiveSignIn#CLIENT_ID} at most instances
   */
  public static AmbientCredentials forClient(String clientId) {
    return using(Platform.current(), ServiceClient.withDefaults(), clientId);
  }

  static AmbientCredentials using(Platform platform, ServiceClient client, String audience) {
    return new AmbientCredentials(platform, client, audience);
  }

  /**
   * Returns a source that uses these credentials if there are any, or else another source.
   *
   * @param other the source on platforms without tokens
   */
  public IdentityTokenSource orElse(IdentityTokenSource other) {
    return () -> {
      Optional<IdentityToken> token = token();
      return token.isPresent() ? token.get() : other.token();
    };
  }

  /**
   * Requests a token from the platform.
   *
   * @return empty if the platform is not one with tokens
   * @throws IOException if a service of the platform cannot be reached
   * @throws SigningException if the platform has tokens but refuses to issue one; the message gives
   *     the reason
   */
  public Optional<IdentityToken> token() throws IOException, SigningException {
    Optional<String> token;
    if (platform.variable("GITHUB_ACTIONS").isPresent()) {
      token = Optional.of(github());
    } else {
      token = google();
      if (token.isEmpty() && platform.variable("BUILDKITE").isPresent()) {
        token =
            Optional.of(
                platform
                    .commands()
                    .run("buildkite-agent", "oidc", "request-token", "--audience", audience));
      } else if (token.isEmpty() && platform.variable("GITLAB_CI").isPresent()) {
        token = Optional.of(gitlab());
      } else if (token.isEmpty() && platform.variable("CIRCLECI").isPresent()) {
        token = Optional.of(circle());
      }
    }
    return token.isEmpty() ? Optional.empty() : Optional.of(IdentityToken.parse(token.get()));
  }

  private String github() throws IOException, SigningException {
    Optional<String> secret = platform.variable("ACTIONS_ID_TOKEN_REQUEST_TOKEN");
    Optional<String> url = platform.variable("ACTIONS_ID_TOKEN_REQUEST_URL");
    if (secret.isEmpty() || url.isEmpty()) {
      throw new SigningException(
          GITHUB
              + " gives this job no identity token: set 'permissions: id-token: write' in its"
              + " workflow");
    }
    String separator = url.get().contains("?") ? "&" : "?";
    URI uri = address(GITHUB, url.get() + separator + "audience=" + encode(audience));
    Request request =
        Request.get(GITHUB, uri).withHeader("Authorization", "bearer " + secret.get());
    return field(client.send(request), "value");
  }

  private Optional<String> google() throws IOException, SigningException {
    String accounts = "/computeMetadata/v1/instance/service-accounts/default/";
    Optional<String> account = platform.variable("GOOGLE_SERVICE_ACCOUNT_NAME");
    if (account.isPresent()) {
      URI uri =
          ServiceClient.below(
              platform.metadata(),
              accounts
                  + "token?scopes="
                  + encode("https://www.googleapis.com/auth/cloud-platform"));
      String access =
          field(
              client.send(Request.get(GOOGLE, uri).withHeader("Metadata-Flavor", "Google")),
              "access_token");
      URI generate =
          ServiceClient.below(
              platform.iamCredentials(),
              "/v1/projects/-/serviceAccounts/" + encode(account.get()) + ":generateIdToken");
      byte[] request =
          JsonWriter.document(json -> json.string("audience", audience).bool("includeEmail", true));
      Answer answer =
          client.send(
              Request.post(GOOGLE, generate, request)
                  .withHeader("Authorization", "Bearer " + access)
                  .withHeader("Content-Type", "application/json"));
      return Optional.of(field(answer, "token"));
    }
    if (!GOOGLE_MACHINES.contains(productName())) {
      return Optional.empty();
    }
    URI uri =
        ServiceClient.below(
            platform.metadata(),
            accounts + "identity?audience=" + encode(audience) + "&format=full");
    Answer answer = client.send(Request.get(GOOGLE, uri).withHeader("Metadata-Flavor", "Google"));
    requireSuccess(answer);
    return Optional.of(new String(answer.content(), StandardCharsets.UTF_8));
  }

  private String productName() {
    try (InputStream stream = Files.newInputStream(platform.productName())) {
      return new String(stream.readNBytes(100), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      // Unreadable, or absent on most systems; then the machine is not of this kind.
      return "";
    }
  }

  private String gitlab() throws SigningException {
    String variable =
        audience.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9_]|^[^A-Z_]", "_") + "_ID_TOKEN";
    return platform
        .variable(variable)
        .orElseThrow(() ->
            new SigningException(
                "GitLab CI gives this job no identity token: set 'id_tokens: "
                    + variable
                    + ": aud: "
                    + audience
                    + "' in .gitlab-ci.yml"));
  }

  private String circle() throws IOException, SigningException {
    String claims =
        new String(
            JsonWriter.document(json -> json.string("aud", audience)), StandardCharsets.UTF_8);
    return platform
        .commands()
        .run("circleci", "run", "oidc", "get", "--claims", claims, "--root-issuer");
  }

  private static String field(Answer answer, String name) throws SigningException {
    requireSuccess(answer);
    try {
      return JsonFields.read(answer.service(), answer.content(), MAX_TOKENS).text(name);
    } catch (MalformedJsonException e) {
      throw new SigningException(
          answer.describe("sent something that is not an identity token: " + e.getMessage()),
          answer.cause(e));
    }
  }

  private static void requireSuccess(Answer answer) throws SigningException {
    if (!answer.isSuccess()) {
      throw new SigningException("no identity token: " + answer.refusal());
    }
  }

  private static URI address(String service, String text) throws SigningException {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new SigningException(service + ": the address for identity tokens is not one", e);
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
