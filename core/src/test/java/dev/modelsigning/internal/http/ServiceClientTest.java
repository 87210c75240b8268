package dev.modelsigning.internal.http;

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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Services that respond wrongly, or not at all: limits on time and size, and no secrets in requests
 * or messages.
 */
@Timeout(60)
class ServiceClientTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final byte[] NOTHING = {};
  private static final String SECRET = "s3cret-of-the-job";

  private final ServiceClient client = ServiceClient.with(TIMEOUT, Duration.ofMillis(5));

  /** The pauses that {@link #recording} would have made. */
  private final List<Duration> pauses = new ArrayList<>();

  private final ServiceClient recording =
      ServiceClient.with(Duration.ofSeconds(50), Duration.ofMillis(5))
          .withTime(
              Clock.fixed(Instant.parse("2026-03-04T05:06:07Z"), ZoneOffset.UTC), pauses::add);

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
      assertThatThrownBy(() -> client.send(get(server)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("did not answer within 1 s");
      server.awaitLeft();
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
    AtomicLong nanos = new AtomicLong();
    List<Duration> waits = new ArrayList<>();
    ServiceClient patient =
        ServiceClient.with(Duration.ofSeconds(50), Duration.ofMillis(300))
            .withTime(
                Clock.systemUTC(),
                time -> {
                  waits.add(time);
                  nanos.addAndGet(time.toNanos());
                });
    try (TestHttpServer server =
        new TestHttpServer((request, number, connection) -> {
          if (number == 1) {
            nanos.addAndGet(Duration.ofMillis(59_600).toNanos());
            send(connection, 503, NOTHING);
          } else {
            TestHttpServer.silent().to(request, number, connection);
          }
        })) {
      Deadline deadline = Deadline.in(Duration.ofMinutes(1), nanos::get);
      // For the second attempt 100 ms are left, for which it really waits, and not 50 s.
      assertThatThrownBy(() -> patient.send(get(server).withDeadline(deadline)))
          .hasMessageContaining("did not answer within 1 s");
      assertThat(waits).containsExactly(Duration.ofMillis(300));
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void waitsForNoAttemptThatTheDeadlineLeavesNoTimeFor() throws Exception {
    AtomicLong nanos = new AtomicLong();
    List<Duration> waits = new ArrayList<>();
    ServiceClient patient =
        ServiceClient.with(Duration.ofSeconds(50), Duration.ofMillis(300))
            .withTime(Clock.systemUTC(), waits::add);
    try (TestHttpServer server =
        new TestHttpServer((request, number, connection) -> {
          nanos.addAndGet(Duration.ofMillis(59_700).toNanos());
          send(connection, 503, NOTHING);
        })) {
      Deadline deadline = Deadline.in(Duration.ofMinutes(1), nanos::get);
      assertThat(patient.send(get(server).withDeadline(deadline)).status()).isEqualTo(503);
      assertThat(waits).isEmpty();
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void endsAtOnceWhenInterruptedWhileItWaitsForAnAnswer() throws Exception {
    try (TestHttpServer server = new TestHttpServer(TestHttpServer.dripping())) {
      isInterrupted(ServiceClient.withDefaults(), server, server::awaitRequest);
    }
  }

  @Test
  void endsAtOnceWhenInterruptedBetweenTwoAttempts() throws Exception {
    CountDownLatch pausing = new CountDownLatch(1);
    ServiceClient patient =
        ServiceClient.withDefaults()
            .withTime(
                Clock.systemUTC(),
                time -> {
                  pausing.countDown();
                  ServiceClient.Pauses.SLEEP.last(time);
                });
    try (TestHttpServer server = new TestHttpServer(answering(503, "", "Retry-After: 20"))) {
      isInterrupted(patient, server, pausing::await);
      assertThat(server.requests()).hasSize(1);
    }
  }

  /** Something that happens, and that the test waits for. */
  private interface Event {
    void await() throws InterruptedException;
  }

  /** It would go on for 20 seconds and more, and end in another way. */
  private static void isInterrupted(ServiceClient patient, TestHttpServer server, Event event)
      throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread thread = new Thread(() -> failure.set(catchThrowable(() -> patient.send(get(server)))));
    thread.start();
    event.await();
    thread.interrupt();
    thread.join();
    assertThat(failure.get()).isInstanceOf(InterruptedIOException.class).hasMessage("interrupted");
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
                + "/p cannot be reached: the host takes no connection there (is the address right,"
                + " with its port? does it run? is there a network, a proxy?)");
  }

  @Test
  void saysThatTheNameIsNotKnown() {
    URI unknown = URI.create("http://no-such-host.invalid/p?secret=s3cret-s3cret");
    assertThatThrownBy(() -> client.send(Request.get("the service", unknown)))
        .hasMessage(
            "the service at http://no-such-host.invalid/p cannot be reached: the name of the host is"
                + " not known here (is it right? is there a network? must HTTPS_PROXY name a"
                + " proxy?)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1 | 1
          30 | 30
          Wed, 4 Mar 2026 05:06:09 GMT | 2
          Wed, 4 Mar 2026 05:06:37 GMT | 30
          """)
  void waitsAsLongAsTheServiceAsksFor(String time, int seconds) throws Exception {
    try (TestHttpServer server =
        new TestHttpServer((request, number, connection) ->
            send(connection, number == 1 ? 429 : 200, NOTHING, "Retry-After: " + time))) {
      assertThat(recording.send(get(server)).isSuccess()).isTrue();
      assertThat(pauses).containsExactly(Duration.ofSeconds(seconds));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"31", "3600", "999999999", "Wed, 4 Mar 2026 05:06:38 GMT"})
  void doesNotWaitForLong(String time) throws Exception {
    try (TestHttpServer server = new TestHttpServer(answering(429, "", "Retry-After: " + time))) {
      assertThat(recording.send(get(server)).status()).isEqualTo(429);
      assertThat(pauses).isEmpty();
      assertThat(server.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "99999999999999999999",
        "-5",
        "soon",
        "",
        "Wed, 4 Mar 2026 05:06:07 GMT",
        "Thu, 1 Jan 1970 00:00:00 GMT"
      })
  void makesPausesOfItsOwnWhereTheServiceAsksForNone(String time) throws Exception {
    try (TestHttpServer server = new TestHttpServer(answering(429, "", "Retry-After: " + time))) {
      assertThat(recording.send(get(server)).status()).isEqualTo(429);
      assertThat(pauses).containsExactly(Duration.ofMillis(5), Duration.ofMillis(10));
      assertThat(server.requests()).hasSize(3);
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
      assertThat(failure)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("the service at " + server.uri("/path") + " failed: ");
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
