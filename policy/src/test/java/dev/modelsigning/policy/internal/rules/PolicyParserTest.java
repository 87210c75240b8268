package dev.modelsigning.policy.internal.rules;

import static dev.modelsigning.policy.internal.rules.Policies.DIRECTORY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.facts.RunnableContent;
import dev.modelsigning.predicate.PredicateType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a policy says arrives, with its defaults. */
class PolicyParserTest {

  private static final String HEX = "0123456789abcdef".repeat(4);

  private static ModelRule rule(String fields) throws Exception {
    return Policies.parse(Policies.withRule(fields)).rules().get(0);
  }

  private static List<Condition> conditions(String type, String conditions) throws Exception {
    return Policies.parse(Policies.withAttestation(type, conditions))
        .rules()
        .get(0)
        .attestations()
        .get(0)
        .conditions();
  }

  private static SignerText signer(String text) throws Exception {
    return Policies.parse(Policies.withSigner(text)).signers().get("s");
  }

  @Test
  void readsThePolicyOfTheBank() throws Exception {
    PolicyText policy = Policies.parse(Policies.BANK);
    assertThat(policy.signers().keySet())
        .containsExactly("release-team", "training-ci", "model-risk", "nvidia");
    SignerText.Certificate team = (SignerText.Certificate) policy.signers().get("release-team");
    assertThat(team.identities()).containsExactly("release@bank.example");
    assertThat(team.revocation()).isEqualTo(SignerText.Revocation.REQUIRED);
    assertThat(team.files())
        .containsExactly(DIRECTORY.resolve("ca/bank-root.pem"), DIRECTORY.resolve("ca/tsa.pem"));
    SignerText.Keyless ci = (SignerText.Keyless) policy.signers().get("training-ci");
    assertThat(ci.identity()).isEmpty();
    assertThat(ci.identityRegexp()).hasValueSatisfying(text -> assertThat(text).contains("\\."));
    assertThat(ci.files()).containsExactly(DIRECTORY.resolve("ca/trusted_root.json"));
    assertThat(policy.rules()).hasSize(3);
    ModelRule fraud = policy.rules().get(0);
    assertThat(fraud.place().field()).isEqualTo("models[0]");
    assertThat(fraud.match().text()).isEqualTo("fraud/**");
    assertThat(fraud.signatures().orElseThrow().of())
        .containsExactly("training-ci", "release-team", "model-risk");
    assertThat(fraud.signatures().orElseThrow().atLeast()).isEqualTo(2);
    assertThat(fraud.signatures().orElseThrow().mustInclude()).containsExactly("model-risk");
    assertThat(fraud.maxAge().orElseThrow().duration()).isEqualTo(Duration.ofDays(180));
    assertThat(fraud.maxAge().orElseThrow().place().line()).isEqualTo(10);
    assertThat(fraud.forbid().ignoredPaths()).isEqualTo(ForbidRule.IgnoredPaths.ALL_BUT_GIT);
    assertThat(fraud.forbid().symlinks()).isTrue();
    assertThat(fraud.forbid().code())
        .containsExactlyInAnyOrder(
            RunnableContent.Kind.PICKLE,
            RunnableContent.Kind.CUSTOM_CODE,
            RunnableContent.Kind.PYTHON,
            RunnableContent.Kind.NATIVE_LIBRARY);
    assertThat(fraud.attestations())
        .extracting(AttestationRule::type)
        .containsExactly(PredicateType.SLSA, PredicateType.CYCLONEDX, PredicateType.TEST_RESULT);
    assertThat(fraud.attestations().get(1).conditions())
        .extracting(Condition::field)
        .containsExactly("licenses", "base-models");
    assertThat(policy.rules().get(1).pin()).containsExactly(HEX);
    ModelRule sandbox = policy.rules().get(2);
    assertThat(sandbox.mode()).isEqualTo(ModelRule.Mode.WARN);
    assertThat(sandbox.signatures()).isEmpty();
  }

  @Test
  void readsTheSamePolicyInJson() throws Exception {
    String json =
        """
        {
        \t"version": 1,
        \t"signers": { "a": { "key": { "public-key": "keys\\/a.pub" } } },
        \t"models": [ { "match": "m", "signatures": { "of": "a", "at-least": 1 } } ]
        }
        """;
    PolicyText policy = Policies.parse(json);
    assertThat(policy.signers().get("a").files()).containsExactly(DIRECTORY.resolve("keys/a.pub"));
    assertThat(policy.rules().get(0).signatures().orElseThrow().of()).containsExactly("a");
  }

