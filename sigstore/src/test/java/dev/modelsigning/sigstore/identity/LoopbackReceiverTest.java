package dev.modelsigning.sigstore.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.modelsigning.signing.SigningException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.SequenceInputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The port for the browser's redirect, and requests of others to it. */
class LoopbackReceiverTest {

  private static final String STATE = "the-state";
  private static final String RIGHT = "/auth/callback?code=c&state=" + STATE;

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream standardError = System.err;
  private LoopbackReceiver receiver;
  private int port;

  @BeforeEach
  void open() throws Exception {
    System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    receiver = LoopbackReceiver.open(0, STATE);
    port = URI.create(receiver.address()).getPort();
  }

  @AfterEach
  void printsNothing() throws Exception {
    receiver.close();
    System.setErr(standardError);
    assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  private static InetAddress loopback(String number) throws IOException {
    return InetAddress.getByName(number);
  }

  private String send(String address, String request) throws IOException {
    try (Socket socket = new Socket(loopback(address), port)) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private String get(String target) throws IOException {
    return send("127.0.0.1", "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }

  private static boolean hasIpv6() throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(loopback("::1"), 0));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The browser comes back, and counts. */
  private void comesBack() throws Exception {
    assertThat(get(RIGHT)).startsWith("HTTP/1.1 200 ").contains("You are signed in.");
    assertThat(receiver.code(Duration.ofSeconds(5))).isEqualTo("c");
  }

  @Test
  void answersWithAPageThatMayDoNothing() throws Exception {
    assertThat(get(RIGHT))
        .contains("\r\nContent-Security-Policy: default-src 'none';")
        .contains("frame-ancestors 'none'")
        .contains("\r\nCache-Control: no-store\r\n")
        .contains("\r\nReferrer-Policy: no-referrer\r\n")
        .contains("\r\nX-Content-Type-Options: nosniff\r\n")
        .doesNotContain(STATE);
    assertThat(receiver.code(Duration.ofSeconds(5))).isEqualTo("c");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HEAD /auth/callback?code=c&state=the-state HTTP/1.1\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\n\r\n",
        "POST /auth/callback?code=c&state=the-state HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc",
        "GET /favicon.ico HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET http://localhost/auth/callback?code=c&state=the-state HTTP/1.1\r\n\r\n",
        "GET /auth/callback HTTP/1.1\r\n\r\n",
        "GET /auth/callback? HTTP/1.1\r\n\r\n",
        "GET /auth/callback?code=c HTTP/1.1\r\n\r\n",
        "GET /auth/callback?code=evil&state=guessed HTTP/1.1\r\n\r\n",
        "GET /auth/callback?error=evil&state=guessed HTTP/1.1\r\n\r\n",
        "GET /auth/callback?state=the-state HTTP/1.1\r\n\r\n",
        "GET /auth/callback?code=&state=the-state HTTP/1.1\r\n\r\n",
        "GET /auth/callback?code=c&error=e&state=the-state HTTP/1.1\r\n\r\n",
        "GET /auth/callback?code=c&code=d&state=the-state HTTP/1.1\r\n\r\n",
        "GET /auth/callback?code=c&state=the-state&state=x HTTP/1.1\r\n\r\n",
        "GET /auth/callback?code=c&state=the-state&%zz=1 HTTP/1.1\r\n\r\n",
        "GET /auth/callback/../callback?code=c&state=the-state HTTP/1.1\r\n\r\n",
        "GET  /auth/callback?code=c&state=the-state HTTP/1.1\r\n\r\n",
        "GET /auth/callback?code=c&state=the-state\r\n\r\n",
        "GET /auth/callback?code=c&state=the-state HTTP/2.0\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "\r\n\r\n",
        "\n\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001\n\n",
        "\u001b[31mevil\n\n"
      })
  void answersOddRequestsAndWaitsOn(String request) throws Exception {
    String answer = send("127.0.0.1", request);
    assertThat(answer).startsWith("HTTP/1.1 400 ");
    assertThat(answer).doesNotContain("evil", STATE, "\u001b");
    if (request.startsWith("HEAD")) {
      assertThat(answer).endsWith("\r\n\r\n");
    }
    comesBack();
  }

  @Test
  void endsLongHeadsAndWaitsOn() throws Exception {
    String head = "GET /auth/callback?code=c&state=the-state HTTP/1.1\r\nX: " + "x".repeat(70_000);
    assertThat(send("127.0.0.1", head)).startsWith("HTTP/1.1 400 ");
    comesBack();
  }

  @Test
  void takesAHeadInPieces() throws Exception {
    String head = "GET " + RIGHT + " HTTP/1.1\r\nA: b\r\n\r\n";
    for (int first = 1; first < head.length() - 1; first++) {
      List<String> pieces =
          List.of(
              head.substring(0, first),
              head.substring(first, first + 1),
              head.substring(first + 1) + "content");
      assertThat(BrowserRequest.read(giving(pieces), Duration.ofSeconds(30)))
          .as("%s", pieces)
          .contains(new BrowserRequest("GET", RIGHT));
    }
  }

  /** A connection on which each read gives one of these, and the last one nothing. */
  private static Socket giving(List<String> pieces) {
    InputStream stream =
        new SequenceInputStream(
            Collections.enumeration(
                pieces.stream()
                    .map(piece -> piece.getBytes(StandardCharsets.ISO_8859_1))
                    .map(ByteArrayInputStream::new)
                    .toList()));
    return new Socket() {
      @Override
      public InputStream getInputStream() {
        return stream;
      }

      @Override
      public synchronized void setSoTimeout(int timeout) {}
    };
  }

  @Test
  void isNotKeptFromTheBrowserByManyThatSendNothing() throws Exception {
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 200; i++) {
        Socket socket = new Socket(loopback("127.0.0.1"), port);
        socket.getOutputStream().write('G');
        silent.add(socket);
      }
      comesBack();
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  @Test
  void holdsThePortOnBothAddresses() throws Exception {
    assumeTrue(hasIpv6(), "needs IPv6 on the loopback interface");
    for (String address : List.of("127.0.0.1", "::1")) {
      assertThatThrownBy(
              () -> {
                try (ServerSocket other = new ServerSocket()) {
                  other.bind(new InetSocketAddress(loopback(address), port));
                }
              })
          .isInstanceOf(BindException.class)
          .hasMessageContaining("in use");
    }
    assertThat(send("::1", "GET " + RIGHT + " HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 200 ");
    assertThat(receiver.code(Duration.ofSeconds(5))).isEqualTo("c");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void refusesAPortThatSomebodyHoldsOnOneAddress(String address) throws Exception {
    assumeTrue(hasIpv6(), "needs IPv6 on the loopback interface");
    try (ServerSocket other = new ServerSocket()) {
      other.bind(new InetSocketAddress(loopback(address), 0));
      assertThatThrownBy(() -> LoopbackReceiver.open(other.getLocalPort(), STATE).close())
          .isInstanceOf(SigningException.class)
          .hasMessageContaining("is in use");
    }
  }

  @Test
  void letsThePortGo() throws Exception {
    receiver.close();
    try (LoopbackReceiver again = LoopbackReceiver.open(port, STATE)) {
      assertThat(again.address()).contains(":" + port + "/");
    }
  }
}
