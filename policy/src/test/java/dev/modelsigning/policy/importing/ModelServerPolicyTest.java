package dev.modelsigning.policy.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelsigning.policy.internal.rules.ModelRule;
import dev.modelsigning.policy.internal.rules.PolicyParser;
import dev.modelsigning.policy.internal.rules.PolicyText;
import dev.modelsigning.policy.problem.MalformedPolicyException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The result has the meaning of the original, or there is none. */
class ModelServerPolicyTest {

  private static final Path DIRECTORY = Path.of("/srv/models").toAbsolutePath();

  private static final String SIGNERS =
      """
      "team": {"verification_method": "key", "public_key": "keys/team.pub"},
      "trial": {"verification_method": "skip"}
      """;

  private static String source(String signers, String tables) {
    return "{\"policy\": {\"signatures\": {\"signers\": {" + signers + "}, " + tables + "}}}";
  }

  private static String translate(String source, Map<String, String> identities)
      throws MalformedPolicyException {
    return ModelServerPolicy.translate(
        "server.json", DIRECTORY, source.getBytes(StandardCharsets.UTF_8), identities);
  }

  private static PolicyText rules(String source) throws MalformedPolicyException {
    return PolicyParser.parse(
        "policy.yaml", DIRECTORY, translate(source, Map.of()).getBytes(StandardCharsets.UTF_8));
  }

  private static MalformedPolicyException refusal(String source) {
    return catchThrowableOfType(MalformedPolicyException.class, () -> translate(source, Map.of()));
  }