  @Test
  void hasTheStricterDefaults() throws Exception {
    ModelRule rule = rule("");
    assertThat(rule.mode()).isEqualTo(ModelRule.Mode.ENFORCE);
    assertThat(rule.signatures().orElseThrow().atLeast()).isEqualTo(1);
    assertThat(rule.signatures().orElseThrow().mustInclude()).isEmpty();
    assertThat(rule.maxAge()).isEmpty();
    assertThat(rule.pin()).isEmpty();
    assertThat(rule.algorithms().hash()).isEmpty();
    assertThat(rule.forbid().ignoredPaths()).isEqualTo(ForbidRule.IgnoredPaths.ALLOWED);
    assertThat(rule.forbid().unsignedFiles()).isTrue();
    assertThat(rule.forbid().symlinks()).isFalse();
    assertThat(rule("forbid: {symlinks: true}").forbid().unsignedFiles()).isTrue();
    assertThat(rule("forbid: {unsigned-files: false}").forbid().unsignedFiles()).isFalse();
  }

  @Test
  void aPolicyThatOnlyWarnsNeedsNoSigners() throws Exception {
    assertThat(Policies.parse("version: 1\nmodels: [{match: '**', mode: warn}]").signers())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"90s, 90", "30m, 1800", "12h, 43200", "180d, 15552000", "'\"4w\"', 2419200"})
  void readsAges(String text, long seconds) throws Exception {
    Age age = rule("max-age: " + text).maxAge().orElseThrow();
    assertThat(age.duration()).isEqualTo(Duration.ofSeconds(seconds));
    assertThat(age.text()).isEqualTo(text.replace("\"", ""));
  }

  @Test
  void readsAlgorithmsAndCode() throws Exception {
    ModelRule rule =
        rule(
            "algorithms: {hash: sha256, signature: [ECDSA P-384, ECDSA P-521]}, forbid: {code: all}");
    assertThat(rule.algorithms().hash()).containsExactly("sha256");
    assertThat(rule.algorithms().signature()).containsExactly("ECDSA P-384", "ECDSA P-521");
    assertThat(rule.forbid().code()).containsExactlyInAnyOrder(RunnableContent.Kind.values());
  }

  @Test
  void readsEveryCondition() throws Exception {
    assertThat(conditions("slsa", "builder: [x, y]"))
        .singleElement()
        .satisfies(one -> assertThat(((Condition.Builder) one).ids()).containsExactly("x", "y"));
    assertThat(conditions("vulns", "severity: medium"))
        .singleElement()
        .satisfies(
            one -> assertThat(((Condition.Severity) one).most()).isEqualTo(Condition.Level.MEDIUM));
    assertThat(conditions("test-result", "result: [PASSED, WARNED]"))
        .singleElement()
        .satisfies(one ->
            assertThat(((Condition.Result) one).results()).containsExactly("PASSED", "WARNED"));
    Condition.Datasets datasets =
        (Condition.Datasets)
            conditions(
                    "cyclonedx",
                    "datasets: {signed-by: b, licenses: {deny: GPL-3.0-only}, sensitive-data: none}")
                .get(0);
    assertThat(datasets.signedBy()).containsExactly("b");
    assertThat(datasets.licenses().orElseThrow().deny()).containsExactly("GPL-3.0-only");
    assertThat(datasets.noSensitiveData()).isTrue();
    assertThat(conditions("slsa", "datasets: {signed-by: b}, base-models: {signed-by: a}"))
        .extracting(Condition::field)
        .containsExactly("base-models", "datasets");
  }

  /** Without a condition too, since it refuses a summary that says FAILED. */
  @Test
  void aVerificationSummaryAlwaysHasItsCondition() throws Exception {
    Condition.Summary none = (Condition.Summary) conditions("vsa", "").get(0);
    assertThat(none.verifier()).isEmpty();
    assertThat(none.place().field()).isEqualTo("models[0].attestations[0]");
    Condition.Summary summary =
        (Condition.Summary)
            conditions("vsa", "policy-digest: 'sha256:%s', verifier: v".formatted(HEX)).get(0);
    assertThat(summary.verifier()).containsExactly("v");
    assertThat(summary.policyDigests()).containsExactly(HEX);
    assertThat(summary.place().field()).endsWith(".verifier");
  }

  @Test
  void resolvesPathsLexically() throws Exception {
    assertThat(signer("{key: {public-key: x/../y/k.pub, timestamps: ./t.pem}}").files())
        .containsExactly(DIRECTORY.resolve("y/k.pub"), DIRECTORY.resolve("t.pem"));
    assertThat(signer("{key: {public-key: /keys/k.pub}}").files())
        .containsExactly(Path.of("/keys/k.pub"));
    // As the system reads it: what is above a link is not always where its name stands.
    assertThat(signer("{key: {public-key: /link/../k.pub}}").files())
        .containsExactly(Path.of("/link/../k.pub"));
  }

  @Test
  void readsFingerprintsAsTheCommandLineDoes() throws Exception {
    String colons = HEX.toUpperCase(java.util.Locale.ROOT).replaceAll("(..)(?=.)", "$1:");
    for (String text : List.of(HEX, "sha256:" + HEX, "'" + colons + "'")) {
      SignerText.Certificate one =
          (SignerText.Certificate)
              signer("{certificate: {fingerprint: %s, trust: ca.pem}}".formatted(text));
      assertThat(one.fingerprints()).containsExactly(HEX);
      assertThat(one.revocation()).isEqualTo(SignerText.Revocation.NOT_CHECKED);
    }
  }
}
