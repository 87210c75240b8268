package dev.modelsigning.vectors;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.certificate.CertificateSigner;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestKeys;
import java.nio.file.Path;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;

/** Vectors of the method {@code certificate}: who is trusted, and who signed. */
final class CertificateVectors {

  static final String UNTRUSTED = "UNTRUSTED_CERTIFICATE";

  /** From before all signatures until far in the future. */
  static final Instant FROM = Instant.parse("2020-01-01T00:00:00Z");

  static final Instant UNTIL = Instant.parse("2119-01-01T00:00:00Z");

  static final String PAYLOAD = StatementVectors.good().toString();

  private final VectorFolder folder;
  private final KeysForTests keys;
  private final TestCertificate root;
  private final TestCertificate middle;
  private final TestCertificate leaf;
  private final String trusted;

  private CertificateVectors(VectorFolder folder, KeysForTests keys) {
    this.folder = folder;
    this.keys = keys;
    this.root = root(keys);
    this.middle = middle(keys);
    this.leaf = plan(keys, "CN=Signer", "signer").signer().issuedBy(middle);
    this.trusted = folder.certificates("root", root);
  }

  /** A plan with the key of a name, valid for a hundred years. */
  static TestCertificate.Plan plan(KeysForTests keys, String subject, String key) {
    return TestCertificate.named(subject).keys(keys.ec(key)).valid(FROM, UNTIL);
  }

  /** The root that is trusted in most vectors. */
  static TestCertificate root(KeysForTests keys) {
    return plan(keys, "CN=Root", "root").authority().selfSigned();
  }

  /** The authority that issues most signers' certificates. */
  static TestCertificate middle(KeysForTests keys) {
    return plan(keys, "CN=Issuing", "issuing").authority().issuedBy(root(keys));
  }

  static void make(Path folder, KeysForTests keys) throws Exception {
    VectorFolder vectors = new VectorFolder(folder, "certificate");
    CertificateVectors made = new CertificateVectors(vectors, keys);
    made.good();
    made.anchors();
    made.chains();
    new SignerCertificateVectors(vectors, keys).make();
    new AuthorityVectors(vectors, keys).make();
    new CertificateFormVectors(vectors, keys).make();
    new TimestampVectors(vectors, keys).make();
    new RevocationVectors(vectors, keys).make();
    vectors.writeIndex(
        "Bundles of the method certificate. Signers' certificates are validly signed by the"
            + " authorities that they name, unless the description says otherwise.");
  }

  private void add(String name, String about, String expected, Bundle bundle, String... trust) {
    folder.add(
        Vector.of(name, about, "8.2")
            .option("certificate-chain", trust.length == 0 ? new String[] {trusted} : trust)
            .expected(expected),
        bundle);
  }

  private TestCertificate.Plan plan(String subject, String key) {
    return plan(keys, subject, key);
  }

  private void good() throws Exception {
    TestKeys signer =
        new TestKeys(
            EcdsaScheme.P256, leaf.keys().getPrivate(), (ECPublicKey) leaf.keys().getPublic());
    Bundle bundle =
        ModelSigner.using(
                CertificateSigner.using(
                    KeyVectors.signingKey(signer),
                    List.of(leaf.certificate(), middle.certificate())))
            .sign(folder.root().resolve("models/plain"));
    add("chain", "a signer below an authority below a root", Vector.VERIFIED, bundle);
    folder.add(
        Vector.of("chain-model-changed", "the model is not the one that was signed", "8.4")
            .model("models/changed")
            .option("certificate-chain", trusted)
            .expected("MODEL_MISMATCH"),
        bundle);
    for (String curve : new String[] {"secp384r1", "secp521r1"}) {
      String name = curve.replaceAll("secp(\\d+)r1", "p$1");
      TestCertificate other =
          TestCertificate.named("CN=Signer")
              .keys(keys.ec("signer-" + name, curve))
              .valid(FROM, UNTIL)
              .signer()
              .issuedBy(middle);
      add("signer-" + name, "a signer on another curve", Vector.VERIFIED, bundle(other, middle));
    }
    TestCertificate rsa =
        TestCertificate.named("CN=RSA authority")
            .keys(keys.rsa("rsa-2048", 2048))
            .valid(FROM, UNTIL)
            .authority()
            .issuedBy(root);
    TestCertificate ed25519 =
        TestCertificate.named("CN=Ed25519 authority")
            .keys(keys.ed25519("ed25519"))
            .valid(FROM, UNTIL)
            .authority()
            .issuedBy(root);
    add(
        "authority-rsa",
        "an authority with an RSA key of 2048 bits",
        Vector.VERIFIED,
        bundle(plan("CN=Signer", "signer").signer().issuedBy(rsa), rsa));
    add(
        "authority-ed25519",
        "an authority with a key for Ed25519",
        Vector.VERIFIED,
        bundle(plan("CN=Signer", "signer").signer().issuedBy(ed25519), ed25519));
  }

  static Bundle bundle(TestCertificate signer, TestCertificate... chain) {
    return signer.bundle(PAYLOAD, chain);
  }

