package dev.modelsigning.oci.internal.registry;

import dev.modelsigning.internal.http.Answer;
import dev.modelsigning.internal.http.Deadline;
import dev.modelsigning.internal.http.Request;
import dev.modelsigning.internal.http.ServiceClient;
import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.oci.internal.credential.Credential;
import dev.modelsigning.oci.internal.credential.Credential.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Asks the server that a registry names in its challenge for tokens (Docker registry token
 * authentication, and its OAuth 2.0 form for identity tokens). The server must be reached by TLS,
 * or be on this machine, as the registry then is.
 */
final class TokenServer {

  private static final int MAX_ANSWER = 1024 * 1024;
  private static final long MAX_TOKENS = 1_000;
  private static final int MAX_TOKEN = 64 * 1024;

  /** How long a token is valid that does not say it. */
  private static final Duration USUAL = Duration.ofSeconds(60);

  private static final Duration LONGEST = Duration.ofDays(1);

  /** RFC 6750 2.1, and what more servers issue. */
  private static final Pattern TOKEN = Pattern.compile("[!-~]+");

  private final ServiceClient client;
  private final URI registry;
  private final Predicate<URI> others;

  /**
   * A token.
   *
   * @param text what is sent; a secret
   * @param valid how long it is valid
   */
  record Token(String text, Duration valid) {
    @Override
    public String toString() {
      return "a token for " + valid;
    }
  }

  /**
   * Creates the client of a registry's token servers.
   *
   * @param registry the address of the registry
   * @param others the addresses of token servers that may be asked, besides that of the registry
   */
  TokenServer(ServiceClient client, URI registry, Predicate<URI> others) {
    this.client = client;
    this.registry = registry;
    this.others = others;
  }

  /**
   * Fetches a token.
   *
   * @param challenge what the registry wants
   * @param scope what it is for, if the challenge does not say it
   * @param credential the user's, if there is one
   * @param end when it has to have answered
   */
  Token fetch(Challenge challenge, String scope, Optional<Credential> credential, Deadline end)
      throws IOException {
    URI realm = realm(challenge, credential.isPresent());
    String service = challenge.parameter("service");
    String wanted = challenge.parameter("scope").isEmpty() ? scope : challenge.parameter("scope");
    String query = "service=" + encode(service) + "&scope=" + encode(wanted);
    Request request;
    if (credential.isPresent() && credential.get().kind() == Kind.IDENTITY_TOKEN) {
      String form =
          "grant_type=refresh_token&client_id=model-signing-java&"
              + query
              + "&refresh_token="
              + encode(credential.get().secret());
      request =
          Request.post(name(), realm, form.getBytes(StandardCharsets.UTF_8))
              .withHeader("Content-Type", "application/x-www-form-urlencoded")
              .withSecrets(credential.get().secret());
    } else {
      String separator = realm.getRawQuery() == null ? "?" : "&";
      request = Request.get(name(), URI.create(realm + separator + query));
      if (credential.isPresent()) {
        request =
            request
                .withHeader("Authorization", credential.get().basic())
                .withSecrets(credential.get().secret());
      }
    }
    Answer answer =
        client.send(
            request
                .withHeader("Accept", "application/json")
                .withMaxLength(MAX_ANSWER)
                .withDeadline(end));
    if (!answer.isSuccess()) {
      throw new IOException(answer.refusal() + advice(answer.status(), credential));
    }
    return read(answer);
  }

  private String name() {
    return "the token server of the registry " + registry.getRawAuthority();
  }

  private static String advice(int status, Optional<Credential> credential) {
    if (status / 100 != 4 || status == 429) {
      return "; try again later";
    }
    return credential
        .map(used ->
            "; it does not take the credentials of "
                + used.origin()
                + ": log in again with"
                + " 'docker login' or 'podman login'")
        .orElse("; log in with 'docker login' or 'podman login'");
  }

  /** The address of the server, which may receive credentials only where this says so. */
  private URI realm(Challenge challenge, boolean withCredential) throws IOException {
    String text = challenge.parameter("realm");
    URI realm;
    try {
      realm = new URI(text);
    } catch (URISyntaxException e) {
      throw refused("is no address", "an address that cannot be read");
    }
    if (realm.getHost() == null || realm.getRawUserInfo() != null || realm.isOpaque()) {
      throw refused("expected https and a host", "something else");
    }
    String shown = ServiceClient.show(realm);
    boolean tls = "https".equalsIgnoreCase(realm.getScheme());
    boolean plainHere =
        "http".equalsIgnoreCase(realm.getScheme())
            && ServiceClient.isHere(realm)
            && ServiceClient.isHere(registry);
    if (!tls && !plainHere) {
      throw refused("expected https", shown);
    }
    if (!Request.isSameOrigin(realm, registry) && !others.test(realm)) {
      throw refused("it is none of the addresses that may be asked", shown);
    }
    boolean registryTls = "https".equalsIgnoreCase(registry.getScheme());
    if (withCredential && !registryTls && !ServiceClient.isHere(realm)) {
      throw refused(
          "the registry was asked without TLS, so credentials go to this machine only", shown);
    }
    return realm.getRawFragment() == null
        ? realm
        : URI.create(realm.toString().replaceFirst("#.*", ""));
  }

  private IOException refused(String why, String shown) {
    return new IOException(
        "the registry "
            + registry.getRawAuthority()
            + " names "
            + Printable.quote(shown)
            + " as its token server, which is not asked: "
            + why);
  }

  private static Token read(Answer answer) throws IOException {
    String type = answer.header("Content-Type").orElse("");
    if (type.toLowerCase(Locale.ROOT).startsWith("text/html")) {
      throw new IOException(
          answer.describe(
              "answered with "
                  + Printable.quote(type)
                  + ", expected a token in JSON; is it the"
                  + " right address, or a page of the network to sign in at?"));
    }
    Map<String, String> texts = new HashMap<>();
    long[] seconds = {USUAL.toSeconds()};
    try {
      JsonReader.read(
          "the answer",
          answer.content(),
          MAX_TOKENS,
          json -> {
            json.object(name -> {
              switch (name) {
                case "token", "access_token" -> texts.put(name, json.string(MAX_TOKEN));
                case "expires_in" -> seconds[0] = json.int64();
                default -> json.skip();
              }
            });
            return texts;
          });
    } catch (MalformedJsonException e) {
      // Without the cause, as the JSON has a secret.
      throw new IOException(answer.describe("answered with no JSON that has a token"));
    }
    String token = texts.getOrDefault("token", "");
    token = token.isEmpty() ? texts.getOrDefault("access_token", "") : token;
    if (!TOKEN.matcher(token).matches()) {
      throw new IOException(answer.describe("answered without a token that can be sent"));
    }
    long valid = Math.max(0, Math.min(seconds[0], LONGEST.toSeconds()));
    return new Token(token, Duration.ofSeconds(valid == 0 ? USUAL.toSeconds() : valid));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
