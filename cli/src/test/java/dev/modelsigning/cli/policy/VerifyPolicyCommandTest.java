package dev.modelsigning.cli.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.testing.SarifSchema;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
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

/** Exit status and output of {@code verify policy}. */
class VerifyPolicyCommandTest {

  private static final String BOTH =
      "- { match: fraud/**, signatures: { of: [alice, bob], at-least: 2 } }";

  private static final String ALICE = "- { match: fraud/**, signatures: { of: alice } }";

  private static final String SANDBOX = "- { match: sandbox/**, mode: warn }";

  @TempDir private Path directory;
  private PolicyWorkspace workspace;

  @BeforeEach
  void prepare() throws IOException {
    workspace = PolicyWorkspace.in(directory.toRealPath());
  }

  private Invocation assertRefused(Invocation run, Object... parts) {
    return run.assertFailed(Workspace.VERIFICATION_FAILED, parts);
  }

  private static JsonNode json(Invocation run, int status) {
    assertThat(run.status()).as(run.err()).isEqualTo(status);
    return JsonMapper.shared().readTree(run.out());
  }

  private static String reason(Invocation run, int status) {
    JsonNode json = json(run, status);
    assertThat(json.get("verified").asBoolean()).isFalse();
    return json.get("reason").asString();
  }

  // Who is counted

  @Test
  void acceptsTwoSigners() throws Exception {
    workspace.rules(BOTH);
    workspace.sign("alice", "fraud/v3.alice.sig");
    workspace.sign("bob", "fraud/v3.bob.sig");

    Invocation run = workspace.verify().assertSucceeded();

    assertThat(run.out())
        .startsWith("Verification succeeded\n")
        .contains(
            "rule         fraud/**",
            "met          signed by at least 2 of alice, bob  by alice, bob",
            "fraud/v3.bob.sig, by bob");
    JsonNode json = json(workspace.verify("--format=json"), 0);
    assertThat(json.get("verified").asBoolean()).isTrue();
    assertThat(json.at("/models/0/name").asString()).isEqualTo("fraud/v3");
    assertThat(json.at("/policy/digest").asString()).startsWith("sha256:");
  }

  @Test
  void refusesOneOfTwoSigners() throws Exception {
    workspace.rules(BOTH);
    workspace.sign("alice", "fraud/v3.alice.sig");

    assertRefused(
        workspace.verify(),
        "NOT MET      signed by at least 2 of alice, bob",
        "signed by alice only");
    JsonNode json = json(workspace.verify("--format=json"), 1);
    assertThat(json.get("reason").asString()).isEqualTo("POLICY_NOT_MET");
    assertThat(json.at("/models/0/requirements/1/met").asBoolean()).isFalse();
    assertThat(json.at("/models/0/requirements/1/line").asInt()).isEqualTo(8);
  }

  @Test
  void countsOneKeyUnderTwoNamesOnce() throws Exception {
    workspace.rules("- { match: fraud/**, signatures: { of: [bob, bobby], at-least: 2 } }");
    workspace.sign("bob", "fraud/v3.1.sig");
    workspace.sign("bob", "fraud/v3.2.sig");

    assertRefused(workspace.verify(), "NOT MET      signed by at least 2 of bob, bobby");
  }

  @Test
  void namesSignaturesThatDoNotCount() throws Exception {
    workspace.rules(ALICE);
    workspace.sign("alice", "fraud/v3.alice.sig");
    workspace.sign("carol", "fraud/v3.carol.sig");
    workspace.write("fraud/broken.sig", "x");

    Invocation run = workspace.verify().assertSucceeded();

    assertThat(run.out()).contains("not counted", "fraud/v3.carol.sig: ", "fraud/broken.sig: ");
  }