  private void anchors() {
    Bundle bundle = bundle(leaf, middle, root);
    String issuing = folder.certificates("issuing", middle);
    String otherRoot =
        folder.certificates("other-root", plan("CN=Other", "other-root").authority().selfSigned());
    String sameName =
        folder.certificates(
            "root-of-the-same-name", plan("CN=Root", "other-root").authority().selfSigned());
    add("anchor-intermediate", "a trusted intermediate", Vector.VERIFIED, bundle, issuing);
    add(
        "intermediate-given",
        "the bundle lacks it",
        Vector.VERIFIED,
        bundle(leaf),
        trusted,
        issuing);
    add("intermediate-missing", "nobody has it", UNTRUSTED, bundle(leaf));
    add("root-brought-along", "the bundle has its own root", UNTRUSTED, bundle, otherRoot);
    add("root-of-the-same-name", "another root of this name", UNTRUSTED, bundle, sameName);
    TestCertificate alone = plan("CN=Alone", "signer").signer().selfSigned();
    String aloneFile = folder.certificates("alone", alone);
    add("self-signed", "trusted itself", Vector.VERIFIED, bundle(alone), aloneFile);
    TestCertificate aloneAuthority =
        plan("CN=Alone", "signer")
            .signer()
            .extension(Extension.basicConstraints, true, new BasicConstraints(true))
            .selfSigned();
    add(
        "self-signed-authority",
        "trusted itself, and an authority as well",
        Vector.VERIFIED,
        bundle(aloneAuthority),
        folder.certificates("alone-authority", aloneAuthority));
    add("self-signed-not-trusted", "not trusted", UNTRUSTED, bundle(alone));
    TestCertificate impostor = plan("CN=Alone", "p256-other").signer().selfSigned();
    add("self-signed-impostor", "another key", UNTRUSTED, bundle(impostor), aloneFile);
    String leafFile = folder.certificates("signer", leaf);
    add("signer-trusted-alone", "no authority", "UNUSABLE_TRUST", bundle(leaf), leafFile);
    add("signer-trusted-beside", "no authority", UNTRUSTED, bundle(leaf), leafFile, otherRoot);
    TestCertificate old =
        plan("CN=Root", "root")
            .valid(FROM, Instant.parse("2022-01-01T00:00:00Z"))
            .authority()
            .selfSigned();
    String oldFile = folder.certificates("root-expired", old);
    add(
        "root-renewed",
        "an expired root and its successor",
        Vector.VERIFIED,
        bundle,
        oldFile,
        trusted);
    add("root-expired", "an expired root", UNTRUSTED, bundle, oldFile);
  }

  private void chains() {
    TestCertificate lower = plan("CN=Lower", "lower").authority().issuedBy(middle);
    TestCertificate signer = plan("CN=Signer", "signer").signer().issuedBy(lower);
    TestCertificate stranger = plan("CN=Stranger", "other-root").authority().selfSigned();
    add("chain-long", "two authorities", Vector.VERIFIED, bundle(signer, lower, middle));
    add(
        "chain-shuffled",
        "in another order, with the root, a stranger and repetitions",
        Vector.VERIFIED,
        bundle(signer, root, stranger, middle, signer, lower, middle));
    add(
        "chain-first-is-not-the-signer",
        "the signer's certificate is not the first",
        UNTRUSTED,
        Bundle.of(middle.bundleMaterial(leaf), leaf.envelope(PAYLOAD)));
    add(
        "chain-of-17",
        "as many as a chain may have",
        Vector.VERIFIED,
        bundle(leaf, Stream.generate(() -> middle).limit(16).toArray(TestCertificate[]::new)));
    add(
        "chain-of-18",
        "more than any honest chain has",
        Vector.MALFORMED_BUNDLE,
        bundle(leaf, Stream.generate(() -> middle).limit(17).toArray(TestCertificate[]::new)));
    String[][] times = {
      {"expired", "2020-01-01T00:00:00Z", "2022-01-01T00:00:00Z"},
      {"of-the-future", "2118-01-01T00:00:00Z", "2119-01-01T00:00:00Z"}
    };
    for (String[] each : times) {
      Instant from = Instant.parse(each[1]);
      Instant until = Instant.parse(each[2]);
      TestCertificate late =
          plan("CN=Signer", "signer").signer().valid(from, until).issuedBy(middle);
      add("signer-" + each[0], "a signer " + each[0], UNTRUSTED, bundle(late, middle));
      TestCertificate authority =
          plan("CN=Issuing", "issuing").authority().valid(from, until).issuedBy(root);
      Bundle below = bundle(plan("CN=Signer", "signer").signer().issuedBy(authority), authority);
      add("intermediate-" + each[0], "an authority " + each[0], UNTRUSTED, below);
      add(
          "anchor-" + each[0],
          "a trusted authority " + each[0],
          UNTRUSTED,
          below,
          folder.certificates("issuing-" + each[0], authority));
    }
    TestCertificate past =
        plan("CN=Signer", "signer")
            .signer()
            .valid(FROM, Instant.parse("2022-01-01T00:00:00Z"))
            .issuedBy(middle);
    for (String[] each :
        new String[][] {
          {"within", "2021-06-01T00:00:00Z", Vector.VERIFIED},
          {"after", "2023-06-01T00:00:00Z", UNTRUSTED},
          {"before", "2019-06-01T00:00:00Z", UNTRUSTED}
        }) {
      folder.add(
          Vector.of("verification-time-" + each[0], "as of a time that is asked for", "8.2")
              .option("certificate-chain", trusted)
              .option("verification-time", each[1])
              .expected(each[2]),
          bundle(past, middle));
    }
  }
}
