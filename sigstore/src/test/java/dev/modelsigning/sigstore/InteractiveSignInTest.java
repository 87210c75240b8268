package dev.modelsigning.sigstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.SigningException;
import dev.modelsigning.http.ServiceClient;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InteractiveSignInTest {

  private TestProvider provider;

  @BeforeEach
  void start() throws Exception {
    provider = new TestProvider();
  }

  @AfterEach
  void stop() {
    provider.close();
  }

  private InteractiveSignIn signIn(SignInDialog dialog) {
    return InteractiveSignIn.at(provider.address(), dialog)
        .withPatience(Duration.ofSeconds(5))
        .withServiceClient(ServiceClient.with(Duration.ofSeconds(5), Duration.ofMillis(5)));
  }

  private static String get(URI uri) throws IOException {
    try {
      return HttpClient.newHttpClient()
          .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
          .body();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /** A browser that changes the address at which it comes back. */
  private SignInDialog browser(UnaryOperator<String> change) {
    return new SignInDialog() {
      @Override
      public void show(URI address) throws IOException {
        get(URI.create(change.apply(provider.authorize(address).toString())));
      }

      @Override
      public String code() {
        throw new AssertionError("not asked for");
      }
    };
  }

  private SignInDialog typing(String code) {
    return new SignInDialog() {
      @Override
      public void show(URI address) {
        provider.authorize(address);
      }

      @Override
      public String code() {
        return code;
      }
    };
  }

  @Test
  void signsInWithABrowser() throws Exception {
    IdentityToken token = signIn(browser(UnaryOperator.identity())).token();
    assertThat(token.toString()).startsWith("identity token until ");
    assertThat(provider.requested("response_type")).isEqualTo("code");
    assertThat(provider.requested("client_id")).isEqualTo("sigstore");
    assertThat(provider.requested("scope")).isEqualTo("openid email");
    assertThat(provider.requested("code_challenge_method")).isEqualTo("S256");
    assertThat(provider.requested("redirect_uri")).matches("http://localhost:[0-9]+/auth/callback");
    assertThat(provider.clientAuthorization).isEmpty();
  }

  @Test
  void signsInOutOfBand() throws Exception {
    signIn(typing("  the-code \n")).withoutLoopback().token();
    assertThat(provider.requested("redirect_uri")).isEqualTo("urn:ietf:wg:oauth:2.0:oob");
  }

  @Test
  void sendsAClientSecretInAHeaderAndNowhereElse() throws Exception {
    signIn(typing("the-code")).withoutLoopback().withClient("me", Optional.of("s&cret")).token();
    assertThat(provider.clientAuthorization)
        .contains(
            "Basic "
                + Base64.getEncoder()
                    .encodeToString("me:s%26cret".getBytes(StandardCharsets.UTF_8)));
    assertThat(provider.exchange.toString()).doesNotContain("s&cret");
    assertThat(provider.requested("client_id")).isEqualTo("me");
  }

  @Test
  void neverUsesTheSameSecretsTwice() throws Exception {
    InteractiveSignIn signIn = signIn(typing("the-code")).withoutLoopback();
    signIn.token();
    String state = provider.requested("state");
    String challenge = provider.requested("code_challenge");
    String nonce = provider.requested("nonce");
    signIn.token();
    assertThat(provider.requested("state")).isNotEqualTo(state).hasSize(43);
    assertThat(provider.requested("code_challenge")).isNotEqualTo(challenge);
    assertThat(provider.requested("nonce")).isNotEqualTo(nonce);
  }

  @Test
  void waitsOnWhereSomebodyElseComes() throws Exception {
    SignInDialog dialog =
        browser(address -> {
          try {
            String other = address.substring(0, address.indexOf('?'));
            assertThat(get(URI.create(other + "?code=evil&state=guessed"))).contains("not the");
            assertThat(get(URI.create(other + "?code=evil"))).contains("not the");
            assertThat(get(URI.create(other))).contains("not the");
            assertThat(get(URI.create(other + "?%zz=%zz&&&=".replace("%zz", "%25"))))
                .contains("not the");
            assertThat(get(URI.create(other.replace("/auth", "/other") + "?code=evil")))
                .contains("not the");
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
          return address;
        });
    assertThat(signIn(dialog).token()).isNotNull();
  }

  @Test
  void refusesACodeThatIsWrong() {
    assertThatThrownBy(() -> signIn(typing("other")).withoutLoopback().token())
        .isInstanceOf(SigningException.class)
        .hasMessageContaining(provider.address() + "/token")
        .hasMessageContaining("'invalid_grant'");
    assertThatThrownBy(() -> signIn(typing(" ")).withoutLoopback().token())
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("no verification code");
  }

  @Test
  void saysThatTheProviderLetNobodyIn() {
    SignInDialog dialog =
        browser(address -> address.replace("code=the-code", "error=access_denied"));
    assertThatThrownBy(() -> signIn(dialog).token())
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("'access_denied'");
  }

  @Test
  void refusesATokenOfAnotherSignIn() {
    provider.nonce = Optional.of("replayed");
    assertThatThrownBy(() -> signIn(browser(UnaryOperator.identity())).token())
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("another nonce");
  }

  @Test
  void endsWhereTheBrowserNeverComesBack() {
    SignInDialog silent = typing("");
    assertThatThrownBy(() -> signIn(silent).withPatience(Duration.ofMillis(100)).token())
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("nobody signed in within");
  }

  @Test
  void saysThatThePortIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> signIn(typing("")).withPort(taken.getLocalPort()).token())
          .isInstanceOf(SigningException.class)
          .hasMessageContaining("port " + taken.getLocalPort())
          .hasMessageContaining("is in use");
    }
  }

  @Test
  void refusesAProviderThatCallsItselfSomethingElse() {
    provider.issuer = Optional.of("https://accounts.example.com");
    assertThatThrownBy(() -> signIn(typing("")).token())
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("calls itself 'https://accounts.example.com'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{}", "{\"id_token\":1}", "{\"id_token\":\"secret\"}"})
  void refusesRubbishInsteadOfAToken(String answer) {
    provider.tokenAnswer = Optional.of(answer);
    assertThatThrownBy(() -> signIn(typing("the-code")).withoutLoopback().token())
        .isInstanceOf(SigningException.class)
        .message()
        .doesNotContain("secret");
  }

  @Test
  void refusesWhatIsNoProvider() throws Exception {
    try (TestServices services = new TestServices()) {
      URI address = URI.create(services.address("/somewhere"));
      assertThatThrownBy(() -> InteractiveSignIn.at(address, typing("")).token())
          .isInstanceOf(SigningException.class)
          .hasMessageContaining("answered 404")
          .hasMessageContaining("is it an OpenID Connect provider?");
    }
  }

  // --- the terminal

  @ParameterizedTest
  @CsvSource(value = {"'abc\n', abc", "'', ''"})
  void asksForTheCodeAtTheTerminal(String typed, String code) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TerminalDialog dialog =
        TerminalDialog.using(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new BufferedReader(new StringReader(typed)))
            .withoutBrowser();
    dialog.show(URI.create("https://example.com/auth?x=y"));
    assertThat(dialog.code()).isEqualTo(code);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .containsSubsequence(
            "Sign in at this address:",
            "https://example.com/auth?x=y",
            "Enter verification code: ");
  }
}
