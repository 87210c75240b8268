package dev.modelsigning.oci.internal.registry;

import static dev.modelsigning.oci.internal.registry.RegistryTest.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.modelsigning.oci.internal.image.Descriptor;
import dev.modelsigning.oci.internal.image.MediaTypes;
import dev.modelsigning.oci.reference.OciDigest;
import dev.modelsigning.oci.reference.OciReference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets credentials and tokens, and who does not. */
@Timeout(60)
class AuthorizationTest {

  private static final String REPOSITORY = FakeRegistry.REPOSITORY;
  private static final String PASSWORD = "s3cret-of-anna";
  private static final String BASIC =
      "Basic " + Base64.getEncoder().encodeToString(bytes("anna:" + PASSWORD));
  private static final byte[] MODEL = RegistryTest.manifest(Optional.empty(), "model").toJson();

  @TempDir private Path home;
  private FakeRegistry server;
  private FakeRegistry tokens;
  private Registry registry;
  private final AtomicInteger issued = new AtomicInteger();
  private volatile String realm = "";
  private volatile String expected = "";

  @BeforeEach
  void start() throws IOException {
    server = new FakeRegistry();
    server.put(MODEL, "v1");
    tokens = new FakeRegistry();
    realm = "http://" + tokens.host() + "/token?a=b";
    registry = Registry.of(server.reference(":v1"), RegistryTest.settings(home));
    tokens.interception =
        (exchange, number) -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          String authorization = exchange.getRequestHeaders().getFirst("Authorization");
          if (!expected.isEmpty() && !expected.equals(authorization) && !body.contains(expected)) {
            FakeRegistry.send(exchange, 401, "{\"details\":\"wrong " + PASSWORD + "\"}");
          } else {
            sendToken(exchange, "{\"token\":\"token-" + issued.incrementAndGet() + "\"}");
          }
          return true;
        };
    server.interception = (exchange, number) -> challenged(exchange);
  }

  @AfterEach
  void stop() {
    server.close();
    tokens.close();
  }

  private static void sendToken(HttpExchange exchange, String json) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    FakeRegistry.send(exchange, 200, json);
  }

  /** The registry takes the newest token only. */
  private boolean challenged(HttpExchange exchange) throws IOException {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (issued.get() > 0 && ("Bearer token-" + issued.get()).equals(authorization)) {
      return false;
    }
    challenge(exchange, "Bearer realm=\"" + realm + "\",service=\"the service\"");
    return true;
  }

  private static void challenge(HttpExchange exchange, String challenge) throws IOException {
    exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().add("WWW-Authenticate", challenge);
    FakeRegistry.send(exchange, 401, "{\"errors\":[{\"code\":\"UNAUTHORIZED\"}]}");
  }

  private void logIn(String json) throws IOException {
    Files.writeString(
        home.resolve("config.json"),
        "{\"auths\":{\"" + server.host() + "\":" + json.replace('\'', '"') + "}}");
  }

  private void logIn() throws IOException {
    logIn("{'auth':'" + BASIC.substring("Basic ".length()) + "'}");
  }

  private StoredManifest resolve() throws IOException {
    return registry.resolve(server.reference(":v1"));
  }

  // --- tokens

  @Test
  void fetchesOneTokenForAllRequestsToARepository() throws Exception {
    resolve();
    resolve();
    assertThat(tokens.requests).hasSize(1);
    assertThat(tokens.requests.get(0).path())
        .isEqualTo("/token?a=b&service=the+service&scope=repository%3Ateam%2Fmodel%3Apull");
    assertThat(tokens.requests.get(0).header("Authorization")).isEmpty();
    assertThat(server.requests).hasSize(3);
  }

  @Test
  void fetchesAnotherTokenToWrite() throws Exception {
    registry.push(
        REPOSITORY, Descriptor.of("a/b", bytes("x")), BlobContent.of(bytes("x")), sent -> {});
    assertThat(tokens.requests).hasSize(1);
    assertThat(tokens.requests.get(0).path()).endsWith("%3Apull%2Cpush");
  }

  @Test
  void asksForWhatTheChallengeSays() throws Exception {
    server.interception =
        (exchange, number) -> {
          if (number > 1) {
            return false;
          }
          challenge(exchange, "Bearer realm=\"" + realm + "\",scope=\"repository:x:pull\"");
          return true;
        };
    resolve();
    assertThat(tokens.requests.get(0).path()).endsWith("scope=repository%3Ax%3Apull");
  }

  @Test
  void sendsUserAndPasswordToTheTokenServerOnly() throws Exception {
    logIn();
    expected = BASIC;
    resolve();
    assertThat(tokens.requests.get(0).header("Authorization")).contains(BASIC);
    assertThat(server.requests)
        .allSatisfy(
            each -> assertThat(each.header("Authorization")).isNotEqualTo(Optional.of(BASIC)));
  }

  @Test
  void sendsAnIdentityTokenInAForm() throws Exception {
    logIn(
        "{'auth':'" + BASIC.substring("Basic ".length()) + "','identitytoken':'" + PASSWORD + "'}");
    expected = "refresh_token=" + PASSWORD;
    resolve();
    assertThat(tokens.requests).hasToString("[POST /token?a=b]");
  }

  @Test
  void renewsATokenOnceWhenItHasExpired() throws Exception {
    resolve();
    issued.incrementAndGet(); // the registry takes another one now
    resolve();
    assertThat(tokens.requests).hasSize(2);
  }

  @Test
  void renewsATokenBeforeItExpires() throws Exception {
    tokens.interception =
        (exchange, number) -> {
          sendToken(
              exchange, "{\"token\":\"token-" + issued.incrementAndGet() + "\",\"expires_in\":1}");
          return true;
        };
    resolve();
    Thread.sleep(700);
    resolve();
    assertThat(tokens.requests).hasSize(2);
    assertThat(server.requests).hasSize(3);
  }

  /** Whoever chooses the names of repositories must not fill the memory with headers. */
  @Test
  void forgetsTheOldestRepositories() throws Exception {
    logIn();
    server.interception =
        (exchange, number) -> {
          if (BASIC.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            FakeRegistry.sendManifest(exchange, MediaTypes.MANIFEST, MODEL);
          } else {
            challenge(exchange, "Basic realm=\"x\"");
          }
          return true;
        };
    assertThat(requests(0)).isEqualTo(2);
    assertThat(requests(0)).isEqualTo(1);
    ExecutorService threads = Executors.newFixedThreadPool(32);
    try {
      List<Callable<Integer>> others =
          IntStream.rangeClosed(1, Authorization.MAX_KEPT)
              .mapToObj(i -> (Callable<Integer>) () -> requests(i))
              .toList();
      for (Future<Integer> one : threads.invokeAll(others)) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(requests(Authorization.MAX_KEPT)).isEqualTo(1);
    assertThat(requests(1)).isEqualTo(1);

    assertThat(requests(0)).isEqualTo(2);
  }

  /** The number of requests that it takes to fetch from a repository. */
  private int requests(int repository) throws IOException {
    int before = server.requests.size();
    registry.resolve(
        OciReference.parse("oci://" + server.host() + "/team/model" + repository + ":v1"));
    return server.requests.size() - before;
  }

  @Test
  void sendsATokenOfTheFileToTheRegistryItself() throws Exception {
    logIn("{'registrytoken':'" + PASSWORD + "'}");
    server.interception =
        (exchange, number) -> {
          if (("Bearer " + PASSWORD)
              .equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            return false;
          }
          challenge(exchange, "Bearer realm=\"" + realm + "\"");
          return true;
        };
    resolve();
    assertThat(tokens.requests).isEmpty();
  }

  @Test
  void endsWhenEveryTokenIsRefused() {
    server.interception =
        (exchange, number) -> {
          challenge(exchange, "Bearer realm=\"" + realm + "\"");
          return true;
        };
    assertThatThrownBy(this::resolve)
        .hasMessageContaining("the registry of " + server.reference(":v1"))
        .hasMessageContaining("answered 401")
        .hasMessageContaining("log in with 'docker login' or 'podman login'")
        .hasMessageContaining(home.resolve("config.json").toString());
    assertThat(server.requests).hasSize(2);
    assertThat(tokens.requests).hasSize(1);
  }

  @Test
  void saysThatCredentialsHaveExpired() throws Exception {
    logIn();
    expected = "another";
    assertThatThrownBy(this::resolve)
        .hasMessageContaining("the token server of the registry " + server.host())
        .hasMessageContaining("it does not take the credentials of " + home.resolve("config.json"))
        .hasMessageContaining("log in again")
        .message()
        .doesNotContain(PASSWORD)
        .doesNotContain(BASIC.substring("Basic ".length()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://192.0.2.1/token",
        "ftp://127.0.0.1/token",
        "https://user:pw@127.0.0.1/token",
        "https:opaque",
        "/token",
        ""
      })
  void asksNoTokenServerWithoutTls(String address) {
    realm = address;
    assertThatThrownBy(this::resolve)
        .hasMessageContaining("as its token server, which is not asked")
        .message()
        .doesNotContain("pw");
  }

  @Test
  void sendsNoCredentialsAwayForAChallengeWithoutTls() throws Exception {
    logIn();
    realm = "https://tokens.example.com/token";
    assertThatThrownBy(this::resolve).hasMessageContaining("credentials go to this machine only");
  }

  @Test
  void followsNoRedirectOfATokenServer() throws Exception {
    logIn();
    try (FakeRegistry other = new FakeRegistry()) {
      tokens.interception =
          (exchange, number) -> {
            exchange.getResponseHeaders().add("Location", "http://" + other.host() + "/token");
            FakeRegistry.send(exchange, 307, "");
            return true;
          };
      assertThatThrownBy(this::resolve).hasMessageContaining("answered 307");
      assertThat(other.requests).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"token\":1}",
        "{\"token\":\"\"}",
        "{\"token\":\"s3c\\r\\nX: y\"}",
        "{\"token\":\"s3c\"",
        "{\"token\":\"s3c\",\"token\":\"s3d\"}"
      })
  void refusesAnswersWithoutAToken(String json) {
    tokens.interception =
        (exchange, number) -> {
          sendToken(exchange, json);
          return true;
        };
    assertThatThrownBy(this::resolve)
        .hasMessageContaining("the token server")
        .hasMessageContaining("answered with")
        .message()
        .doesNotContain("s3");
  }

  @Test
  void refusesAPageInPlaceOfAToken() {
    tokens.interception =
        (exchange, number) -> {
          exchange.getResponseHeaders().add("Content-Type", "text/html");
          FakeRegistry.send(exchange, 200, "<html>");
          return true;
        };
    assertThatThrownBy(this::resolve)
        .hasMessageContaining("answered with 'text/html', expected a token in JSON");
  }

  // --- Basic

  private void wantsBasic() {
    server.interception =
        (exchange, number) -> {
          if (BASIC.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            return false;
          }
          challenge(exchange, "Basic realm=\"the registry\"");
          return true;
        };
  }

  @Test
  void sendsUserAndPasswordToARegistryThatWantsThem() throws Exception {
    logIn();
    wantsBasic();
    resolve();
    resolve();
    assertThat(server.requests).hasSize(3);
    assertThat(server.requests.get(0).header("Authorization")).isEmpty();
  }

  @Test
  void saysWhereCredentialsWereLookedFor() {
    wantsBasic();
    assertThatThrownBy(this::resolve)
        .hasMessageContaining("log in with 'docker login' or 'podman login'")
        .hasMessageContaining(home.resolve("config.json").toString());
    assertThat(server.requests).hasSize(1);
  }

  @Test
  void sendsNoCredentialsToAnotherHostAfterARedirect() throws Exception {
    logIn();
    byte[] content = bytes("blob");
    Descriptor blob = server.put(content);
    try (FakeRegistry store = new FakeRegistry()) {
      store.put(content);
      server.interception =
          (exchange, number) -> {
            if (!BASIC.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
              challenge(exchange, "Basic realm=x");
              return true;
            }
            exchange
                .getResponseHeaders()
                .add("Location", "http://" + store.host() + exchange.getRequestURI());
            FakeRegistry.send(exchange, 307, "");
            return true;
          };
      assertThat(registry.blob(REPOSITORY, blob, 10)).isEqualTo(content);
      assertThat(store.requests).hasSize(1);
      assertThat(store.requests.get(0).header("Authorization")).isEmpty();
    }
  }

  @Test
  void answersNoChallengeOfAnotherHost() throws Exception {
    logIn();
    Descriptor blob = server.put(bytes("blob"));
    try (FakeRegistry store = new FakeRegistry()) {
      store.interception =
          (exchange, number) -> {
            challenge(exchange, "Basic realm=x");
            return true;
          };
      server.interception =
          (exchange, number) -> {
            exchange
                .getResponseHeaders()
                .add("Location", "http://" + store.host() + exchange.getRequestURI());
            FakeRegistry.send(exchange, 307, "");
            return true;
          };
      assertThatThrownBy(() -> registry.blob(REPOSITORY, blob, 10))
          .hasMessageContaining("the place that the registry redirects to does not know us");
      assertThat(store.requests).hasSize(1);
      assertThat(server.requests).hasSize(1);
    }
  }

  @Test
  void sendsCredentialsOfAnotherRegistryToNobody() throws Exception {
    Files.writeString(
        home.resolve("config.json"),
        "{\"auths\":{\"other.example.com\":{\"auth\":\""
            + BASIC.substring("Basic ".length())
            + "\"}}}");
    wantsBasic();
    assertThatThrownBy(this::resolve).hasMessageContaining("answered 401");
    assertThat(server.requests)
        .allSatisfy(each -> assertThat(each.header("Authorization")).isEmpty());
  }

  @Test
  void showsNoSecretThatTheRegistrySendsBack() throws Exception {
    logIn();
    server.interception =
        (exchange, number) -> {
          if (exchange.getRequestHeaders().getFirst("Authorization") == null) {
            challenge(exchange, "Basic realm=x");
          } else {
            FakeRegistry.send(exchange, 403, "denied: " + BASIC + " " + PASSWORD);
          }
          return true;
        };
    assertThatThrownBy(this::resolve)
        .hasMessageContaining("answered 403")
        .hasMessageContaining("they do not permit this")
        .message()
        .doesNotContain(PASSWORD)
        .doesNotContain(BASIC.substring("Basic ".length()));
  }

  // --- challenges

  @Test
  void readsChallenges() {
    List<Challenge> challenges =
        Challenge.read(
            List.of(
                "Basic realm=\"a, b\", Bearer realm=\"https://x/\\\"y\",service=z , scope=\"a:b:pull,push\"",
                "Negotiate"));
    assertThat(challenges)
        .containsExactly(
            new Challenge("basic", Map.of("realm", "a, b")),
            new Challenge(
                "bearer",
                Map.of("realm", "https://x/\"y", "service", "z", "scope", "a:b:pull,push")),
            new Challenge("negotiate", Map.of()));
    assertThat(Challenge.read(List.of("", "=", "\"", "Bearer realm=\"open", "x".repeat(10_000))))
        .containsExactly(new Challenge("bearer", Map.of()));
  }

  @Test
  void knowsItsReferenceInEachMessage() {
    OciDigest digest = OciDigest.of(MODEL);
    server.interception =
        (exchange, number) -> {
          challenge(exchange, "Negotiate");
          return true;
        };
    assertThatThrownBy(() -> registry.resolve(server.reference("@" + digest)))
        .hasMessageContaining(server.reference("@" + digest).toString());
  }
}
