package dev.modelsigning.internal.download;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Heads of responses in the one form that is understood, and in others. */
class ResponseHeadTest {

  private static final String USUAL = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n";

  private static Optional<ResponseHead> parsed(String text) {
    byte[] bytes = (text + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    assertThat(ResponseHead.end(bytes, 0, bytes.length)).isEqualTo(bytes.length);
    return ResponseHead.of(bytes, bytes.length);
  }

  @Test
  void readsTheUsualForm() {
    ResponseHead head =
        parsed("HTTP/1.1 206 \r\ncontent-length:\t3 \r\nX-a: b: c\r\nx-A:\r\nEtag: \"\u00fc\"\r\n")
            .orElseThrow();
    assertThat(head.status()).isEqualTo(206);
    assertThat(head.length()).isEqualTo(3);
    assertThat(head.headers().get("X-A")).isEqualTo(List.of("b: c", ""));
    assertThat(head.headers().get("etag")).isEqualTo(List.of("\"\u00fc\""));
    assertThat(parsed("HTTP/1.1 404\r\nContent-Length: 0\r\n").orElseThrow().length()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.0 200 OK\r\nContent-Length: 3\r\n",
        "HTTP/2 200 OK\r\nContent-Length: 3\r\n",
        "HTTP/1.1 100 Continue\r\nContent-Length: 3\r\n",
        "HTTP/1.1 204 OK\r\nContent-Length: 3\r\n",
        "HTTP/1.1 304 OK\r\nContent-Length: 3\r\n",
        "HTTP/1.1 2000 OK\r\nContent-Length: 3\r\n",
        "HTTP/1.1  200 OK\r\nContent-Length: 3\r\n",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: \r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -3\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: +3\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 3, 3\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 0x3\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999999\r\n",
        USUAL + "Content-Length: 3\r\n",
        USUAL + "content-length: 4\r\n",
        USUAL + "Transfer-Encoding: chunked\r\n",
        USUAL + "transfer-encoding: identity\r\n",
        USUAL + "X: a\r\n b\r\n",
        USUAL + "X : a\r\n",
        USUAL + "X\r\n",
        USUAL + ": a\r\n",
        USUAL + "X: a\nY: b\r\n",
        USUAL + "X: a\rY: b\r\n",
        USUAL + "X: a\0\r\n",
        "\r\n" + USUAL,
      })
  void readsNoOtherForm(String text) {
    byte[] bytes = (text + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    assertThat(ResponseHead.of(bytes, bytes.length)).isEmpty();
  }

  @Test
  void findsTheEndWhereverItArrives() {
    byte[] bytes = (USUAL + "\r\nyes\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    int end = USUAL.length() + 2;
    for (int from = 0; from < end; from++) {
      assertThat(ResponseHead.end(bytes, from, bytes.length)).isEqualTo(end);
      assertThat(ResponseHead.end(bytes, from, end)).isEqualTo(end);
      assertThat(ResponseHead.end(bytes, from, end - 1)).isEqualTo(-1);
    }
  }
}
