package dev.modelsigning.predicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.VerifiedModel;
import dev.modelsigning.facts.CardEntry;
import dev.modelsigning.facts.CardEntry.Field;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.model.Digest;
import dev.modelsigning.model.HashAlgorithm;
import dev.modelsigning.predicate.ModelBom.SpecVersion;
import dev.modelsigning.predicate.ResolvedDependency.Role;
import dev.modelsigning.testing.Forge;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Bills of materials are valid by the published schemas, whatever a model and its card hold. */
class ModelBomTest {

  private static final Instant TIME = Instant.parse("2026-01-31T12:00:00Z");
  private static final UUID SERIAL = UUID.fromString("3e671687-395b-41f5-a30f-a58921a69b79");
  private static final String PREFIX = "dev.modelsigning:";

  private static ModelBom.Builder bom() {
    return ModelBom.builder().time(TIME).serialNumber(SERIAL);
  }

  /** The document about a model in the current version; it is valid in both. */
  private static JsonNode about(VerifiedModel model) throws Exception {
    return about(model, bom());
  }

  private static JsonNode about(VerifiedModel model, ModelBom.Builder builder) throws Exception {
    String older = builder.version(SpecVersion.V1_6).build().about(model).json();
    CycloneDxSchema.requireValid(older, "1.6");
    String json = builder.version(SpecVersion.V1_7).build().about(model).json();
    assertThat(json.replace("1.7", "1.6")).isEqualTo(older.replace("1.7", "1.6"));
    return CycloneDxSchema.requireValid(json, "1.7");
  }

  private static JsonNode model(JsonNode bom) {
    return bom.get("metadata").get("component");
  }

  private static List<String> properties(JsonNode holder, String name) {
    List<String> values = new ArrayList<>();
    JsonNode all = holder.get("properties");
    if (all != null) {
      all.forEach(one -> {
        if (one.get("name").asString().equals(PREFIX + name)) {
          values.add(one.get("value").asString());
        }
      });
    }
    return values;
  }

  private static List<String> names(JsonNode components) {
    List<String> names = new ArrayList<>();
    components.forEach(one -> names.add(one.get("name").asString()));
    return names;
  }

  private static CardModel full() {
    return CardModel.named("granite")
        .file("b/weights.bin", "beta")
        .file("a", "alpha")
        .card(Field.LICENSE, "apache-2.0")
        .card(Field.BASE_MODEL, "ibm/base")
        .card(Field.DATASETS, "org/one", "two")
        .card(Field.TASK, "text-generation")
        .card(Field.LANGUAGE, "en", "de")
        .card(Field.ARCHITECTURE, "GraniteForCausalLM")
        .card(Field.MODEL_TYPE, "granite")
        .card(Field.LIBRARY, "transformers");
  }

  @Test
  void listsFilesWithTheirSignedDigests() throws Exception {
    VerifiedModel verified = full().verify();

    JsonNode bom = about(verified);

    assertThat(bom.get("serialNumber").asString()).isEqualTo("urn:uuid:" + SERIAL);
    assertThat(bom.get("metadata").get("timestamp").asString()).isEqualTo("2026-01-31T12:00:00Z");
    assertThat(names(bom.get("components")))
        .containsExactly("org/one", "two", "README.md", "a", "b/weights.bin");
    JsonNode file = bom.get("components").get(3);
    assertThat(file.get("type").asString()).isEqualTo("file");
    assertThat(file.get("hashes").get(0).get("alg").asString()).isEqualTo("SHA-256");
    assertThat(file.get("hashes").get(0).get("content").asString())
        .isEqualTo(Forge.sha256("alpha"));
    assertThat(model(bom).get("name").asString()).isEqualTo("granite");
    assertThat(model(bom).get("type").asString()).isEqualTo("machine-learning-model");
    assertThat(properties(model(bom), "oms:root-digest"))
        .containsExactly(verified.manifest().rootDigest().toString());
    assertThat(model(bom).has("hashes")).isFalse();
    List<String> needed = new ArrayList<>();
    bom.get("dependencies").get(0).get("dependsOn").forEach(one -> needed.add(one.asString()));
    assertThat(needed)
        .containsExactly(
            "dataset:0", "dataset:1", "file:README.md", "file:a", "file:b/weights.bin");
  }

