package dev.modelsigning.cli.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code inspect} shows claims files and lineages, and never calls them verified. */
class InspectClaimsTest {

  private static final String WITHOUT_DIGEST =
      "{\"uri\":\"https://x.example/wiki\",\"annotations\":{\"dev.modelsigning/role\":\"dataset\"}}";

  @TempDir private Path directory;

  private Workspace workspace;
  private Path claims;

  @BeforeEach
  void signAModel() throws IOException {
    workspace = Workspace.in(directory);
    workspace.sign().assertSucceeded();
    claims = workspace.path("claims.jsonl");
  }

  private String rootDigest(Path model) {
    return Invocation.of("digest", model).assertSucceeded().out().strip().substring(7);
  }

  /** Attests something about a model that is signed for it. */
  private void attest(Path model, Path into, String type, String predicate) throws IOException {
    Path signature = workspace.path(model.getFileName() + ".sig");
    workspace.signIn(Map.of(), model, workspace.privateKey(), signature).assertSucceeded();
    Path file = Files.writeString(workspace.path("predicate.json"), predicate);
    Invocation.of(
            "attest",
            "key",
            model,
            "--signature",
            signature,
            "--private-key",
            workspace.privateKey(),
            "--claims",
            into,
            "--predicate-type",
            type,
            "--predicate",
            file)
        .assertSucceeded();
  }

  private static String provenance(String... dependencies) {
    return "{\"buildDefinition\":{\"buildType\":\"https://x.example/t\",\"externalParameters\":{},"
        + "\"resolvedDependencies\":["
        + String.join(",", dependencies)
        + "]},\"runDetails\":{\"builder\":{\"id\":\"https://x.example/b\"}}}";
  }

  private static String dependency(String role, String name, String digest) {
    return "{\"name\":\""
        + name
        + "\",\"uri\":\"https://x.example/d\",\"digest\":{\"sha256\":\""
        + digest
        + "\"},\"annotations\":{\"dev.modelsigning/role\":\""
        + role
        + "\"}}";
  }

  private Path model(String name, String content) throws IOException {
    Path model = Files.createDirectories(workspace.path(name));
    Files.writeString(model.resolve("weights.bin"), content);
    return model;
  }

  @Test
  void showsATableAndSaysThatNothingIsVerified() throws Exception {
    attest(workspace.model(), claims, "https://x.example/review", "{\"ok\":true}");
    attest(workspace.model(), claims, "slsa", provenance());
    Files.writeString(claims, Files.readString(claims) + "half of a cl");

    Invocation shown = Invocation.of("inspect", claims).assertSucceeded();

    assertThat(shown.out().lines().findFirst())
        .hasValue("NOT VERIFIED: this is what the file says");
    assertThat(shown.out())
        .contains("3 claims, none of them verified")
        .containsPattern("line +type +signer +time +subject\n")
        .containsPattern(
            "1 +https://x.example/review +key [0-9a-f]{12}\\.\\.\\. +none +model sha256:")
        .containsPattern("2 +slsa +key [0-9a-f]{12}\\.\\.\\. +none +model sha256:")
        .containsPattern("3 +cannot be read: the last line has no line end");
  }

  @Test
  void printsTheSameAsJson() throws Exception {
    attest(workspace.model(), claims, "slsa", provenance(WITHOUT_DIGEST));

    JsonNode json =
        new JsonMapper()
            .readTree(
                Invocation.of("inspect", claims, "--lineage", "--format", "json")
                    .assertSucceeded()
                    .out());

    assertThat(json.get("verified").booleanValue()).isFalse();
    assertThat(Invocation.of("inspect", claims).out())
        .contains(claims + ": 1 claim, not verified\n");
    JsonNode claim = json.get("claims").get(0);
    assertThat(claim.get("predicateType").stringValue())
        .isEqualTo("https://slsa.dev/provenance/v1");
    assertThat(claim.get("subjects").get(0).get("digests").get("sha256").stringValue())
        .isEqualTo(rootDigest(workspace.model()));
    JsonNode below = json.get("lineage").get(0).get("madeFrom").get(0);
    assertThat(below.get("name").stringValue()).isEqualTo("https://x.example/wiki");
    assertThat(below.has("digest")).as("no digest").isFalse();
  }

