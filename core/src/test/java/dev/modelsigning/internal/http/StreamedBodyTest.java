package dev.modelsigning.internal.http;

import static dev.modelsigning.testing.TestHttpServer.answering;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.internal.http.ServiceClient.LostConnectionException;
import dev.modelsigning.testing.TestHttpServer;
import dev.modelsigning.testing.TestHttpServer.Answers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are larger than memory, in both directions. */
@Timeout(60)
class StreamedBodyTest {

  private static final Duration STALL = Duration.ofSeconds(1);

  private final ServiceClient client =
      ServiceClient.with(Duration.ofSeconds(2), Duration.ofMillis(5));

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private Answer open(TestHttpServer server) throws IOException {
    return client.send(
        sent(
            Request.get("the service", server.uri("/blob?query=hidden"))
                .withStreamedAnswer(STALL)));
  }

  /** The same request, as it is sent. */
  Request sent(Request request) {
    return request;
  }

  private byte[] read(Answers answers) throws IOException {
    try (TestHttpServer server = new TestHttpServer(answers);
        ReadableByteChannel body = open(server).body().orElseThrow()) {
      return Channels.newInputStream(body).readAllBytes();
    }
  }

  // --- responses

  @Test
  void readsWhatArrives() throws Exception {
    byte[] content = random(3_000_001);
    assertThat(read(answering(200, content))).isEqualTo(content);
    assertThat(read(answering(200, new byte[0]))).isEmpty();
  }

  @Test
  void readsARefusalAsAWhole() throws Exception {
    try (TestHttpServer server = new TestHttpServer(answering(404, "not here"))) {
      Answer answer = open(server);
      assertThat(answer.body()).isEmpty();
      assertThat(answer.refusal()).contains("answered 404: 'not here'");
    }
  }

