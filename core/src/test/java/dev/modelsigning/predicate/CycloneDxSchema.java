package dev.modelsigning.predicate;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The schemas that CycloneDX publishes, with formats asserted, and what they do not express. */
final class CycloneDxSchema {

  private static final String BASE = "http://cyclonedx.org/schema/";

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private static final Map<String, String> TEXTS = texts();

  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_7,
          builder ->
              builder
                  .schemas(TEXTS)
                  .schemaRegistryConfig(
                      SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));

  private static final Map<String, Schema> SCHEMAS = new HashMap<>();

  private CycloneDxSchema() {}

  /** Requires that a document is valid by the schema of its version. */
  static JsonNode requireValid(String bom, String version) {
    JsonNode json = MAPPER.readTree(bom);
    assertThat(json.get("specVersion").asString()).isEqualTo(version);
    assertThat(problems(bom, version)).isEmpty();
    Set<String> references = new HashSet<>();
    List<JsonNode> all = json.findValues("bom-ref");
    all.forEach(reference -> assertThat(references.add(reference.asString())).isTrue());
    json.findValues("dependsOn")
        .forEach(list -> list.forEach(one -> assertThat(references).contains(one.asString())));
    json.findValues("datasets")
        .forEach(list ->
            list.forEach(one -> assertThat(references).contains(one.get("ref").asString())));
    return json;
  }

  /** What the schema of a version has against a document. */
  static synchronized List<String> problems(String bom, String version) {
    Schema schema =
        SCHEMAS.computeIfAbsent(
            version,
            one -> REGISTRY.getSchema(SchemaLocation.of(BASE + "bom-" + one + ".schema.json")));
    return schema.validate(MAPPER.readTree(bom)).stream().map(Object::toString).toList();
  }

  private static Map<String, String> texts() {
    Map<String, String> texts = new HashMap<>();
    for (String file : List.of("bom-1.6.schema.json", "jsf-0.82.schema.json", "spdx.schema.json")) {
      texts.put(BASE + file, read("/" + file));
    }
    // Those of 1.7 refer to one another by these names.
    texts.put(BASE + "bom-1.7.schema.json", read("bom-1.7.SNAPSHOT.schema.json"));
    String file = "cryptography-defs.SNAPSHOT.schema.json";
    texts.put(BASE + file, read(file));
    texts.put(BASE + "jsf-0.82.SNAPSHOT.schema.json", read("/jsf-0.82.schema.json"));
    texts.put(BASE + "spdx.SNAPSHOT.schema.json", read("/spdx.schema.json"));
    return texts;
  }

  private static String read(String resource) {
    try (InputStream in =
        Objects.requireNonNull(CycloneDxSchema.class.getResourceAsStream(resource), resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
