package dev.modelsigning.policy.internal.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.policy.problem.MalformedPolicyException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nothing in a policy is passed over: what is not understood is refused, where it stands. */
class PolicyRefusalTest {

  private static final String HEX = "0123456789abcdef".repeat(4);

  private static void requireRefused(String policy, String field, String message) {
    MalformedPolicyException refusal = Policies.refusal(policy);
    assertThat(refusal).as(policy).isNotNull();
    assertThat(refusal.getMessage()).as(policy).contains(message);
    assertThat(refusal.field()).as(policy).isEqualTo(field);
    assertThat(refusal.file()).isEqualTo("policy.yaml");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          [] ; '' ; expected a map with version, signers, models, found a list
          x ; '' ; expected a map with version, signers, models, found a text 'x'
          {} ; '' ; found an empty map
          models: [{match: m, mode: warn}] ; '' ; expected the field 'version', which is missing
          {version: 2, models: [{match: m, mode: warn}]} ; version ; expected version 1, found a number '2'
          {version: "1", models: [{match: m, mode: warn}]} ; version ; expected the number 1, without quotation marks, found a text '1'
          {$schema: 1, version: 1, models: [{match: m, mode: warn}]} ; $schema ; expected the address of a schema, found a number
          {version: 1, models: [{$schema: s, match: m, mode: warn}]} ; models[0].$schema ; unknown field
          {version: 1.0, models: [{match: m, mode: warn}]} ; version ; expected the number 1
          {version: 01, models: [{match: m, mode: warn}]} ; version ; expected the number 1
          {version: 1} ; '' ; expected the field 'models', which is missing
          {version: 1, models: []} ; models ; expected a list of rules, found an empty list
          {version: 1, models: {match: m}} ; models ; expected a list of rules, found a map
          {version: 1, models: [x]} ; models[0] ; expected a map with match
          {version: 1, signers: [], models: [{match: m, mode: warn}]} ; signers ; expected a map of signers, found a list
          {version: 1, models: } ; models ; expected a list of rules, found nothing; indent what is in it further than its name
          {version: 1, signers: , models: [{match: m, mode: warn}]} ; signers ; expected a map of signers, found nothing; indent what is in it
          {version: 1, model: [{match: m, mode: warn}]} ; model ; unknown field 'model'; did you mean models?; fields are version, signers, models
          {version: 1, models: [{match: m}]} ; models[0] ; expected the field 'signatures'
          {version: 1, models: [{match: m, mode: enforce}]} ; models[0] ; expected the field 'signatures'
          {version: 1, models: [{mode: warn}]} ; models[0] ; expected the field 'match'
          {version: 1, models: [{match: m, mode: off}]} ; models[0].mode ; expected one of enforce, warn
          {version: 1, models: [{match: 1, mode: warn}]} ; models[0].match ; write it in quotation marks: "1"
          {version: 1, models: [{match: m, signatures: {of: a}}]} ; models[0].signatures.of ; no such signer: 'a'; there are no signers
          """)
  void refusesInThePolicy(String policy, String field, String message) {
    requireRefused(policy, field, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          x: 1 ; x ; unknown field 'x'; fields are match
          max_age: 1d ; max_age ; unknown field 'max_age'; did you mean max-age?
          maxAge: 1d ; maxAge ; did you mean max-age?
          max-age: 1 ; max-age ; expected an age such as 90s
          max-age: 1y ; max-age ; expected an age such as 90s, 30m, 12h, 180d, 4w, of at most 100 years, found a text '1y'
          max-age: 0d ; max-age ; expected an age
          max-age: -1d ; max-age ; expected an age
          max-age: 1.5d ; max-age ; expected an age
          max-age: 36526d ; max-age ; expected an age
          max-age: 9999999999w ; max-age ; expected an age
          max-age: 99999999999999999999d ; max-age ; expected an age
          max-age: 1 d ; max-age ; expected an age
          max-age: ; max-age ; found nothing
          pin: sha256:x ; pin ; expected a map with digest
          pin: {digest: sha256:12} ; pin.digest ; expected 'sha256:' and 64 lower-case hexadecimal digits
          pin: {digest: [sha512:x]} ; pin.digest[0] ; expected 'sha256:'
          pin: {digest: []} ; pin.digest ; found an empty list
          pin: {} ; pin ; found an empty map
          algorithms: {hash: md5} ; algorithms.hash ; expected one of sha256, blake2b, blake3; found 'md5'
          algorithms: {signature: ed25519} ; algorithms.signature ; expected one of ECDSA P-256
          algorithms: {hash: [sha256, sha256]} ; algorithms.hash[1] ; named twice: 'sha256'
          algorithms: {hash: []} ; algorithms.hash ; found an empty list
          forbid: all ; forbid ; expected a map with ignored-paths
          forbid: {} ; forbid ; found an empty map
          forbid: {symlinks: "true"} ; forbid.symlinks ; expected true or false, without quotation marks, found a text 'true'
          forbid: {symlinks: yes} ; forbid.symlinks ; expected true or false
          forbid: {symlinks: True} ; forbid.symlinks ; expected true or false
          forbid: {symlinks: 1} ; forbid.symlinks ; expected true or false
          forbid: {ignored-paths: true} ; forbid.ignored-paths ; write it in quotation marks
          forbid: {ignored-paths: some} ; forbid.ignored-paths ; expected one of all, all-but-git, none
          forbid: {code: [pickel]} ; forbid.code[0] ; did you mean pickle?
          forbid: {code: [native, native-library]} ; forbid.code[1] ; named twice: 'native-library'
          forbid: {code: [pickle, all]} ; forbid.code[1] ; named twice: 'pickle'
          attestations: {type: slsa} ; attestations ; expected a list of attestations, found a map
          attestations: [] ; attestations ; found an empty list
          attestations: [{type: slsa}] ; attestations[0] ; expected the field 'by'
          attestations: [{by: a}] ; attestations[0] ; expected the field 'type'
          attestations: [{type: slsa, by: c}] ; attestations[0].by ; no such signer: 'c'
          attestations: [{type: slsa, by: []}] ; attestations[0].by ; found an empty list
          attestations: [{type: nothing, by: a}] ; attestations[0].type ; expected a predicate type
          attestations: [{type: https://model_signing/signature/v1.0, by: a}] ; attestations[0].type ; is the signature of a model
          attestations: [{type: slsa, by: a, license: x}] ; attestations[0].license ; did you mean licenses?
          attestations: [{type: slsa, by: a, require-names: 1}] ; attestations[0].require-names ; expected true or false
          """)
  void refusesInARule(String fields, String field, String message) {
    requireRefused(Policies.withRule(fields), "models[0]." + field, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          slsa ; licenses: {allow: MIT} ; licenses ; expected only with the type cyclonedx, found 'slsa'
          https://cyclonedx.org/bom/v1.6 ; licenses: {allow: MIT} ; licenses ; expected only with the type cyclonedx
          cyclonedx ; builder: x ; builder ; expected only with the type slsa
          vsa ; result: PASSED ; result ; expected only with the type test-result
          test-result ; severity: low ; severity ; expected only with the type vulns
          vulns ; base-models: {signed-by: a} ; base-models ; expected only with the type cyclonedx or slsa
          spdx ; datasets: {signed-by: a} ; datasets ; expected only with the type cyclonedx or slsa
          slsa ; verifier: x ; verifier ; expected only with the type vsa
          slsa ; policy-digest: x ; policy-digest ; expected only with the type vsa
          cyclonedx ; licenses: {} ; licenses ; found an empty map
          cyclonedx ; licenses: MIT ; licenses ; expected a map with allow, deny
          cyclonedx ; licenses: {allow: []} ; licenses.allow ; found an empty list
          cyclonedx ; licenses: {allow: [MIT, mit]} ; licenses.allow[1] ; named twice: 'mit'
          cyclonedx ; licenses: {allow: MIT, deny: mit} ; licenses.deny ; both allowed and denied: 'mit'
          cyclonedx ; base-models: {} ; base-models ; found an empty map
          cyclonedx ; base-models: {signed-by: c} ; base-models.signed-by ; no such signer
          cyclonedx ; base-models: {sensitive-data: none} ; base-models.sensitive-data ; unknown field
          cyclonedx ; datasets: {} ; datasets ; found an empty map
          cyclonedx ; datasets: {signed-by: c} ; datasets.signed-by ; no such signer
          cyclonedx ; datasets: {sensitive-data: some} ; datasets.sensitive-data ; expected one of none
          slsa ; datasets: {sensitive-data: none} ; datasets.sensitive-data ; expected only with the type cyclonedx
          slsa ; datasets: {licenses: {allow: MIT}} ; datasets.licenses ; expected only with the type cyclonedx
          test-result ; result: passed ; result ; did you mean PASSED?
          vulns ; severity: [low] ; severity ; expected one of none, low, medium, high, critical, found a list
          vulns ; severity: HIGH ; severity ; did you mean high?
          vsa ; policy-digest: sha256:x ; policy-digest ; expected 'sha256:'
          vsa ; verifier: 1 ; verifier ; write it in quotation marks
          """)
  void refusesInAnAttestation(String type, String condition, String field, String message) {
    requireRefused(
        Policies.withAttestation(type, condition), "models[0].attestations[0]." + field, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          {of: a, at-least: 0} ; .at-least ; expected 1 or more, found 0
          {of: [a, b], at-least: 3} ; .at-least ; expected at most 2, as 'of' names 2 signers; found 3
          {of: [a, b], at-least: "2"} ; .at-least ; expected a number
          {of: [a, b], at-least: -1} ; .at-least ; expected a number
          {of: [a, b], at-least: 1.0} ; .at-least ; expected a number
          {of: [a, b], at-least: 0x1} ; .at-least ; expected a number
          {of: [a, b], at-least: 12345678901} ; .at-least ; expected a number
          {of: [a, a]} ; .of[1] ; named twice: 'a'
          {of: [a, aa]} ; .of[1] ; no such signer: 'aa'; did you mean a?
          {of: [a, zzz]} ; .of[1] ; no such signer: 'zzz'; signers are a, b
          {of: []} ; .of ; found an empty list
          {of: {a: 1}} ; .of ; expected a text or a list of texts, found a map
          {of: [[a]]} ; .of[0] ; expected a text, found a list
          {of: [1]} ; .of[0] ; write it in quotation marks
          {at-least: 1} ; '' ; expected the field 'of'
          {of: a, must-include: b} ; .must-include ; expected signers of 'of', found 'b'
          {of: a, must-include: c} ; .must-include ; no such signer
          {of: a, must-include: []} ; .must-include ; found an empty list
          {of: a, all: true} ; .all ; unknown field
          {of: a, algorithms: []} ; .algorithms ; found an empty list
          {of: a, algorithms: rsa} ; .algorithms ; expected one of ecdsa-p256
          {of: a, algorithms: [ecdsa, ecdsa]} ; .algorithms[1] ; named twice
          {of: a, algorithms: ml-dsa} ; .algorithms ; expected at least one algorithm of OMS
          [a] ; '' ; expected a map with of, at-least, must-include, algorithms, found a list
          """)
  void refusesInSignatures(String signatures, String field, String message) {
    requireRefused(
        Policies.withSigners(
            "a: {key: {public-key: a.pub}}, b: {key: {public-key: b.pub}}",
            "{match: m, signatures: " + signatures + "}"),
        "models[0].signatures" + field,
        message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          x ; '' ; expected a map with key, certificate, sigstore
          {} ; '' ; found an empty map
          {keys: {public-key: k}} ; .keys ; did you mean key?
          {key: {public-key: k}, sigstore: {identity: i, issuer: u}} ; '' ; expected one of key, certificate, sigstore, found 2
          {key: k.pub} ; .key ; expected a map with public-key, timestamps
          {key: {timestamps: t}} ; .key ; expected the field 'public-key'
          {key: {public-key: ""}} ; .key.public-key ; expected a text of 1 to 4000 characters, found 0
          {key: {public-key: " "}} ; .key.public-key ; expected a text of 1
          {key: {public-key: .}} ; .key.public-key ; expected a file, found the policy's directory
          {key: {public-key: x/..}} ; .key.public-key ; expected a file, found the policy's directory
          {key: {public-key: ../k.pub}} ; .key.public-key ; expected a path below the policy's directory
          {key: {public-key: ~/k.pub}} ; .key.public-key ; no home directory is put in place of '~'
          {key: {public-key: ..}} ; .key.public-key ; expected a path below
          {key: {public-key: x/../../k.pub}} ; .key.public-key ; expected a path below
          {key: {public-key: "k\\0"}} ; .key.public-key ; found the character U+0000
          {key: {public-key: []}} ; .key.public-key ; found an empty list
          {key: {public-key: [k, ./k]}} ; .key.public-key[1] ; named twice: './k'
          {key: {public-key: [[k]]}} ; .key.public-key[0] ; found a list
          {key: {public-key: {file: k}}} ; .key.public-key ; found a map
          {key: {public-key: k, timestamps: [t, ./t]}} ; .key.timestamps[1] ; named twice: './t'
          {key: {public-key: k, timestamps: []}} ; .key.timestamps ; found an empty list
          {certificate: {trust: ca}} ; .certificate ; expected identity or fingerprint, found neither
          {certificate: {identity: i}} ; .certificate ; expected the field 'trust'
          {certificate: {identity: i, trust: []}} ; .certificate.trust ; found an empty list
          {certificate: {identity: [], trust: ca}} ; .certificate.identity ; found an empty list
          {certificate: {identity: [i, i], trust: ca}} ; .certificate.identity[1] ; named twice
          {certificate: {identity: i, trust: ../ca}} ; .certificate.trust ; expected a path below
          {certificate: {fingerprint: 12ab, trust: ca}} ; .certificate.fingerprint ; expected a SHA-256 fingerprint
          {certificate: {identity: i, trust: ca, revocation: maybe}} ; .certificate.revocation ; expected one of required, if-known, none
          {certificate: {identity: i, trust: ca, crl: c}} ; .certificate.crl ; unknown field
          {sigstore: {identity: i, identity-provider: u}} ; .sigstore.identity-provider ; did you mean issuer?
          {certificate: {identity: i, certificate_chain: ca}} ; .certificate.certificate_chain ; did you mean trust?
          {sigstore: {identity: i}} ; .sigstore ; expected the field 'issuer'
          {sigstore: {issuer: u}} ; .sigstore ; expected one of identity, identity-regexp, found none
          {sigstore: {issuer: u, identity: i, identity-regexp: i}} ; .sigstore ; expected one of identity, identity-regexp, found 2
          {sigstore: {issuer: u, identity: [i, j]}} ; .sigstore.identity ; expected a text, found a list
          {sigstore: {issuer: u, identity-regexp: "("}} ; .sigstore.identity-regexp ; not an expression of RE2
          {sigstore: {issuer: u, identity-regexp: "((a{100}){100}){100}"}} ; .sigstore.identity-regexp ; at most 10000 steps
          {sigstore: {issuer: u, identity: i, trusted-root: ../r}} ; .sigstore.trusted-root ; expected a path below
          """)
  void refusesInASigner(String signer, String field, String message) {
    requireRefused(Policies.withSigner(signer), "signers.s" + field, message);
  }

  @ParameterizedTest
  @CsvSource({
    "/m, is absolute",
    "m/../n, has the component '..'",
    "./m, has the component '.'",
    "m//n, has an empty component",
    "m/, ends with a slash",
    "m**, has '**' that is not a whole segment",
    "m\\n, has a backslash"
  })
  void refusesPatterns(String pattern, String message) {
    requireRefused(
        "{version: 1, models: [{match: '%s', mode: warn}]}".formatted(pattern),
        "models[0].match",
        message.replace("''", "'"));
  }

  @Test
  void refusesADigestInUpperCase() {
    requireRefused(
        Policies.withRule("pin: {digest: 'sha256:%s'}".formatted(HEX.replace('a', 'A'))),
        "models[0].pin.digest",
        "64 lower-case hexadecimal digits");
  }

  @Test
  void refusesOneFingerprintInTwoSpellings() {
    requireRefused(
        Policies.withSigner(
            "{certificate: {trust: ca, fingerprint: ['%s', 'sha256:%s']}}".formatted(HEX, HEX)),
        "signers.s.certificate.fingerprint[1]",
        "named twice");
  }

  @Test
  void refusesALongNameOfASigner() {
    String name = "n".repeat(101);
    requireRefused(
        Policies.withSigners(name + ": {key: {public-key: k}}", "{match: m, mode: warn}"),
        "signers." + name,
        "expected a signer's name of 1 to 100 characters");
  }

  @Test
  void limitsTheNumbersOfWhatThereIs() throws Exception {
    String rule = "{match: m, mode: warn}";
    Policies.parse(Policies.withSigners(signers(1_000), rule));
    assertThat(Policies.refusal(Policies.withSigners(signers(1_001), rule)))
        .hasMessageContaining("expected at most 1000 signers");
    assertThat(Policies.parse(Policies.withSigners("", repeated(rule, 10_000))).rules())
        .hasSize(10_000);
    assertThat(Policies.refusal(Policies.withSigners("", repeated(rule, 10_001))))
        .hasMessageContaining("models: expected at most 10000, found 10001");
    String attestation = "{type: slsa, by: a}";
    Policies.parse(Policies.withRule("attestations: [" + repeated(attestation, 100) + "]"));
    assertThat(
            Policies.refusal(
                Policies.withRule("attestations: [" + repeated(attestation, 101) + "]")))
        .hasMessageContaining("attestations: expected at most 100, found 101");
  }

  private static String signers(int number) {
    return IntStream.range(0, number)
        .mapToObj(i -> "s" + i + ": {key: {public-key: k}}")
        .collect(Collectors.joining(", "));
  }

  private static String repeated(String text, int number) {
    return IntStream.range(0, number).mapToObj(i -> text).collect(Collectors.joining(", "));
  }
}
