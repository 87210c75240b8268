package dev.modelsigning.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.internal.keyfile.PublicKeyFile;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.policy.result.Requirement;
import dev.modelsigning.testing.Models;
import dev.modelsigning.testing.TestKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Base models and datasets, as attestations state them. */
class StatedAncestorTest {

  @TempDir private Path directory;
  private Scene scene;

  @BeforeEach
  void prepare() throws Exception {
    scene = Scene.in(directory.toRealPath());
    scene.sign(scene.byKey("alice"), "fraud/model.sig");
  }

  private static String ancestor(String digest, String more) {
    return """
    "pedigree":{"ancestors":[{"type":"machine-learning-model","name":"base","properties":[
    {"name":"dev.modelsigning:oms:root-digest","value":"sha256:%s"}%s]}]}
    """
        .formatted(digest, more);
  }

  private String base() throws Exception {
    Path base = Models.write(scene.directory.resolve("vendor/base"), "a", "1");
    scene.write(ModelSigner.using(scene.byKey("carol")).sign(base), "base.sig");
    return ModelHasher.withDefaults().hash(base).manifest().rootDigest().hex();
  }

  @Test
  void verifiesTheSignatureOfABaseModel() throws Exception {
    String signers = Scene.SIGNERS + "  vendor: { key: { public-key: keys/carol.pub } }\nmodels:\n";
    scene.policy(
        signers
            + """
              - match: "**"
                signatures: { of: [alice] }
                attestations: [ { type: cyclonedx, by: bob, base-models: { signed-by: vendor } } ]
            """);
    String digest = base();
    scene.attest(scene.byKey("bob"), "cyclonedx", Scene.bom(ancestor(digest, ""), ""));
    assertThat(scene.refused("attestations[0].base-models").why())
        .contains("is not known to be signed by vendor");

    Files.move(scene.directory.resolve("base.sig"), scene.directory.resolve("fraud/base.sig"));
    assertThat(Scene.row(scene.accepted(), "attestations[0].base-models").why())
        .contains("signed by vendor");
  }

