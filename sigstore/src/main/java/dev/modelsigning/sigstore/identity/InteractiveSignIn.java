package dev.modelsigning.sigstore.identity;

import dev.modelsigning.internal.http.Answer;
import dev.modelsigning.internal.http.Request;
import dev.modelsigning.internal.http.ServiceClient;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.sigstore.IdentityToken;
import dev.modelsigning.sigstore.IdentityTokenSource;
import dev.modelsigning.sigstore.internal.data.JsonFields;
import dev.modelsigning.sigstore.internal.data.Sha256;
import dev.modelsigning.sigstore.internal.service.JsonWebToken;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Obtains identity tokens by letting the user sign in with a browser (OpenID Connect authorization
 * code flow with PKCE). The browser is redirected to a port on the loopback interface, or, out of
 * band, the user enters a code. Instances are immutable.
 */
public final class InteractiveSignIn implements IdentityTokenSource {

  /** The client ID of the public Sigstore instances. */
  public static final String CLIENT_ID = "sigstore";

  private static final String SERVICE = "the identity provider";
  private static final String OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob";
  private static final long MAX_TOKENS = 10_000;

  /** Two or three parts in Base64, separated by dots. */
  private static final Pattern LIKE_TOKEN =
      Pattern.compile("[A-Za-z0-9_-]{8,}(\\.[A-Za-z0-9_-]{8,}){1,2}");

  private static final int SECRET_LENGTH = 32;
  private static final int MAX_CODE = 4_096;

  private final URI provider;
  private final SignInDialog dialog;
  private final Settings settings;
  private final ServiceClient client;

  /**
   * The settings for signing in.
   *
   * @param clientId the client ID at the provider
   * @param clientSecret the client secret, if the provider requires one
   * @param outOfBand whether the user enters a code
   * @param port the port of the redirect URI, or 0 for any
   * @param patience the time-out for the user
   */
  private record Settings(
      String clientId,
      Optional<String> clientSecret,
      boolean outOfBand,
      int port,
      Duration patience) {

    @Override
    public String toString() {
      return "sign-in of " + clientId;
    }
  }

  private InteractiveSignIn(
      URI provider, SignInDialog dialog, Settings settings, ServiceClient client) {
    this.provider = provider;
    this.dialog = dialog;
    this.settings = settings;
    this.client = client;
  }

  /**
   * Returns a sign-in with a browser on this machine, with the client ID {@link #CLIENT_ID}.
   *
   * @param provider the issuer URL of the identity provider; see {@link
   *     dev.modelsigning.sigstore.SigningConfig#identityProvider()}
   * @param dialog talks to the user
   */
  public static InteractiveSignIn at(URI provider, SignInDialog dialog) {
    Settings settings = new Settings(CLIENT_ID, Optional.empty(), false, 0, Duration.ofMinutes(5));
    return new InteractiveSignIn(provider, dialog, settings, ServiceClient.withDefaults());
  }

  private InteractiveSignIn with(Settings other) {
    return new InteractiveSignIn(provider, dialog, other, client);
  }

  /**
   * Returns the same sign-in with another client ID.
   *
   * @param id the client ID at the provider
   * @param secret the client secret, if the provider requires one
   */
  public InteractiveSignIn withClient(String id, Optional<String> secret) {
    return with(new Settings(id, secret, settings.outOfBand, settings.port, settings.patience));
  }

  /** Returns the same sign-in out of band, with a browser that may be on another machine. */
  public InteractiveSignIn withoutLoopback() {
    return with(
        new Settings(
            settings.clientId, settings.clientSecret, true, settings.port, settings.patience));
  }

  /**
   * Returns the same sign-in with a fixed port.
   *
   * @param port the port of the redirect URI on the loopback interface, or 0 for any free one
   */
  public InteractiveSignIn withPort(int port) {
    return with(
        new Settings(
            settings.clientId, settings.clientSecret, settings.outOfBand, port, settings.patience));
  }

  /**
   * Returns the same sign-in with another time-out.
   *
   * @param patience the time-out for the browser's redirect; five minutes by default
   */
  public InteractiveSignIn withPatience(Duration patience) {
    return with(
        new Settings(
            settings.clientId, settings.clientSecret, settings.outOfBand, settings.port, patience));
  }

  InteractiveSignIn withServiceClient(ServiceClient other) {
    return new InteractiveSignIn(provider, dialog, settings, other);
  }

  /**
   * The random values that protect one sign-in.
   *
   * @param state returned by the browser, which proves that its request belongs to this sign-in
   * @param nonce returned in the token
   * @param verifier proves to the provider that the client that requests the token began the
   *     sign-in (PKCE)
   */
  private record Secrets(String state, String nonce, String verifier) {

    static Secrets random() {
      return new Secrets(secret(), secret(), secret());
    }

    private static String secret() {
      byte[] bytes = new byte[SECRET_LENGTH];
      new SecureRandom().nextBytes(bytes);
      return base64(bytes);
    }

    String challenge() {
      return base64(Sha256.newDigest().digest(verifier.getBytes(StandardCharsets.US_ASCII)));
    }

    private static String base64(byte[] bytes) {
      return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public String toString() {
      return "secrets of a sign-in";
    }
  }

  @Override
  public IdentityToken token() throws IOException, SigningException {
    JsonFields metadata = discover();
    Secrets secrets = Secrets.random();
    if (settings.outOfBand) {
      dialog.show(authorization(metadata, secrets, OUT_OF_BAND));
      String code = dialog.code().strip();
      if (code.isEmpty() || code.length() > MAX_CODE) {
        throw new SigningException("no verification code was entered, so nobody signed in");
      }
      return exchange(metadata, secrets, OUT_OF_BAND, code);
    }
    try (LoopbackReceiver receiver = LoopbackReceiver.open(settings.port, secrets.state)) {
      String redirect = receiver.address();
      dialog.show(authorization(metadata, secrets, redirect));
      return exchange(metadata, secrets, redirect, receiver.code(settings.patience));
    }
  }

