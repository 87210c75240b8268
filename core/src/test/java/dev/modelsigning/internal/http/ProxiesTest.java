package dev.modelsigning.internal.http;

import static dev.modelsigning.testing.TestHttpServer.answering;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.modelsigning.testing.TestHttpServer;
import dev.modelsigning.testing.TestHttpServer.Received;
import dev.modelsigning.testing.TestProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The choice of proxy, with a real one on the loopback interface. */
@Timeout(60)
class ProxiesTest {

  private static final String PASSWORD = "p4ss:w\u00f6rd 123456";

  private final ProxySelector selectorBefore = ProxySelector.getDefault();

  @AfterEach
  void restore() {
    ProxySelector.setDefault(selectorBefore);
    for (String property :
        List.of("http.proxyHost", "http.proxyPort", "http.nonProxyHosts", "https.proxyHost")) {
      System.clearProperty(property);
    }
  }

  private static Map<String, String> environment(String... namesAndValues) {
    Map<String, String> result = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      result.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return result;
  }

  private static String chosen(String address, String... environment) throws IOException {
    return Proxies.of(environment(environment))
        .of(URI.create(address))
        .map(ProxyServer::toString)
        .orElse("none");
  }

  // --- which one

  @Test
  void takesTheVariableOfTheScheme() throws IOException {
    String[] both = {"HTTPS_PROXY", "http://s:1", "HTTP_PROXY", "http://p:2"};
    assertThat(chosen("https://a.example/", both)).isEqualTo("http://s:1 (HTTPS_PROXY)");
    assertThat(chosen("HTTP://a.example/", both)).isEqualTo("http://p:2 (HTTP_PROXY)");
    assertThat(chosen("https://a.example/", "HTTP_PROXY", "http://p:2")).isEqualTo("none");
    assertThat(chosen("http://a.example/", "HTTPS_PROXY", "http://s:1")).isEqualTo("none");
    assertThat(chosen("http://a.example/")).isEqualTo("none");
  }

  @Test
  void takesTheVariableInLowerCaseFirst() throws IOException {
    assertThat(chosen("https://a.example/", "HTTPS_PROXY", "upper:1", "https_proxy", "lower:1"))
        .isEqualTo("http://lower:1 (https_proxy)");
    assertThat(chosen("https://a.example/", "HTTPS_PROXY", "upper:1", "https_proxy", " "))
        .isEqualTo("http://upper:1 (HTTPS_PROXY)");
    assertThat(
            chosen("http://a.example/", "http_proxy", "p:1", "NO_PROXY", "*", "no_proxy", "other"))
        .isEqualTo("http://p:1 (http_proxy)");
  }

  @Test
  void takesTheVariableForAllWhereThereIsNoOther() throws IOException {
    assertThat(chosen("https://a.example/", "ALL_PROXY", "all:1", "HTTP_PROXY", "p:1"))
        .isEqualTo("http://all:1 (ALL_PROXY)");
    assertThat(chosen("http://a.example/", "all_proxy", "all:1", "HTTP_PROXY", "p:1"))
        .isEqualTo("http://p:1 (HTTP_PROXY)");
  }

  @Test
  void takesNoVariableThatTheClientOfAWebServerCanSet() throws IOException {
    String[] cgi = {"REQUEST_METHOD", "GET", "HTTP_PROXY", "evil:1"};
    assertThat(chosen("http://a.example/", cgi)).isEqualTo("none");
    assertThat(chosen("http://a.example/", "REQUEST_METHOD", "GET", "http_proxy", "good:1"))
        .isEqualTo("http://good:1 (http_proxy)");
  }

  @Test
  void asksWithoutAProxyWhatTheListHas() throws IOException {
    String[] set = {
      "HTTP_PROXY", "p:1", "HTTPS_PROXY", "p:1", "NO_PROXY", "b.example,c.example:80"
    };
    assertThat(chosen("http://a.example/", set)).startsWith("http://p:1 ");
    assertThat(chosen("http://x.b.example:99/", set)).isEqualTo("none");
    assertThat(chosen("http://c.example/", set)).isEqualTo("none");
    assertThat(chosen("https://c.example/", set)).startsWith("http://p:1 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost/", "http://127.0.0.1:8080/", "http://[::1]:1/"})
  void asksThisMachineWithoutAProxy(String address) throws IOException {
    assertThat(chosen(address, "HTTP_PROXY", "p:1")).isEqualTo("none");
  }