  @Test
  void takesTheSignaturesThatAreNamedForEachModel() throws Exception {
    workspace.rules(ALICE, SANDBOX);
    workspace.write("fraud/v4/weights.bin", "other");
    Path first = workspace.sign("alice", "one.sig");
    Path second = workspace.sign("alice", workspace.path("fraud/v4"), "two.sig");

    assertRefused(workspace.verify(), "no signature file was found");
    assertThat(
            workspace
                .verify(workspace.path("fraud/v4"), "--signature", first, "--signature", second)
                .assertSucceeded()
                .out())
        .endsWith("2 models: 2 verified, 0 refused, 0 only warned of\n");
  }

  @Test
  void doesNotNeedTheTrustOfOtherSigners() throws Exception {
    workspace.rules(ALICE, "- { match: other/**, signatures: { of: dave } }");
    workspace.sign("alice", "fraud/v3.sig");

    workspace.verify().assertSucceeded();
  }

  @Test
  void refusesIfTheTrustOfASignerIsMissing() throws Exception {
    workspace.rules("- { match: fraud/**, signatures: { of: dave } }");
    workspace.sign("alice", "fraud/v3.sig");

    assertRefused(workspace.verify(), "keys/missing.pub: no such file");
  }

  @Test
  void countsWhatWasAttested() throws Exception {
    workspace.rules(
        "- match: fraud/**",
        "  signatures: { of: alice }",
        "  attestations: [ { type: test-result, by: bob, result: PASSED } ]");
    workspace.sign("alice", "fraud/v3.sig");
    Path signature = workspace.sign("bob", "by-bob.sig");
    Path claims = workspace.path("all-claims.jsonl");

    assertRefused(workspace.verify("--claims", claims), "all-claims.jsonl: no such file");
    assertRefused(workspace.verify(), "NOT MET      test-result attested by bob");
    for (String result : List.of("FAILED", "PASSED")) {
      Path predicate =
          workspace.write(
              "predicate.json",
              "{\"result\": \"%s\", \"configuration\": [{\"uri\": \"https://x.example/\"}]}"
                  .formatted(result));
      Invocation.of(
              "attest",
              "key",
              workspace.model(),
              "--signature",
              signature,
              "--private-key",
              workspace.key("bob"),
              "--predicate-type=test-result",
              "--predicate",
              predicate,
              "--claims",
              claims)
          .assertSucceeded();
      if (result.equals("FAILED")) {
        assertRefused(workspace.verify("--claims", claims), "'FAILED', expected PASSED");
      }
    }
    assertThat(workspace.verify("--claims", claims).assertSucceeded().out())
        .contains("all-claims.jsonl:2: signed by bob", "not counted  " + claims + ":1: ");
    JsonNode json = json(workspace.verify("--claims", claims, "--format=json"), 0);
    assertThat(json.at("/models/0/claims/0/counts").asBoolean()).isTrue();
    assertThat(json.at("/models/0/claims/0/line").asInt()).isEqualTo(2);
  }

  // Models

  @Test
  void refusesAModelThatNoRuleMatches() throws Exception {
    workspace.rules("- { match: other/**, signatures: { of: alice } }");
    workspace.sign("alice", "fraud/v3.sig");

    assertRefused(workspace.verify(), "no rule", "matches fraud/v3");
    assertThat(reason(workspace.verify("--format=json"), 1)).isEqualTo("NO_POLICY_RULE");
  }

  @Test
  void namesModelsBelowTheRootThatIsGiven() throws Exception {
    workspace.rules("- { match: v3, signatures: { of: alice } }");
    workspace.sign("alice", "fraud/v3.sig");
    Path root = workspace.path("fraud");

    JsonNode json = json(workspace.verify("--root", root, "--format=json"), 0);
    assertThat(json.get("verified").asBoolean()).isTrue();
    assertThat(json.at("/models/0/name").asString()).isEqualTo("v3");
    assertRefused(workspace.verify(), "no rule", "matches fraud/v3");
    assertRefused(
        workspace.verify("--root", workspace.path("gone")),
        "gone: does not exist, expected the directory that models are named below");
  }

