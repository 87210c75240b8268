package dev.modelsigning.cli.predicate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.testing.TestCertificate;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is attested: from a file, or written from the model and from what it was made of. */
class PredicateArgumentsTest {

  private static final String FAILED = "Attesting failed with error";

  @TempDir private Path directory;

  private Workspace workspace;
  private Path base;
  private Path baseSignature;
  private Path dataset;

  @BeforeEach
  void makeModels() throws Exception {
    workspace = Workspace.in(directory);
    workspace.write(
        "model/README.md",
        "---\nlicense: apache-2.0\nbase_model: org/base\ndatasets: [one]\n---\n");
    workspace.sign().assertSucceeded();
    workspace.write("base/weights", "base");
    base = workspace.path("base");
    baseSignature = workspace.path("base.sig");
    Invocation.of(
            "sign",
            "key",
            base,
            "--private-key",
            workspace.privateKey(),
            "--signature",
            baseSignature)
        .assertSucceeded();
    workspace.write("dataset/rows", "rows");
    dataset = workspace.path("dataset");
  }

  private Invocation attest(Object... more) {
    return attestIn(Map.of(), more);
  }

  private Invocation attestIn(Map<String, String> environment, Object... more) {
    List<Object> args =
        new ArrayList<>(
            List.of(
                "attest",
                "key",
                workspace.model(),
                "--signature",
                workspace.signature(),
                "--private-key",
                workspace.privateKey()));
    args.addAll(List.of(more));
    return Invocation.in(environment, args.toArray());
  }

  /** A failure or wrong usage writes nothing at all. */
  private Invocation refused(Object... more) throws Exception {
    return workspace.changingNothing(() -> attest(more));
  }

  /** The predicate of the only claim. */
  private JsonNode predicate() throws Exception {
    List<String> lines = Files.readAllLines(workspace.path("claims.jsonl"));
    assertThat(lines).hasSize(1);
    String payload =
        JsonMapper.shared().readTree(lines.get(0)).at("/dsseEnvelope/payload").asString();
    return JsonMapper.shared().readTree(Base64.getDecoder().decode(payload)).get("predicate");
  }

  private static List<String> properties(JsonNode holder, String name) {
    List<String> values = new ArrayList<>();
    holder
        .get("properties")
        .forEach(one -> {
          if (one.get("name").asString().equals("dev.modelsigning:" + name)) {
            values.add(one.get("value").asString());
          }
        });
    return values;
  }

  private static String rootDigest(Path model) throws Exception {
    return ModelHasher.withDefaults().hash(model).manifest().rootDigest().hex();
  }

  @Test
  void writesABillOfMaterialsFromTheVerifiedModel() throws Exception {
    attest(
            "--predicate-type",
            "cyclonedx",
            "--base-model",
            base,
            "--base-signature",
            baseSignature,
            "--dataset",
            dataset)
        .assertSucceeded();

    JsonNode bom = predicate();
    assertThat(bom.get("specVersion").asString()).isEqualTo("1.7");
    JsonNode model = bom.at("/metadata/component");
    assertThat(model.at("/licenses/0/license/id").asString()).isEqualTo("Apache-2.0");
    JsonNode ancestor = model.at("/pedigree/ancestors/0");
    assertThat(ancestor.get("name").asString()).isEqualTo("org/base");
    assertThat(properties(ancestor, "oms:root-digest"))
        .containsExactly("sha256:" + rootDigest(base));
    assertThat(properties(ancestor, "oms:signed")).containsExactly("true");
    JsonNode hashed = bom.at("/components/1");
    assertThat(hashed.get("name").asString()).isEqualTo("dataset");
    assertThat(properties(hashed, "oms:root-digest"))
        .containsExactly("sha256:" + rootDigest(dataset));
    assertThat(properties(hashed, "oms:signed")).containsExactly("false");
  }

  @Test
  void writesTheOtherVersion() throws Exception {
    attest("--predicate-type", "cyclonedx", "--predicate-version", "1.6").assertSucceeded();

    assertThat(predicate().get("specVersion").asString()).isEqualTo("1.6");
  }