  @Test
  void believesAKeyThatTheAttestationStates() throws Exception {
    String signers = Scene.SIGNERS + "  vendor: { key: { public-key: keys/carol.pub } }\nmodels:\n";
    scene.policy(
        signers
            + """
              - match: "**"
                signatures: { of: [alice] }
                attestations: [ { type: cyclonedx, by: bob, base-models: { signed-by: vendor } } ]
            """);
    String key =
        TestKeys.fingerprint(
            PublicKeyFile.read(scene.directory.resolve("keys/carol.pub")).publicKey());
    String stated = ",{\"name\":\"dev.modelsigning:oms:signer\",\"value\":\"key %s\"}";
    scene.attest(
        scene.byKey("bob"),
        "cyclonedx",
        Scene.bom(ancestor("0".repeat(64), stated.formatted("0".repeat(64))), ""));
    scene.refused("attestations[0].base-models");

    scene.attest(
        scene.byKey("bob"),
        "cyclonedx",
        Scene.bom(ancestor("0".repeat(64), stated.formatted(key)), ""));
    assertThat(Scene.row(scene.accepted(), "attestations[0].base-models").why())
        .contains("as the attestation states");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "data":[{"type":"dataset","sensitiveData":[]}]             | true
          "data":[{"type":"dataset","sensitiveData":["none"]}]       | true
          "data":[{"type":"dataset","sensitiveData":["health"]}]     | false
          "data":[{"type":"dataset"}]                                | false
          "data":[]                                                  | false
          "description":"x"                                          | false
          """)
  void requiresThatDatasetsHaveNoSensitiveData(String members, boolean met) throws Exception {
    scene.requires("{ type: cyclonedx, by: bob, datasets: { sensitive-data: none } }");
    scene.attest(
        scene.byKey("bob"),
        "cyclonedx",
        Scene.bom("", "{\"type\":\"data\",\"name\":\"d\"," + members + "}"));

    assertThat(Scene.row(scene.verdict(), "attestations[0].datasets.sensitive-data").met())
        .isEqualTo(met);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"modelCard\":{\"modelParameters\":{\"datasets\":[{\"ref\":\"nowhere\"}]}}",
        "\"modelCard\":{\"modelParameters\":{\"datasets\":[{\"type\":\"dataset\",\"name\":\"d\"}]}}",
        "\"components\":[{\"type\":\"data\",\"name\":\"d\"}]",
        "\"components\":[{\"type\":\"file\",\"name\":\"f\",\"components\":[{\"type\":\"data\",\"name\":\"d\"}]}]"
      })
  void findsDatasetsWhereverTheyAre(String members) throws Exception {
    scene.requires("{ type: cyclonedx, by: bob, datasets: { sensitive-data: none } }");
    scene.attest(scene.byKey("bob"), "cyclonedx", Scene.bom(members, ""));

    assertThat(scene.refused("attestations[0].datasets.sensitive-data").why())
        .contains("is not stated to have no");
  }

  @Test
  void acceptsNoProvenanceThatDoesNotSayWhatADependencyIs() throws Exception {
    scene.requires("{ type: slsa, by: bob, base-models: { signed-by: alice } }");
    String provenance =
        """
        {"buildDefinition":{"buildType":"https://b.example/t","externalParameters":{},
         "resolvedDependencies":[{"uri":"git+https://b.example/r","digest":{"gitCommit":"%s"}}%s]},
         "runDetails":{"builder":{"id":"https://b.example/b"}}}
        """;
    String other =
        ",{\"uri\":\"https://hub.example/base\",\"digest\":{\"sha256\":\""
            + "0".repeat(64)
            + "\"}}";
    scene.attest(scene.byKey("bob"), "slsa", provenance.formatted("a".repeat(40), other));
    assertThat(scene.refused("attestations[0].base-models").why())
        .contains("https://hub.example/base");

    scene.attest(scene.byKey("bob"), "slsa", provenance.formatted("a".repeat(40), ""));
    scene.accepted();
  }

  private static String dataset(String name, String members) {
    return "{\"type\":\"data\",\"name\":\"%s\"%s}".formatted(name, members);
  }

  private static String stated(String digest) {
    return ",\"properties\":[{\"name\":\"dev.modelsigning:oms:root-digest\",\"value\":\"sha256:%s\"}]"
        .formatted(digest);
  }

  @Test
  void verifiesTheSignaturesOfDatasets() throws Exception {
    scene.policy(
        Scene.SIGNERS
            + """
              vendor: { key: { public-key: keys/carol.pub } }
            models:
              - match: "**"
                signatures: { of: [alice] }
                attestations: [ { type: cyclonedx, by: bob, datasets: { signed-by: vendor } } ]
            """);
    String digest = base();
    String bill = Scene.bom("", dataset("one", stated(digest)));
    scene.attest(scene.byKey("bob"), "cyclonedx", bill);
    assertThat(scene.refused("attestations[0].datasets.signed-by").why())
        .contains("dataset 'one' (sha256:" + digest + ") is not known to be signed by vendor");

    Files.move(scene.directory.resolve("base.sig"), scene.directory.resolve("fraud/base.sig"));
    assertThat(Scene.row(scene.accepted(), "attestations[0].datasets.signed-by").why())
        .isEqualTo("dataset 'one' is signed by vendor");
    // Each of them: another one that nobody signed refuses the model.
    Files.delete(scene.directory.resolve("fraud/claims.jsonl"));
    scene.attest(
        scene.byKey("bob"),
        "cyclonedx",
        Scene.bom("", dataset("one", stated(digest)) + "," + dataset("two", "")));
    assertThat(scene.refused("attestations[0].datasets.signed-by").why())
        .isEqualTo(
            "dataset 'two' is stated without its root digest, so nothing shows who signed it");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"license":{"id":"MIT"}}                                   | true
          {"license":{"id":"GPL-3.0-only"}}                          | false
          {"license":{"id":"MIT"}},{"license":{"id":"Apache-2.0"}}   | false
                                                                     | false
          """)
  void comparesTheLicencesOfDatasets(String licenses, boolean met) throws Exception {
    scene.requires("{ type: cyclonedx, by: bob, datasets: { licenses: { allow: MIT } } }");
    scene.attest(
        scene.byKey("bob"),
        "cyclonedx",
        Scene.bom(
            "\"licenses\":[{\"license\":{\"id\":\"GPL-3.0-only\"}}]",
            dataset("d", ",\"licenses\":[" + (licenses == null ? "" : licenses) + "]")));

    Requirement row = Scene.row(scene.verdict(), "attestations[0].datasets.licenses");
    assertThat(row.met()).isEqualTo(met);
    assertThat(row.text()).isEqualTo("cyclonedx names only MIT for each dataset");
    assertThat(scene.verdict().isVerified()).isEqualTo(met);
  }

  @Test
  void hasARowForEachConditionOnDatasets() throws Exception {
    scene.requires(
        "{ type: cyclonedx, by: bob, datasets:"
            + " { signed-by: bob, licenses: { deny: MIT }, sensitive-data: none } }");
    scene.attest(
        scene.byKey("bob"),
        "cyclonedx",
        Scene.bom(
            "",
            dataset("d", ",\"licenses\":[{\"license\":{\"id\":\"MIT\"}}],\"sensitiveData\":[]")));

    assertThat(scene.verdict().requirements())
        .filteredOn(row -> row.code().startsWith("attestations[0].datasets."))
        .extracting(Requirement::code, Requirement::met)
        .containsExactly(
            tuple("attestations[0].datasets.signed-by", false),
            tuple("attestations[0].datasets.licenses", false),
            tuple("attestations[0].datasets.sensitive-data", true));
  }
}