  @Test
  void saysWhatTheCardStates() throws Exception {
    JsonNode model = model(about(full().verify()));

    JsonNode parameters = model.get("modelCard").get("modelParameters");
    assertThat(parameters.get("task").asString()).isEqualTo("text-generation");
    assertThat(parameters.get("architectureFamily").asString()).isEqualTo("granite");
    assertThat(parameters.get("modelArchitecture").asString()).isEqualTo("GraniteForCausalLM");
    assertThat(parameters.get("datasets").get(1).get("ref").asString()).isEqualTo("dataset:1");
    JsonNode license = model.get("licenses").get(0).get("license");
    assertThat(license.get("id").asString()).isEqualTo("Apache-2.0");
    assertThat(license.get("acknowledgement").asString()).isEqualTo("declared");
    assertThat(names(model.get("pedigree").get("ancestors"))).containsExactly("ibm/base");
    assertThat(properties(model, "language")).containsExactly("en", "de");
    assertThat(properties(model, "library")).containsExactly("transformers");
  }

  @ParameterizedTest
  @CsvSource({"SHA256, SHA-256", "BLAKE2B, BLAKE2b-512", "BLAKE3, BLAKE3"})
  void namesHashAlgorithmsAsCycloneDxDoes(HashAlgorithm algorithm, String name) throws Exception {
    ModelHasher hasher = ModelHasher.builder().hashAlgorithm(algorithm).build();

    JsonNode bom = about(CardModel.named("m").hasher(hasher).verify());

    JsonNode hash = bom.get("components").get(0).get("hashes").get(0);
    assertThat(hash.get("alg").asString()).isEqualTo(name);
    assertThat(hash.get("content").asString()).hasSize(2 * algorithm.digestLength());
  }

  @Test
  void givesNoHashOfAFileWhereOnlyShardsWereHashed() throws Exception {
    ModelHasher hasher = ModelHasher.builder().shardSize(3).build();

    JsonNode bom = about(CardModel.named("m").file("a", "1234567").hasher(hasher).verify());

    JsonNode file = bom.get("components").get(1);
    assertThat(file.get("name").asString()).isEqualTo("a");
    assertThat(file.has("hashes")).isFalse();
    assertThat(properties(file, "oms:shards")).containsExactly("3");
    assertThat(properties(model(bom), "oms:shard-size")).containsExactly("3");
  }

  @Test
  void writesAModelWithoutACard() throws Exception {
    JsonNode bom = about(CardModel.named("m").withoutInspector().verify());

    assertThat(model(bom).has("licenses")).isFalse();
    assertThat(model(bom).has("pedigree")).isFalse();
    assertThat(properties(bom, "g7:missing"))
        .contains("model: license", "dataset: name", "model: properties")
        .doesNotContain("model: name", "model: hash value and algorithm", "model: files");
  }

  @Test
  void namesWhatIsMissing() throws Exception {
    GeneratedPredicate written = bom().build().about(full().verify());
    JsonNode json = CycloneDxSchema.requireValid(written.json(), "1.7");

    assertThat(written.missing())
        .contains("model: version", "model: producer", "metadata: SBOM author", "dataset: hash")
        .doesNotContain(
            "model: license", "dataset: name", "model: properties", "infrastructure: software");
    assertThat(properties(json, "g7:missing")).isEqualTo(written.missing());
  }

  @Test
  void saysWhatWasGivenByTheCaller() throws Exception {
    ModelBom.Builder given =
        bom().author("A. Author").author("B. Author").supplier("Example Ltd").modelVersion("2");

    JsonNode bom = about(full().verify(), given);

    assertThat(names(bom.get("metadata").get("authors"))).containsExactly("A. Author", "B. Author");
    assertThat(bom.get("metadata").get("supplier").get("name").asString()).isEqualTo("Example Ltd");
    assertThat(model(bom).get("version").asString()).isEqualTo("2");
    assertThat(properties(bom, "g7:missing"))
        .doesNotContain("model: version", "model: producer", "metadata: SBOM author");
  }

