package dev.modelsigning;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.model.HashAlgorithm;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.Models;
import dev.modelsigning.testing.SharedVectors;
import dev.modelsigning.testing.WithSharedVectors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is produced passes the four published schemas. */
@WithSharedVectors
class SchemaTest {

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(HashAlgorithm.class)
  void acceptsBundlesOverWholeFiles(HashAlgorithm algorithm) throws Exception {
    requireValid(sign(ModelHasher.builder().hashAlgorithm(algorithm).build()));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 1_000_000_000})
  void acceptsBundlesOverShards(long size) throws Exception {
    requireValid(
        sign(
            ModelHasher.builder()
                .shardSize(size)
                .reading(Reading.withDefaults().ignorePath("c"))
                .build()));
  }

  private Bundle sign(ModelHasher hasher) throws Exception {
    Path model =
        Models.write(directory.resolve("m"), "a", "x", "b/\u6a21 \ud83d\ude00", "yy", "c", "z");
    Path key = directory.resolve("key.pem");
    KeyPairFiles.generate(EcdsaScheme.P384, key, directory.resolve("key.pub"));
    return ModelSigner.using(KeySigner.load(key)).withHasher(hasher).sign(model);
  }

  private static void requireValid(Bundle bundle) throws IOException {
    JsonNode json = JsonMapper.shared().readTree(bundle.toJson().toArray());
    requireValid("bundle", json);
    requireValid("envelope", json.get("dsseEnvelope"));
    JsonNode statement =
        JsonMapper.shared().readTree(bundle.envelope().payload().content().toArray());
    requireValid("statement", statement);
    requireValid("predicate", statement.get("predicate"));
  }

  private static void requireValid(String name, JsonNode json) throws IOException {
    Map<String, String> schemas = new HashMap<>();
    String id = "";
    for (String each : new String[] {"bundle", "envelope", "statement", "predicate"}) {
      Path file = SharedVectors.path("oms/schemas/" + each + ".schema.json");
      String text = Files.readString(file, StandardCharsets.UTF_8);
      String schemaId = JsonMapper.shared().readTree(text).get("$id").asString();
      schemas.put(schemaId, text);
      if (each.equals(name)) {
        id = schemaId;
      }
    }
    SchemaRegistry registry =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(schemas));
    Schema schema = registry.getSchema(SchemaLocation.of(id));
    assertThat(schema.validate(json)).isEmpty();
  }
}
