package dev.modelsigning.internal.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.internal.json.JsonWriter;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What all JSON reports share. */
class ReportJsonTest {

  /** Files can have times that cannot be represented in RFC 3339. */
  @ParameterizedTest
  @CsvSource({
    "2026-01-02T03:04:05.123456789Z, true",
    "0000-01-01T00:00:00Z, true",
    "9999-12-31T23:59:59.999999999Z, true",
    "+10000-01-01T00:00:00Z, false",
    "-0001-12-31T23:59:59Z, false",
    "+292278994-08-17T07:12:55.807Z, false"
  })
  void writesNoTimeWhoseYearHasNotFourDigits(Instant time, boolean written) {
    assertThat(JsonWriter.asciiDocument(json -> ReportJson.writeTime("time", time, json)))
        .isEqualTo(written ? "{\"time\":\"" + time + "\"}" : "{}");
  }
}
