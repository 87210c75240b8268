package dev.modelsigning.sigstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpExchange;
import dev.modelsigning.ModelSigner;
import dev.modelsigning.internal.http.ServiceClient;
import dev.modelsigning.sigstore.identity.AmbientCredentials;
import dev.modelsigning.sigstore.identity.InteractiveSignIn;
import dev.modelsigning.sigstore.identity.SignInDialog;
import dev.modelsigning.sigstore.identity.TestSignIn;
import dev.modelsigning.testing.Models;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Services that return what was sent to them: no part of a secret is in a message, nor in one of
 * its causes, which a stack trace shows.
 */
class EchoedSecretsTest {

  /** So many characters of a secret are too many. */
  private static final int PIECE = 8;

  private static final String REQUEST_TOKEN = "ghs-request.token_0123456789abcdefghijklmnop";
  private static final String CLIENT_SECRET = "GOCSPX-client+secret/of=somebody&0123456789";

  @TempDir Path directory;

  private final String token = TestServices.token();
  private TestServices services;

  @BeforeEach
  void start() throws Exception {
    services = new TestServices();
  }

  @AfterEach
  void stop() {
    services.close();
  }

  /** The response of a service, with a placeholder for the secret. */
  record Echo(int status, String template, String form) {

    String of(String secret) {
      String echoed =
          switch (form) {
            case "percent" ->
                bytes(secret).map(b -> String.format("%%%02X", b)).collect(Collectors.joining());
            case "json" ->
                bytes(secret).map(b -> String.format("\\u%04x", b)).collect(Collectors.joining());
            case "base64" ->
                Base64.getEncoder()
                    .encodeToString(("x:" + secret).getBytes(StandardCharsets.UTF_8));
            case "cut" -> secret.substring(0, secret.length() / 2);
            case "end" -> secret.substring(secret.length() / 2);
            default -> secret;
          };
      return template.replace("SECRET", echoed);
    }

    private static Stream<Integer> bytes(String text) {
      return text.chars().boxed();
    }
  }

  static List<Echo> echoes() {
    List<Echo> echoes = new ArrayList<>();
    String padding = "no such thing ".repeat(10).substring(0, 130);
    for (String form : List.of("plain", "percent", "json", "base64", "cut", "end")) {
      for (String template :
          List.of(
              "SECRET",
              padding + "SECRET",
              "{\"error\":\"SECRET\",\"error_description\":\"SECRET\"}",
              "{\"error\":\"" + padding + "SECRET\"}",
              "{\"code\":16,\"message\":\"token SECRET is bad\",\"details\":[\"SECRET\"]}",
              "{\"SECRET\":1}",
              "{\"value\":7,\"token\":{\"SECRET\":0},\"id_token\":\"SECRET\"}",
              "{\"a\":SECRET}",
              "{\"issuer\":\"SECRET\"}",
              "{\"signedCertificateEmbeddedSct\":{\"chain\":{\"certificates\":[\"SECRET\"]}}}",
              "{\"signedCertificateEmbeddedSct\":{\"SECRET\":1,\"SECRET\":1}}")) {
        echoes.add(new Echo(403, template, form));
        echoes.add(new Echo(200, template, form));
      }
    }
    return echoes;
  }

  private static void answer(HttpExchange exchange, Echo echo, String secret) throws IOException {
    TestServices.answering(echo.status(), echo.of(secret)).handle(exchange);
  }

  private static void showsNothingOf(String secret, ThrowingCallable call) {
    Throwable failure = catchThrowable(call);
    assertThat(failure).isNotNull();
    for (Throwable each = failure; each != null; each = each.getCause()) {
      String message = each.toString();
      for (int i = 0; i + PIECE <= secret.length(); i++) {
        String piece = secret.substring(i, i + PIECE);
        assertThat(message).doesNotContain(piece);
        assertThat(message)
            .doesNotContain(
                Base64.getEncoder()
                    .withoutPadding()
                    .encodeToString(("x:" + secret).getBytes(StandardCharsets.UTF_8))
                    .substring(8, 20));
      }
      assertThat(message).doesNotContain(new Echo(0, "SECRET", "json").of(secret.substring(4, 12)));
      assertThat(message)
          .doesNotContain(new Echo(0, "SECRET", "percent").of(secret.substring(4, 12)));
    }
  }

  @ParameterizedTest
  @MethodSource("echoes")
  void theIdentityToken(Echo echo) throws Exception {
    services.replace(TestServices.FULCIO, exchange -> answer(exchange, echo, token));
    SigstoreSigner signer =
        SigstoreSigner.using(services.config(), () -> IdentityToken.parse(token))
            .withClient(ServiceClient.with(Duration.ofSeconds(5), Duration.ofMillis(5)));
    Path model = Models.write(directory.resolve("model"), "a", "alpha");
    showsNothingOf(token, () -> ModelSigner.using(signer).sign(model));
  }

  @ParameterizedTest
  @MethodSource("echoes")
  void theRequestTokenOfGithubActions(Echo echo) {
    services.replace("/github", exchange -> answer(exchange, echo, REQUEST_TOKEN));
    Map<String, String> environment =
        Map.of(
            "GITHUB_ACTIONS",
            "true",
            "ACTIONS_ID_TOKEN_REQUEST_URL",
            services.address("/github?x=" + REQUEST_TOKEN),
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
            REQUEST_TOKEN);
    AmbientCredentials credentials =
        TestSignIn.credentials(environment, services.address(""), directory.resolve("none"));
    showsNothingOf(REQUEST_TOKEN, credentials::token);
  }

  @ParameterizedTest
  @MethodSource("echoes")
  void theClientSecretAndTheCode(Echo echo) {
    String code = "code-of-the-sign-in.0123456789";
    services.replace(
        "/oidc/.well-known/openid-configuration",
        TestServices.answering(
            200,
            "{\"issuer\":\""
                + services.address("/oidc")
                + "\",\"authorization_endpoint\":\""
                + services.address("/oidc/auth")
                + "\",\"token_endpoint\":\""
                + services.address("/oidc/token")
                + "\"}"));
    SignInDialog dialog =
        new SignInDialog() {
          @Override
          public void show(URI address) {}

          @Override
          public String code() {
            return code;
          }
        };
    InteractiveSignIn signIn =
        TestSignIn.impatient(
            InteractiveSignIn.at(URI.create(services.address("/oidc")), dialog)
                .withoutLoopback()
                .withClient("me", Optional.of(CLIENT_SECRET)));
    for (String secret : List.of(CLIENT_SECRET, code)) {
      services.replace("/oidc/token", exchange -> answer(exchange, echo, secret));
      showsNothingOf(secret, signIn::token);
    }
  }
}
