package dev.modelsigning.cli.interop.sigstore;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.ModelVerifier;
import dev.modelsigning.attestation.AttestationSigner;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.certificate.CertificateSigner;
import dev.modelsigning.cli.interop.Client;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.predicate.PredicateType;
import dev.modelsigning.signing.PayloadSigner;
import dev.modelsigning.testing.Models;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestTimestampAuthority;
import dev.modelsigning.timestamp.TimestampAuthority;
import dev.modelsigning.timestamp.TimestampingSigner;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.x509.GeneralName;

/**
 * The signers of the bank, and what they sign. Keyless signatures take seconds, so each is made
 * once, of the model as it is first.
 */
final class Bank {

  private static final String BUILDER = "https://bank.example/trainer";

  private final Path directory;
  private final TestCertificate authority = TestCertificate.root("CN=Bank Root");
  private final TestCertificate release = release(authority);
  private final TestCertificate another = release(TestCertificate.root("CN=Another Root"));
  private final TestCertificate risk = authority.signer("CN=model-risk");
  private final TestCertificate vendor = authority.signer("CN=vendor");
  private final TestCertificate somebody = authority.signer("CN=somebody");
  private final TestCertificate longAgo =
      TestCertificate.named("CN=Stamps since long ago")
          .valid(ago(1_000), ago(-1_000))
          .authority()
          .selfSigned();
  private final TestCertificate oldStamping =
      TestCertificate.named("CN=Old TSA")
          .valid(ago(1_000), ago(-1_000))
          .timestamping()
          .issuedBy(longAgo);
  private final TestTimestampAuthority oldStamps =
      new TestTimestampAuthority(oldStamping, oldStamping);
  private final Map<String, Bundle> keyless = new HashMap<>();

  private Bank(Path directory) {
    this.directory = directory;
  }

  private static TestCertificate release(TestCertificate authority) {
    return TestCertificate.named("CN=Release")
        .signer()
        .names(GeneralName.rfc822Name, "release@bank.example")
        .issuedBy(authority);
  }

  private static Instant ago(int days) {
    return Instant.now().minus(Duration.ofDays(days));
  }

  /** Writes keys, certificates and models. */
  static Bank in(Path directory) throws Exception {
    Bank bank = new Bank(directory);
    Files.createDirectories(directory.resolve("ca"));
    Files.createDirectories(directory.resolve("keys"));
    TestCertificate.write(directory.resolve("ca/bank-root.pem"), bank.authority);
    bank.writeStampingAuthorities();
    Files.copy(SigstoreStack.file("trusted_root.json"), directory.resolve("ca/trusted_root.json"));
    bank.risk.writePublicKey(directory.resolve("keys/model-risk.pub"));
    bank.vendor.writePublicKey(directory.resolve("keys/vendor.pub"));
    Models.write(directory.resolve("sandbox/try"), "weights.bin", "found");
    bank.writeModels();
    return bank;
  }

  /** Writes the models as they are first, and the list of revoked certificates. */
  void writeModels() throws Exception {
    writeModel(directory.resolve("fraud/v3"));
    writeModel(directory.resolve("other/v1"));
    Models.write(directory.resolve("vendor/base"), "weights.bin", "of the vendor");
    TestCertificate.write(directory.resolve("ca/bank.crl"), authority.revoking());
    TestCertificate.write(directory.resolve("ca/tsa.crl"), longAgo.revoking());
  }

  static void writeModel(Path model) throws Exception {
    Models.write(model, "config.json", "{}", "weights.bin", "1234");
  }