  @Test
  void writesWhatNeitherTheFilesNorTheCardSay() throws Exception {
    Invocation attested =
        attest(
                "--predicate-type",
                "cyclonedx",
                "--author",
                "A. Author",
                "--author",
                "B. Author",
                "--supplier",
                "Example Ltd",
                "--model-version",
                "2.0",
                "--all")
            .assertSucceeded();
    assertThat(attested.out())
        .contains("  missing      ")
        .doesNotContain("SBOM author", "model: version", "model: producer");

    JsonNode bom = predicate();
    assertThat(bom.at("/metadata/authors/0/name").asString()).isEqualTo("A. Author");
    assertThat(bom.at("/metadata/authors/1/name").asString()).isEqualTo("B. Author");
    assertThat(bom.at("/metadata/supplier/name").asString()).isEqualTo("Example Ltd");
    assertThat(bom.at("/metadata/component/supplier/name").asString()).isEqualTo("Example Ltd");
    assertThat(bom.at("/metadata/component/version").asString()).isEqualTo("2.0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--author", "--supplier", "--model-version"})
  void refusesANameThatCannotBePublished(String option) throws Exception {
    for (String name : List.of("", "a\nb", "https://user:verysecret@x.example")) {
      Invocation refused =
          refused("--predicate-type", "cyclonedx", option, name)
              .assertUsage("bill of materials: the ", "--author, --supplier, --model-version");
      assertThat(refused.err()).doesNotContain("verysecret");
    }
  }

  @Test
  void authenticatesTheSignatureOfADatasetThatIsElsewhere() throws Exception {
    Path signature = workspace.path("dataset.sig");
    Invocation.of(
            "sign",
            "key",
            dataset,
            "--private-key",
            workspace.privateKey(),
            "--signature",
            signature)
        .assertSucceeded();
    String digest = rootDigest(dataset);
    Files.delete(dataset.resolve("rows"));
    Files.delete(dataset);

    attest(
            "--predicate-type",
            "slsa",
            "--builder-id",
            "https://bank.example/trainer",
            "--build-type",
            "https://bank.example/training/v1",
            "--dataset",
            signature)
        .assertSucceeded();

    JsonNode dependency = predicate().at("/buildDefinition/resolvedDependencies/0");
    assertThat(dependency.get("name").asString()).isEqualTo("dataset");
    assertThat(dependency.at("/digest/sha256").asString()).isEqualTo(digest);
    assertThat(dependency.at("/annotations").get("dev.modelsigning/signed").asBoolean()).isTrue();
  }

  @Test
  void writesProvenanceFromOptions() throws Exception {
    attest(
            "--predicate-type",
            "slsa",
            "--builder-id",
            "https://bank.example/trainer",
            "--build-type",
            "https://bank.example/training/v1",
            "--invocation-id",
            "run 7",
            "--started-on",
            "2026-01-31T12:00:00Z",
            "--finished-on",
            "2026-01-31T13:00:00Z",
            "--parameter",
            "epochs=3",
            "--parameter",
            "config=a=b",
            "--base-model",
            base,
            "--base-signature",
            baseSignature)
        .assertSucceeded();

    JsonNode provenance = predicate();
    assertThat(provenance.at("/buildDefinition/externalParameters/config").asString())
        .isEqualTo("a=b");
    assertThat(provenance.at("/runDetails/metadata/startedOn").asString())
        .isEqualTo("2026-01-31T12:00:00Z");
    assertThat(provenance.at("/buildDefinition/resolvedDependencies/0/digest/sha256").asString())
        .isEqualTo(rootDigest(base));
  }

  private static Map<String, String> gitLab() {
    Map<String, String> environment = new HashMap<>();
    environment.put("GITLAB_CI", "true");
    environment.put("CI_PROJECT_URL", "https://gitlab.com/group/project");
    environment.put("CI_COMMIT_SHA", "c27d339ee6075c1f744c5d4b200f7901aad2c369");
    environment.put("CI_COMMIT_REF_NAME", "main");
    environment.put("CI_JOB_NAME", "train");
    environment.put("CI_JOB_ID", "1");
    environment.put("CI_JOB_URL", "https://gitlab.com/group/project/-/jobs/1");
    environment.put("CI_RUNNER_ID", "2");
    environment.put("CI_RUNNER_VERSION", "18.1.0");
    environment.put("CI_PIPELINE_ID", "3");
    environment.put("CI_PIPELINE_SOURCE", "push");
    environment.put("CI_JOB_TOKEN", "verysecret");
    return environment;
  }

  @Test
  void writesProvenanceFromTheEnvironment() throws Exception {
    attestIn(gitLab(), "--predicate-type", "slsa").assertSucceeded();

    assertThat(predicate().at("/buildDefinition/externalParameters/entryPoint").asString())
        .isEqualTo("train");
    assertThat(Files.readString(workspace.path("claims.jsonl"))).doesNotContain("verysecret");
  }