  @Test
  void letsThePropertiesOfJavaCountFirst() throws IOException {
    System.setProperty("http.proxyHost", "java.example");
    System.setProperty("http.proxyPort", "3128");
    System.setProperty("http.nonProxyHosts", "*.inside.example");
    String[] set = {"HTTP_PROXY", "p:1", "HTTPS_PROXY", "s:1"};
    assertThat(chosen("http://a.example/", set))
        .isEqualTo("http://java.example:3128 (the settings of Java)");
    assertThat(chosen("http://a.inside.example/", set)).isEqualTo("none");
    assertThat(chosen("https://a.example/", set)).isEqualTo("http://s:1 (HTTPS_PROXY)");
    System.setProperty("https.proxyHost", "tls.example");
    assertThat(chosen("https://a.example/", set)).startsWith("http://tls.example:443 ");
  }

  @Test
  void letsASelectorOfTheProgramCountAlone() throws IOException {
    ProxySelector.setDefault(
        ProxySelector.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 3128)));
    assertThat(chosen("http://a.example/", "HTTP_PROXY", "p:1"))
        .isEqualTo("http://localhost:3128 (the settings of Java)");
    ProxySelector.setDefault(ProxySelector.of(null));
    assertThat(chosen("http://a.example/", "HTTP_PROXY", "p:1")).isEqualTo("none");
    ProxySelector.setDefault(null);
    assertThat(chosen("http://a.example/", "HTTP_PROXY", "p:1")).isEqualTo("none");
  }

  // --- what a variable can say

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          http://proxy.example:3128         | proxy.example:3128 |
          HTTP://proxy.example:3128/        | proxy.example:3128 |
          proxy.example:3128                | proxy.example:3128 |
          http://proxy.example              | proxy.example:80   |
          http://proxy.example:/            | proxy.example:80   |
          http://[::1]:3128                 | [::1]:3128         |
          http://my_proxy:1                 | my_proxy:1         |
          http://user:secret@proxy:1        | proxy:1            | user:secret
          user:secret@proxy:1               | proxy:1            | user:secret
          http://user@proxy:1               | proxy:1            | user
          http://u%40c:s%3a%2F%C3%B6@proxy  | proxy:80           | u@c:s:/ö
          http://user:p@ss/w#rd?@proxy:1    | proxy:1            | user:p@ss/w#rd?
          http://user:100%@proxy:1          | proxy:1            | user:100%
          """)
  void readsWhatPeopleWrite(String value, String place, String credentials) throws IOException {
    ProxyServer proxy = ProxyServer.of("HTTP_PROXY", value);
    assertThat(proxy.address().getHostString() + ":" + proxy.address().getPort()).isEqualTo(place);
    assertThat(proxy.address().isUnresolved()).isTrue();
    assertThat(proxy.credentials()).isEqualTo(Optional.ofNullable(credentials));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          https://user:s3cret-word@proxy:443 | itself asked by https
          socks5://user:s3cret-word@proxy:1  | 'socks5'
          http://user:s3cret-word@           | without a host
          http://                            | without a host
          http://user:s3cret-word@pro xy:1   | damaged
          http://user:s3cret-word@proxy:0    | the port 0
          http://user:s3cret-word@proxy:65536| the port 65536
          http://proxy:x                     | damaged
          http://user:s3cret-word@[::1:1     | damaged
          """)
  void refusesWhatCannotBeAskedAndDoesNotShowIt(String value, String words) {
    ServiceClient client =
        ServiceClient.with(Duration.ofSeconds(5), Duration.ofMillis(5))
            .withConnections(Connections.of(environment("http_proxy", value)));
    Throwable failure =
        catchThrowable(
            () -> client.send(Request.get("the service", URI.create("http://a.invalid/"))));
    assertThat(failure)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(
            "the service at http://a.invalid/ was not asked: the variable http_proxy names no"
                + " proxy that can be asked: expected http://HOST:PORT, found ")
        .hasMessageContaining(words);
    for (Throwable each = failure; each != null; each = each.getCause()) {
      assertThat(each.toString()).doesNotContain("s3cret");
    }
  }

  // --- asking it

  private static ServiceClient client(String variable, String value) {
    return ServiceClient.with(Duration.ofSeconds(10), Duration.ofMillis(5))
        .withConnections(Connections.of(environment(variable, value)));
  }

  @Test
  void sendsPlainRequestsThroughTheProxy() throws Exception {
    byte[] content = "content".getBytes(StandardCharsets.UTF_8);
    try (TestHttpServer server =
            new TestHttpServer((request, number, connection) ->
                TestHttpServer.send(connection, 200, request.content()));
        TestProxy proxy = new TestProxy(server, null)) {
      Answer answer =
          client("HTTP_PROXY", "http://" + proxy.place())
              .send(Request.post("the service", URI.create("http://tsa.invalid/path"), content));
      assertThat(answer.content()).isEqualTo(content);
      assertThat(proxy.requests().get(0).line()).isEqualTo("POST http://tsa.invalid/path HTTP/1.1");
      assertThat(server.requests()).hasSize(1);
      assertThat(proxy.requests().get(0).headers())
          .doesNotContainKeys("Proxy-Authorization", "Upgrade");
    }
  }

  @Test
  void givesItsPasswordToTheProxyAndToNobodyElse() throws Exception {
    String credentials = "me:" + PASSWORD;
    String escaped = "me:p4ss%3Aw%C3%B6rd%20123456";
    try (TestHttpServer server = new TestHttpServer(answering(200, "yes"));
        TestProxy proxy = new TestProxy(server, credentials)) {
      ServiceClient client = client("http_proxy", "http://" + escaped + "@" + proxy.place());
      Request request = Request.get("the service", URI.create("http://tsa.invalid/"));
      assertThat(client.send(request).isSuccess()).isTrue();
      assertThat(server.requests().get(0).headers()).doesNotContainKey("Proxy-Authorization");
      // Behind the proxy it is not visible either.
      assertThat(client.send(Request.get("the service", server.uri("/"))).isSuccess()).isTrue();
      assertThat(server.requests().get(1).headers()).doesNotContainKey("Proxy-Authorization");
      assertThat(proxy.requests()).hasSize(1);
    }
  }

  /** Some proxies take a token as the user, and no password. */
  @ParameterizedTest
  @ValueSource(strings = {"user:t0ken-of-me", "t0ken-of-me:", "t0ken-of-me"})
  void knowsWhatIsSecret(String credentials) throws IOException {
    assertThat(ProxyServer.of("HTTPS_PROXY", "http://" + credentials + "@proxy.example").secrets())
        .containsExactly("t0ken-of-me");
  }

  @Test
  void saysWhatTheProxyWants() throws Exception {
    try (TestHttpServer server = new TestHttpServer(answering(200, "yes"));
        TestProxy proxy = new TestProxy(server, "me:secret")) {
      Request request = Request.get("the service", URI.create("http://tsa.invalid/"));
      assertThatThrownBy(() -> client("HTTP_PROXY", proxy.place()).send(request))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(
              "the service at http://tsa.invalid/ through the proxy http://"
                  + proxy.place()
                  + " (HTTP_PROXY) was not asked: the proxy wants a user and a password");
      assertThatThrownBy(() -> client("HTTP_PROXY", "me:wrong@" + proxy.place()).send(request))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("the proxy does not take the user and the password");
      assertThat(server.requests()).isEmpty();
      assertThat(proxy.requests()).hasSize(2);
    }
  }

  @Test
  void showsNoPasswordThatAProxySendsBack() throws Exception {
    try (TestHttpServer echoing =
        new TestHttpServer((request, number, connection) ->
            TestHttpServer.send(
                connection,
                403,
                (request.headers().get("Proxy-Authorization") + " " + PASSWORD)
                    .getBytes(StandardCharsets.UTF_8)))) {
      Answer answer =
          client("HTTP_PROXY", "http://me:" + PASSWORD + "@127.0.0.1:" + echoing.port())
              .send(Request.get("the service", URI.create("http://tsa.invalid/")));
      Received asked = echoing.requests().get(0);
      assertThat(asked.headers()).containsKey("Proxy-Authorization");
      assertThat(answer.refusal())
          .startsWith(
              "the service at http://tsa.invalid/ through the proxy http://127.0.0.1:"
                  + echoing.port()
                  + " (HTTP_PROXY) answered 403: ")
          .doesNotContain("p4ss")
          .doesNotContain(
              asked.headers().get("Proxy-Authorization").substring("Basic ".length(), 20));
    }
  }

  @Test
  void namesTheProxyThatNobodyAnswersAt() throws Exception {
    String place;
    try (TestHttpServer gone = new TestHttpServer(answering(200, ""))) {
      place = "127.0.0.1:" + gone.port();
    }
    assertThatThrownBy(() ->
            client("HTTP_PROXY", place)
                .send(Request.get("the service", URI.create("http://tsa.invalid/"))))
        .hasMessage(
            "the service at http://tsa.invalid/ through the proxy http://"
                + place
                + " (HTTP_PROXY) cannot be reached: the proxy takes no connection there (is the"
                + " address right, with its port? does it run? is there a network, a proxy?)");
  }

  @Test
  void saysThatTheNameOfTheProxyIsNotKnown() {
    assertThatThrownBy(() ->
            client("HTTP_PROXY", "http://me:pass-word-1@no-such-proxy.invalid:1")
                .send(Request.get("the service", URI.create("http://tsa.invalid/"))))
        .hasMessageContaining("cannot be reached: the name of the proxy is not known here")
        .hasMessageNotContaining("pass-word-1")
        .hasMessageNotContaining("must HTTPS_PROXY");
  }
}
