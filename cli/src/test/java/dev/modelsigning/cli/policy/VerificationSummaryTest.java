package dev.modelsigning.cli.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.statement.AttestedStatement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The signed summary that {@code verify policy --vsa} writes, and policies that ask for one. */
class VerificationSummaryTest {

  private static final String ALICE = "- { match: fraud/**, signatures: { of: alice } }";

  private static final String BOB = "- { match: fraud/**, signatures: { of: bob } }";

  private static final String TYPE = "https://slsa.dev/verification_summary/v1";

  private static final String GATE = "https://bank.example/gate";

  @TempDir private Path directory;
  private PolicyWorkspace workspace;
  private Path summary;

  @BeforeEach
  void prepare() throws IOException {
    workspace = PolicyWorkspace.in(directory.toRealPath());
    workspace.rules(ALICE);
    workspace.sign("alice", "fraud/v3.alice.sig");
    summary = workspace.path("out.json");
  }

  /** Verifies, and has carol sign the summary. */
  private Invocation verify(Object... more) {
    return verify(summary, more);
  }

  private Invocation verify(Path file, Object... more) {
    List<Object> words = workspace.words("--vsa", file, "--vsa-key", workspace.key("carol"));
    words.addAll(List.of(more));
    return Invocation.of(words.toArray());
  }

  private static AttestedStatement statement(Path file) throws Exception {
    AttestedStatement statement = AttestedStatement.readUnverified(Bundle.read(file));
    assertThat(statement.predicateType()).isEqualTo(TYPE);
    return statement;
  }

  private static JsonNode predicate(Path file) throws Exception {
    return JsonMapper.shared().readTree(statement(file).predicate().orElseThrow());
  }

  private static void assertResult(Path file, String result) throws Exception {
    JsonNode predicate = predicate(file);
    assertThat(predicate.get("verificationResult").asString()).isEqualTo(result);
    if (!result.equals("PASSED")) {
      assertThat(predicate.toString()).doesNotContain("PASSED");
    }
  }

  private Invocation assertRefused(Invocation run, Object... parts) {
    return run.assertFailed(Workspace.VERIFICATION_FAILED, parts);
  }

  private static JsonNode json(Invocation run, int status) {
    assertThat(run.status()).as(run.err()).isEqualTo(status);
    return JsonMapper.shared().readTree(run.out());
  }

