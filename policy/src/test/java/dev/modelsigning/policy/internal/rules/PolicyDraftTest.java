package dev.modelsigning.policy.internal.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.policy.internal.tree.Refusals;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All that is wrong with a policy is found at once, and each mistake once. */
class PolicyDraftTest {

  private static List<String> refusals(String policy) {
    return Policies.draft(policy).refusals().stream()
        .map(one -> one.line() + ": " + one.field() + ": " + one.what())
        .toList();
  }

  @Test
  void findsTheMistakesOfAllSignersRulesAndFields() {
    String policy =
        """
        version: 2
        signers:
          a: { key: { public-key: ../a.pub, timestamps: [t, ./t] } }
          b: { certificate: { fingerprint: 12, trust: ca.pem, revocation: maybe } }
          c: { sigstore: { identity-regexp: "(", isuer: "https://i" } }
          d: { keys: { public-key: d.pub } }
        models:
          - match: /m
            signatures: { of: [a, nobody], at-least: 9, must-include: somebody }
            max-age: 1y
            forbid: { symlinks: yes, code: [pickel, nativ] }
          - mode: of
            signature: { of: a }
          - match: n
            signatures: { of: a, at-least: 2 }
            algorithms: { hash: md5, signature: rsa }
            attestations:
              - { type: slsa, by: x, result: PASSED, builder: 1 }
              - { type: cyclonedx, licenses: { allow: [MIT, mit] } }
        """;
    assertThat(refusals(policy))
        .extracting(line -> line.replaceFirst("(: [^:]*): .*", "$1"))
        .containsExactly(
            "1: version",
            "3: signers.a.key.public-key",
            "3: signers.a.key.timestamps[1]",
            "4: signers.b.certificate.fingerprint",
            "4: signers.b.certificate.revocation",
            "5: signers.c.sigstore.isuer",
            "5: signers.c.sigstore.identity-regexp",
            "6: signers.d.keys",
            "8: models[0].match",
            "9: models[0].signatures.of[1]",
            "9: models[0].signatures.must-include",
            "10: models[0].max-age",
            "11: models[0].forbid.symlinks",
            "11: models[0].forbid.code[0]",
            "11: models[0].forbid.code[1]",
            "12: models[1]",
            "12: models[1].mode",
            "13: models[1].signature",
            "15: models[2].signatures.at-least",
            "16: models[2].algorithms.hash",
            "16: models[2].algorithms.signature",
            "18: models[2].attestations[0].by",
            "18: models[2].attestations[0].result",
            "18: models[2].attestations[0].builder",
            "19: models[2].attestations[1]",
            "19: models[2].attestations[1].licenses.allow[1]");
    assertThat(Policies.draft(policy).understood().signers()).isEmpty();
    assertThat(Policies.draft(policy).understood().rules()).isEmpty();
  }

  @Test
  void hasWhatIsUnderstoodAndThrowsTheFirstRefusal() {
    String policy =
        Policies.withSigners(
            "a: {key: {public-key: a.pub}}, b: {key: 1}",
            "{match: m, signatures: {of: a}}, {match: n, signatures: {of: c}}");
    PolicyDraft draft = Policies.draft(policy);
    assertThat(draft.understood().signers()).containsOnlyKeys("a");
    assertThat(draft.understood().rules()).singleElement().matches(rule -> rule.number() == 0);
    assertThat(draft.isWhole()).isFalse();
    assertThat(draft.refusals()).hasSize(2);
    assertThat(Policies.refusal(policy)).hasMessage(draft.refusals().get(0).getMessage());
  }

  /** What follows from a mistake is not another one. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          {match: m, signature: {of: a}} ; models[0].signature
          {match: m, signatures: {signed-by: a}} ; models[0].signatures.signed-by
          {match: m, signatures: {off: a}} ; models[0].signatures.off
          {mach: m, signatures: {of: a}} ; models[0].mach
          {match: m, signatures: {of: c, at-least: 2}} ; models[0].signatures.of
          {match: m, signatures: {of: [a, c], must-include: b}} ; models[0].signatures.of[1]
          {match: m, signatures: {of: b, at-least: x}} ; models[0].signatures.at-least
          {match: m, mode: enforced, signatures: {of: a}} ; models[0].mode
          {match: m, signatures: *x} ; models[0].signatures
          {match: m, signatures: {of: *x}} ; models[0].signatures.of
          {match: "\\0", signatures: {of: a}} ; models[0].match
          {match: m, signatures: {of: a}, match: n} ; models[0].match
          {match: m, signatures: {of: a}, attestations: [{tpye: slsa, by: a, builder: b}]} ; models[0].attestations[0].tpye
          """)
  void findsEachMistakeOnce(String rule, String field) {
    PolicyDraft draft =
        Policies.draft(
            Policies.withSigners(
                "a: {key: {public-key: a.pub}}, b: {key: {public-key: b.pub}}", rule));
    assertThat(draft.refusals()).singleElement().matches(one -> one.field().equals(field));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          signers: [a] ; signers
          signers: *x ; signers
          signer: {a: {key: {public-key: a.pub}}} ; signer
          """)
  void saysNothingOfNamesWhereTheSignersAreNotKnown(String signers, String field) {
    PolicyDraft draft =
        Policies.draft("version: 1\n" + signers + "\nmodels: [{match: m, signatures: {of: a}}]\n");
    assertThat(draft.refusals()).singleElement().matches(one -> one.field().equals(field));
  }

  @Test
  void findsWhatIsReadInTwoWaysBesideOtherMistakes() {
    assertThat(
            refusals(
                """
                version: 1
                signers: &s
                  a: { key: !!map { public-key: a.pub } }
                  a: { key: { public-key: b.pub } }
                models:
                  - { match: *m, signatures: { of: z } }
                """))
        .extracting(line -> line.replaceFirst("(: [^:]*): .*", "$1"))
        .containsExactly(
            "2: signers",
            "3: signers.a.key",
            "4: signers.a",
            "6: models[0].match",
            "6: models[0].signatures.of");
  }

  @Test
  void endsAfterManyMistakes() {
    String rules =
        IntStream.range(0, 10_000)
            .mapToObj(i -> "{match: /, x: 1}")
            .collect(Collectors.joining(","));
    PolicyDraft draft = Policies.draft(Policies.withSigners("", rules));
    assertThat(draft.refusals()).hasSize(Refusals.MOST);
    assertThat(draft.isCut()).isTrue();
    assertThat(Policies.refusal(Policies.withSigners("", rules)))
        .hasMessage(draft.refusals().get(0).getMessage());
  }

  @Test
  void hasTheColumnOfAMistake() {
    PolicyDraft draft = Policies.draft("{version: 1,\n  models: [{match: m, mode: off}]}");
    assertThat(draft.refusals())
        .singleElement()
        .matches(one -> one.place().line() == 2 && one.place().column() == 23);
  }
}