  /** The metadata of the provider (OpenID Connect Discovery). */
  private JsonFields discover() throws IOException, SigningException {
    ProviderAddress.of(provider).requireSafe();
    URI uri = ServiceClient.below(provider, "/.well-known/openid-configuration");
    Answer answer = client.send(Request.get(SERVICE, uri).withHeader("Accept", "application/json"));
    if (!answer.isSuccess()) {
      throw new SigningException(answer.refusal() + "; is it an OpenID Connect provider?");
    }
    try {
      JsonFields metadata = JsonFields.read(SERVICE, answer.content(), MAX_TOKENS);
      String issuer = metadata.text("issuer");
      if (!withoutSlash(issuer).equals(withoutSlash(provider.toString()))) {
        throw new SigningException(
            answer.describe("calls itself " + Printable.quote(issuer) + "; use that address"));
      }
      return metadata;
    } catch (MalformedJsonException e) {
      throw notAProvider(answer, e);
    }
  }

  private static String withoutSlash(String address) {
    return address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
  }

  private URI authorization(JsonFields metadata, Secrets secrets, String redirect)
      throws SigningException {
    URI endpoint = endpoint(metadata, "authorization_endpoint");
    // Checked already here: it is used only after the user has signed in, which would be late for
    // an error.
    endpoint(metadata, "token_endpoint");
    String query =
        form(
            Map.entry("response_type", "code"),
            Map.entry("client_id", settings.clientId),
            Map.entry("redirect_uri", redirect),
            Map.entry("scope", "openid email"),
            Map.entry("state", secrets.state),
            Map.entry("nonce", secrets.nonce),
            Map.entry("code_challenge", secrets.challenge()),
            Map.entry("code_challenge_method", "S256"));
    String separator = endpoint.getRawQuery() == null ? "?" : "&";
    return URI.create(endpoint + separator + query);
  }

  private IdentityToken exchange(JsonFields metadata, Secrets secrets, String redirect, String code)
      throws IOException, SigningException {
    String form =
        form(
            Map.entry("grant_type", "authorization_code"),
            Map.entry("code", code),
            Map.entry("redirect_uri", redirect),
            Map.entry("client_id", settings.clientId),
            Map.entry("code_verifier", secrets.verifier));
    Request request =
        Request.post(
                SERVICE,
                endpoint(metadata, "token_endpoint"),
                form.getBytes(StandardCharsets.US_ASCII))
            .withHeader("Content-Type", "application/x-www-form-urlencoded")
            .withHeader("Accept", "application/json")
            .withSecrets(code, secrets.verifier, secrets.state);
    if (settings.clientSecret.isPresent()) {
      // The secret is sent in a header of this request only, never in a URL.
      String secret = settings.clientSecret.get();
      String pair = encode(settings.clientId) + ":" + encode(secret);
      request =
          request
              .withSecrets(secret)
              .withHeader(
                  "Authorization",
                  "Basic "
                      + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }
    Answer answer = client.send(request);
    if (!answer.isSuccess()) {
      throw new SigningException(refusal(answer, secrets, code));
    }
    try {
      String token = JsonFields.read(SERVICE, answer.content(), MAX_TOKENS).text("id_token");
      JsonWebToken.parse(token).requireNonce(secrets.nonce);
      return IdentityToken.parse(token);
    } catch (MalformedJsonException e) {
      throw notAProvider(answer, e);
    }
  }

  /** The error that the provider states, and nothing else of its response. */
  private String refusal(Answer answer, Secrets secrets, String code) {
    String error = "no reason given";
    try {
      JsonFields fields = JsonFields.read(SERVICE, answer.content(), MAX_TOKENS);
      Optional<String> description = fields.optionalText("error_description");
      error =
          fields.optionalText("error").map(text -> show(text, secrets, code)).orElse(error)
              + description.map(text -> " (" + show(text, secrets, code) + ")").orElse("");
    } catch (MalformedJsonException e) {
      // Not a valid error response, so nothing of it is shown.
    }
    return answer.describe(
        "gave no identity token: it answered "
            + answer.status()
            + ", "
            + error
            + "; are client id, client secret and code right?");
  }

  /** Text from the provider, which may repeat what was sent to it. */
  private String show(String text, Secrets secrets, String code) {
    List<String> hidden = new ArrayList<>(List.of(code, secrets.verifier));
    settings.clientSecret.ifPresent(hidden::add);
    String shown = text;
    for (String secret : hidden) {
      if (!secret.isEmpty()) {
        shown = shown.replace(secret, "(secret)").replace(encode(secret), "(secret)");
      }
    }
    return Printable.quote(LIKE_TOKEN.matcher(shown).replaceAll("(secret)"));
  }

  private static SigningException notAProvider(Answer answer, MalformedJsonException cause) {
    return new SigningException(
        answer.describe("sent something that no identity provider sends: " + cause.getMessage()),
        answer.cause(cause));
  }

  private URI endpoint(JsonFields metadata, String name) throws SigningException {
    return ProviderAddress.of(provider).endpoint(metadata, name);
  }

  @SafeVarargs
  private static String form(Map.Entry<String, String>... fields) {
    List<String> pairs = new ArrayList<>();
    for (Map.Entry<String, String> field : fields) {
      pairs.add(field.getKey() + "=" + encode(field.getValue()));
    }
    return String.join("&", pairs);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