  /** A certificate of a real authority, and one of an authority that stamps past times. */
  private void writeStampingAuthorities() throws Exception {
    URI chain = URI.create(SigstoreStack.address("TSA_URL") + "/certchain");
    String real =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(chain).build(), BodyHandlers.ofString())
            .body();
    Path file = TestCertificate.write(directory.resolve("ca/tsa.pem"), longAgo);
    Files.writeString(file, Files.readString(file) + real);
  }

  void revokeRelease() throws Exception {
    TestCertificate.write(directory.resolve("ca/bank.crl"), authority.revoking(release));
  }

  /** The policy of the page, with this issuer and the digest of the vendor's model. */
  String policy(String text) throws Exception {
    String digest =
        ModelHasher.withDefaults()
            .hash(directory.resolve("vendor/base"))
            .manifest()
            .rootDigest()
            .hex();
    return text.replace(
            "https://token.actions.githubusercontent.com", KeylessSigner.WORKFLOW.issuer())
        .replace("0".repeat(64), digest);
  }

  // Signatures

  private PayloadSigner key(TestCertificate owner, String name) throws Exception {
    return KeySigner.load(owner.writeKey(directory.resolve("keys/" + name + ".pem")));
  }

  private PayloadSigner certificate(TestCertificate owner, String name) throws Exception {
    return CertificateSigner.load(
        owner.writeKey(directory.resolve("keys/" + name + ".pem")),
        TestCertificate.write(directory.resolve("ca/" + name + ".pem"), owner));
  }

  private static PayloadSigner stamped(PayloadSigner signer) {
    return TimestampingSigner.using(
        signer, TimestampAuthority.at(SigstoreStack.address("TSA_URL")));
  }

  /** Who signs, by the words of the table. */
  private PayloadSigner signer(String words) throws Exception {
    return switch (words) {
      case "model-risk", "model-risk again" -> stamped(key(risk, "model-risk"));
      case "model-risk (no time)", "model-risk (200 days)", "model-risk (100 days)" ->
          key(risk, "model-risk");
      case "release-team" -> certificate(release, "release");
      case "another authority" -> certificate(another, "another");
      case "vendor" -> key(vendor, "vendor");
      case "somebody" -> stamped(key(somebody, "somebody"));
      default -> throw new IllegalArgumentException("who signs: " + words);
    };
  }

  /** The signature by somebody, by the words of the table. */
  Bundle sign(Path model, String words) throws Exception {
    return switch (words) {
      case "training-ci" -> keyless(KeylessSigner.WORKFLOW);
      case "a person" -> keyless(KeylessSigner.PERSON);
      default -> stampedIfOld(signs(signer(words), model).sign(model), words);
    };
  }

  /** Signs also what only some rows of the table have: a link, and a file that is left out. */
  private static ModelSigner signs(PayloadSigner signer, Path model) {
    Reading reading =
        Reading.withDefaults()
            .ignorePath("left-out.txt")
            .allowSymlinks(Files.isSymbolicLink(model.resolve("link.json")));
    return ModelSigner.using(signer).withHasher(ModelHasher.builder().reading(reading).build());
  }

  /**
   * Certificates are checked for revocation, and those of authorities for time stamps too. The real
   * one publishes no list.
   */
  private Bundle stampedIfOld(Bundle bundle, String words) {
    if (words.equals("release-team") || words.equals("another authority")) {
      return oldStamps.stamp(bundle, Instant.now());
    }
    if (words.endsWith("(200 days)")) {
      return oldStamps.stamp(bundle, ago(200));
    }
    return words.endsWith("(100 days)") ? oldStamps.stamp(bundle, ago(100)) : bundle;
  }

  private Bundle keyless(KeylessSigner who) throws Exception {
    if (!keyless.containsKey(who.name())) {
      Path signature = directory.resolve(who + ".json");
      run(who, "sign", signature);
      keyless.put(who.name(), Bundle.read(signature));
    }
    return keyless.get(who.name());
  }

  private void run(KeylessSigner who, String command, Path signature, String... more)
      throws Exception {
    Path token = Files.writeString(directory.resolve(who + ".jwt"), who.token());
    List<String> words =
        new ArrayList<>(
            List.of(
                command,
                "sigstore",
                directory.resolve("fraud/v3").toString(),
                "--signature=" + signature,
                "--trust-config=" + SigstoreStack.file("trust_config.json"),
                "--identity-token-file=" + token));
    words.addAll(List.of(more));
    Client.java().run(directory, words.toArray(new String[0])).succeeds();
  }

  // Attestations

  /** The claim, by the words of the table. */
  Bundle claim(Path model, String words) throws Exception {
    if (words.startsWith("provenance")) {
      return provenance(words.contains("another builder") ? BUILDER + "/other" : BUILDER);
    }
    if (words.startsWith("bill")) {
      String license = words.contains("GPL-3.0-only") ? "GPL-3.0-only" : "Apache-2.0";
      return attest(model, certificate(release, "release"), "cyclonedx", bill(license));
    }
    String result =
        """
        {"result": "%s", "configuration": [{"uri": "https://bank.example/suite"}]}
        """
            .formatted(words.contains("FAILED") ? "FAILED" : "PASSED");
    PayloadSigner by =
        words.contains("somebody else") ? key(somebody, "somebody") : key(risk, "model-risk");
    boolean now = !words.contains("no time") && !words.contains("days");
    return stampedIfOld(attest(model, now ? stamped(by) : by, "test-result", result), words);
  }

  private Bundle provenance(String builder) throws Exception {
    if (!keyless.containsKey(builder)) {
      Path predicate =
          Files.writeString(
              directory.resolve("provenance.json"),
              """
              {"buildDefinition": {"buildType": "https://bank.example/train",
                "externalParameters": {}}, "runDetails": {"builder": {"id": "%s"}}}
              """
                  .formatted(builder));
      Path signature = directory.resolve("ci.json");
      keyless(KeylessSigner.WORKFLOW).write(signature);
      Path claims = directory.resolve("ci.jsonl");
      Files.deleteIfExists(claims);
      run(
          KeylessSigner.WORKFLOW,
          "attest",
          signature,
          "--predicate-type=slsa",
          "--predicate=" + predicate,
          "--claims=" + claims);
      keyless.put(
          builder,
          Bundle.parse(
              Bytes.of(Files.readString(claims).strip().getBytes(StandardCharsets.UTF_8))));
    }
    return keyless.get(builder);
  }

  private String bill(String license) throws Exception {
    String base =
        ModelHasher.withDefaults()
            .hash(directory.resolve("vendor/base"))
            .manifest()
            .rootDigest()
            .hex();
    return """
    {"bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": {"component": {
      "type": "machine-learning-model", "name": "fraud",
      "licenses": [{"license": {"id": "%s"}}],
      "pedigree": {"ancestors": [{"type": "machine-learning-model", "name": "base",
        "properties": [{"name": "dev.modelsigning:oms:root-digest", "value": "sha256:%s"}]}]}}}}
    """
        .formatted(license, base);
  }

  /** About the model as it is, whoever signed it. */
  private Bundle attest(Path model, PayloadSigner signer, String type, String predicate)
      throws Exception {
    KeySigner own = (KeySigner) key(somebody, "somebody");
    return AttestationSigner.using(signer)
        .sign(
            ModelVerifier.using(KeyVerifier.using(own.publicKey()))
                .verify(model, signs(own, model).sign(model)),
            PredicateType.of(type).uri(),
            predicate)
        .bundle();
  }
}
