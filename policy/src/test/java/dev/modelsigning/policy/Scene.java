package dev.modelsigning.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.ModelVerifier;
import dev.modelsigning.VerifiedModel;
import dev.modelsigning.attestation.AttestationSigner;
import dev.modelsigning.attestation.ClaimsFile;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.certificate.CertificateSigner;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.policy.result.Requirement;
import dev.modelsigning.predicate.PredicateType;
import dev.modelsigning.signing.PayloadSigner;
import dev.modelsigning.testing.Models;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestTimestampAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A directory with a policy, keys and certificates, and models below {@code fraud}. Signers are
 * {@code alice}, {@code bob} and {@code carol}, each with a key and a certificate over it.
 */
final class Scene {

  /** What stands before the rules of most policies here. */
  static final String SIGNERS =
      """
      version: 1
      signers:
        alice: { key: { public-key: keys/alice.pub } }
        bob: { key: { public-key: keys/bob.pub, timestamps: [ca/tsa.pem] } }
        carol:
          certificate:
            identity: CN=carol
            trust: ca/root.pem
            timestamps: ca/tsa.pem
      """;

  /** The result of tests, with a digest. */
  static final String PASSED =
      """
      {"result": "%s", "configuration": [{"name": "suite", "digest": {"sha256": "%s"}}]}
      """;

  final Path directory;
  final Path model;
  final TestCertificate root = TestCertificate.root("CN=root");
  final TestCertificate stamps = TestCertificate.root("CN=stamps");
  final TestTimestampAuthority authority = TestTimestampAuthority.below(stamps);

  private final Map<String, TestCertificate> people = new HashMap<>();

  private Scene(Path directory) throws IOException {
    this.directory = directory;
    this.model = directory.resolve("fraud/v3");
    Models.write(model, "config.json", "{}", "weights.bin", "1234");
    Files.createDirectories(directory.resolve("keys"));
    Files.createDirectories(directory.resolve("ca"));
    TestCertificate.write(directory.resolve("ca/root.pem"), root);
    TestCertificate.write(directory.resolve("ca/tsa.pem"), stamps);
    for (String name : List.of("alice", "bob", "carol")) {
      add(name, root.signer("CN=" + name));
    }
  }

  static Scene in(Path directory) throws IOException {
    return new Scene(directory);
  }

  /** Adds a person with a certificate and a key. */
  void add(String name, TestCertificate person) throws IOException {
    people.put(name, person);
    TestCertificate.write(directory.resolve("ca/" + name + ".pem"), person);
    person.writeKey(key(name));
    person.writePublicKey(directory.resolve("keys/" + name + ".pub"));
  }

  /** The certificate of a person. */
  TestCertificate person(String name) {
    return people.get(name);
  }

  Path key(String name) {
    return directory.resolve("keys/" + name + ".pem");
  }

  PayloadSigner byKey(String name) throws Exception {
    return KeySigner.load(key(name));
  }

  PayloadSigner byCertificate(String name) throws Exception {
    return CertificateSigner.load(key(name), directory.resolve("ca/" + name + ".pem"));
  }

  /** Signs the model and writes the signature beside it. */
  Path sign(PayloadSigner signer, String file) throws Exception {
    return write(ModelSigner.using(signer).sign(model), file);
  }

  /** Signs the model with a time stamp of some time ago. */
  Path signStamped(PayloadSigner signer, Duration ago, String file) throws Exception {
    Bundle bundle = ModelSigner.using(signer).sign(model);
    return write(authority.stamp(bundle, Instant.now().minus(ago)), file);
  }

  Path write(Bundle bundle, String file) throws IOException {
    Path signature = directory.resolve(file);
    bundle.write(signature);
    return signature;
  }

  /** Writes a policy with the usual signers. */
  Path rules(String rules) throws IOException {
    return policy(SIGNERS + "models:\n" + rules.indent(2));
  }

  Path policy(String text) throws IOException {
    return Files.writeString(directory.resolve("policy.yaml"), text);
  }

  /** Attests something about the model, which is signed by alice's key. */
  void attest(PayloadSigner signer, String type, String predicate) throws Exception {
    attest(signer, type, predicate, Duration.ofDays(-1));
  }

  /**
   * Attests something.
   *
   * @param ago the age of the time stamp; none if it is negative
   */
  void attest(PayloadSigner signer, String type, String predicate, Duration ago) throws Exception {
    Bundle signature = ModelSigner.using(byKey("alice")).sign(model);
    VerifiedModel verified =
        ModelVerifier.using(KeyVerifier.load(directory.resolve("keys/alice.pub")))
            .verify(model, signature);
    Bundle claim =
        AttestationSigner.using(signer)
            .sign(verified, PredicateType.of(type).uri(), predicate)
            .bundle();
    ClaimsFile.append(
        directory.resolve("fraud/claims.jsonl"),
        ago.isNegative() ? claim : authority.stamp(claim, Instant.now().minus(ago)));
  }

  /** What the policy of this directory says of the model. */
  PolicyVerdict verdict() throws Exception {
    return verdict(model);
  }

  PolicyVerdict verdict(Path about) throws Exception {
    return Policy.load(directory.resolve("policy.yaml")).examine(ModelRequest.of(about));
  }

  /** The row for a requirement. */
  static Requirement row(PolicyVerdict verdict, String code) {
    return verdict.requirements().stream()
        .filter(row -> row.code().equals(code))
        .findFirst()
        .orElseThrow(() -> new AssertionError(code + " in " + verdict.requirements()));
  }

  /** The verdict, which must accept the model. */
  PolicyVerdict accepted() throws Exception {
    PolicyVerdict verdict = verdict();
    assertThat(verdict.unmet()).isEmpty();
    assertThat(verdict.isVerified()).isTrue();
    assertThat(verdict.isRefused()).isFalse();
    return verdict;
  }

  /** The row of a requirement that must not be met, and for which the model must be refused. */
  Requirement refused(String code) throws Exception {
    PolicyVerdict verdict = verdict();
    assertThat(verdict.isVerified()).isFalse();
    assertThat(verdict.isRefused()).isTrue();
    Requirement row = row(verdict, code);
    assertThat(row.met()).as("%s", verdict.requirements()).isFalse();
    assertThat(row.by()).isEmpty();
    assertThat(row.next()).isNotEmpty();
    return row;
  }

  /** Writes a policy that demands an attestation besides alice's signature. */
  void requires(String attestation) throws Exception {
    rules(
        """
        - match: "**"
          signatures: { of: [alice] }
          attestations: [ %s ]
        """
            .formatted(attestation));
  }

  /** Attests the result of tests. */
  void tested(String by, String result) throws Exception {
    attest(byKey(by), "test-result", PASSED.formatted(result, "0".repeat(64)));
  }

  /** Signs the model but for a file or directory. */
  Path signPart(String who, String leftOut, String file) throws Exception {
    return write(
        ModelSigner.using(byKey(who))
            .withHasher(
                ModelHasher.builder().reading(Reading.withDefaults().ignorePath(leftOut)).build())
            .sign(model),
        file);
  }

  /** A bill of materials. */
  static String bom(String members, String components) {
    return """
    {"bomFormat":"CycloneDX","specVersion":"1.6",
     "metadata":{"component":{"type":"machine-learning-model","name":"m"%s}},
     "components":[%s]}
    """
        .formatted(members.isEmpty() ? "" : "," + members, components);
  }
}
