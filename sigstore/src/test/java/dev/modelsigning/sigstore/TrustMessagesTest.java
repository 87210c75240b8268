package dev.modelsigning.sigstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.util.Timestamps;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The cost of a trust configuration, and that the libraries that parse it print nothing. */
class TrustMessagesTest {

  private static final String START = "2020-01-01T00:00:00Z";

  private final String root = new TestSigstore().trustedRootJson();
  private final Logger logger = Logger.getLogger(Timestamps.class.getName());
  private final List<String> logged = new ArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord entry) {
          logged.add(entry.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    logger.addHandler(handler);
  }

  @AfterEach
  void stop() {
    logger.removeHandler(handler);
  }

  private static TrustedRoot parse(String json) throws TrustConfigException {
    return TrustedRoot.parse(
        TrustConfigDocument.parse("file", json.getBytes(StandardCharsets.UTF_8)).trustedRoot());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2020-01-01T00:00:00Z\\nforged: line",
        "\\u001b[2J",
        "\\\"",
        "now",
        "",
        "2222222222222222222222222222222222222222222222222222222-01-01T00:00:00Z"
      })
  void refusesATimeThatIsNoneBeforeALibraryPrintsIt(String time) {
    assertThatThrownBy(() -> parse(root.replace(START, time)))
        .isInstanceOf(TrustConfigException.class)
        .message()
        .startsWith("file: start: expected a time as in 2025-12-31T12:00:00Z, found '")
        .hasSizeLessThan(400)
        .doesNotContain("\n", "\u001b");
    assertThat(logged).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2020-01-01T00:00:00Z",
        "2020-01-01T00:00:00.123456789Z",
        "2020-01-01T01:00:00+01:00"
      })
  void acceptsTimes(String time) throws Exception {
    assertThat(parse(root.replace(START, time)).transparencyLogs()).hasSize(2);
    assertThat(parse(root.replace("\"start\":", " \"start\" : ")).transparencyLogs()).hasSize(2);
  }

  @Test
  void boundsTexts() {
    assertThatThrownBy(() -> parse(root.replace("http://ct.test", "h".repeat(65_537))))
        .isInstanceOf(TrustConfigException.class)
        .hasMessageContaining("expected strings of at most 65536 characters, found one of 65537");
  }
}