  @Test
  void saysWhichOptionNamesTheDirectoryOfTheModels() throws Exception {
    workspace.rules("- { match: \"**\", signatures: { of: alice } }");
    Path policy = workspace.write("policies/policy.yaml", Files.readString(workspace.policy()));

    assertRefused(
        Invocation.of("verify", "policy", workspace.model(), "--policy", policy),
        "the model is not below " + policy.getParent() + ", the directory of the policy",
        "--root DIR names the directory that the models are below");
    Invocation outside = workspace.verify("--root", policy.getParent());
    assertRefused(outside, "the directory that models are named below");
    assertThat(outside.err()).doesNotContain("--root DIR");
  }

  @Test
  void onlyWarnsWhereThePolicySaysSo() throws Exception {
    workspace.rules(SANDBOX);
    Path sandbox = workspace.path("sandbox/x");

    Invocation run =
        Invocation.of("verify", "policy", sandbox, "--policy", workspace.policy())
            .assertSucceeded();

    assertThat(run.out()).startsWith("Not verified: ").doesNotContain("ucceeded", "is verified");
    assertThat(run.err()).startsWith("warning: the rule for sandbox/** only warns");
    assertThat(
            reason(
                Invocation.of(
                    "verify", "policy", sandbox, "--policy", workspace.policy(), "--format=json"),
                0))
        .isEqualTo("POLICY_WARNS");
  }

  @Test
  void isNotVerifiedIfOneOfSeveralIsOnlyWarnedOf() throws Exception {
    workspace.rules(ALICE, SANDBOX);
    workspace.sign("alice", "fraud/v3.sig");

    Invocation run = workspace.verify(workspace.path("sandbox/x"));

    assertThat(run.status()).isZero();
    assertThat(run.out())
        .startsWith("Not all verified: the policy only warns of 1 of 2 models\n")
        .contains("fraud/v3: verified\n", "sandbox/x, as sandbox/x: warned of\n");
    assertThat(
            json(workspace.verify(workspace.path("sandbox/x"), "--format=json"), 0)
                .get("verified")
                .asBoolean())
        .isFalse();
  }

  @Test
  void failsIfOneOfSeveralIsRefused() throws Exception {
    workspace.rules(ALICE, SANDBOX);
    workspace.sign("alice", "fraud/v3.sig");

    assertRefused(
        workspace.verify(workspace.path("sandbox/x"), workspace.path("gone")),
        "1 of 3 models is refused",
        "fraud/v3: verified",
        "gone: no such file or directory",
        "3 models: 1 verified, 1 refused, 1 only warned of");
  }

  // The policy

  private String digest() throws Exception {
    return "sha256:"
        + HexFormat.of()
            .formatHex(
                MessageDigest.getInstance("SHA-256")
                    .digest(Files.readAllBytes(workspace.policy())));
  }

  @Test
  void acceptsThePolicyThatIsPinned() throws Exception {
    workspace.rules(ALICE);
    workspace.sign("alice", "fraud/v3.sig");

    workspace.verify("--policy-digest", digest()).assertSucceeded();
  }

  @Test
  void refusesAnotherPolicyThanThePinnedOne() throws Exception {
    workspace.rules(BOTH);
    String pinned = digest();
    workspace.rules(ALICE);
    workspace.sign("alice", "fraud/v3.sig");

    assertRefused(workspace.verify("--policy-digest", pinned), "another policy", pinned);
    JsonNode json = json(workspace.verify("--policy-digest", pinned, "--format=json"), 1);
    assertThat(json.get("reason").asString()).isEqualTo("OTHER_POLICY");
    assertThat(json.get("models").size()).isZero();
  }

  @Test
  void acceptsAPolicyThatWasSigned() throws Exception {
    workspace.rules(ALICE);
    workspace.sign("alice", "fraud/v3.sig");
    Path signature = workspace.sign("carol", workspace.policy(), "policy.sig");

    workspace
        .verify("--policy-signature", signature, "--policy-key", workspace.path("keys/carol.pub"))
        .assertSucceeded();
  }

