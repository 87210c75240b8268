package dev.modelsigning.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The schema of SARIF 2.1.0 as OASIS published it, from a library that has it. */
public final class SarifSchema {

  private static final Schema SCHEMA = read();

  private SarifSchema() {}

  /**
   * Requires that a log is one line of ASCII, and one by the schema with one run.
   *
   * @return the run
   */
  public static JsonNode requireValid(String log) throws IOException {
    assertThat(log).matches("[\\x20-\\x7e]+\\n");
    JsonNode json = JsonMapper.shared().readTree(log);
    assertThat(SCHEMA.validate(json)).isEmpty();
    assertThat(json.get("version").asString()).isEqualTo("2.1.0");
    assertThat(json.get("runs").size()).isEqualTo(1);
    return json.get("runs").get(0);
  }

  private static Schema read() {
    try (InputStream schema =
        Objects.requireNonNull(
            SarifSchema.class.getResourceAsStream("/schema/sarif-schema-2.1.0.json"))) {
      String text = new String(schema.readAllBytes(), StandardCharsets.UTF_8);
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7).getSchema(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
