package dev.modelsigning.policy.internal.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.finding.Severity;
import dev.modelsigning.policy.internal.rules.Policies;
import dev.modelsigning.policy.internal.rules.PolicyDraft;
import dev.modelsigning.policy.problem.PolicyProblem;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be seen to be unusual in a policy without its files. */
class PolicyLintTest {

  private static final String SIGNERS =
      """
      version: 1
      signers:
        key: { key: { public-key: a.pub } }
        timed: { key: { public-key: b.pub, timestamps: tsa.pem } }
        cert: { certificate: { identity: i, trust: ca.pem } }
        ci: { sigstore: { identity: j, issuer: "https://idp.example" } }
      models:
        - { match: all, signatures: { of: [key, timed, cert, ci] } }
      """;

  private static List<String> problems(String policy) throws Exception {
    List<PolicyProblem> problems = PolicyLint.problems(Policies.draft(policy));
    assertThat(problems).allMatch(problem -> problem.severity() == Severity.WARNING);
    return problems.stream()
        .map(one -> one.place().line() + ": " + one.place().field() + ": " + one.message())
        .toList();
  }

  private static List<String> inRules(String rules) throws Exception {
    return problems(SIGNERS + rules.indent(2));
  }

  @Test
  void findsNothingInAnUsualPolicy() throws Exception {
    assertThat(
            inRules(
                """
                - { match: "a/**", max-age: 1d, signatures: { of: [timed, ci], at-least: 2 } }
                - { match: "b/*", signatures: { of: [key, cert], at-least: 1 } }
                - { match: "c/**", mode: warn }
                """))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "registry.bank.example/fraud/v3",
        "127.0.0.1:5000/fraud/v3",
        "localhost/fraud",
        "ghcr.io/bank/*",
        "fraud/v3:1",
        "fraud/v3@sha256:00"
      })
  void findsPatternsThatAreReferencesToRegistries(String pattern) throws Exception {
    assertThat(inRules("- { match: \"" + pattern + "\", signatures: { of: [key], at-least: 1 } }"))
        .anyMatch(problem -> problem.contains("named by its repository alone"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama.cpp/models", "v1.2/**", "models/a.b.c.d"})
  void takesDirectoriesForWhatTheyAre(String pattern) throws Exception {
    assertThat(inRules("- { match: \"" + pattern + "\", signatures: { of: [key], at-least: 1 } }"))
        .noneMatch(problem -> problem.contains("named by its repository alone"));
  }

  @Test
  void findsWhatIsUnusualInThePolicyOfTheBank() throws Exception {
    assertThat(problems(Policies.BANK))
        .containsExactly(
            "10: models[0].max-age: max-age can never be met: nothing proves when 'model-risk'"
                + " signed; add 'timestamps' to this signer",
            "15: models[0].attestations[2].max-age: max-age can never be met: nothing proves when"
                + " 'model-risk' signed; add 'timestamps' to this signer");
  }

  @Test
  void findsSignersThatAreNeverUsed() throws Exception {
    String policy =
        """
        version: 1
        signers:
          a: { key: { public-key: a.pub } }
          b: { key: { public-key: b.pub } }
          c: { key: { public-key: c.pub } }
          d: { key: { public-key: d.pub } }
          e: { key: { public-key: e.pub } }
        models:
          - match: m
            signatures: { of: a }
            attestations:
              - { type: slsa, builder: x, by: b, base-models: { signed-by: c }, datasets: { signed-by: d } }
        """;
    assertThat(problems(policy)).containsExactly("7: signers.e: the signer 'e' is never used");
  }

  @Test
  void findsRulesThatAreNeverReached() throws Exception {
    assertThat(
            inRules(
                """
                - { match: "a/**", signatures: { of: key } }
                - { match: "a/b/**", signatures: { of: key } }
                - { match: "c/*", signatures: { of: key } }
                - { match: "c/d", mode: warn }
                - { match: "c/d/e", mode: warn }
                - { match: "all", mode: warn }
                """))
        .containsExactly(
            "10: models[2]: the rule for 'a/b/**' never applies: the one for 'a/**' in line 9,"
                + " which covers it, comes first",
            "12: models[4]: the rule for 'c/d' never applies: the one for 'c/*' in line 11, which"
                + " covers it, comes first",
            "14: models[6]: the rule for 'all' never applies: the one for 'all' in line 8, which"
                + " covers it, comes first");
  }

  @Test
  void findsARuleThatOnlyWarnsBeforeOneThatRefuses() throws Exception {
    assertThat(
            inRules(
                """
                - { match: "**", mode: warn }
                - { match: "fraud/**", signatures: { of: key } }
                """))
        .containsExactly(
            "9: models[1]: every model that no rule before it is about is let through, with a"
                + " warning; without this rule it is refused",
            "10: models[2]: the rule for 'fraud/**' never applies: the one for '**' in line 9,"
                + " which only warns, comes first");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      textBlock =
          """
          { of: [key, cert] } ; 'key', 'cert' signed; add 'timestamps' to these signers
          { of: [key, timed], at-least: 2 } ; 'key' signed; add 'timestamps' to this signer
          { of: [key, timed], must-include: key } ; 'key' signed
          """)
  void findsAnAgeThatNothingCanProve(String signatures, String message) throws Exception {
    assertThat(inRules("- { match: m, max-age: 1d, signatures: " + signatures + " }"))
        .singleElement()
        .asString()
        .startsWith("9: models[1].max-age: max-age can never be met: nothing proves when ")
        .contains(message);
  }

  @Test
  void acceptsAnAgeThatSomeSignersCanProve() throws Exception {
    assertThat(inRules("- { match: m, max-age: 1d, signatures: { of: [key, cert, ci] } }"))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          .* ; matches the empty text, and probably any identity
          a? ; matches the empty text
          .+@bank\\.example ; begins with any character
          ^.*train ; begins with any character
          (?i)(.*)x ; begins with any character
          [^/]+x ; begins with any character
          \\S+x ; begins with any character
          https://.*/bank/models ; fixes no host
          ^https?://[^/]+/bank ; fixes no host
          https:\\/\\/\\w+/bank ; fixes no host
          https://github.com/bank/.* ; a dot that stands for any character
          """)
  void findsExpressionsThatOthersCanMatch(String expression, String message) throws Exception {
    assertThat(problems(withExpression(expression)))
        .singleElement()
        .asString()
        .startsWith("2: signers.s.sigstore.identity-regexp: the expression ")
        .contains(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://github\\.com/bank/.*",
        "release@bank\\.example",
        "https://[Gg]ithub[.]com/bank/.+",
        "\\Qhttps://github.com/\\E.*"
      })
  void acceptsExpressionsWithAHost(String expression) throws Exception {
    assertThat(problems(withExpression(expression))).isEmpty();
  }

  private static String withExpression(String expression) {
    return Policies.withSigner(
        "{sigstore: {issuer: https://i, identity-regexp: '" + expression + "'}}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          identity: i, issuer: accounts.google.com ; issuer: the issuer is no address with https://
          identity: i, issuer: http://idp.example ; issuer: the issuer is no address with https://
          identity: "*@bank.example", issuer: https://i ; identity: the identity is compared exactly
          """)
  void findsSignersByIdentityWhomNobodyIs(String signer, String message) throws Exception {
    assertThat(problems(Policies.withSigner("{sigstore: {" + signer + "}}")))
        .singleElement()
        .asString()
        .startsWith("2: signers.s.sigstore." + message);
  }

  @Test
  void findsOneExpressionTwice() throws Exception {
    String signer = "{sigstore: {issuer: https://i, identity-regexp: '[ab]@bank[.]example'}}";
    assertThat(
            problems(
                Policies.withSigners(
                    "a: %s, b: %s".formatted(signer, signer),
                    "{match: m, signatures: {of: [a, b]}}")))
        .containsExactly(
            "2: signers.b.sigstore.identity-regexp: the expression is that of the signer 'a' in"
                + " line 2, too: whom it matches counts once");
  }

  @Test
  void saysNothingThatWhatIsMissingCouldRefute() {
    PolicyDraft draft =
        Policies.draft(
            Policies.withSigners(
                "a: {key: {public-key: a.pub}}", "{match: m, signatures: {of: a}, x: 1}"));
    assertThat(draft.isWhole()).isFalse();
    assertThat(PolicyLint.problems(draft)).isEmpty();
  }

  @Test
  void expectsNoTimeStampOfASummaryThatStatesItsTime() throws Exception {
    assertThat(
            inRules(
                "- { match: m, signatures: { of: [key] }, attestations: [ { type: vsa, by: key,"
                    + " max-age: 1d } ] }"))
        .noneMatch(problem -> problem.contains("max-age"))
        .anyMatch(problem -> problem.contains("by any policy of this verifier"));
  }

  @Test
  void findsAttestationsOfWhichAnythingIsAccepted() throws Exception {
    assertThat(
            inRules(
                """
                - match: m
                  signatures: { of: key }
                  attestations:
                    - { type: test-result, by: key }
                    - { type: vulns, by: key }
                    - { type: test-result, by: key, result: PASSED }
                    - { type: slsa, by: key, base-models: { signed-by: key } }
                    - { type: slsa, by: key, builder: "https://builder.example" }
                """))
        .containsExactly(
            "12: models[1].attestations[0]: tests that failed are accepted too; add 'result:"
                + " PASSED'",
            "13: models[1].attestations[1]: any vulnerability is accepted; add 'severity', the"
                + " highest",
            "15: models[1].attestations[3]: provenance by any builder is accepted; add 'builder'");
  }

  @Test
  void findsWildcardsOfOtherPrograms() throws Exception {
    assertThat(inRules("- { match: \"a/{b,c}/[de]\", mode: warn }"))
        .containsExactly(
            "9: models[1].match: brackets and braces stand for themselves in a pattern");
  }

  @Test
  void isFastForTheLargestPolicy() throws Exception {
    String rules =
        IntStream.range(0, 10_000)
            .mapToObj(i -> "{match: '" + (i < 5_000 ? "*x*y*" : "") + "a/b" + i + "', mode: warn}")
            .collect(Collectors.joining(","));
    PolicyDraft policy = Policies.draft(Policies.withSigners("", rules));
    Assertions.assertTimeoutPreemptively(
        Duration.ofMinutes(1), () -> assertThat(PolicyLint.problems(policy)).isEmpty());
  }
}
