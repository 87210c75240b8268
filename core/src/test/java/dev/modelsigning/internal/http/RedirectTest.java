package dev.modelsigning.internal.http;

import static dev.modelsigning.testing.TestHttpServer.answering;
import static dev.modelsigning.testing.TestHttpServer.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.testing.TestHttpServer;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The redirects that are followed, and what is sent along. */
@Timeout(60)
class RedirectTest {

  private static final byte[] NOTHING = {};
  private static final String SECRET = "s3cret-of-the-job";

  private final ServiceClient client =
      ServiceClient.with(Duration.ofSeconds(5), Duration.ofMillis(5));

  private static Request get(TestHttpServer server) {
    return Request.get("the service", server.uri("/path?query=hidden"));
  }

  @Test
  void followsNoRedirectUnlessAskedTo() throws Exception {
    try (TestHttpServer server = new TestHttpServer(answering(302, "", "Location: /other"))) {
      assertThat(client.send(get(server)).status()).isEqualTo(302);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void followsAFewRedirectsIfAskedTo() throws Exception {
    try (TestHttpServer server =
        new TestHttpServer((request, number, connection) -> {
          if (number < 4) {
            send(connection, 302, NOTHING, "Location: /" + number, "Set-Cookie: a=b");
          } else {
            send(connection, 200, NOTHING);
          }
        })) {
      assertThat(client.send(get(server).followingRedirects()).isSuccess()).isTrue();
      assertThat(server.requests()).hasSize(4);
      assertThat(server.requests().get(3).headers()).doesNotContainKey("Cookie");
    }
    try (TestHttpServer server = new TestHttpServer(answering(302, "", "Location: /again"))) {
      assertThatThrownBy(() -> client.send(get(server).followingRedirects()))
          .hasMessageContaining("redirects more than 5 times");
      assertThat(server.requests()).hasSizeLessThan(8);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
        "ldap://127.0.0.1/",
        "jar:file:/x!/y",
        "http:///x",
        "http://user:pw@127.0.0.1/",
        "http:opaque",
        "ht tp://x",
        "data:,x"
      })
  void isNotLedToOtherKindsOfAddresses(String location) throws Exception {
    try (TestHttpServer server = new TestHttpServer(answering(302, "", "Location: " + location))) {
      assertThatThrownBy(() -> client.send(get(server).followingRedirects()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("is not followed")
          .message()
          .doesNotContain("pw");
    }
  }

  @Test
  void doesNotLeaveTls() {
    Answer answer =
        new Answer(
            Request.get("the service", URI.create("https://one.test/")).followingRedirects(),
            302,
            Map.of("location", List.of("http://one.test/x?hidden")),
            NOTHING,
            null);
    assertThatThrownBy(() -> Redirect.of(answer))
        .hasMessage(
            "the service at https://one.test/ redirects to http://one.test/x, which is not"
                + " followed: an https address is not left for http");
  }

  @ParameterizedTest
  @CsvSource({"302, GET", "307, GET", "303, POST"})
  void takesNoCredentialsToAnotherOrigin(int status, String method) throws Exception {
    try (TestHttpServer other = new TestHttpServer(answering(403, "you said " + SECRET));
        TestHttpServer server =
            new TestHttpServer(answering(status, "", "Location: " + other.uri("/x")))) {
      Request request =
          method.equals("GET")
              ? get(server)
              : Request.post("the service", server.uri("/"), "x".getBytes(StandardCharsets.UTF_8));
      Answer answer =
          client.send(
              request
                  .withHeader("Authorization", "Bearer " + SECRET)
                  .withHeader("Cookie", "id=4711")
                  .withHeader("X-Key", "k")
                  .followingRedirects());
      assertThat(other.requests())
          .singleElement()
          .satisfies(received -> {
            assertThat(received.headers()).doesNotContainKeys("Authorization", "Cookie", "X-Key");
            assertThat(received.content()).isEmpty();
          });
      assertThat(answer.refusal()).contains("you said (redacted)");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {307, 308})
  void takesNoContentWithSecretsToAnotherOrigin(int status) throws Exception {
    try (TestHttpServer other = new TestHttpServer(answering(200, ""));
        TestHttpServer server =
            new TestHttpServer(answering(status, "", "Location: " + other.uri("/x")))) {
      Request post =
          Request.post("the service", server.uri("/"), SECRET.getBytes(StandardCharsets.UTF_8))
              .followingRedirects();
      assertThatThrownBy(() -> client.send(post.withSecrets(SECRET)))
          .hasMessageContaining("secrets are for the address that was given only");
      assertThat(other.requests()).isEmpty();
      client.send(post);
      assertThat(other.requests().get(0).content()).asString().isEqualTo(SECRET);
    }
  }
}
