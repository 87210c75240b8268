package dev.modelsigning.cli.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Main;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whether what a command prints for programs is what its schema says. */
final class ReportSchema {

  static final ReportSchema INSPECT = new ReportSchema("inspect");
  static final ReportSchema DIFF = new ReportSchema("diff");

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final Schema schema;

  private ReportSchema(String name) {
    String file = "schemas/" + name + ".schema.json";
    try (InputStream in = Objects.requireNonNull(Main.class.getResourceAsStream(file))) {
      schema =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
              .getSchema(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The one object that was printed; it is valid, on one line, in ASCII. */
  JsonNode read(Invocation invocation) {
    String out = invocation.out();
    assertThat(out).startsWith("{\"verified\":").endsWith("}\n").hasLineCount(1);
    assertThat(out).matches("[ -~]+\n");
    JsonNode json = MAPPER.readTree(out);
    assertThat(schema.validate(json)).as(out).isEmpty();
    return json;
  }

  /** Whether a document is valid. */
  boolean allows(JsonNode json) {
    return schema.validate(json).isEmpty();
  }

  static JsonNode parse(String text) {
    return MAPPER.readTree(text);
  }
}
