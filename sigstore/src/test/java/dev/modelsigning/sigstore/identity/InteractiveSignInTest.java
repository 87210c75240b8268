package dev.modelsigning.sigstore.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.internal.file.FileKind;
import dev.modelsigning.internal.file.SmallFile;
import dev.modelsigning.internal.http.ServiceClient;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.sigstore.IdentityToken;
import dev.modelsigning.sigstore.TestServices;
import dev.modelsigning.sigstore.internal.data.JsonFields;
import dev.modelsigning.testing.Fifos;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
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
        browser(address ->
            address.replace(
                "code=the-code", "error=access_denied&error_description=not%20you%0A%1B%5B2J"));
    assertThatThrownBy(() -> signIn(dialog).token())
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("'access_denied' ('not you\\u000a\\u001b[2J')");
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

  // --- transport

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://idp.example",
        "http://localhost.example:8080/auth",
        "http://127.0.0.1.example",
        "ftp://localhost/x"
      })
  void refusesAProviderWithoutTls(String address) {
    AtomicInteger shown = new AtomicInteger();
    SignInDialog dialog = counting(shown);
    assertThatThrownBy(() -> InteractiveSignIn.at(URI.create(address), dialog).token())
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("expected https, found " + address);
    assertThat(shown).hasValue(0);
  }

  private static SignInDialog counting(AtomicInteger shown) {
    return new SignInDialog() {
      @Override
      public void show(URI address) {
        shown.incrementAndGet();
      }

      @Override
      public String code() {
        throw new AssertionError("not asked for");
      }
    };
  }

  @ParameterizedTest
  @CsvSource({
    "authorization_endpoint, http://idp.example/authorize, expected https",
    "token_endpoint, http://idp.example/token, expected https",
    "token_endpoint, http://10.0.0.1/token, expected https",
    "token_endpoint, ftp://localhost/token, expected https",
    "token_endpoint, file:///etc/passwd, not an address on the web",
    "authorization_endpoint, https://idp.example/authorize#x, not an address on the web",
    "authorization_endpoint, https://u:p@idp.example/authorize, not an address on the web",
    "authorization_endpoint, not an address, does not say where"
  })
  void refusesEndpointsThatAreNotSafeBeforeAnybodySignsIn(
      String field, String address, String problem) {
    provider.endpoints.put(field, address);
    AtomicInteger shown = new AtomicInteger();
    assertThatThrownBy(() -> signIn(counting(shown)).token())
        .isInstanceOf(SigningException.class)
        .hasMessageContaining(field)
        .hasMessageContaining(problem)
        .message()
        .doesNotContain("u:p");
    assertThat(shown).hasValue(0);
  }

  @Test
  void wantsTlsEverywhereOfAProviderThatHasIt() throws Exception {
    ProviderAddress provider = ProviderAddress.of(URI.create("https://idp.example"));
    provider.requireSafe();
    for (String address : List.of("http://idp.example/token", "http://localhost/token")) {
      JsonFields metadata =
          JsonFields.read(
              "test",
              ("{\"token_endpoint\":\"" + address + "\"}").getBytes(StandardCharsets.UTF_8),
              100);
      assertThatThrownBy(() -> provider.endpoint(metadata, "token_endpoint"))
          .isInstanceOf(SigningException.class)
          .hasMessageContaining("expected https, found " + address);
    }
  }

  @Test
  void showsWhatAProviderSaysIsWrongButNoSecrets() {
    String jwt = "eyJhbGciOiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl";
    provider.refusal =
        "{\"error\":\"invalid\\ngrant\",\"error_description\":\"s&cret s%26cret other-code "
            + jwt
            + "\\u001b[31m\\u202e\"}";
    assertThatThrownBy(() ->
            signIn(typing("other-code"))
                .withoutLoopback()
                .withClient("me", Optional.of("s&cret"))
                .token())
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("'invalid\\u000agrant'")
        .hasMessageContaining("\\u001b[31m\\u202e")
        .message()
        .doesNotContain("s&cret", "s%26cret", "other-code", jwt, "\n", "\u001b", "\u202e");
  }

  // --- the terminal

  @Test
  void showsNoAddressThatSteersTheTerminal() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TerminalDialog.using(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new BufferedReader(new StringReader("")))
        .withoutBrowser()
        .show(URI.create("https://idp.example/\u202egpj.exe\u200b?x=\u2066y"));
    assertThat(out.toString(StandardCharsets.UTF_8).lines().toList())
        .containsExactly(
            "Sign in at this address:",
            "https://idp.example/%E2%80%AEgpj.exe%E2%80%8B?x=%E2%81%A6y");
  }

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

  @Test
  @DisabledOnOs({OS.WINDOWS, OS.MAC})
  void opensABrowserThatLearnsNoSecret() throws Exception {
    Path directory = Files.createTempDirectory(Path.of("").toAbsolutePath(), "programs");
    Path seen = Fifos.make(directory.resolve("seen"));
    Path opener = directory.resolve("xdg-open");
    Files.writeString(opener, "#!/bin/sh\n{ pwd; echo \"$1\"; env; } > '" + seen + "'\n");
    Files.setPosixFilePermissions(opener, PosixFilePermissions.fromString("rwx------"));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TerminalDialog dialog =
        TerminalDialog.using(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new BufferedReader(new StringReader("")));
    try {
      Map<String, String> environment = new HashMap<>();
      environment.put("DISPLAY", ":7");
      environment.put("PATH", ":.:" + directory.getFileName());
      URI address = URI.create("https://example.com/auth?x=y");
      dialog.withEnvironment(environment).show(address);
      assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("Sign in at this address:");
      environment.put("PATH", ":.:" + directory);
      for (String secret :
          List.of("MODEL_SIGNING_PASSWORD", "PKCS11_PIN", "SIGSTORE_ID_TOKEN", "AWS_SECRET")) {
        environment.put(secret, "s3cret");
      }
      dialog.withEnvironment(environment).show(address);
      byte[] written = SmallFile.read(seen, FileKind.PASSWORD);
      assertThat(new String(written, StandardCharsets.UTF_8))
          .startsWith("/\nhttps://example.com/auth?x=y\n")
          .containsOnlyOnce("https://example.com/auth?x=y")
          .contains("DISPLAY=:7", "PATH=" + directory + ":/usr/bin:/bin\n")
          .doesNotContain("s3cret");
    } finally {
      Files.deleteIfExists(seen);
      Files.delete(opener);
      Files.delete(directory);
    }
  }
}