  @ParameterizedTest
  @CsvSource({
    "mit, id, MIT",
    "CC-by-4.0, id, CC-BY-4.0",
    "gpl-2.0+, id, GPL-2.0+",
    "llama3.1, name, llama3.1",
    "Classpath-exception-2.0, name, Classpath-exception-2.0",
    "openrail, name, openrail",
    "apache-2.0 AND, name, apache-2.0 AND",
    "(mit), name, (mit)",
    "mit OR unheard-of, name, mit OR unheard-of",
    "mit or apache-2.0, name, mit or apache-2.0",
  })
  void distinguishesIdentifiersOfLicencesFromNames(String stated, String member, String written)
      throws Exception {
    JsonNode model = model(about(CardModel.named("m").card(Field.LICENSE, stated).verify()));

    assertThat(model.get("licenses")).hasSize(1);
    JsonNode license = model.get("licenses").get(0).get("license");
    assertThat(license.get(member).asString()).isEqualTo(written);
  }

  @ParameterizedTest
  @CsvSource({
    "mit OR apache-2.0, MIT OR Apache-2.0",
    "(MIT AND bsd-3-clause) OR apache-2.0, (MIT AND BSD-3-Clause) OR Apache-2.0",
  })
  void writesExpressionsOfLicences(String stated, String written) throws Exception {
    JsonNode model = model(about(CardModel.named("m").card(Field.LICENSE, stated).verify()));

    assertThat(model.get("licenses").get(0).get("expression").asString()).isEqualTo(written);
  }

  @Test
  void writesSeveralLicencesEachOnce() throws Exception {
    JsonNode model =
        model(
            about(
                CardModel.named("m")
                    .card(Field.LICENSE, "mit", "MIT", "mit OR apache-2.0", "odd one")
                    .verify()));

    assertThat(model.get("licenses").findValuesAsString("id")).containsExactly("MIT");
    assertThat(model.get("licenses").findValuesAsString("name"))
        .containsExactly("mit OR apache-2.0", "odd one");
  }

  @Test
  void namesALicenceThatTheHubHasNoWordFor() throws Exception {
    JsonNode bom =
        about(
            CardModel.named("m")
                .card(Field.LICENSE, "other")
                .card(Field.LICENSE_NAME, "example-research-license")
                .verify());

    assertThat(model(bom).get("licenses").findValuesAsString("name"))
        .containsExactly("example-research-license");
    assertThat(properties(bom, "g7:missing")).doesNotContain("model: license");
  }

  @ParameterizedTest
  @ValueSource(strings = {"LICENSE", "LICENSE.md", "docs/LICENCE", "https://example.com/terms"})
  void takesALinkToALicenceForNoSecondOne(String link) throws Exception {
    JsonNode bom =
        about(
            CardModel.named("m")
                .card(Field.LICENSE, "other")
                .card(Field.LICENSE_NAME, "example-research-license", link)
                .verify());

    assertThat(model(bom).get("licenses").findValuesAsString("name"))
        .containsExactly("example-research-license");
  }

  @ParameterizedTest
  @ValueSource(strings = {"other", "unknown"})
  void takesNoWordForAnUnknownLicenceForOne(String word) throws Exception {
    JsonNode bom = about(CardModel.named("m").card(Field.LICENSE, word).verify());

    assertThat(properties(bom, "g7:missing")).contains("model: license");
  }