  @Test
  void refusesAPolicyThatWasChangedAfterSigningOrSignedByAnother() throws Exception {
    workspace.rules(BOTH);
    Path signature = workspace.sign("carol", workspace.policy(), "policy.sig");
    workspace.sign("alice", "fraud/v3.sig");
    Path carol = workspace.path("keys/carol.pub");
    Path alice = workspace.path("keys/alice.pub");
    assertThat(
            reason(
                workspace.verify(
                    "--policy-signature", signature, "--policy-key", alice, "--format=json"),
                1))
        .isEqualTo("OTHER_POLICY");
    workspace.rules(ALICE);

    assertRefused(
        workspace.verify("--policy-signature", signature, "--policy-key", carol),
        "the policy is not one that was signed as required");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          version: 1 \\n models: [{match: m, mode: warn}] | policy.yaml:1
          version: 1 @models: [{match: m, mode: wran}] | policy.yaml:2: models[0].mode
          version: 1 @models: [{match: m, mode: warn, more: x}] | policy.yaml:2: models[0]
          version: 1 @models: [{match: m, mode: warn}] @models: [] | policy.yaml:3
          version: 1 @models: [&a {match: m, mode: warn}] | policy.yaml:2
          version: !!int 1 @models: [{match: m, mode: warn}] | policy.yaml:1
          version: 1 @models: [{match: ../m, mode: warn}] | policy.yaml:2: models[0].match
          version: 1 @models: [{match: /m, mode: warn}] | policy.yaml:2: models[0].match
          """)
  void refusesAMalformedPolicyWithItsPlace(String text, String place) throws Exception {
    workspace.write("policy.yaml", text.replace('@', '\n'));
    workspace.sign("alice", "fraud/v3.sig");

    assertRefused(workspace.verify(), place);
    JsonNode json = json(workspace.verify("--format=json"), 1);
    assertThat(json.get("reason").asString()).isEqualTo("MALFORMED_POLICY");
    JsonNode values = json.at("/findings/0/values");
    assertThat(values.get("file").asString()).isEqualTo(workspace.policy().toString());
    assertThat(json.get("message").asString())
        .startsWith(
            "%s:%s: %s"
                .formatted(
                    workspace.policy(),
                    values.get("line").asString(),
                    values.has("field") ? values.get("field").asString() + ": " : ""));
    Invocation.of("policy", "lint", workspace.policy())
        .assertFailed(
            "Checking the policy failed with error", place.replaceFirst("(:\\d+)", "$1: error"));
  }

  @Test
  void refusesAPolicyInLatin1() throws Exception {
    Files.writeString(workspace.policy(), "version: 1\n# caf\u00e9\n", StandardCharsets.ISO_8859_1);

    assertRefused(workspace.verify(), "policy.yaml:2: expected UTF-8");
  }

  @Test
  void refusesAPolicyOf100Megabytes() throws Exception {
    try (RandomAccessFile file = new RandomAccessFile(workspace.policy().toFile(), "rw")) {
      file.setLength(100_000_000);
    }

    assertRefused(workspace.verify(), "policy.yaml");
    assertThat(reason(workspace.verify("--format=json"), 1)).isEqualTo("IO_ERROR");
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no FIFOs")
  void refusesAPolicyOnAFifo() throws Exception {
    workspace.fifo("policy.yaml");

    assertRefused(workspace.verify(), "policy.yaml");
    assertThat(reason(workspace.verify("--format=json"), 1)).isEqualTo("IO_ERROR");
  }

  @Test
  void refusesAPolicyThatIsNotThere() {
    assertRefused(workspace.verify(), "policy.yaml: no such file; --policy names the policy");
    assertThat(reason(workspace.verify("--format=json"), 1)).isEqualTo("IO_ERROR");
    Invocation.of("policy", "lint", workspace.policy())
        .assertFailed(
            "Checking the policy failed with error", "no such file; name the policy to check");
    assertThat(reason(Invocation.of("policy", "lint", workspace.policy(), "--format=json"), 1))
        .isEqualTo("IO_ERROR");
  }

  // Usage

  @Test
  void refusesAPolicySignatureWithoutAKey() throws Exception {
    workspace.rules(ALICE);

    workspace
        .verify("--policy-signature", workspace.path("x"))
        .assertUsage("--policy-signature and --policy-key need each other");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sha256:00", "0123", "md5:0123"})
  void refusesADigestThatIsNone(String digest) throws Exception {
    workspace.rules(ALICE);

    workspace.verify("--policy-digest", digest).assertUsage("--policy-digest: expected 'sha256:'");
  }

  @Test
  void needsAModelAndAPolicy() {
    Invocation.of("verify", "policy", "--policy", workspace.policy()).assertUsage("MODEL_PATH");
    Invocation.of("verify", "policy", workspace.model()).assertUsage("--policy=FILE");
    workspace.verify("--jobs=0").assertUsage("--jobs must be at least 1");
  }

  // Forms

  @Test
  void printsALogOfSarif() throws Exception {
    workspace.rules(BOTH);
    workspace.sign("alice", "fraud/v3.alice.sig");

    Invocation run = workspace.verify("--format=sarif");

    assertThat(run.status()).isEqualTo(1);
    JsonNode log = SarifSchema.requireValid(run.out());
    assertThat(log.at("/results/0/ruleId").asString()).isEqualTo("POLICY_NOT_MET");
    assertThat(log.at("/results/0/locations/0/physicalLocation/region/startLine").asInt())
        .isEqualTo(8);
    assertThat(log.at("/invocations/0/executionSuccessful").asBoolean()).isFalse();
    workspace.write("policy.yaml", "version: 1\nmodels: x\n");
    JsonNode unusable = SarifSchema.requireValid(workspace.verify("--format=sarif").out());
    assertThat(unusable.at("/results/0/ruleId").asString()).isEqualTo("MALFORMED_POLICY");
    assertThat(unusable.at("/results/0/locations/0/physicalLocation/region/startLine").asInt())
        .isEqualTo(2);
  }

  @Test
  void namesAMissingModelOnceInSarif() throws Exception {
    workspace.rules(ALICE);
    Path gone = workspace.path("fraud/gone");
    Invocation run =
        Invocation.of("verify", "policy", gone, "--policy", workspace.policy(), "--format=sarif");
    assertThat(SarifSchema.requireValid(run.out()).at("/results/0/message/text").asString())
        .isEqualTo(gone + ": no such file or directory");
  }

  @Test
  void writesAPageWhicheverTheVerdict() throws Exception {
    workspace.rules(BOTH);
    workspace.sign("alice", "fraud/v3.alice.sig");
    Path page = workspace.path("verdict.html");

    assertRefused(workspace.verify("--report", page), "The report is in " + page);
    assertThat(page).content().contains("<h1>Not verified</h1>", "not met");
    workspace.sign("bob", "fraud/v3.bob.sig");
    assertThat(workspace.verify("--report", page).assertSucceeded().out())
        .contains("report       " + page);
    assertThat(page).content().contains("<h1>Verified</h1>").doesNotContain("not met");
    workspace.write("policy.yaml", "x");
    assertRefused(workspace.verify("--report", page), "policy.yaml:1");
    assertThat(page).content().contains("<h1>Not verified</h1>", "MALFORMED_POLICY");
  }

  @Test
  void refusesAReportInAModelOrOverWhatIsRead() throws Exception {
    workspace.rules(ALICE);

    workspace
        .verify("--report", workspace.model().resolve("x.html"))
        .assertUsage("is in the model");
    workspace.verify("--report", workspace.policy()).assertUsage("is what this command reads");
  }

  @Test
  void printsNothingButFailures() throws Exception {
    workspace.rules(ALICE);
    workspace.sign("alice", "fraud/v3.sig");

    Invocation run = workspace.verify("--quiet").assertSucceeded();

    assertThat(run.out() + run.err()).isEmpty();
  }

  @Test
  void shortensListsUnlessAllIsAskedFor() throws Exception {
    workspace.rules(ALICE);
    workspace.sign("alice", "fraud/v3.sig");
    for (int i = 0; i < 25; i++) {
      workspace.write("fraud/" + i + ".sig", "x");
    }

    assertThat(workspace.verify().out()).contains("... and 5 more; --all shows them");
    assertThat(workspace.verify("--all").out()).contains("fraud/9.sig").doesNotContain("... and");
  }

  @Test
  void printsProblemsAsCompilersDo() throws Exception {
    workspace.rules(ALICE);

    Invocation run = Invocation.of("policy", "lint", workspace.policy()).assertSucceeded();

    assertThat(run.out().lines())
        .contains(
            workspace.policy() + ":4: warning: signers.bob: the signer 'bob' is never used",
            workspace.policy() + ": can be used; 0 errors, 5 warnings");
    assertThat(List.of(run.err())).containsExactly("");
    JsonNode json = json(Invocation.of("policy", "lint", workspace.policy(), "--format=json"), 0);
    assertThat(json.get("usable").asBoolean()).isTrue();
    assertThat(json.get("problems").size()).isEqualTo(5);
  }

  @Test
  void lintFailsIfTheTrustOfAUsedSignerIsMissing() throws Exception {
    workspace.rules("- { match: fraud/**, signatures: { of: [alice, bob, bobby, dave] } }");

    Invocation.of("policy", "lint", workspace.policy())
        .assertFailed(
            "Checking the policy failed with error",
            "cannot be used; 1 error, 1 warning",
            ":6: error: signers.dave.key.public-key: ",
            "keys/missing.pub: no such file");
  }

  @Test
  void theGroupNamesItsCommands() {
    Invocation.of("policy").assertUsage("no command given; name one of: lint");
  }

  @Test
  void replacesNoTrustFileByAReport() throws Exception {
    workspace.rules("- { match: fraud/**, signatures: { of: alice } }");
    workspace.sign("alice", "fraud/v3.sig");
    Path page = workspace.path("page.html");
    for (Path read : List.of(workspace.path("keys/alice.pub"), workspace.path("fraud/v3.sig"))) {
      byte[] before = Files.readAllBytes(read);
      assertRefused(workspace.verify("--report", read), "is not replaced; choose another place");
      assertThat(Files.readAllBytes(read)).isEqualTo(before);
    }

    workspace.verify("--report", page).assertSucceeded();
    workspace.verify("--report", page).assertSucceeded();
    assertThat(page).content().startsWith("<!DOCTYPE html>");
  }

  @Test
  void saysThatAModelIsOnlyWarnedOfEvenIfItIsToBeQuiet() throws Exception {
    workspace.rules("- { match: fraud/**, mode: warn }");

    Invocation warned = workspace.verify("--quiet").assertSucceeded();

    assertThat(warned.out()).isEmpty();
    assertThat(warned.err()).contains("Not verified: the policy only warns of this model");
  }

  @Test
  void namesWhatIsNotCovered() throws Exception {
    workspace.rules("- { match: fraud/**, signatures: { of: alice } }");
    workspace.sign("alice", "fraud/v3.sig");
    Files.createDirectory(workspace.model().resolve(".git"));

    assertThat(workspace.verify().assertSucceeded().out())
        .contains("  not covered  .git/ (git path, ignored by default)");
    assertThat(workspace.verify("--format=json").assertSucceeded().out())
        .contains(
            "\"notCovered\":[{\"name\":\".git\",\"kind\":\"DIRECTORY\",\"reason\":\"GIT_PATH\"}]");
  }
}
