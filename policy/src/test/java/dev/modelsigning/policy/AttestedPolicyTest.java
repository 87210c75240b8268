package dev.modelsigning.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.attestation.ClaimsFile;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Envelope;
import dev.modelsigning.internal.keyfile.PublicKeyFile;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.policy.result.Requirement;
import dev.modelsigning.predicate.PredicateType;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.testing.Models;
import dev.modelsigning.testing.TestKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What must be attested, by whom, and what it must say. */
class AttestedPolicyTest {

  private static final String PASSED =
      """
      {"result": "%s", "configuration": [{"name": "suite", "digest": {"sha256": "%s"}}]}
      """;

  @TempDir private Path directory;
  private Scene scene;

  @BeforeEach
  void prepare() throws Exception {
    scene = Scene.in(directory.toRealPath());
    scene.sign(scene.byKey("alice"), "fraud/model.sig");
  }

  private void requires(String attestation) throws Exception {
    scene.rules(
        """
        - match: "**"
          signatures: { of: [alice] }
          attestations: [ %s ]
        """
            .formatted(attestation));
  }

  private static Requirement row(PolicyVerdict verdict, String code) {
    return verdict.requirements().stream()
        .filter(row -> row.code().equals(code))
        .findFirst()
        .orElseThrow(() -> new AssertionError(code + " in " + verdict.requirements()));
  }

  private PolicyVerdict accepted() throws Exception {
    PolicyVerdict verdict = scene.verdict();
    assertThat(verdict.unmet()).isEmpty();
    assertThat(verdict.isVerified()).isTrue();
    return verdict;
  }

  private Requirement refused(String code) throws Exception {
    PolicyVerdict verdict = scene.verdict();
    assertThat(verdict.isVerified()).isFalse();
    Requirement row = row(verdict, code);
    assertThat(row.met()).as("%s", verdict.requirements()).isFalse();
    return row;
  }

  private void tested(String by, String result) throws Exception {
    scene.attest(scene.byKey(by), "test-result", PASSED.formatted(result, "0".repeat(64)));
  }

  @Test
  void acceptsWhatWasAttestedByAnotherSignerThanTheModels() throws Exception {
    requires("{ type: test-result, by: bob, result: PASSED }");
    tested("bob", "PASSED");

    PolicyVerdict verdict = accepted();

    assertThat(row(verdict, "attestations[0]").by()).containsExactly("bob");
    assertThat(row(verdict, "attestations[0].result").met()).isTrue();
    assertThat(verdict.claims())
        .singleElement()
        .satisfies(one -> assertThat(one.counts()).isTrue());
  }

  @Test
  void refusesWithoutAnAttestation() throws Exception {
    requires("{ type: test-result, by: bob, result: PASSED }");

    assertThat(refused("attestations[0]").why()).contains("no attestation of this type");
  }

  @Test
  void refusesAnAttestationBySomebodyElse() throws Exception {
    requires("{ type: test-result, by: bob, result: PASSED }");
    tested("alice", "PASSED");

    refused("attestations[0]");
    assertThat(scene.verdict().claims())
        .singleElement()
        .satisfies(one -> assertThat(one.counts()).isFalse());
  }

  @Test
  void refusesAnotherResult() throws Exception {
    requires("{ type: test-result, by: bob, result: [PASSED, WARNED] }");
    tested("bob", "FAILED");

    assertThat(refused("attestations[0].result").why())
        .contains("the result is 'FAILED', expected PASSED or WARNED");
    tested("bob", "WARNED");
    accepted();
  }

  @Test
  void refusesAnAttestationOfUnprovedAge() throws Exception {
    requires("{ type: test-result, by: bob, result: PASSED, max-age: 40m }");
    tested("bob", "PASSED");
    assertThat(refused("attestations[0].max-age").why()).contains("nothing proves when");

    scene.attest(
        scene.byKey("bob"),
        "test-result",
        PASSED.formatted("PASSED", "0".repeat(64)),
        Duration.ofMinutes(50));
    assertThat(refused("attestations[0].max-age").why()).isNotEmpty();

    scene.attest(
        scene.byKey("bob"),
        "test-result",
        PASSED.formatted("PASSED", "0".repeat(64)),
        Duration.ofMinutes(20));
    accepted();
  }