  private String policyDigest() throws Exception {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(workspace.policy())));
  }

  // What is written

  @Test
  void saysPassedOfAVerifiedModel() throws Exception {
    Invocation run = verify().assertSucceeded();

    assertThat(run.out())
        .startsWith("Verification succeeded\n")
        .contains("summary      " + summary + ", PASSED\n");
    JsonNode predicate = predicate(summary);
    assertThat(predicate.get("verificationResult").asString()).isEqualTo("PASSED");
    assertThat(predicate.at("/verifier/id").asString())
        .isEqualTo("urn:dev.modelsigning:verify-policy");
    assertThat(predicate.at("/policy/uri").asString()).isEqualTo("file:policy.yaml");
    assertThat(predicate.at("/policy/digest/sha256").asString()).isEqualTo(policyDigest());
    assertThat(predicate.get("resourceUri").asString()).isEqualTo("file:fraud/v3");
    JsonNode json = json(verify("--format=json"), 0);
    assertThat(json.at("/vsa/file").asString()).isEqualTo(summary.toString());
    assertThat(json.at("/vsa/result").asString()).isEqualTo("PASSED");
    assertThat(json.at("/vsa/line").isMissingNode()).isTrue();
    assertThat("sha256:" + statement(summary).subjects().get(0).digests().get("sha256"))
        .isEqualTo(json.at("/models/0/rootDigest").asString());
  }

  @Test
  void saysWhoVerifiedWhatByWhichPolicy() throws Exception {
    verify(
            "--vsa-verifier",
            GATE,
            "--vsa-policy-uri",
            "https://bank.example/policy",
            "--vsa-resource-uri",
            "oci://bank.example/fraud:v3")
        .assertSucceeded();

    JsonNode predicate = predicate(summary);
    assertThat(predicate.at("/verifier/id").asString()).isEqualTo(GATE);
    assertThat(predicate.at("/policy/uri").asString()).isEqualTo("https://bank.example/policy");
    assertThat(predicate.get("resourceUri").asString()).isEqualTo("oci://bank.example/fraud:v3");
  }

  @Test
  void saysFailedOfARefusedModel() throws Exception {
    verify().assertSucceeded();
    assertResult(summary, "PASSED");
    workspace.rules(BOB);

    assertRefused(verify(), "The summary in " + summary + " says FAILED");
    // It replaces that of the run before.
    assertResult(summary, "FAILED");
    assertThat(json(verify("--format=json"), 1).at("/vsa/result").asString()).isEqualTo("FAILED");
  }

  @Test
  void saysFailedOfAModelThatWasChanged() throws Exception {
    workspace.write("fraud/v3/weights.bin", "other");

    assertRefused(verify());
    assertResult(summary, "FAILED");
  }

  @Test
  void saysFailedOfAModelThatIsOnlyWarnedOf() throws Exception {
    workspace.rules("- { match: fraud/**, mode: warn, signatures: { of: alice } }");

    Invocation run = verify();

    assertThat(run.status()).isZero();
    assertThat(run.out()).startsWith("Not verified: ").contains(summary + ", FAILED");
    assertResult(summary, "FAILED");
    assertThat(json(verify("--format=json"), 0).at("/vsa/result").asString()).isEqualTo("FAILED");
  }

  @Test
  void saysFailedOfAModelThatNoRuleMatches() throws Exception {
    workspace.rules("- { match: other/**, signatures: { of: alice } }");

    assertRefused(verify());
    assertResult(summary, "FAILED");
  }

  @Test
  void writesNothingIfThereIsNoVerdict() throws Exception {
    workspace.write("policy.yaml", "version: 2\n");
    assertRefused(verify(), "policy.yaml:1");
    assertThat(summary).doesNotExist();

    workspace.rules(ALICE);
    assertRefused(verify("--policy-digest", "sha256:" + "0".repeat(64)), "another policy");
    assertThat(summary).doesNotExist();

    Invocation.of(
            "verify",
            "policy",
            workspace.path("fraud/gone"),
            "--policy",
            workspace.policy(),
            "--vsa",
            summary,
            "--vsa-key",
            workspace.key("carol"))
        .assertFailed("There is no verification summary", "fraud/gone: no such file");
    assertThat(summary).doesNotExist();
  }

  @Test
  void isAnotherLineOfAClaimsFile() throws Exception {
    Path claims = workspace.path("fraud/claims.jsonl");

    assertThat(verify(claims).assertSucceeded().out())
        .contains("summary      " + claims + ":1, PASSED\n");
    JsonNode json = json(verify(claims, "--claims", claims, "--format=json"), 0);
    assertThat(json.at("/vsa/line").asInt()).isEqualTo(2);
    assertThat(claims).content(StandardCharsets.UTF_8).hasLineCount(2);
  }

  @Test
  void printsNothingOfItIfQuiet() {
    Invocation run = verify("--quiet").assertSucceeded();

    assertThat(run.out() + run.err()).isEmpty();
    assertThat(summary).isRegularFile();
  }

  @Test
  void isNamedOnStandardErrorIfJsonIsPrinted() {
    Invocation run = verify("--format=json").assertSucceeded();

    assertThat(run.err()).contains("The summary in " + summary + " says PASSED");
  }

  // Where it must not be

  @Test
  void isNeitherInTheModelNorOverWhatIsRead() throws Exception {
    Path claims = workspace.write("one.sigstore.json", "{}");
    Path signature = workspace.path("fraud/v3.alice.sig");
    verify(workspace.model()).assertUsage("--vsa", "is in the model");
    verify(workspace.model().resolve("x.jsonl")).assertUsage("--vsa", "is in the model");
    verify(workspace.model().resolve("weights.bin")).assertUsage("--vsa", "is in the model");
    verify(workspace.policy()).assertUsage("--vsa", "is what this command reads");
    verify(workspace.key("carol")).assertUsage("--vsa", "is what this command reads");
    verify(signature, "--signature", signature).assertUsage("--vsa", "is what this command reads");
    verify(claims, "--claims", claims).assertUsage("--vsa", "is what this command reads");
    verify("--report", summary).assertUsage("is what this command reads");
    verify("--report", workspace.key("carol")).assertUsage("is what this command reads");
    Path password = workspace.write("password", "x");
    verify(password, "--password-file", password)
        .assertUsage("--vsa", "is what this command reads");
    assertThat(summary).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"fraud/v3.alice.sig", "keys/alice.pub", "other.txt", "claim.json"})
  void replacesNothingButAnEarlierSummary(String name) throws Exception {
    workspace.write("other.txt", "something else");
    workspace.write("result.json", "{\"result\": \"PASSED\", \"configuration\": []}");
    Invocation.of(
            "attest",
            "key",
            workspace.model(),
            "--signature",
            workspace.path("fraud/v3.alice.sig"),
            "--private-key",
            workspace.key("alice"),
            "--predicate-type=https://bank.example/x",
            "--predicate",
            workspace.path("result.json"),
            "--claims",
            workspace.path("claim.jsonl"))
        .assertSucceeded();
    Files.copy(workspace.path("claim.jsonl"), workspace.path("claim.json"));
    byte[] before = Files.readAllBytes(workspace.path(name));

    assertRefused(verify(workspace.path(name)), "this is no verification summary");
    assertThat(workspace.path(name)).hasBinaryContent(before);
  }

  @Test
  void isNotAppendedToAFileOfAnotherKind() throws Exception {
    Path other = workspace.write("other.jsonl", "{\"a\": 1}\n");

    assertRefused(verify(other), "this is no claims file");
    assertThat(other).hasContent("{\"a\": 1}\n");
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "links need a right")
  void isNotWrittenThroughALinkOrIntoAFifo() throws Exception {
    Path link = Files.createSymbolicLink(workspace.path("link.json"), workspace.policy());
    assertThat(verify(link).status()).isNotZero();
    assertThat(workspace.policy()).content().startsWith("version: 1");

    assertRefused(verify(workspace.fifo("fifo.json")), "fifo.json");
  }

  @Test
  void failsBeforeAnythingIsVerifiedIfItCannotBeWritten() throws Exception {
    Path nowhere = workspace.path("missing/out.json");

    assertRefused(verify(nowhere), "its directory does not exist");
    JsonNode json = json(verify(nowhere, "--format=json"), 1);
    assertThat(json.get("verified").asBoolean()).isFalse();
    assertThat(json.get("reason").asString()).isEqualTo("IO_ERROR");
    assertThat(json.get("models").size()).isZero();
  }

  /**
   * The policy is read first; what it says cannot be told from a model that was never looked at.
   */
  @Test
  void writesAPageAboutAKeyThatCannotBeUsed() throws Exception {
    Path page = workspace.write("page.html", "<!DOCTYPE html>\nverified");

    assertRefused(
        Invocation.of(
            workspace
                .words(
                    "--vsa",
                    summary,
                    "--vsa-key",
                    workspace.path("keys/none.pem"),
                    "--report",
                    page)
                .toArray()),
        "keys/none.pem: no such file");
    assertThat(page).content().contains("<h1>Not verified</h1>");
    assertThat(summary).doesNotExist();
  }

  // The key

  @Test
  void refusesAWrongPasswordBeforeTheModelIsRead() throws Exception {
    Path key = workspace.path("gate.pem");
    Path password = workspace.write("password", "correct\n");
    Invocation.of(
            "generate-key",
            "--private-key",
            key,
            "--public-key",
            workspace.path("gate.pub"),
            "--password-file",
            password)
        .assertSucceeded();
    // A model that is missing is not noticed, as it is not looked at.
    Object[] words = {
      "verify",
      "policy",
      workspace.path("fraud/gone"),
      "--policy",
      workspace.policy(),
      "--vsa",
      summary,
      "--vsa-key",
      key
    };
    assertThat(
            assertRefused(
                    Invocation.in(Map.of("MODEL_SIGNING_PASSWORD", "wrong"), words), "password")
                .err())
        .doesNotContain("gone: no such file");
    JsonNode json =
        json(
            Invocation.of(
                workspace
                    .words("--vsa", summary, "--vsa-key", key, "--password=wrong", "--format=json")
                    .toArray()),
            1);
    assertThat(json.get("verified").asBoolean()).isFalse();
    assertThat(json.get("reason").asString()).isEqualTo("SIGNING_FAILED");

    Invocation.of(
            workspace
                .words("--vsa", summary, "--vsa-key", key, "--password-file", password)
                .toArray())
        .assertSucceeded();
    assertResult(summary, "PASSED");
  }

  @Test
  void refusesAPublicKeyAndAUriOfNoProvider() throws Exception {
    assertRefused(
        Invocation.of(
            workspace
                .words("--vsa", summary, "--vsa-key", workspace.path("keys/carol.pub"))
                .toArray()),
        "keys/carol.pub");
    assertRefused(
        Invocation.of(workspace.words("--vsa", summary, "--vsa-key", "awskms://key").toArray()));
    assertThat(summary).doesNotExist();
  }

  /** Where the file was taken by another program while the model was verified. */
  @Test
  void acceptsNoModelWithoutTheSummaryThatIsAskedFor() throws Exception {
    Path key = workspace.path("gate.pem");
    Invocation.of(
            "generate-key",
            "--private-key",
            key,
            "--public-key",
            workspace.path("gate.pub"),
            "--password=correct")
        .assertSucceeded();
    Path page = workspace.path("page.html");
    // The password is asked for once it is known that the file can be written.
    Map<String, String> environment =
        new HashMap<>(Map.of("MODEL_SIGNING_PASSWORD", "correct")) {
          private static final long serialVersionUID = 1L;

          @Override
          public String get(Object name) {
            if ("MODEL_SIGNING_PASSWORD".equals(name)) {
              write(summary, "something else");
            }
            return super.get(name);
          }
        };
    Object[] words =
        workspace
            .words("--vsa", summary, "--vsa-key", key, "--report", page, "--format=json")
            .toArray();

    Invocation run = Invocation.in(environment, words);

    JsonNode json = json(run, 1);
    assertThat(json.get("verified").asBoolean()).isFalse();
    assertThat(json.get("reason").asString()).isEqualTo("IO_ERROR");
    assertThat(json.get("message").asString())
        .startsWith("there is no verification summary: ")
        .contains("so it is not replaced");
    assertThat(json.has("vsa")).isFalse();
    assertThat(page).content().contains("<h1>Not verified</h1>");
    assertThat(summary).hasContent("something else");

    // A model that is refused stays that, and what is missing is said.
    workspace.rules(BOB);
    Files.delete(summary);
    run = Invocation.in(environment, words);
    json = json(run, 1);
    assertThat(json.get("reason").asString()).isEqualTo("POLICY_NOT_MET");
    assertThat(run.err()).contains("There is no verification summary: ");
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // Usage

  @Test
  void needsFileAndKey() {
    workspace.verify("--vsa", summary).assertUsage("--vsa and --vsa-key need each other");
    workspace
        .verify("--vsa-key", workspace.key("carol"))
        .assertUsage("--vsa and --vsa-key need each other");
  }

  @ParameterizedTest
  @CsvSource({
    "--vsa-verifier, --vsa-verifier",
    "--vsa-policy-uri, --vsa-policy-uri",
    "--vsa-resource-uri, --vsa-resource-uri",
    "--password, --password or --password-file",
    "--password-file, --password or --password-file",
    "--module-path, --module-path",
  })
  void refusesWhatIsAboutASummaryThatIsNotAskedFor(String option, String named) {
    workspace
        .verify(option, "https://bank.example")
        .assertUsage(named + " needs --vsa and --vsa-key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--vsa-verifier", "--vsa-policy-uri", "--vsa-resource-uri"})
  void refusesWhatIsNoUri(String option) {
    for (String text : List.of("gate", "https://user:secret@bank.example", "a b:c", "")) {
      assertThat(verify(option + "=" + text).assertUsage(option + ": ").err())
          .doesNotContain("secret");
    }
  }

  @Test
  void isAboutOneModel() {
    Invocation.of(
            workspace
                .words(
                    workspace.path("sandbox/x"),
                    "--vsa",
                    summary,
                    "--vsa-key",
                    workspace.key("carol"))
                .toArray())
        .assertUsage("--vsa: a summary is about one model");
    assertThat(summary).doesNotExist();
  }

  // Policies that ask for one

  /** Asks for the summary of carol, in place of alice's signature alone. */
  private void fast(String conditions) throws IOException {
    workspace.write(
        "fast.yaml",
        """
        version: 1
        signers:
          alice: { key: { public-key: keys/alice.pub } }
          gate: { key: { public-key: keys/carol.pub } }
        models:
          - match: fraud/**
            signatures: { of: alice }
            attestations: [ { type: vsa, by: gate%s } ]
        """
            .formatted(conditions));
  }

  private Invocation verifyFast() {
    return Invocation.of(
        "verify",
        "policy",
        workspace.model(),
        "--policy",
        workspace.path("fast.yaml"),
        "--claims",
        summary);
  }

  private String conditions(String verifier, String digest) {
    return ", verifier: \"%s\", policy-digest: \"sha256:%s\", max-age: 1h"
        .formatted(verifier, digest);
  }

  @Test
  void countsForAPolicyThatAsksForIt() throws Exception {
    verify("--vsa-verifier", GATE).assertSucceeded();

    fast(conditions(GATE, policyDigest()));
    assertThat(verifyFast().assertSucceeded().out())
        .contains("met          vsa attested by gate", "out.json:1: signed by gate");
    fast(conditions(GATE, "0".repeat(64)));
    assertRefused(verifyFast(), "the digest of the policy is");
    fast(conditions("https://bank.example/other", policyDigest()));
    assertRefused(verifyFast(), "the verifier is");
  }

  @Test
  void countsOnlyIfItIsNew() throws Exception {
    String time = "2020-01-02T03:04:05Z";
    workspace.write(
        "old.json",
        """
        {"verifier": {"id": "%s"}, "timeVerified": "%s", "resourceUri": "file:fraud/v3",
         "policy": {"uri": "file:policy.yaml", "digest": {"sha256": "%s"}},
         "verificationResult": "PASSED", "verifiedLevels": ["MODEL_SIGNING_POLICY"]}
        """
            .formatted(GATE, time, policyDigest()));
    summary = workspace.path("old.jsonl");
    Invocation.of(
            "attest",
            "key",
            workspace.model(),
            "--signature",
            workspace.path("fraud/v3.alice.sig"),
            "--verify-key",
            workspace.path("keys/alice.pub"),
            "--private-key",
            workspace.key("carol"),
            "--predicate-type=vsa",
            "--predicate",
            workspace.path("old.json"),
            "--claims",
            summary)
        .assertSucceeded();

    fast("");
    verifyFast().assertSucceeded();
    fast(conditions(GATE, policyDigest()));
    assertRefused(verifyFast(), "NOT MET      vsa states a verification in the last 1h", time);
    // A new one beside it counts.
    verify(summary, "--vsa-verifier", GATE).assertSucceeded();
    verifyFast().assertSucceeded();
  }

  @Test
  void countsNeitherByAnotherNorIfItSaysFailedNorForAnotherModel() throws Exception {
    fast("");
    Invocation.of(workspace.words("--vsa", summary, "--vsa-key", workspace.key("bob")).toArray())
        .assertSucceeded();
    assertRefused(verifyFast(), "NOT MET      vsa attested by gate");

    workspace.rules(BOB);
    verify().assertFailed(Workspace.VERIFICATION_FAILED);
    assertRefused(verifyFast(), "FAILED");
    workspace.rules("- { match: fraud/**, mode: warn, signatures: { of: alice } }");
    assertThat(verify().status()).isZero();
    assertRefused(verifyFast(), "FAILED");

    workspace.rules(ALICE);
    verify().assertSucceeded();
    verifyFast().assertSucceeded();
    // The model is hashed all the same.
    workspace.write("fraud/v3/weights.bin", "other");
    assertRefused(verifyFast());
    workspace.sign("alice", "fraud/v3.alice.sig");
    assertRefused(verifyFast(), "NOT MET      vsa attested by gate");
  }
}