  @Test
  void namesTheVariableThatIsMalformed() throws Exception {
    Map<String, String> environment = gitLab();
    environment.put("CI_PROJECT_URL", "https://user:verysecret@gitlab.com/group/project");

    workspace
        .changingNothing(() -> attestIn(environment, "--predicate-type", "slsa"))
        .assertFailed(
            FAILED,
            "environment: CI_PROJECT_URL: has a user name or password",
            "; correct it, or give --builder-id and --build-type");
  }

  @Test
  void namesTheVariableThatIsMissingAndTheOptionsInstead() throws Exception {
    workspace
        .changingNothing(
            () -> attestIn(Map.of("GITHUB_ACTIONS", "true"), "--predicate-type", "slsa"))
        .assertFailed(
            FAILED,
            "environment: GITHUB_",
            ": is missing; correct it, or give --builder-id and --build-type");
  }

  /** Nothing is taken from the environment, so it does not matter that this is a job. */
  @Test
  void needsABuilderWithABuildTypeInAJobToo() throws Exception {
    workspace
        .changingNothing(() ->
            attestIn(
                gitLab(), "--predicate-type", "slsa", "--build-type", "https://x.example/build"))
        .assertUsage("the builder id is needed with a build type, as nothing is taken from the");
  }

  @Test
  void signsAPredicateFromAFile() throws Exception {
    Path file = workspace.write("p.json", "{ \"result\": \"PASSED\", \"configuration\": [] }");

    attest("--predicate-type", "test-result", "--predicate", file).assertSucceeded();

    assertThat(predicate().get("result").asString()).isEqualTo("PASSED");
  }

  /** Before the model is hashed, which is not there in this test. */
  @Test
  void namesTheFieldOfAPredicateThatIsWrong() throws Exception {
    Path file = workspace.write("p.json", "{\"buildDefinition\": {}}");

    workspace
        .changingNothing(() ->
            Invocation.of(
                "attest",
                "key",
                workspace.path("none"),
                "--signature",
                workspace.signature(),
                "--private-key",
                workspace.privateKey(),
                "--predicate-type",
                "slsa",
                "--predicate",
                file))
        .assertFailed(FAILED, file + ": predicate: buildDefinition.buildType: is missing");
  }

  @Test
  void tellsAMalformedPredicateFromAFileThatCannotBeRead() throws Exception {
    Path file = workspace.write("p.json", "{\"buildDefinition\": {}}");
    Invocation malformed =
        refused("--predicate-type", "slsa", "--predicate", file, "--format=json");
    assertThat(malformed.status()).isEqualTo(1);
    assertThat(malformed.out()).contains("\"reason\":\"MALFORMED_PREDICATE\"");

    Path none = workspace.path("none.json");
    Invocation missing = refused("--predicate-type", "slsa", "--predicate", none, "--format=json");
    assertThat(missing.status()).isEqualTo(1);
    assertThat(missing.out()).contains("\"reason\":\"IO_ERROR\"");

    Map<String, String> environment = gitLab();
    environment.remove("CI_COMMIT_SHA");
    assertThat(attestIn(environment, "--predicate-type", "slsa", "--format=json").out())
        .contains("\"reason\":\"MALFORMED_PREDICATE\"");
  }