  @Test
  void endsABodyThatDrips() {
    long start = System.nanoTime();
    assertThatThrownBy(() -> read(TestHttpServer.dripping()))
        .isInstanceOf(LostConnectionException.class)
        .hasMessageContaining("sent hardly anything for 1 s")
        .message()
        .doesNotContain("hidden");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void endsABodyThatStops() {
    assertThatThrownBy(() ->
            read((request, number, connection) -> {
              connection.write(
                  "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nso much"
                      .getBytes(StandardCharsets.US_ASCII));
              connection.flush();
              Thread.sleep(20_000);
            }))
        .isInstanceOf(LostConnectionException.class)
        .hasMessageContaining("sent hardly anything for 1 s");
  }

  @Test
  void blamesNoServiceForASlowReader() throws Exception {
    byte[] content = random(400_000);
    try (TestHttpServer server = new TestHttpServer(answering(200, content));
        ReadableByteChannel body = open(server).body().orElseThrow()) {
      ByteBuffer first = ByteBuffer.allocate(10);
      assertThat(body.read(first)).isEqualTo(10);
      Thread.sleep(STALL.toMillis() + 500);
      assertThat(Channels.newInputStream(body).readAllBytes()).hasSize(content.length - 10);
    }
  }

  private static StreamedBody subscribed(AtomicLong requested) {
    StreamedBody body = new StreamedBody(STALL, cause -> new IOException(cause));
    body.onSubscribe(
        new Flow.Subscription() {
          @Override
          public void request(long number) {
            requested.addAndGet(number);
          }

          @Override
          public void cancel() {}
        });
    return body;
  }

  /** The size of parts is not ours to choose. */
  @ParameterizedTest
  @ValueSource(ints = {1000, 16 * 1024, 256 * 1024})
  void requestsNoMoreWhileMuchWaitsForTheReader(int size) throws Exception {
    AtomicLong requested = new AtomicLong();
    StreamedBody body = subscribed(requested);
    long given = 0;
    while (requested.get() > given && given < 10_000) {
      given++;
      body.onNext(List.of(ByteBuffer.allocate(size)));
    }
    assertThat(given * size).isBetween(256L * 1024, 256L * 1024 + size);

    assertThat(body.read(ByteBuffer.allocate(2 * size))).isPositive();
    assertThat(requested.get()).isEqualTo(given + 1);
  }

  @Test
  void readsAllThatHasArrivedButNotBeyondAFailure() throws Exception {
    StreamedBody body = subscribed(new AtomicLong());
    body.onNext(List.of(ByteBuffer.wrap(new byte[] {1, 2}), ByteBuffer.allocate(0)));
    body.onNext(List.of(ByteBuffer.wrap(new byte[] {3})));
    body.onNext(List.of(ByteBuffer.wrap(new byte[] {4, 5})));
    body.onError(new IOException("the line was cut"));

    ByteBuffer target = ByteBuffer.allocate(10).position(1).limit(5);
    assertThat(body.read(target)).isEqualTo(4);
    assertThat(target.flip().position(1)).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}));
    assertThat(body.read(target.clear())).isEqualTo(1);
    assertThatThrownBy(() -> body.read(target.clear())).hasMessageContaining("the line was cut");
  }

  @Test
  void saysThatTheConnectionWasLost() {
    assertThatThrownBy(() -> read(TestHttpServer.cut()))
        .isInstanceOf(LostConnectionException.class);
  }

  @Test
  void leavesABodyWithoutEndWhenItIsClosed() throws Exception {
    try (TestHttpServer server = new TestHttpServer(TestHttpServer.endless(200))) {
      ReadableByteChannel body = open(server).body().orElseThrow();
      assertThat(body.read(ByteBuffer.allocate(1000))).isPositive();
      body.close();
      assertThat(body.isOpen()).isFalse();
      assertThatThrownBy(() -> body.read(ByteBuffer.allocate(1)))
          .isInstanceOf(ClosedChannelException.class);
      server.awaitLeft();
    }
  }

  @Test
  void endsWhenInterrupted() throws Exception {
    try (TestHttpServer server = new TestHttpServer(TestHttpServer.dripping());
        ReadableByteChannel body = open(server).body().orElseThrow()) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> Channels.newInputStream(body).readAllBytes())
          .isInstanceOfAny(InterruptedIOException.class, IOException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  // --- requests

  private static Request.Body body(byte[] content, long told) {
    return new Request.Body() {
      @Override
      public long length() {
        return told;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(content);
      }
    };
  }

  @Test
  void sendsWhatIsReadMeanwhile() throws Exception {
    byte[] content = random(2_000_001);
    try (TestHttpServer server = new TestHttpServer(answering(201, "done"))) {
      Answer answer =
          client.send(
              Request.streamed("it", "PATCH", server.uri("/"), body(content, content.length)));
      assertThat(answer.status()).isEqualTo(201);
      assertThat(server.requests().get(0).line()).startsWith("PATCH / ");
      assertThat(server.requests().get(0).content()).isEqualTo(content);
    }
  }

  @Test
  void sendsStreamedContentOnce() throws Exception {
    try (TestHttpServer server =
        new TestHttpServer((request, number, connection) -> connection.close())) {
      assertThatThrownBy(() ->
              client.send(Request.streamed("it", "PUT", server.uri("/"), body(random(10), 10))))
          .isInstanceOf(LostConnectionException.class);
      assertThat(server.requests()).hasSize(1);
    }
    try (TestHttpServer server = new TestHttpServer(answering(503, ""))) {
      assertThat(
              client
                  .send(Request.streamed("it", "PUT", server.uri("/"), body(random(10), 10)))
                  .status())
          .isEqualTo(503);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void failsWithTheReasonWhenTheContentCannotBeRead() throws Exception {
    Request.Body broken =
        new Request.Body() {
          @Override
          public long length() {
            return 10;
          }

          @Override
          public InputStream open() throws IOException {
            throw new IOException("the disk is gone");
          }
        };
    try (TestHttpServer server = new TestHttpServer(answering(201, ""))) {
      assertThatThrownBy(() -> client.send(Request.streamed("it", "PUT", server.uri("/"), broken)))
          .hasMessage("the disk is gone");
    }
  }

  @Test
  void givesUpOnAServiceThatDoesNotAnswerAfterTheContent() throws Exception {
    try (TestHttpServer server = new TestHttpServer(TestHttpServer.silent())) {
      assertThatThrownBy(() ->
              client.send(
                  Request.streamed("it", "PUT", server.uri("/"), body(random(10), 10))
                      .withTimeout(Duration.ofMillis(300))))
          .hasMessageContaining("did not answer within 1 s");
    }
  }

  @Test
  void sendsHeadAndPut() throws Exception {
    try (TestHttpServer server =
        new TestHttpServer((request, number, connection) ->
            connection.write(
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: a\r\nX: b\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII)))) {
      Answer answer = client.send(Request.head("it", server.uri("/a")));
      assertThat(answer.content()).isEmpty();
      assertThat(answer.headers("x")).containsExactly("a", "b");
      assertThat(server.requests().get(0).line()).startsWith("HEAD /a ");
    }
    try (TestHttpServer server = new TestHttpServer(answering(201, ""))) {
      client.send(Request.put("it", server.uri("/a"), random(3)));
      assertThat(server.requests().get(0).line()).startsWith("PUT /a ");
      assertThat(server.requests().get(0).content()).hasSize(3);
    }
  }

  // --- redirects

  @Test
  void keepsHeadAndTheRangeAfterARedirect() throws Exception {
    try (TestHttpServer second = new TestHttpServer(answering(200, ""));
        TestHttpServer first =
            new TestHttpServer(answering(302, "", "Location: " + second.uri("/b")))) {
      client.send(
          Request.head("it", first.uri("/a"))
              .withHeader("Range", "bytes=1-2")
              .withHeader("Authorization", "Basic secret")
              .followingRedirects());
      assertThat(second.requests().get(0).line()).startsWith("HEAD /b ");
      assertThat(second.requests().get(0).headers())
          .containsEntry("Range", "bytes=1-2")
          .doesNotContainKey("Authorization");
    }
  }

  @Test
  void leavesThisMachineByTlsOnlyIfThatIsWanted() throws Exception {
    Request request =
        Request.get("it", URI.create("http://127.0.0.1/"))
            .followingRedirects()
            .withPlainHttpOnlyHere();
    Answer away =
        new Answer(
            request, 302, Map.of("location", List.of("http://192.0.2.1/")), new byte[0], null);
    assertThatThrownBy(() -> Redirect.of(away))
        .hasMessageContaining("plain http is used within this machine only");
  }

  @Test
  void knowsThisMachine() {
    for (String here : new String[] {"localhost", "127.0.0.1:5", "127.9.9.9", "[::1]:5"}) {
      assertThat(ServiceClient.isHere(URI.create("http://" + here + "/"))).as(here).isTrue();
    }
    for (String away :
        new String[] {
          "localhost.example.com",
          "a.localhost",
          "127.0.0.1.example.com",
          "192.0.2.1",
          "[::2]",
          "0.0.0.0",
          "10.0.0.1"
        }) {
      assertThat(ServiceClient.isHere(URI.create("http://" + away + "/"))).as(away).isFalse();
    }
  }
}
