package dev.modelsigning.vectors;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Envelope;
import dev.modelsigning.bundle.SignatureAlgorithm;
import dev.modelsigning.bundle.VerificationMaterial.X509Certificate;
import dev.modelsigning.certificate.CertificateSigner;
import dev.modelsigning.testing.Forge;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestKeys;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;

/** Vectors of the method {@code certificate}: who is trusted, and who signed. */
final class CertificateVectors {

  static final String UNTRUSTED = "UNTRUSTED_CERTIFICATE";

  /** From before all that is signed until after the life of whoever reads this. */
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
    made.signers();
    made.pins();
    made.forms();
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
            SignatureAlgorithm.ECDSA_P256_SHA256,
            leaf.keys().getPrivate(),
            (ECPublicKey) leaf.keys().getPublic());
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
        "INVALID_SIGNATURE",
        Bundle.of(middle.bundleMaterial(leaf), leaf.envelope(PAYLOAD)));
    add(
        "chain-of-17",
        "as many as a chain may have",
        Vector.VERIFIED,
        bundle(leaf, Stream.generate(() -> middle).limit(16).toArray(TestCertificate[]::new)));
    add(
        "chain-of-18",
        "more than any honest chain has",
        UNTRUSTED,
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

  private void signers() {
    TestCertificate.Plan plan = plan("CN=Signer", "signer");
    Object[][] good = {
      {"usage-alone", plan("CN=Signer", "signer").usage(KeyUsage.digitalSignature)},
      {"purpose-alone", plan("CN=Signer", "signer").purposes(true, KeyPurposeId.id_kp_codeSigning)},
      {"any-purpose", plan("CN=Signer", "signer").purposes(false, KeyPurposeId.anyExtendedKeyUsage)}
    };
    for (Object[] each : good) {
      TestCertificate signer = ((TestCertificate.Plan) each[1]).issuedBy(middle);
      add("signer-" + each[0], "may sign", Vector.VERIFIED, bundle(signer, middle));
    }
    Object[][] bad = {
      {"without-usage", plan},
      {
        "for-tls",
        plan("CN=Signer", "signer")
            .usage(KeyUsage.digitalSignature)
            .purposes(false, KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth)
      },
      {"for-time-stamps", plan("CN=Signer", "signer").timestamping()},
      {
        "without-digital-signature",
        plan("CN=Signer", "signer")
            .usage(KeyUsage.keyEncipherment | KeyUsage.nonRepudiation)
            .purposes(false, KeyPurposeId.id_kp_codeSigning)
      }
    };
    for (Object[] each : bad) {
      TestCertificate signer = ((TestCertificate.Plan) each[1]).issuedBy(middle);
      add("signer-" + each[0], "may not sign", UNTRUSTED, bundle(signer, middle));
    }
    Object[][] kinds = {
      {"rsa", keys.rsa("rsa-2048", 2048)},
      {"ed25519", keys.ed25519("ed25519")},
      {"secp256k1", keys.ec("secp256k1", "secp256k1")}
    };
    for (Object[] each : kinds) {
      TestCertificate other =
          TestCertificate.named("CN=Signer")
              .keys((KeyPair) each[1])
              .valid(FROM, UNTIL)
              .signer()
              .issuedBy(middle);
      add(
          "signer-" + each[0],
          "a signer with another kind of key; the signature is by an allowed one",
          UNTRUSTED,
          Bundle.of(other.bundleMaterial(middle), leaf.envelope(PAYLOAD)));
    }
    TestCertificate other = plan("CN=Other", "p256-other").signer().issuedBy(middle);
    add(
        "signature-by-another-key",
        "the certificate has another key",
        "INVALID_SIGNATURE",
        Bundle.of(leaf.bundleMaterial(middle), other.envelope(PAYLOAD)));
    add(
        "payload-changed",
        "another payload under the signature",
        "INVALID_SIGNATURE",
        Bundle.of(
            leaf.bundleMaterial(middle),
            new Envelope(
                leaf.envelope(StatementVectors.good().subjectName("\"other\"").toString())
                    .payload(),
                leaf.envelope(PAYLOAD).signature())));
    add(
        "statement-malformed",
        "a name that leads out of the model, validly signed",
        Vector.MALFORMED_BUNDLE,
        leaf.bundle(StatementVectors.good().file("../x", "").toString(), middle));
  }

  private void pins() {
    TestCertificate named =
        plan("CN=Signer,O=Example", "signer")
            .signer()
            .names(GeneralName.rfc822Name, "release@example.com")
            .issuedBy(middle);
    String fingerprint = Forge.sha256Hex(named.der().toArray());
    String[][] pins = {
      {"subject", "certificate-identity", "O=Example,CN=Signer", Vector.VERIFIED},
      {"e-mail", "certificate-identity", "release@example.com", Vector.VERIFIED},
      {"other", "certificate-identity", "mallory@example.com", "WRONG_IDENTITY"},
      {"upper-case", "certificate-identity", "RELEASE@example.com", "WRONG_IDENTITY"},
      {"part", "certificate-identity", "example.com", "WRONG_IDENTITY"},
      {"fingerprint", "certificate-fingerprint", fingerprint, Vector.VERIFIED},
      {"other-fingerprint", "certificate-fingerprint", "00".repeat(32), "WRONG_IDENTITY"}
    };
    for (String[] each : pins) {
      folder.add(
          Vector.of("pin-" + each[0], "who must have signed", "8.2")
              .option("certificate-chain", trusted)
              .option(each[1], each[2])
              .expected(each[3]),
          bundle(named, middle));
    }
  }

  private void forms() {
    String issuing = folder.certificates("issuing", middle);
    Bundle lone = Bundle.of(new X509Certificate(leaf.der()), leaf.envelope(PAYLOAD));
    add(
        "lone-certificate",
        "no chain, as others write it",
        Vector.VERIFIED,
        lone,
        trusted,
        issuing);
    String json = new String(lone.toJson().toArray(), StandardCharsets.UTF_8);
    folder.add(
        Vector.of("lone-certificate-log-entry", "of Sigstore, as its log entry says", "4.1")
            .option("certificate-chain", trusted, issuing)
            .expected("WRONG_METHOD"),
        json.replace("\"tlogEntries\":[]", "\"tlogEntries\":[{}]"));
    add(
        "bare-key",
        "a bundle of the method key",
        "WRONG_METHOD",
        new Forge(KeyVectors.keys(keys)).bundle(PAYLOAD));
    String chain = new String(bundle(leaf, middle).toJson().toArray(), StandardCharsets.UTF_8);
    folder.add(
        Vector.of("log-entry", "log entries that nobody verifies with this method", "4.1")
            .option("certificate-chain", trusted),
        chain.replace("\"tlogEntries\":[]", "\"tlogEntries\":[{}]"));
    String der = Base64.getEncoder().encodeToString(middle.der().toArray());
    String[][] damaged = {
      {"rubbish", "cnViYmlzaA=="},
      {"pem", Forge.base64(KeysForTests.pem("CERTIFICATE", middle.der().toArray()))},
      {"bytes-behind", Base64.getEncoder().encodeToString(append(middle.der().toArray()))},
      {"empty", ""}
    };
    for (String[] each : damaged) {
      folder.add(
          Vector.of("chain-element-" + each[0], "an element that is no certificate in DER", "4.1")
              .option("certificate-chain", trusted)
              .expected(Vector.MALFORMED_BUNDLE),
          chain.replace(der, each[1]));
    }
    folder.add(
        Vector.of("chain-empty", "a chain without certificates", "4.1")
            .option("certificate-chain", trusted)
            .expected(Vector.MALFORMED_BUNDLE),
        chain.replaceFirst("\"certificates\":\\[.*?]", "\"certificates\":[]"));
  }

  private static byte[] append(byte[] bytes) {
    return Arrays.copyOf(bytes, bytes.length + 1);
  }
}
