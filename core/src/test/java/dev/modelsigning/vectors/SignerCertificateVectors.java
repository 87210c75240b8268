package dev.modelsigning.vectors;

import static dev.modelsigning.vectors.CertificateVectors.FROM;
import static dev.modelsigning.vectors.CertificateVectors.PAYLOAD;
import static dev.modelsigning.vectors.CertificateVectors.UNTIL;
import static dev.modelsigning.vectors.CertificateVectors.UNTRUSTED;
import static dev.modelsigning.vectors.CertificateVectors.bundle;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Envelope;
import dev.modelsigning.bundle.Payload;
import dev.modelsigning.bundle.VerificationMaterial.X509Certificate;
import dev.modelsigning.testing.Forge;
import dev.modelsigning.testing.RepeatableSignatures;
import dev.modelsigning.testing.TestCertificate;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;

/** Vectors about the signer's own certificate: usage, key, name, format. */
final class SignerCertificateVectors {

  private final VectorFolder folder;
  private final KeysForTests keys;
  private final TestCertificate middle;
  private final TestCertificate leaf;
  private final String trusted;

  SignerCertificateVectors(VectorFolder folder, KeysForTests keys) {
    this.folder = folder;
    this.keys = keys;
    this.middle = CertificateVectors.middle(keys);
    this.leaf = plan("CN=Signer", "signer").signer().issuedBy(middle);
    this.trusted = folder.certificates("root", CertificateVectors.root(keys));
  }

  private TestCertificate.Plan plan(String subject, String key) {
    return CertificateVectors.plan(keys, subject, key);
  }

  private void add(String name, String about, String expected, Bundle bundle, String... trust) {
    folder.add(
        Vector.of(name, about, "8.2")
            .option("certificate-chain", trust.length == 0 ? new String[] {trusted} : trust)
            .expected(expected),
        bundle);
  }

  void make() {
    signers();
    oldForm();
    pins();
    forms();
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

  /** The form of model_signing 0.2, which had certificates, too. */
  private void oldForm() {
    String payload = OldFormVectors.good();
    add(
        "old-form",
        "the encoding of model_signing 0.2",
        Vector.VERIFIED,
        Bundle.of(
            leaf.bundleMaterial(middle),
            new Envelope(
                Payload.inToto(Bytes.of(Vector.bytes(payload))),
                Bytes.of(
                    RepeatableSignatures.sign(
                        "SHA256withECDSA",
                        leaf.keys().getPrivate(),
                        OldFormVectors.encoding(payload))))));
    String today = PAYLOAD;
    add(
        "old-encoding-of-a-statement-of-today",
        "a statement of today in the old encoding",
        "INVALID_SIGNATURE",
        Bundle.of(
            leaf.bundleMaterial(middle),
            new Envelope(
                Payload.inToto(Bytes.of(Vector.bytes(today))),
                leaf.sign(Bytes.of(OldFormVectors.encoding(today))))));
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