  @Test
  void refusesAPredicateThatIsTooLargeOrMissing() throws Exception {
    Path file = workspace.path("large.json");
    try (var channel =
        Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.position(100_000_000L);
      channel.write(ByteBuffer.wrap(new byte[] {' '}));
    }

    attest("--predicate-type", "urn:x:y", "--predicate", file)
        .assertFailed(FAILED, file, "16777216");
    attest("--predicate-type", "urn:x:y", "--predicate", workspace.path("none.json"))
        .assertFailed(FAILED, "none.json");
    assertThat(workspace.path("claims.jsonl")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"spdx", "vsa", "test-result", "vulns", "https://example.com/mine"})
  void refusesToWriteOtherTypes(String type) throws Exception {
    refused("--predicate-type", type)
        .assertUsage("--predicate is needed; only predicates of the types cyclonedx and slsa");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--predicate-type provenance | expected a predicate type: a URI with a scheme, or one of",
        "--predicate-type https://model_signing/signature/v1.0 | is the signature of a model",
        "--predicate-type slsa --predicate-version 1.6 | --predicate-version needs",
        "--predicate-type cyclonedx --predicate-version 1.5 | expected 1.6 or 1.7",
        "--predicate-type cyclonedx --predicate P --predicate-version 1.6 | --predicate-version",
        "--predicate-type slsa --author A | --author needs --predicate-type cyclonedx, and no",
        "--predicate-type vulns --predicate P --supplier A | --supplier needs",
        "--predicate-type cyclonedx --predicate P --model-version 1 | --model-version needs",
        "--predicate-type cyclonedx --builder-id https://x.example | --builder-id needs"
            + " --predicate-type slsa",
        "--predicate-type slsa --predicate P --parameter a=b | --parameter needs",
        "--predicate-type cyclonedx --predicate P --dataset D | --dataset is for predicates that",
        "--predicate-type cyclonedx --base-model B | --base-model and --base-signature need each",
        "--predicate-type cyclonedx --base-signature S | --base-model and --base-signature need",
        "--predicate-type cyclonedx --base-verify-key K | --base-verify-key needs --base-model or"
            + " --dataset",
        "--predicate-type cyclonedx --dataset D --base-verify-identity me | --base-verify-identity"
            + " needs --base-verify-identity-provider",
        "--predicate-type cyclonedx --dataset D --base-verify-identity-provider"
            + " https://x.example | --base-verify-identity-provider needs --base-verify-identity",
        "--predicate-type cyclonedx --dataset D --base-verify-trusted-root R |"
            + " --base-verify-trusted-root needs",
        "--predicate-type cyclonedx --dataset D --base-verify-identity me"
            + " --base-verify-identity-provider https://x.example --base-verify-certificate-chain C"
            + " | exclude each other",
        "--predicate-type slsa | this is no job of GitHub Actions or GitLab CI, so the builder id"
            + " and the build type are needed",
        "--predicate-type slsa --builder-id https://x.example | the build type is needed",
        "--predicate-type slsa --builder-id x --build-type https://x.example | the builder id:"
            + " expected a URI",
        "--predicate-type slsa --builder-id https://x.example --build-type https://x.example"
            + " --parameter a | --parameter: expected NAME=VALUE",
        "--predicate-type slsa --builder-id https://x.example --build-type https://x.example"
            + " --finished-on 2999-01-01 | the end of the build is in the future",
      })
  void refusesInvalidCombinations(String options, String message) throws Exception {
    refused((Object[]) options.split(" ")).assertUsage(message);
  }

  @Test
  void writesNothingIfABaseModelFailsToVerify() throws Exception {
    workspace.write("base/weights", "other");

    refused(
            "--predicate-type",
            "cyclonedx",
            "--base-model",
            base,
            "--base-signature",
            baseSignature)
        .assertFailed(
            FAILED, "about a base model: the model " + base + " is not the one that was signed");
  }

  @Test
  void writesNothingIfSomebodyElseSignedTheBaseModel() throws Exception {
    Path key = directory.resolve("other.pem");
    Path publicKey = directory.resolve("other.pub");
    Invocation.of("generate-key", "--private-key", key, "--public-key", publicKey)
        .assertSucceeded();
    Files.delete(baseSignature);
    Invocation.of("sign", "key", base, "--private-key", key, "--signature", baseSignature)
        .assertSucceeded();
    Object[] options = {
      "--predicate-type", "cyclonedx", "--base-model", base, "--base-signature", baseSignature
    };

    refused(options).assertFailed(FAILED, "the base model " + base);

    List<Object> more = new ArrayList<>(List.of(options));
    more.addAll(List.of("--base-verify-key", publicKey));
    attest(more.toArray()).assertSucceeded();
    assertThat(properties(predicate().at("/metadata/component/pedigree/ancestors/0"), "oms:signed"))
        .containsExactly("true");
  }

  @Test
  void verifiesABaseModelByItsCertificate() throws Exception {
    TestCertificate root = TestCertificate.root("CN=Root");
    Path chain = TestCertificate.write(directory.resolve("root.pem"), root);

    refused(
            "--predicate-type",
            "cyclonedx",
            "--base-model",
            base,
            "--base-signature",
            baseSignature,
            "--base-verify-certificate-chain",
            chain)
        .assertFailed(FAILED, "the base model " + base);
  }

  @Test
  void refusesADatasetThatIsNoSignatureOrNotThere() throws Exception {
    refused("--predicate-type", "cyclonedx", "--dataset", workspace.path("none"))
        .assertFailed(FAILED, "none");
    Path file = workspace.write("rows.csv", "a,b");
    refused("--predicate-type", "cyclonedx", "--dataset", file).assertFailed(FAILED, file);
    refused(
            "--predicate-type",
            "cyclonedx",
            "--dataset",
            baseSignature,
            "--base-verify-key",
            workspace.path("none.pub"))
        .assertFailed(FAILED, "none.pub");
  }
}
