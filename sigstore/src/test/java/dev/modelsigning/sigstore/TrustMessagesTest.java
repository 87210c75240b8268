package dev.modelsigning.sigstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.util.Timestamps;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a trust configuration may cost, and that the libraries that read it print nothing. */
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

  @Test
  void asksARepositoryForNoLargerFilesThanItsOwn() throws IOException {
    List<Integer> lengths = new ArrayList<>();
    try (TestRepository repository = new TestRepository()) {
      String bootstrap = new String(repository.files.get("1.root.json"), StandardCharsets.UTF_8);
      TufState state = new TufState(bootstrap);
      assertThatThrownBy(() ->
              state.update(
                  (name, maxLength) -> {
                    lengths.add(maxLength);
                    return Optional.empty();
                  },
                  Clock.systemUTC()))
          .isInstanceOf(TrustConfigException.class)
          .hasMessageContaining("timestamp.json) was not found");
    }
    assertThat(lengths).isNotEmpty().allMatch(length -> length <= 4 * 1024 * 1024);
  }

  @Test
  void cutsWhatTheClientQuotesOfARepository() throws IOException {
    try (TestRepository repository = new TestRepository()) {
      String bootstrap = new String(repository.files.get("1.root.json"), StandardCharsets.UTF_8);
      String id = bootstrap.replaceFirst(".*?\"keyid\":\"([0-9a-f]+)\".*", "$1");
      String signature = "{\"keyid\":\"" + id + "\",\"sig\":\"00\"}";
      byte[] timestamp =
          ("{\"signatures\":["
                  + (signature + ",").repeat(1000)
                  + signature
                  + "],\"signed\":{\"_type\":\"timestamp\",\"expires\":\"2100-01-01T00:00:00Z\","
                  + "\"spec_version\":\"1.0.31\",\"meta\":{\"snapshot.json\":{\"version\":1}},"
                  + "\"version\":1}}")
              .getBytes(StandardCharsets.UTF_8);
      assertThatThrownBy(() ->
              new TufState(bootstrap)
                  .update(
                      (name, maxLength) ->
                          name.equals("timestamp.json") ? Optional.of(timestamp) : Optional.empty(),
                      Clock.systemUTC()))
          .isInstanceOf(TrustConfigException.class)
          .message()
          .startsWith("The role has multiple signatures with the same key_id")
          .hasSizeLessThan(1_000);
    }
  }
}