  @Test
  void joinsWhatTheCardNamesWithWhatWasVerified() throws Exception {
    VerifiedModel base = CardModel.named("base").file("x", "x").verify();
    Digest digest = new Digest(HashAlgorithm.SHA256, "ab".repeat(32));
    ModelBom.Builder builder =
        bom()
            .dependency(ResolvedDependency.of(Role.BASE_MODEL, base, "unused"))
            .dependency(
                new ResolvedDependency(
                    Role.DATASET,
                    "three",
                    Optional.of("https://data.example/three"),
                    digest,
                    Optional.empty()));

    JsonNode bom = about(full().verify(), builder);

    JsonNode ancestors = model(bom).get("pedigree").get("ancestors");
    assertThat(names(ancestors)).containsExactly("ibm/base");
    assertThat(properties(ancestors.get(0), "oms:root-digest"))
        .containsExactly(base.manifest().rootDigest().toString());
    assertThat(properties(ancestors.get(0), "oms:signed")).containsExactly("true");
    assertThat(properties(ancestors.get(0), "oms:signer"))
        .containsExactly("key " + base.signer().name());
    assertThat(properties(ancestors.get(0), "name")).containsExactly("base");
    JsonNode three = bom.get("components").get(2);
    assertThat(three.get("name").asString()).isEqualTo("three");
    assertThat(three.get("type").asString()).isEqualTo("data");
    assertThat(properties(three, "oms:root-digest")).containsExactly("sha256:" + digest.hex());
    assertThat(properties(three, "oms:signed")).containsExactly("false");
    assertThat(properties(three, "oms:signer")).isEmpty();
    assertThat(properties(three, "uri")).containsExactly("https://data.example/three");
    assertThat(properties(bom.get("components").get(0), "oms:root-digest")).isEmpty();
    // Of two of three datasets nothing is known.
    assertThat(properties(bom, "g7:missing")).contains("dataset: hash");
  }

  /** A name that is only the end of another word is another model. */
  @Test
  void joinsNoModelsWithDifferentNames() throws Exception {
    VerifiedModel base = CardModel.named("ase").verify();

    JsonNode bom =
        about(
            full().verify(),
            bom().dependency(ResolvedDependency.of(Role.BASE_MODEL, base, "unused")));

    assertThat(names(model(bom).get("pedigree").get("ancestors")))
        .containsExactly("ibm/base", "ase");
  }

  /** Whatever a stranger writes into a card and into names of files. */
  @Test
  void writesHostileValuesAsText() throws Exception {
    String hostile = "\u001b[31m\u0000\n\"},{\"x\":\u202e\ud800 \udc00 \u007f\\";
    String text = "\u001b[31m\u0000\n\"},{\"x\":\u202e\ufffd \ufffd \u007f\\";
    CardModel model = CardModel.named("n\u0001\u202e\"").file("\u0007\n\"\\\u202e/é😀:1:2", "x");
    for (Field field : Field.values()) {
      model.card(field, hostile, "", " ", "😀".repeat(CardEntry.MAX_LENGTH / 2));
    }

    JsonNode bom = about(model.verify());

    assertThat(model(bom).get("name").asString()).isEqualTo("n\u0001\u202e\"");
    assertThat(properties(model(bom), "language")).contains(text);
    assertThat(names(bom.get("components"))).contains("\u0007\n\"\\\u202e/é😀:1:2", text);
  }

  @Test
  void writesManyCardEntriesWithinBounds() throws Exception {
    CardModel model = CardModel.named("m");
    for (int file = 0; file < 90; file++) {
      String[] values = new String[CardEntry.MAX_VALUES];
      for (int i = 0; i < values.length; i++) {
        values[i] = "\u0001".repeat(250) + file + "-" + i;
      }
      model.card(Field.DATASETS, values);
    }

    JsonNode bom = about(model.verify());

    assertThat(bom.get("components")).hasSize(1_000 + 1);
  }

  @Test
  void listsThousandsOfFiles() throws Exception {
    JsonNode bom = about(withFiles(2_000).verify());

    assertThat(bom.get("components")).hasSize(2_001);
    assertThat(bom.get("dependencies").get(0).get("dependsOn")).hasSize(2_001);
  }