  @Test
  void refusesAClaimAboutAnotherModel() throws Exception {
    requires("{ type: test-result, by: bob, result: PASSED }");
    tested("bob", "PASSED");
    Files.writeString(scene.model.resolve("weights.bin"), "other");
    scene.sign(scene.byKey("alice"), "fraud/model.sig");

    assertThat(refused("attestations[0]").why()).contains("it is about another model");
  }

  @Test
  void refusesAClaimAboutOtherNames() throws Exception {
    requires("{ type: test-result, by: bob, result: PASSED }");
    tested("bob", "PASSED");
    Files.move(scene.model.resolve("weights.bin"), scene.model.resolve("x.bin"));
    scene.sign(scene.byKey("alice"), "fraud/model.sig");

    assertThat(refused("attestations[0]").why()).contains("other file names");
  }

  @Test
  void readsNoClaimOfAModelThatIsNotVerified() throws Exception {
    requires("{ type: test-result, by: bob, result: PASSED }");
    tested("bob", "PASSED");
    Files.writeString(scene.model.resolve("weights.bin"), "other");

    assertThat(refused("attestations[0]").why()).contains("not checked");
    assertThat(scene.verdict().claims()).isEmpty();
  }

  // Conditions

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"license":{"id":"Apache-2.0"}}                                 | true
          {"license":{"id":"apache-2.0"}}                                 | true
          {"license":{"name":"MIT"}}                                      | true
          {"license":{"id":"GPL-3.0-only"}}                               | false
          {"license":{"id":"MIT"}},{"license":{"id":"GPL-3.0-only"}}      | false
          {"license":{"id":"MIT"}},{"license":{"id":"Apache-2.0"}}        | true
          {"expression":"MIT OR GPL-3.0-only"}                            | true
          {"expression":"MIT AND GPL-3.0-only"}                           | false
          {"expression":"(GPL-3.0-only OR MIT) AND (Apache-2.0 OR X)"}    | true
          {"expression":"Apache-2.0 WITH LLVM-exception"}                 | true
          {"expression":"MIT WITH denied-exception"}                      | false
          {"expression":"MIT OR"}                                         | false
          {"expression":"(MIT"}                                           | false
          {"license":{}}                                                  | false
          {"license":{"id":"MIT","name":"GPL-3.0-only"}}                  | false
          {"license":{"id":"MIT"},"expression":"GPL-3.0-only"}            | false
          {"license":{"name":"MIT AND GPL-3.0-only"}}                     | false
          {"license":{"name":" MIT "}}                                    | true
                                                                          | false
          """)
  void comparesLicenses(String licenses, boolean met) throws Exception {
    requires(
        "{ type: cyclonedx, by: bob, licenses: { allow: [Apache-2.0, MIT],"
            + " deny: [MIT WITH denied-exception] } }");
    scene.attest(scene.byKey("bob"), "cyclonedx", bom("\"licenses\":[" + text(licenses) + "]", ""));

    assertThat(row(scene.verdict(), "attestations[0].licenses").met()).isEqualTo(met);
    assertThat(scene.verdict().isVerified()).isEqualTo(met);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"license":{"id":"MIT"}}                            | true
          {"license":{"name":"A Licence of Ours"}}            | true
          {"license":{"id":"GPL-3.0-only"}}                   | false
          {"license":{"id":"GPL-3.0"}}                        | false
          {"license":{"id":"GPL-3.0+"}}                       | false
          {"license":{"id":"GPL-3.0-or-later"}}               | false
          {"license":{"id":" GPL-3.0-only"}}                  | false
          {"license":{"id":"GPL-3.0-only WITH x"}}            | false
          {"license":{"name":"MIT AND GPL-3.0-only"}}         | false
          {"expression":"MIT AND\u00a0GPL-3.0-only"}          | false
          {"expression":"(GPL-3.0-only"}                      | false
          {"expression":"MIT OR GPL-3.0-only"}                | true
          """)
  void refusesDeniedLicenses(String licenses, boolean met) throws Exception {
    requires("{ type: cyclonedx, by: bob, licenses: { deny: GPL-3.0-only } }");
    scene.attest(scene.byKey("bob"), "cyclonedx", bom("\"licenses\":[" + licenses + "]", ""));

    assertThat(row(scene.verdict(), "attestations[0].licenses").met()).isEqualTo(met);
  }

  private static String text(String value) {
    return value == null ? "" : value;
  }

  private static String bom(String members, String components) {
    return """
    {"bomFormat":"CycloneDX","specVersion":"1.6",
     "metadata":{"component":{"type":"machine-learning-model","name":"m"%s}},
     "components":[%s]}
    """
        .formatted(members.isEmpty() ? "" : "," + members, components);
  }

  @Test
  void comparesTheBuilder() throws Exception {
    requires("{ type: slsa, by: bob, builder: \"https://bank.example/trainer\" }");
    String provenance =
        """
        {"buildDefinition":{"buildType":"https://bank.example/t","externalParameters":{}},
         "runDetails":{"builder":{"id":"https://bank.example/%s"}}}
        """;
    scene.attest(scene.byKey("bob"), "slsa", provenance.formatted("other"));
    assertThat(refused("attestations[0].builder").why()).contains("https://bank.example/other");

    scene.attest(scene.byKey("bob"), "slsa", provenance.formatted("trainer"));
    accepted();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
                                                             | true
          cvss 6.9                                           | true
          epss 0.97                                          | false
          MEDIUM                                             | true
          cvss 7.0                                           | false
          high                                               | false
          unknown                                            | false
          CVSS:3.1/AV:N                                      | false
          """)
  void comparesSeverities(String score, boolean met) throws Exception {
    requires("{ type: vulns, by: bob, severity: medium }");
    String method = score != null && score.startsWith("epss ") ? "epss" : "CVSS_V3";
    String result =
        score == null
            ? ""
            : "{\"id\":\"CVE-1\",\"severity\":[{\"method\":\"%s\",\"score\":\"%s\"}]}"
                .formatted(method, score.replaceFirst("^(cvss|epss) ", ""));
    scene.attest(
        scene.byKey("bob"),
        "vulns",
        """
        {"scanner":{"uri":"https://scanner.example","db":{"lastUpdate":"2026-01-01T00:00:00Z"},
         "result":[%s]},
         "metadata":{"scanStartedOn":"2026-01-01T00:00:00Z",
         "scanFinishedOn":"2026-01-01T00:00:00Z"}}
        """
            .formatted(result));

    assertThat(row(scene.verdict(), "attestations[0].severity").met()).isEqualTo(met);
  }

  // Base models and datasets

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
    scene.attest(scene.byKey("bob"), "cyclonedx", bom(ancestor(digest, ""), ""));
    assertThat(refused("attestations[0].base-models").why())
        .contains("is not known to be signed by vendor", "--signature");

    Files.move(scene.directory.resolve("base.sig"), scene.directory.resolve("fraud/base.sig"));
    assertThat(row(accepted(), "attestations[0].base-models").why()).contains("signed by vendor");
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
        bom(ancestor("0".repeat(64), stated.formatted("0".repeat(64))), ""));
    refused("attestations[0].base-models");

    scene.attest(
        scene.byKey("bob"), "cyclonedx", bom(ancestor("0".repeat(64), stated.formatted(key)), ""));
    assertThat(row(accepted(), "attestations[0].base-models").why())
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
    requires("{ type: cyclonedx, by: bob, datasets: { sensitive-data: none } }");
    scene.attest(
        scene.byKey("bob"),
        "cyclonedx",
        bom("", "{\"type\":\"data\",\"name\":\"d\"," + members + "}"));

    assertThat(row(scene.verdict(), "attestations[0].datasets").met()).isEqualTo(met);
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
    requires("{ type: cyclonedx, by: bob, datasets: { sensitive-data: none } }");
    scene.attest(scene.byKey("bob"), "cyclonedx", bom(members, ""));

    assertThat(refused("attestations[0].datasets").why()).contains("is not stated to have no");
  }

  @Test
  void acceptsNoProvenanceThatDoesNotSayWhatADependencyIs() throws Exception {
    requires("{ type: slsa, by: bob, base-models: { signed-by: alice } }");
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
    assertThat(refused("attestations[0].base-models").why()).contains("https://hub.example/base");

    scene.attest(scene.byKey("bob"), "slsa", provenance.formatted("a".repeat(40), ""));
    accepted();
  }

  @Test
  void looksAtAClaimThatIsRepeatedAFewTimesOnly() throws Exception {
    requires("{ type: test-result, by: bob, result: PASSED }");
    tested("bob", "FAILED");
    Path claims = scene.directory.resolve("fraud/claims.jsonl");
    Files.writeString(claims, Files.readString(claims).repeat(50));

    refused("attestations[0].result");
    assertThat(scene.verdict().claims())
        .filteredOn(one -> one.why().contains("it repeats a claim"))
        .hasSize(42);
  }

  @Test
  void forgeriesOfAClaimDoNotTakeItsPlace() throws Exception {
    requires("{ type: test-result, by: bob, result: PASSED }");
    tested("bob", "PASSED");
    Path claims = scene.directory.resolve("fraud/claims.jsonl");
    String genuine = Files.readString(claims);
    Bundle bundle = Bundle.parse(Bytes.of(genuine.getBytes(UTF_8)));
    Files.delete(claims);
    for (int i = 0; i < 10; i++) {
      byte[] signature = bundle.envelope().signature().toArray();
      signature[signature.length - 1] ^= (byte) (i + 1);
      ClaimsFile.append(
          claims,
          Bundle.of(
              bundle.verificationMaterial(),
              new Envelope(bundle.envelope().payload(), Bytes.of(signature))));
    }
    Files.writeString(claims, Files.readString(claims) + genuine);

    assertThat(accepted().claims())
        .filteredOn(one -> !one.counts())
        .hasSize(10)
        .allSatisfy(one -> assertThat(one.why()).contains("is known to have signed it: bob: "));
  }

  @Test
  void saysWhatTheTypeOfAClaimAboutAnotherModelIs() throws Exception {
    requires("{ type: test-result, by: bob, result: PASSED }");
    tested("bob", "PASSED");
    Files.writeString(scene.model.resolve("weights.bin"), "other");
    scene.sign(scene.byKey("alice"), "fraud/model.sig");

    assertThat(scene.verdict().claims())
        .singleElement()
        .satisfies(one -> {
          assertThat(one.predicateType()).isEqualTo(PredicateType.TEST_RESULT.uri());
          assertThat(one.signers()).containsExactly("bob");
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gate",
        "https:user:secret@h/x",
        "https://user:secret@my_host/x",
        "https://h/x?token=secret",
        "https:///x"
      })
  void publishesNoAddressThatMayHaveASecret(String uri) {
    VerificationSummary summary = VerificationSummary.withDefaults();

    assertThatThrownBy(() -> summary.verifier(uri))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .doesNotContain("secret");
  }

  // Verification summaries

  @Test
  void acceptsTheSummaryOfAnotherVerifier() throws Exception {
    requires("{ type: test-result, by: bob, result: PASSED }");
    tested("bob", "PASSED");
    PolicyVerdict slow = accepted();
    SignedPayload summary =
        VerificationSummary.withDefaults()
            .verifier("https://bank.example/gate")
            .sign(slow, scene.byKey("carol"));
    Path claims = scene.directory.resolve("fraud/claims.jsonl");
    Files.delete(claims);
    ClaimsFile.append(claims, summary.bundle());

    fast("https://bank.example/gate", slow.policy().sha256(), "1h");
    assertThat(row(accepted(), "attestations[0].verifier").met()).isTrue();
    fast("https://bank.example/other", slow.policy().sha256(), "1h");
    assertThat(refused("attestations[0].verifier").why()).contains("the verifier is");
    fast("https://bank.example/gate", "0".repeat(64), "1h");
    assertThat(refused("attestations[0].verifier").why()).contains("the digest of the policy is");
  }

  /** One of the future is never written, as the form of the predicate refuses it. */
  @Test
  void acceptsNoSummaryThatIsTooOld() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    PolicyVerdict slow = accepted();
    Clock clock = Clock.offset(Clock.systemUTC(), Duration.ofHours(-2));
    ClaimsFile.append(
        scene.directory.resolve("fraud/claims.jsonl"),
        VerificationSummary.withDefaults().clock(clock).sign(slow, scene.byKey("bob")).bundle());

    requires("{ type: vsa, by: bob, max-age: 1h }");

    assertThat(refused("attestations[0].max-age").why()).contains("more than 1h ago");
  }

  @Test
  void acceptsNoSummaryAboutTheSameContentByAnotherNameIfThatIsAskedFor() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    Path partner =
        Models.write(
            scene.directory.resolve("partner/v3"), "config.json", "{}", "weights.bin", "1234");
    Files.copy(
        scene.directory.resolve("fraud/model.sig"), scene.directory.resolve("partner/model.sig"));
    PolicyVerdict other = scene.verdict(partner);
    assertThat(other.isVerified()).isTrue();
    Path claims = scene.directory.resolve("fraud/claims.jsonl");
    ClaimsFile.append(
        claims, VerificationSummary.withDefaults().sign(other, scene.byKey("bob")).bundle());

    requires("{ type: vsa, by: bob }");
    accepted();
    requires("{ type: vsa, by: bob, same-name: true }");
    assertThat(refused("attestations[0].verifier").why()).contains("file:partner/v3");
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    Bundle own =
        VerificationSummary.withDefaults().sign(scene.verdict(), scene.byKey("bob")).bundle();
    requires("{ type: vsa, by: bob, same-name: true }");
    ClaimsFile.append(claims, own);
    accepted();
  }

  private void fast(String verifier, String policy, String age) throws Exception {
    scene.policy(
        Scene.SIGNERS
            + """
              gate: { key: { public-key: keys/carol.pub } }
            models:
              - match: "**"
                signatures: { of: [alice] }
                attestations:
                  - { type: vsa, by: gate, verifier: "%s", policy-digest: "sha256:%s", max-age: %s }
            """
                .formatted(verifier, policy, age));
  }

  @Test
  void neverSaysPassedOfAModelThatIsNotVerified() throws Exception {
    scene.rules("- { match: \"**\", mode: warn, signatures: { of: [alice] } }");
    assertThat(VerificationSummary.withDefaults().predicate(scene.verdict()))
        .contains("\"verificationResult\":\"FAILED\"", "\"FAILED\"]")
        .doesNotContain("PASSED", scene.directory.toString());

    scene.rules("- { match: \"**\", signatures: { of: [bob] } }");
    PolicyVerdict refused = scene.verdict();
    Bundle bundle = VerificationSummary.withDefaults().sign(refused, scene.byKey("carol")).bundle();
    assertThat(refused.proof()).isEmpty();
    assertThat(new String(bundle.envelope().payload().content().toArray(), UTF_8))
        .contains(
            "\"FAILED\"",
            ModelHasher.withDefaults().hash(scene.model).manifest().rootDigest().hex(),
            "names-sha256");
  }
}
