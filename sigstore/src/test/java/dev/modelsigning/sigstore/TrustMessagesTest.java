package dev.modelsigning.sigstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The times and the texts of a trust configuration. */
class TrustMessagesTest {

  private static final String START = "2020-01-01T00:00:00Z";

  private final String root = new TestSigstore().trustedRootJson();

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
        "2020-01-01",
        "2020-02-30T00:00:00Z",
        "2020-13-01T00:00:00Z",
        "2020-01-01T24:00:00Z",
        "2020-1-1T0:0:0Z",
        "2020-01-01T00:00:00",
        "2020-01-01t00:00:00z",
        "2020-01-01T00:00:00.Z",
        "2020-01-01T00:00:00ZZ",
        "2020-01-01T00:00:00+1:0",
        "2020-01-01T00:00:00+0100",
        "2020-01-01T00:00:00+24:00",
        "\\u0662020-01-01T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "20200-01-01T00:00:00Z",
        "2020-01-01T00:00:00.000000000000000000000Z",
        "2222222222222222222222222222222222222222222222222222222-01-01T00:00:00Z"
      })
  void refusesATimeThatIsNone(String time) {
    assertThatThrownBy(() -> parse(root.replace(START, time)))
        .isInstanceOf(TrustConfigException.class)
        .message()
        .startsWith("file: start: expected a time as in 2025-12-31T12:00:00Z, found '")
        .hasSizeLessThan(400)
        .doesNotContain("\n", "\u001b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2020-01-01T00:00:00Z",
        "2020-01-01T00:00:00.123456789Z",
        "2020-01-01T01:00:00+01:00",
        "2019-12-31T18:29:60.5-05:30"
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