  /** Without the schema, which compares all files with one another. */
  @Test
  void listsTenThousandFiles() throws Exception {
    String json = bom().build().about(withFiles(10_000).verify()).json();

    JsonNode bom = JsonMapper.shared().readTree(json);
    assertThat(bom.get("components")).hasSize(10_001);
    assertThat(PredicateType.CYCLONEDX.require(json.getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(json);
  }

  private static CardModel withFiles(int number) {
    CardModel model = CardModel.named("m");
    for (int i = 0; i < number; i++) {
      model.file("dir/é/" + i, "" + i % 10);
    }
    return model;
  }

  /** In the order of code points, where UTF-16 has another. */
  @Test
  void sortsFilesByCodePoints() throws Exception {
    JsonNode bom =
        about(CardModel.named("m").file("\uff41", "1").file("😀", "2").file("b", "3").verify());

    assertThat(names(bom.get("components"))).containsExactly("README.md", "b", "\uff41", "😀");
  }

  @Test
  void leavesOutAListThatWouldBeTooLong() throws Exception {
    CardModel model = CardModel.named("m");
    // Each character has six in JSON, so the list is far longer than its names.
    for (int i = 0; i < 12_000; i++) {
      model.file("\u0001".repeat(200) + i, "");
    }
    VerifiedModel verified = model.verify();

    GeneratedPredicate written = bom().build().about(verified);
    JsonNode bom = CycloneDxSchema.requireValid(written.json(), "1.7");

    assertThat(bom.get("components")).isEmpty();
    assertThat(properties(model(bom), "oms:files")).containsExactly("12001");
    assertThat(properties(model(bom), "oms:files-listed")).containsExactly("false");
    assertThat(written.missing()).contains("model: files");
  }

  @Test
  void equalModelsGiveEqualBytes() throws Exception {
    VerifiedModel verified = full().verify();

    assertThat(bom().build().about(verified)).isEqualTo(bom().build().about(verified));
    assertThat(ModelBom.withDefaults().about(verified).json())
        .isNotEqualTo(ModelBom.withDefaults().about(verified).json());
  }

  @Test
  void nameOfAnOldSignatureIsThatOfTheModelsPlace() throws Exception {
    String statement =
        """
        {"_type": "https://in-toto.io/Statement/v1",
         "subject": [{"name": "README.md", "digest": {"sha256": "%s"}}],
         "predicateType": "https://model_signing/Digests/v0.1",
         "predicate": {"unused": "Unused, just passed due to API"}}
        """
            .formatted(Forge.sha256("card"));

    VerifiedModel verified = CardModel.named("old").verify(CardModel.forged(statement));

    assertThat(model(about(verified)).get("name").asString()).isEqualTo("old");
  }

  @Test
  void refusesAModelThatWasVerifiedInPart() throws Exception {
    VerifiedModel part = full().verify("a");

    assertThatThrownBy(() -> ModelBom.withDefaults().about(part))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the model was verified in part, and a predicate is about all of it");
    assertThatThrownBy(() -> ResolvedDependency.of(Role.BASE_MODEL, part, "base"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("verified in part");
  }

  /** The schemas refuse, so that being valid by them says something. */
  @ParameterizedTest
  @ValueSource(strings = {"1.6", "1.7"})
  void schemasRefuseWhatIsInvalid(String version) throws Exception {
    String bom =
        bom().version(SpecVersion.of(version).orElseThrow()).build().about(full().verify()).json();

    assertThat(CycloneDxSchema.problems(bom, version)).isEmpty();
    for (String wrong :
        List.of(
            bom.replace("\"Apache-2.0\"", "\"apache-2.0\""),
            bom.replace("machine-learning-model", "ml-model"),
            bom.replace("SHA-256", "sha256"),
            bom.replace("post-build", "later"),
            bom.replace("2026-01-31T12", "2026-01-31 12"),
            bom.replace("\"task\"", "\"purpose\""))) {
      assertThat(wrong).isNotEqualTo(bom);
      assertThat(CycloneDxSchema.problems(wrong, version)).isNotEmpty();
    }
  }
}