  @Test
  void translatesAllMethodsAndSaysWhatIsDifferent(@TempDir Path directory) throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("server.json"),
            """
            {"policy": {"signatures": {
              "signers": {
                "alice": {"verification_method": "sigstore", "identity": "alice@example.com",
                          "identity_provider": "https://accounts.example.com"},
                "vendor": {"verification_method": "certificate",
                           "certificate_chain": ["/etc/ca/root.pem", "ca/issuing.pem"],
                           "log_fingerprints": true},
                "team": {"verification_method": "key", "public_key": "keys/team.pub",
                         "ignore_paths": []},
                "trial": {"verification_method": "skip"}
              },
              "models": {
                "regex:vendor/.*": {"signer": "vendor", "signature": "vendor.sig"},
                "fraud/v3": {"signer": "team", "ignore_git_paths": false},
                "regex:^team-1\\\\.0/.*$": {"signer": "team"},
                "regex:.*": {"signer": "trial"}
              },
              "loras": {"adapters/a": {"signer": "trial"}}
            }}}
            """);

    String result =
        ModelServerPolicy.translate(file, directory, Map.of("vendor", "CN=models, O=Vendor"));

    assertThat(result.lines().skip(1))
        .containsExactly(
            "# What is different:",
            "# - models are named by their paths below the directory of this file",
            "# - files of signers that are not absolute are below the directory of this policy",
            "# - signer vendor: its identity was added; there, any of its authorities' would do",
            "# - log_fingerprints is left out; it only logs",
            "# - names of signature files are left out; *.sig and *.sigstore.json are found",
            "version: 1",
            "signers:",
            "  alice: { sigstore: { identity: alice@example.com, issuer:"
                + " \"https://accounts.example.com\" } }",
            "  vendor: { certificate: { identity: \"CN=models, O=Vendor\", trust:"
                + " [\"/etc/ca/root.pem\", ca/issuing.pem] } }",
            "  team: { key: { public-key: keys/team.pub } }",
            "models:",
            "  - match: fraud/v3",
            "    signatures: { of: team }",
            "    forbid: { ignored-paths: all } # ignore_git_paths: false",
            "  - { match: adapters/a, mode: warn } # not verified there either: skip",
            "  - match: \"vendor/**\"",
            "    signatures: { of: vendor }",
            "  - match: \"team-1.0/**\"",
            "    signatures: { of: team }",
            "  - { match: \"**\", mode: warn } # not verified there either: skip");
    PolicyText policy =
        PolicyParser.parse("policy.yaml", directory, result.getBytes(StandardCharsets.UTF_8));
    assertThat(policy.signers()).containsOnlyKeys("alice", "vendor", "team");
    assertThat(policy.rules())
        .extracting(ModelRule::mode)
        .containsExactly(
            ModelRule.Mode.ENFORCE,
            ModelRule.Mode.WARN,
            ModelRule.Mode.ENFORCE,
            ModelRule.Mode.ENFORCE,
            ModelRule.Mode.WARN);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          llama ; llama
          org/llama-3.1 ; org/llama-3.1
          /srv/models/llama ; llama
          regex:.* ; **
          regex:^.*$ ; **
          regex:org/.* ; org/**
          regex:org/a b/.* ; org/a b/**
          regex:v1\\\\.0/.* ; v1.0/**
          regex:/srv/models/.* ; **
          regex:/srv/.* ; **
          regex:/.* ; **
          regex:/srv/models/org/.* ; org/**
          """)
  void translatesNamesAndSimpleExpressions(String name, String pattern) throws Exception {
    PolicyText policy =
        rules(source(SIGNERS, "\"models\": {\"" + name + "\": {\"signer\": \"team\"}}"));

    assertThat(policy.rules())
        .singleElement()
        .extracting(rule -> rule.match().text())
        .isEqualTo(pattern);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          regex:org/.+ ; expected an expression that a pattern can stand for
          regex:v1.0/.* ; expected an expression
          regex:.*/llama ; expected an expression
          regex:(a|b)/.* ; expected an expression
          regex:(?i)org/.* ; expected an expression
          regex:org.* ; expected an expression
          regex:org ; expected an expression
          regex: ; expected an expression
          regex:org//.* ; without '.', '..' and empty segments
          regex:\\\\.\\\\./.* ; without '.', '..' and empty segments
          regex:/opt/.* ; expected a model below the policy's directory, '/srv/models'
          ../llama ; without '.', '..' and empty segments
          ./llama ; without '.', '..' and empty segments
          llama/ ; without '.', '..' and empty segments
          a//b ; without '.', '..' and empty segments
          . ; without '.', '..' and empty segments
          /srv/models ; expected a model below the policy's directory
          /srv/models/../secret ; without '.', '..' and empty segments
          /srv/modelsx/llama ; expected a model below the policy's directory
          org/* ; cannot be written as a pattern
          org/llama? ; cannot be written as a pattern
          a\\\\b ; has a backslash
          """)
  void refusesNamesThatNoPatternStandsFor(String name, String message) {
    MalformedPolicyException refusal =
        refusal(source(SIGNERS, "\"models\": {\n\"" + name + "\": {\"signer\": \"team\"}}"));

    assertThat(refusal).as(name).isNotNull();
    assertThat(refusal.getMessage())
        .startsWith("server.json:4: policy.signatures.models.")
        .contains(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          {"verification_method": "certificate", "certificate_chain": ["ca.pem"]} ; name the one who is
          {"verification_method": "certificate", "certificate_chain": [], "identity": "x"} ; not a field of a signer with the method certificate
          {"verification_method": "certificate", "certificate_chain": []} ; found an empty list
          {"verification_method": "certificate"} ; expected the field 'certificate_chain'
          {"verification_method": "sigstore", "identity": "a@example.com"} ; expected the field 'identity_provider'
          {"verification_method": "sigstore", "identity_provider": "https://a.example"} ; expected the field 'identity'
          {"verification_method": "sigstore", "identity": "a", "identity_provider": "b", "use_staging": true} ; instance for trials
          {"verification_method": "sigstore", "identity": "a", "identity_provider": "b", "use_staging": "no"} ; expected true or false
          {"verification_method": "key"} ; expected the field 'public_key'
          {"verification_method": "key", "public_key": "../team.pub"} ; expected a path below the policy's directory
          {"verification_method": "key", "public_key": "a.pub", "identity": "x"} ; not a field of a signer with the method key
          {"verification_method": "key", "public_key": "a.pub", "ignore_paths": ["notes"]} ; leaves nothing in a model unverified
          {"verification_method": "key", "public_key": "a.pub", "signature": "sub/model.sig"} ; expected a name that ends with .sig
          {"verification_method": "key", "public_key": "a.pub", "signature": "signature.json"} ; expected a name that ends with .sig
          {"verification_method": "key", "public_key": "a.pub", "ignore_git_path": true} ; unknown field 'ignore_git_path'
          {"verification_method": "none"} ; expected one of sigstore, certificate, key, skip
          {"public_key": "a.pub"} ; expected the field 'verification_method'
          """)
  void refusesSignersThatCannotBeSaid(String signer, String message) {
    MalformedPolicyException refusal =
        refusal(source("\n\"s\": " + signer, "\"models\": {\"m\": {\"signer\": \"s\"}}"));

    assertThat(refusal).as(signer).isNotNull();
    assertThat(refusal.getMessage())
        .startsWith("server.json:2: policy.signatures.signers.s")
        .contains(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          "loras": {"a": {"signer": "team"}} ; expected the field 'models': without it
          "models": {} ; expected a model, found none
          "models": {"m": {"signer": "tem"}} ; no such signer: 'tem'
          "models": {"m": {"signature": "model.sig"}} ; expected the field 'signer'
          "models": {"m": {"signer": "team", "ignore_paths": ["a"]}} ; leaves nothing in a model unverified
          "models": {"m": {"signer": "team", "use_staging": true}} ; instance for trials
          "models": {"m": {"signer": "team"}, "m": {"signer": "trial"}} ; expected each key once
          "models": {"m": {"signer": "team"}, "/srv/models/m": {"signer": "trial"}} ; either absolute paths or relative ones
          "models": {"regex:.*": {"signer": "team"}, "regex:^.*$": {"signer": "trial"}} ; is the same below the policy's directory
          "models": {"regex:.*": {"signer": "team"}}, "loras": {"a": {"signer": "trial"}} ; a model can have the same path
          "models": {"a/b": {"signer": "team"}}, "loras": {"regex:a/.*": {"signer": "trial"}} ; a model can have the same path
          "models": {"m": {"signer": "team"}}, "default": {} ; unknown field 'default'
          """)
  void refusesTablesThatCannotBeSaid(String tables, String message) {
    MalformedPolicyException refusal = refusal(source(SIGNERS, tables));

    assertThat(refusal).as(tables).isNotNull();
    assertThat(refusal.getMessage()).startsWith("server.json:").contains(message);
  }

  @Test
  void takesTheSameDemandOfAModelAndAnAdapterOnce() throws Exception {
    PolicyText policy =
        rules(
            source(
                SIGNERS,
                """
                "models": {"regex:.*": {"signer": "team"}},
                "loras": {"regex:.*": {"signer": "team"}, "a": {"signer": "team"}}
                """));

    assertThat(policy.rules()).extracting(rule -> rule.match().text()).containsExactly("a", "**");
  }

  @Test
  void refusesIdentitiesOfOtherSigners() {
    String source = source(SIGNERS, "\"models\": {\"m\": {\"signer\": \"team\"}}");

    assertThat(
            catchThrowableOfType(
                MalformedPolicyException.class, () -> translate(source, Map.of("team", "CN=x"))))
        .hasMessageContaining("whose method is not certificate");
    assertThat(
            catchThrowableOfType(
                MalformedPolicyException.class, () -> translate(source, Map.of("tem", "CN=x"))))
        .hasMessageContaining("for a signer that there is not: 'tem'");
  }

  /** Names from the file stay on their lines, and no comment ends. */
  @Test
  void writesHostileNamesAsTexts() throws Exception {
    PolicyText policy =
        rules(
            source(
                "\"a: {}\\\" # \\\\\": {\"verification_method\": \"key\", \"public_key\": \"no\"}",
                "\"models\": {\"true\": {\"signer\": \"a: {}\\\" # \\\\\"}}"));

    assertThat(policy.signers()).containsOnlyKeys("a: {}\" # \\");
    assertThat(policy.rules())
        .singleElement()
        .extracting(rule -> rule.match().text())
        .isEqualTo("true");
  }
}