  @Test
  void drawsThreeLevelsFromFilesThatAreGivenOrFound() throws Exception {
    Path base = model("base", "b");
    Path older = model("older", "o");
    Path oldest = model("oldest", "e");
    String unknown = "0".repeat(64);
    attest(
        workspace.model(),
        claims,
        "slsa",
        provenance(
            dependency("base-model", "base", rootDigest(base)),
            dependency("dataset", "wiki", unknown),
            dependency("tool", "compiler", unknown)));
    Path found = Files.createDirectories(workspace.path("beside")).resolve("claims.jsonl");
    attest(base, found, "slsa", provenance(dependency("base-model", "older", rootDigest(older))));
    Path given = workspace.path("more.jsonl");
    attest(
        older, given, "slsa", provenance(dependency("base-model", "oldest", rootDigest(oldest))));
    attest(oldest, given, "slsa", provenance(dependency("dataset", "first", unknown)));

    List<String> tree =
        Invocation.of("inspect", claims, "--lineage", "--claims", given)
            .assertSucceeded()
            .out()
            .lines()
            .filter(line -> line.contains("sha256:") && !line.matches(" +\\d.*"))
            .map(line -> line.replaceAll("sha256:[0-9a-f]{12}", "sha256:*"))
            .toList();

    assertThat(tree)
        .containsExactly(
            "  model model sha256:*..., 1 claim",
            "  |- base model base sha256:*..., 1 claim",
            "  |  `- base model older sha256:*..., 1 claim",
            "  |     `- base model oldest sha256:*..., 1 claim",
            "  `- dataset wiki sha256:*..., no claims about it");
    assertThat(Invocation.of("inspect", claims, "--lineage", "--claims", given).out())
        .contains("more that is not shown")
        .doesNotContain("first");
  }

  @Test
  void readsBillsOfMaterials() throws Exception {
    String digest = "ab".repeat(32);
    attest(
        workspace.model(),
        claims,
        "cyclonedx",
        """
        {"bomFormat":"CycloneDX","specVersion":"1.6","version":1,
         "metadata":{"component":{"type":"machine-learning-model","name":"m","pedigree":{"ancestors":[
           {"type":"machine-learning-model","name":"org/base","properties":[
             {"name":"dev.modelsigning:oms:root-digest","value":"sha256:%s"}]}]}}},
         "components":[{"type":"data","name":"letters"},{"type":"file","name":"a"}]}
        """
            .formatted(digest));

    assertThat(Invocation.of("inspect", claims, "--lineage").assertSucceeded().out())
        .contains("|- base model org/base sha256:abababababab..., no claims about it")
        .contains("`- dataset letters, without a digest, no claims about it");
  }

  @Test
  void endsWhereAModelIsItsOwnAncestor() throws Exception {
    String own = rootDigest(workspace.model());
    attest(workspace.model(), claims, "slsa", provenance(dependency("base-model", "itself", own)));

    Invocation shown = Invocation.of("inspect", claims, "--lineage").assertSucceeded();

    assertThat(shown.out().lines().filter(line -> line.contains("itself"))).hasSize(1);
    assertThat(shown.out()).contains("more that is not shown");
  }

  @Test
  void boundsWhatIsDrawn() throws Exception {
    List<String> many = new ArrayList<>();
    String own = rootDigest(workspace.model());
    for (int i = 0; i < 3_000; i++) {
      many.add(dependency("dataset", "d" + i, own));
      many.add(dependency("dataset", "e" + i, String.format("%064x", i)));
    }
    attest(workspace.model(), claims, "slsa", provenance(many.toArray(String[]::new)));

    Invocation shown = Invocation.of("inspect", claims, "--lineage", "--all").assertSucceeded();

    assertThat(shown.out().lines().count()).isLessThan(1_100);
  }

  @Test
  void escapesWhatAClaimSays() throws Exception {
    attest(
        workspace.model(),
        claims,
        "slsa",
        provenance(dependency("dataset", "\\u001b[2J\\nverified\\u202e", "ab".repeat(32))));

    String shown = Invocation.of("inspect", claims, "--lineage").assertSucceeded().out();

    assertThat(shown).contains("\\u001b[2J").doesNotContain("\u001b").doesNotContain("\u202e");
    assertThat(shown.lines()).noneMatch(line -> line.startsWith("verified"));
  }

  @Test
  void refusesOptionsOfTheOtherKind() throws Exception {
    attest(workspace.model(), claims, "https://x.example/review", "{}");
    Invocation.of("inspect", claims, "--layer", "bundle").assertUsage();
    Invocation.of("inspect", claims, "--payload").assertUsage();
    Invocation.of("inspect", claims, "--claims", claims).assertUsage();
    Invocation.of("inspect", workspace.signature(), "--lineage").assertUsage();
  }

  @Test
  void showsAFileOfAnotherToolByItsContent() throws Exception {
    attest(workspace.model(), claims, "https://x.example/review", "{}");
    Path single = workspace.path("review.sigstore.json");
    Files.copy(claims, single);
    assertThat(Invocation.of("inspect", single).assertSucceeded().out())
        .containsPattern("1 +https://x.example/review +key");

    Path signature = Files.copy(workspace.signature(), workspace.path("model.sigstore.json"));
    assertThat(Invocation.of("inspect", signature).assertSucceeded().out())
        .contains("weights/a.bin");
  }

  @Test
  void neverTakesASignatureForAClaim() throws Exception {
    Files.copy(workspace.signature(), claims);
    assertThat(Invocation.of("inspect", claims).assertSucceeded().out())
        .containsPattern(
            "1 +cannot be read: payload: predicateType: this is the signature of a model");
  }
}
