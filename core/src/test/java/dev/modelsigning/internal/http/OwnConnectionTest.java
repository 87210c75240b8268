package dev.modelsigning.internal.http;

import static dev.modelsigning.testing.TestHttpServer.answering;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.internal.http.ServiceClient.LostConnectionException;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestHttpServer;
import dev.modelsigning.testing.TestHttpServer.Answers;
import dev.modelsigning.testing.TestProxy;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests over a connection of their own, with servers that mean no good. */
@Timeout(60)
class OwnConnectionTest {

  private static final Duration STALL = Duration.ofSeconds(1);
  private static final TestCertificate AUTHORITY = TestCertificate.root("CN=Root");

  private final ServiceClient client =
      ServiceClient.with(Duration.ofSeconds(2), Duration.ofMillis(5));

  private static Request request(URI address) {
    return Request.get("the service", address).withStreamedAnswer(STALL).overOwnConnection();
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private static byte[] all(Answer answer) throws IOException {
    try (ReadableByteChannel body = answer.body().orElseThrow()) {
      return Channels.newInputStream(body).readAllBytes();
    }
  }

  private static void send(OutputStream connection, String text) throws IOException {
    connection.write(text.getBytes(StandardCharsets.ISO_8859_1));
    connection.flush();
  }

  /** Sends the head and a byte of a body of a hundred, and then what a test wants. */
  private static Answers beginning(Answers more) {
    return (request, number, connection) -> {
      send(connection, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx");
      more.to(request, number, connection);
    };
  }

  // --- what is asked

  @Test
  void asksOnceAndForNothingElse() throws Exception {
    byte[] content = random(3_000_001);
    try (TestHttpServer server = new TestHttpServer(answering(200, content))) {
      Answer answer =
          client.send(
              request(server.uri("/a%20b?c=d"))
                  .withHeader("Accept", "*/*")
                  .withHeader("Authorization", "Bearer token")
                  .withHeader("Range", "bytes=1-2"));
      assertThat(all(answer)).isEqualTo(content);
      assertThat(server.requests()).hasSize(1);
      assertThat(server.requests().get(0).line()).isEqualTo("GET /a%20b?c=d HTTP/1.1");
      assertThat(server.requests().get(0).headers())
          .isEqualTo(
              Map.of(
                  "Host", "127.0.0.1:" + server.port(),
                  "Connection", "close",
                  "User-Agent", "model-signing-java",
                  "accept", "*/*",
                  "authorization", "Bearer token",
                  "range", "bytes=1-2"));
    }
  }

  @Test
  void takesCredentialsToNoOtherPlace() throws Exception {
    try (TestHttpServer other = new TestHttpServer(answering(200, "yes"));
        TestHttpServer server =
            new TestHttpServer(answering(307, "", "Location: " + other.uri("/there")))) {
      Request request =
          request(server.uri("/")).withHeader("Authorization", "Bearer token").followingRedirects();
      assertThat(all(client.send(request))).asString().isEqualTo("yes");
      assertThat(other.requests()).hasSize(1);
      assertThat(other.requests().get(0).headers())
          .containsOnlyKeys("Host", "Connection", "User-Agent");
    }
  }

  @Test
  void followsNoRedirectUnlessThatIsWanted() throws Exception {
    try (TestHttpServer other = new TestHttpServer(answering(200, "yes"));
        TestHttpServer server =
            new TestHttpServer(answering(302, "", "Location: " + other.uri("/there")))) {
      assertThat(client.send(request(server.uri("/"))).status()).isEqualTo(302);
      assertThat(other.connections()).isZero();
    }
  }

  @Test
  void asksAProxy() throws Exception {
    try (TestHttpServer server = new TestHttpServer(answering(200, "yes"));
        TestProxy proxy = new TestProxy(server, null)) {
      ServiceClient proxied =
          client.withConnections(Connections.of(Map.of("http_proxy", "http://" + proxy.place())));
      Answer answer = proxied.send(request(URI.create("http://host.invalid/path")));
      assertThat(all(answer)).asString().isEqualTo("yes");
      assertThat(proxy.requests()).hasSize(1);
    }
  }

  @Test
  void sendsNoHeaderThatIsSeveral() throws Exception {
    try (TestHttpServer server = new TestHttpServer(answering(200, "yes"))) {
      Request request =
          request(server.uri("/")).withHeader("Authorization", "Bearer s3cret\r\nX: y");
      assertThatThrownBy(() -> client.send(request))
          .hasMessageContaining("a token without control characters")
          .hasMessageNotContaining("s3cret");
      assertThat(server.requests()).isEmpty();
    }
  }

  // --- answers

  @Test
  void repeatsWhatMayPass() throws Exception {
    try (TestHttpServer server =
        new TestHttpServer((request, number, connection) ->
            TestHttpServer.send(connection, number < 3 ? 429 : 200, random(number)))) {
      assertThat(all(client.send(request(server.uri("/"))))).isEqualTo(random(3));
      assertThat(server.requests()).hasSize(3);
    }
  }

  @Test
  void readsABeginningOfALongRefusal() throws Exception {
    try (TestHttpServer server =
        new TestHttpServer(answering(404, random(1_000_000), "X-Kind: long"))) {
      Answer answer = client.send(request(server.uri("/")));
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.body()).isEmpty();
      assertThat(answer.header("x-kind")).contains("long");
      assertThat(random(1_000_000)).startsWith(answer.content());
      assertThat(answer.content()).hasSize(64 * 1024);
      assertThat(server.requests()).hasSize(1);
    }
  }

  /** What the JDK's client understands, or refuses, is left to it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nyes\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nyes",
        "HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nyes",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nX-Folded: a\r\n b\r\n\r\nyes",
      })
  void leavesUnusualAnswersToTheOtherClient(String text) throws Exception {
    try (TestHttpServer server =
        new TestHttpServer((request, number, connection) -> send(connection, text))) {
      assertThat(all(client.send(request(server.uri("/"))))).asString().isEqualTo("yes");
      assertThat(server.requests()).hasSize(2);
      assertThat(server.requests().get(1).headers()).doesNotContainEntry("Connection", "close");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: -3\r\n\r\nyes",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nyes",
        "yes\r\n\r\n",
      })
  void takesNoDamagedAnswer(String text) throws Exception {
    try (TestHttpServer server =
        new TestHttpServer((request, number, connection) -> send(connection, text))) {
      assertThatThrownBy(() -> all(client.send(request(server.uri("/")))))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("the service at " + server.uri("/"));
    }
  }

  @Test
  void readsNoHeadWithoutEnd() throws Exception {
    try (TestHttpServer server = new TestHttpServer(TestHttpServer.endlessHeaders())) {
      assertThatThrownBy(() -> client.send(request(server.uri("/"))))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void readsNoMoreThanTheHeadSays() throws Exception {
    try (TestHttpServer server =
        new TestHttpServer((request, number, connection) ->
            send(connection, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes and more"))) {
      assertThat(all(client.send(request(server.uri("/"))))).asString().isEqualTo("yes");
      assertThat(server.requests()).hasSize(1);
    }
  }

  // --- connections that fail

  @Test
  void saysHowMuchOfABodyWasLost() throws Exception {
    try (TestHttpServer server = new TestHttpServer(TestHttpServer.cut())) {
      Answer answer = client.send(request(server.uri("/")));
      assertThatThrownBy(() -> all(answer))
          .isInstanceOf(LostConnectionException.class)
          .hasMessageContaining("the body ended after 12 of 100 bytes");
    }
  }

  @Test
  void repeatsARequestWithoutAnswer() throws Exception {
    try (TestHttpServer server =
        new TestHttpServer((request, number, connection) -> {
          if (number == 3) {
            TestHttpServer.send(connection, 200, random(3));
          }
        })) {
      assertThat(all(client.send(request(server.uri("/"))))).isEqualTo(random(3));
      assertThat(server.requests()).hasSize(3);
    }
  }

  @Test
  void saysThatNobodyIsThere() throws Exception {
    URI address;
    try (TestHttpServer server = new TestHttpServer(TestHttpServer.cut())) {
      address = server.uri("/");
    }
    assertThatThrownBy(() -> client.send(request(address)))
        .isInstanceOf(LostConnectionException.class)
        .hasMessageContaining("cannot be reached");
    assertThatThrownBy(() -> client.send(request(URI.create("http://host.invalid/"))))
        .isInstanceOf(LostConnectionException.class)
        .hasMessageContaining("cannot be reached");
  }

  @Test
  void endsABodyThatStopsOrDrips() throws Exception {
    Answers dripping =
        beginning((request, number, connection) -> {
          while (true) {
            send(connection, "x");
            Thread.sleep(50);
          }
        });
    for (Answers answers : List.of(beginning(TestHttpServer.silent()), dripping)) {
      try (TestHttpServer server = new TestHttpServer(answers)) {
        Answer answer = client.send(request(server.uri("/")));
        assertThatThrownBy(() -> all(answer))
            .isInstanceOf(LostConnectionException.class)
            .hasMessageContaining("sent hardly anything for 1 s");
      }
    }
  }

  @Test
  void waitsNoLongerForAHeadThatDrips() throws Exception {
    for (Answers answers : List.of(TestHttpServer.silent(), TestHttpServer.drippingHeaders())) {
      try (TestHttpServer server = new TestHttpServer(answers)) {
        assertThatThrownBy(() -> client.send(request(server.uri("/"))))
            .isNotInstanceOf(LostConnectionException.class)
            .hasMessageContaining("did not answer within 2 s");
        assertThat(server.requests()).hasSize(1);
      }
    }
  }

  @Test
  void waitsNoLongerForAHandshake() throws Exception {
    // The system takes the connection in, and nobody answers.
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      URI address = URI.create("https://127.0.0.1:" + server.getLocalPort() + "/");
      assertThatThrownBy(() -> client.send(request(address)))
          .isNotInstanceOf(LostConnectionException.class)
          .hasMessageContaining("did not answer within 2 s");
    }
  }

  @Test
  void canBeClosedWhileItIsRead() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    Answers answers =
        beginning((request, number, connection) -> {
          begun.countDown();
          new CountDownLatch(1).await();
        });
    try (TestHttpServer server = new TestHttpServer(answers)) {
      ServiceClient patient = ServiceClient.with(Duration.ofSeconds(2), Duration.ofMillis(5));
      ReadableByteChannel body =
          patient
              .send(request(server.uri("/")).withStreamedAnswer(Duration.ofMinutes(5)))
              .body()
              .orElseThrow();
      assertThat(body.read(ByteBuffer.allocate(10))).isEqualTo(1);
      CompletableFuture<Throwable> failure =
          CompletableFuture.supplyAsync(() -> {
            try {
              body.read(ByteBuffer.allocate(10));
              return new AssertionError("it was read");
            } catch (IOException e) {
              return e;
            }
          });
      begun.await();
      Thread.sleep(100);
      body.close();
      assertThat(failure.get(10, TimeUnit.SECONDS)).isInstanceOf(ClosedChannelException.class);
      assertThat(body.isOpen()).isFalse();
      assertThatThrownBy(() -> body.read(ByteBuffer.allocate(10)))
          .isInstanceOf(ClosedChannelException.class);
    }
  }

  @Test
  void endsWhenInterrupted() throws Exception {
    try (TestHttpServer server = new TestHttpServer(beginning(TestHttpServer.silent()))) {
      ReadableByteChannel body =
          client
              .send(request(server.uri("/")).withStreamedAnswer(Duration.ofMinutes(5)))
              .body()
              .orElseThrow();
      assertThat(body.read(ByteBuffer.allocate(10))).isEqualTo(1);
      Thread reader = Thread.currentThread();
      CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS).execute(reader::interrupt);
      assertThatThrownBy(() -> body.read(ByteBuffer.allocate(10)))
          .isInstanceOf(InterruptedIOException.class);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(body.isOpen()).isFalse();
    }
    try (TestHttpServer server = new TestHttpServer(TestHttpServer.silent())) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> client.send(request(server.uri("/"))))
          .isInstanceOf(InterruptedIOException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  // --- TLS

  private static TestCertificate server(String name) {
    return TestCertificate.named("CN=server")
        .purposes(false, KeyPurposeId.id_kp_serverAuth)
        .names(GeneralName.dNSName, name)
        .issuedBy(AUTHORITY);
  }

  private static URI secure(TestHttpServer server) {
    return URI.create("https://localhost:" + server.port() + "/path");
  }

  private ServiceClient trusting(X509Certificate authority) {
    return ServiceClient.with(Duration.ofSeconds(10), Duration.ofMillis(5))
        .trustingOnly(List.of(authority));
  }

  @Test
  void readsOverTls() throws Exception {
    byte[] content = random(3_000_001);
    try (TestHttpServer server = TestHttpServer.tls(server("localhost"), answering(200, content))) {
      ServiceClient trusting = trusting(AUTHORITY.certificate());
      assertThat(all(trusting.send(request(secure(server))))).isEqualTo(content);
      assertThat(server.requests()).hasSize(1);
      assertThat(server.requests().get(0).headers()).containsEntry("Connection", "close");
    }
  }

  @Test
  void asksNoStrangerOverTls() throws Exception {
    try (TestHttpServer server =
        TestHttpServer.tls(server("other.invalid"), answering(200, "yes"))) {
      assertThatThrownBy(() -> trusting(AUTHORITY.certificate()).send(request(secure(server))))
          .isNotInstanceOf(LostConnectionException.class)
          .hasMessageContaining("no TLS connection could be made")
          .hasMessageContaining("localhost");
      X509Certificate other = TestCertificate.root("CN=Other").certificate();
      assertThatThrownBy(() -> trusting(other).send(request(secure(server))))
          .isNotInstanceOf(LostConnectionException.class)
          .hasMessageContaining("leads to no authority that is trusted");
      assertThat(server.requests()).isEmpty();
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void endsABodyThatStopsOverTls() throws Exception {
    try (TestHttpServer server =
        TestHttpServer.tls(server("localhost"), beginning(TestHttpServer.silent()))) {
      Answer answer = trusting(AUTHORITY.certificate()).send(request(secure(server)));
      assertThatThrownBy(() -> all(answer))
          .isInstanceOf(LostConnectionException.class)
          .hasMessageContaining("sent hardly anything for 1 s");
    }
  }

  @Test
  void endsWhenInterruptedOrClosedOverTls() throws Exception {
    try (TestHttpServer server =
        TestHttpServer.tls(server("localhost"), beginning(TestHttpServer.silent()))) {
      Request patient = request(secure(server)).withStreamedAnswer(Duration.ofMinutes(5));
      ServiceClient trusting = trusting(AUTHORITY.certificate());
      ReadableByteChannel body = trusting.send(patient).body().orElseThrow();
      assertThat(body.read(ByteBuffer.allocate(10))).isEqualTo(1);
      Thread reader = Thread.currentThread();
      CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS).execute(reader::interrupt);
      assertThatThrownBy(() -> body.read(ByteBuffer.allocate(10)))
          .isInstanceOf(InterruptedIOException.class);
      assertThat(Thread.interrupted()).isTrue();

      ReadableByteChannel other = trusting.send(patient).body().orElseThrow();
      assertThat(other.read(ByteBuffer.allocate(10))).isEqualTo(1);
      CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS)
          .execute(() -> {
            try {
              other.close();
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          });
      assertThatThrownBy(() -> other.read(ByteBuffer.allocate(10)))
          .isInstanceOf(ClosedChannelException.class);
    }
  }
}
