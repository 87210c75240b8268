package dev.modelsigning.predicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The schemas that CycloneDX publishes, with formats asserted, and what they do not express. */
final class CycloneDxSchema {

  private static final String BASE = "http://cyclonedx.org/schema/";

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** Where {@code integration/cyclonedx/install} wrote the schemas of 1.7; null if it did not. */
  private static final @Nullable String DIRECTORY = System.getenv("MODEL_SIGNING_CYCLONEDX");

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

  /**
   * Requires that a document is valid by the schema of its version. Without the schema of 1.7 only
   * what schemas do not express is required; such documents differ from those of 1.6 in the
   * version.
   */
  static JsonNode requireValid(String bom, String version) {
    JsonNode json = MAPPER.readTree(bom);
    assertThat(json.get("specVersion").asString()).isEqualTo(version);
    if (isThere(version)) {
      assertThat(problems(bom, version)).isEmpty();
    }
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

  private static boolean isThere(String version) {
    return DIRECTORY != null || !version.equals("1.7");
  }

  /** What the schema of a version has against a document. */
  static synchronized List<String> problems(String bom, String version) {
    assumeTrue(
        isThere(version),
        "no schema of CycloneDX 1.7: integration/cyclonedx/install .cache/cyclonedx, and name that"
            + " directory in MODEL_SIGNING_CYCLONEDX");
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
    if (DIRECTORY == null) {
      return texts;
    }
    // Those of 1.7 refer to one another by these names.
    texts.put(BASE + "bom-1.7.schema.json", installed("bom-1.7.SNAPSHOT.schema.json"));
    String file = "cryptography-defs.SNAPSHOT.schema.json";
    texts.put(BASE + file, installed(file));
    texts.put(BASE + "jsf-0.82.SNAPSHOT.schema.json", read("/jsf-0.82.schema.json"));
    texts.put(BASE + "spdx.SNAPSHOT.schema.json", read("/spdx.schema.json"));
    return texts;
  }

  private static String installed(String file) {
    try {
      return Files.readString(Path.of(String.valueOf(DIRECTORY), file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
