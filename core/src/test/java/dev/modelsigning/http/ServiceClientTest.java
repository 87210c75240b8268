package dev.modelsigning.http;

import static dev.modelsigning.testing.TestHttpServer.answering;
import static dev.modelsigning.testing.TestHttpServer.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.modelsigning.testing.TestHttpServer;
import dev.modelsigning.testing.TestHttpServer.Answers;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Services that answer badly, or not at all, cost little, and learn and tell nothing. */
@Timeout(60)
class ServiceClientTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final byte[] NOTHING = {};
  private static final String SECRET = "s3cret-of-the-job";

  private final ServiceClient client = ServiceClient.with(TIMEOUT, Duration.ofMillis(5));

  private static Request get(TestHttpServer server) {
    return Request.get("the service", server.uri("/path?query=hidden"));
  }

  private Answer ask(Answers answers) throws IOException {
    try (TestHttpServer server = new TestHttpServer(answers)) {
      return client.send(get(server));
    }
  }

  // --- time and size

  private void isGivenUp(Answers answers, String words) throws Exception {
    try (TestHttpServer server = new TestHttpServer(answers)) {
      long start = System.nanoTime();
      assertThatThrownBy(() -> client.send(get(server)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("the service at " + server.uri("/path"))
          .hasMessageContaining(words)
          .message()
          .doesNotContain("hidden");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT.plusSeconds(3));
    }
  }

  @Test
  void givesUpOnAnAnswerThatDrips() throws Exception {
    isGivenUp(TestHttpServer.dripping(), "did not answer within 1 s");
    isGivenUp(TestHttpServer.drippingHeaders(), "did not answer within 1 s");
  }

  @Test
  void leavesTheConnectionItGaveUp() throws Exception {
    try (TestHttpServer server = new TestHttpServer(TestHttpServer.dripping())) {
      assertThatThrownBy(() -> client.send(get(server))).isInstanceOf(IOException.class);
      for (int i = 0; i < 100 && !server.isLeft(); i++) {
        Thread.sleep(50);
      }
      assertThat(server.isLeft()).isTrue();
    }
  }

  @Test
  void takesNoMoreThanAllowed() throws Exception {
    isGivenUp(TestHttpServer.endless(200), "the answer is longer than 4194304 bytes");
    try (TestHttpServer server = new TestHttpServer(answering(200, "x".repeat(11)))) {
      assertThatThrownBy(() -> client.send(get(server).withMaxLength(10)))
          .hasMessageContaining("longer than 10 bytes");
      assertThat(client.send(get(server).withMaxLength(11)).content()).hasSize(11);
    }
  }

  @Test
  void takesTheBeginningOfARefusalWithoutEnd() throws Exception {
    assertThat(ask(TestHttpServer.endless(403)).refusal())
        .contains(" answered 403: 'xxx")
        .hasSizeLessThan(300);
  }

  @Test
  void givesUpOnHeadersWithoutEnd() throws Exception {
    isGivenUp(TestHttpServer.endlessHeaders(), "");
  }

  @Test
  void asksNothingOnceTheDeadlineHasPassed() throws Exception {
    try (TestHttpServer server = new TestHttpServer(answering(200, ""))) {
      Request late = get(server).withDeadline(Deadline.in(Duration.ZERO));
      assertThatThrownBy(() -> client.send(late)).hasMessageContaining("no time is left");
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void keepsTheDeadlineOverAllAttempts() throws Exception {
    ServiceClient patient = ServiceClient.with(Duration.ofSeconds(20), Duration.ofMillis(300));
    try (TestHttpServer server =
        new TestHttpServer((request, number, connection) -> {
          Thread.sleep(300);
          if (number == 2) {
            Thread.sleep(20_000);
          }
          send(connection, 503, NOTHING);
        })) {
      long start = System.nanoTime();
      assertThatThrownBy(
              () -> patient.send(get(server).withDeadline(Deadline.in(Duration.ofSeconds(2)))))
          .hasMessageContaining("did not answer within 1 s");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void endsAtOnceWhenInterrupted() throws Exception {
    ServiceClient patient = ServiceClient.withDefaults();
    for (Answers answers :
        List.of(TestHttpServer.dripping(), answering(503, "", "Retry-After: 20"))) {
      try (TestHttpServer server = new TestHttpServer(answers)) {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread thread =
            new Thread(() -> failure.set(catchThrowable(() -> patient.send(get(server)))));
        thread.start();
        while (server.requests().isEmpty()) {
          Thread.sleep(10);
        }
        Thread.sleep(300);
        thread.interrupt();
        thread.join(3_000);
        assertThat(failure.get()).isInstanceOf(InterruptedIOException.class);
      }
    }
  }

  // --- again

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 502, 503, 504, 599})
  void asksABusyServiceThreeTimes(int status) throws Exception {
    try (TestHttpServer server =
        new TestHttpServer((request, number, connection) ->
            send(connection, number < 3 ? status : 200, NOTHING))) {
      assertThat(client.send(get(server)).isSuccess()).isTrue();
      assertThat(server.requests()).hasSize(3);
    }
    try (TestHttpServer server = new TestHttpServer(answering(status, "busy"))) {
      assertThat(client.send(get(server)).refusal()).endsWith("answered " + status + ": 'busy'");
      assertThat(server.requests()).hasSize(3);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 400, 401, 403, 404, 409})
  void doesNotRepeatWhatCannotSucceed(int status) throws Exception {
    try (TestHttpServer server = new TestHttpServer(answering(status, "no"))) {
      assertThat(client.send(get(server)).status()).isEqualTo(status);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void asksAgainWithTheContentWhenTheConnectionIsLost() throws Exception {
    try (TestHttpServer server =
        new TestHttpServer((request, number, connection) -> {
          if (number < 3) {
            TestHttpServer.cut().to(request, number, connection);
          } else {
            send(connection, 200, request.content());
          }
        })) {
      Request post =
          Request.post("the service", server.uri("/"), "text".getBytes(StandardCharsets.UTF_8));
      assertThat(client.send(post).content()).asString().isEqualTo("text");
    }
    isGivenUp(TestHttpServer.cut(), "failed: ");
  }

  @Test
  void saysThatNobodyIsThere() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    assertThatThrownBy(() ->
            client.send(
                Request.get("the service", URI.create("http://127.0.0.1:" + port + "/p?q"))))
        .hasMessage(
            "the service at http://127.0.0.1:"
                + port
                + "/p cannot be reached (is there a network, a proxy?)");
  }

  @Test
  void waitsAsLongAsTheServiceAsksFor() throws Exception {
    for (boolean date : new boolean[] {false, true}) {
      String time =
          !date
              ? "1"
              : DateTimeFormatter.RFC_1123_DATE_TIME.format(
                  Instant.now().plusSeconds(2).atOffset(ZoneOffset.UTC));

      try (TestHttpServer server =
          new TestHttpServer((request, number, connection) ->
              send(connection, number == 1 ? 429 : 200, NOTHING, "Retry-After: " + time))) {
        long start = System.nanoTime();
        assertThat(client.send(get(server)).isSuccess()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - start))
            .isGreaterThan(Duration.ofMillis(900));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"3600", "999999999", "99999999999999999999", "-5", "soon", ""})
  void doesNotWaitForLong(String time) throws Exception {
    try (TestHttpServer server = new TestHttpServer(answering(429, "", "Retry-After: " + time))) {
      long start = System.nanoTime();
      assertThat(client.send(get(server)).status()).isEqualTo(429);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }
  }

  @Test
  void asksForNoOtherProtocolOverPlainHttp() throws Exception {
    try (TestHttpServer server = new TestHttpServer(answering(200, ""))) {
      client.send(Request.post("the service", server.uri("/"), NOTHING));
      assertThat(server.requests().get(0).line()).endsWith(" HTTP/1.1");
      assertThat(server.requests().get(0).headers())
          .doesNotContainKeys("Upgrade", "HTTP2-Settings");
    }
  }

  // --- messages

  @Test
  void showsNoHeaderThatCannotBeSent() {
    Request request =
        Request.get("the service", URI.create("http://127.0.0.1/"))
            .withHeader("Authorization", "Bearer " + SECRET + "\nHost: evil");
    Throwable failure = catchThrowable(() -> client.send(request));
    assertThat(failure)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("without control characters")
        .hasNoCause();
    assertThat(failure.toString()).doesNotContain(SECRET);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/9.9 " + SECRET + "\r\n\r\n",
        SECRET + "\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: " + SECRET + "\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + SECRET + "\r\n\r\n"
      })
  void showsNoSecretOutOfBrokenAnswers(String answer) throws Exception {
    try (TestHttpServer server =
        new TestHttpServer((request, number, connection) ->
            connection.write(answer.getBytes(StandardCharsets.UTF_8)))) {
      Throwable failure =
          catchThrowable(
              () -> client.send(get(server).withHeader("Authorization", "Bearer " + SECRET)));
      assertThat(failure).isInstanceOf(IOException.class);
      for (Throwable each = failure; each != null; each = each.getCause()) {
        assertThat(each.toString()).doesNotContain(SECRET.substring(0, 8)).doesNotContain("\u001b");
      }
    }
  }

  @Test
  void redactsBeforeItCuts() throws Exception {
    String before = "x ".repeat(70);
    try (TestHttpServer server = new TestHttpServer(answering(403, before + SECRET))) {
      assertThat(client.send(get(server).withSecrets(SECRET)).excerpt())
          .contains(before + "(redacted)")
          .doesNotContain("s3c");
    }
  }

  @Test
  void cutsNoCharacterInTwoAndEscapesWhatSteersATerminal() throws Exception {
    assertThat(ask(answering(403, "\u001b[31m\r\n" + "\ud83d\ude00".repeat(200))).excerpt())
        .startsWith("'\\u001b[31m\\u000d\\u000a\ud83d\ude00")
        .endsWith("\ud83d\ude00...'");
  }

  @Test
  void escapesWhatIsSaidOfAnAnswer() throws Exception {
    assertThat(ask(answering(200, "")).describe("named 'a\\u0007' and \u001b[2J\nforged"))
        .endsWith(" named 'a\\\\u0007' and \\u001b[2J\\u000aforged");
    assertThat(ask(answering(200, "")).describe("named 'a\\u0007'")).endsWith(" named 'a\\u0007'");
  }

  @Test
  void showsNoSecretThatTheBoundOnAnswersCutInTwo() throws Exception {
    String padding = " ".repeat(64 * 1024 - 12);
    for (String secret : List.of(SECRET, "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2lnbmF0dXJl")) {
      try (TestHttpServer server = new TestHttpServer(answering(403, padding + secret))) {
        assertThat(client.send(get(server).withSecrets(SECRET)).excerpt())
            .isEqualTo("'(redacted)'");
      }
    }
  }
}
