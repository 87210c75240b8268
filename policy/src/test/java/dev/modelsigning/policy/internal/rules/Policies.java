package dev.modelsigning.policy.internal.rules;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelsigning.policy.problem.MalformedPolicyException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Policies for tests. */
public final class Policies {

  /** The directory of relative paths. */
  static final Path DIRECTORY = Path.of("/etc/policy").toAbsolutePath();

  /** The policy of a bank: its signers, rules for its own and others' models, a sandbox. */
  public static final String BANK =
      """
      version: 1
      signers:
        release-team: { certificate: { identity: release@bank.example, trust: [ca/bank-root.pem], timestamps: [ca/tsa.pem], revocation: required } }
        training-ci:  { sigstore: { identity-regexp: 'https://github\\.com/bank/models/\\.github/workflows/train\\.yml@refs/tags/.*', issuer: https://token.actions.githubusercontent.com, trusted-root: ca/trusted_root.json } }
        model-risk:   { key: { public-key: keys/model-risk.pub } }
        nvidia:       { key: { public-key: keys/nvidia.pub } }
      models:                                   # first match wins; what matches nothing is refused
        - match: "fraud/**"
          signatures: { of: [training-ci, release-team, model-risk], at-least: 2, must-include: [model-risk] }
          max-age: 180d                         # by a proved time: a log entry or a time stamp
          forbid: { ignored-paths: all-but-git, unsigned-files: true, symlinks: true, code: [pickle, auto_map, python, native] }
          attestations:
            - { type: https://slsa.dev/provenance/v1, by: [training-ci], builder: https://bank.example/trainer }
            - { type: https://cyclonedx.org/bom, by: [release-team], licenses: { allow: [Apache-2.0, MIT] }, base-models: { signed-by: [nvidia, release-team] } }
            - { type: https://in-toto.io/attestation/test-result/v0.1, by: [model-risk], result: PASSED, max-age: 90d }
        - match: "vendor/nvidia/**"
          signatures: { of: [nvidia], at-least: 1 }
          pin: { digest: [sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef] }
        - { match: "sandbox/**", mode: warn }
      """;

  private Policies() {}

  static PolicyText parse(String text) throws MalformedPolicyException {
    return PolicyParser.parse("policy.yaml", DIRECTORY, text.getBytes(StandardCharsets.UTF_8));
  }

  /** What can be understood of a policy. */
  public static PolicyDraft draft(String text) {
    return PolicyParser.read("policy.yaml", DIRECTORY, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The refusal of a policy. */
  static MalformedPolicyException refusal(String text) {
    return catchThrowableOfType(MalformedPolicyException.class, () -> parse(text));
  }

  /**
   * A policy of two signers, {@code a} and {@code b}.
   *
   * @param rule the fields of its only rule, besides its pattern and signatures
   */
  public static String withRule(String rule) {
    return withSigners(
        "a: {key: {public-key: a.pub}}, b: {key: {public-key: b.pub}}",
        "{match: m/**, signatures: {of: [a, b]}" + (rule.isEmpty() ? "" : ", " + rule) + "}");
  }

  /** Such a policy with a single attestation by {@code a}. */
  public static String withAttestation(String type, String conditions) {
    return withRule(
        "attestations: [{type: "
            + type
            + ", by: a"
            + (conditions.isEmpty() ? "" : ", " + conditions)
            + "}]");
  }

  /** A policy of some signers and rules. */
  public static String withSigners(String signers, String rules) {
    return "version: 1\nsigners: {" + signers + "}\nmodels: [" + rules + "]\n";
  }

  /** A policy of a signer {@code s}. */
  public static String withSigner(String signer) {
    return withSigners("s: " + signer, "{match: m, signatures: {of: s}}");
  }
}
