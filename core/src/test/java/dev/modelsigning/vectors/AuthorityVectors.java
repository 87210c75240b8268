package dev.modelsigning.vectors;

import static dev.modelsigning.vectors.CertificateVectors.UNTRUSTED;
import static dev.modelsigning.vectors.CertificateVectors.bundle;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.testing.TestCertificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;

/**
 * Vectors about constraints of authorities: permission to issue certificates, path length, names
 * and usages.
 */
final class AuthorityVectors {

  private static final String RFC = "8.2, RFC 5280 6.1";

  private final VectorFolder folder;
  private final KeysForTests keys;
  private final TestCertificate root;
  private final String trusted;

  AuthorityVectors(VectorFolder folder, KeysForTests keys) {
    this.folder = folder;
    this.keys = keys;
    this.root = CertificateVectors.root(keys);
    this.trusted = folder.certificates("root", root);
  }

  private TestCertificate.Plan authority(String name) {
    return CertificateVectors.plan(keys, name, "issuing");
  }

  private TestCertificate signer(TestCertificate issuer) {
    return CertificateVectors.plan(keys, "CN=Signer", "signer").signer().issuedBy(issuer);
  }

  private void add(String name, String about, String expected, Bundle bundle, String... trust) {
    folder.add(
        Vector.of(name, about, RFC)
            .option("certificate-chain", trust.length == 0 ? new String[] {trusted} : trust)
            .expected(expected),
        bundle);
  }

  void make() {
    issuing();
    lengths();
    names();
    purposes();
    maze(true);
    maze(false);
  }

  private void issuing() {
    TestCertificate signer = signer(root);
    TestCertificate below =
        CertificateVectors.plan(keys, "CN=Below", "p256-other").signer().issuedBy(signer);
    add("issued-by-a-signer", "a signer is no authority", UNTRUSTED, bundle(below, signer));
    TestCertificate nothing = authority("CN=Nothing").usage(KeyUsage.keyCertSign).issuedBy(root);
    add(
        "issued-without-basic-constraints",
        "an issuer with the key usage only",
        UNTRUSTED,
        bundle(signer(nothing), nothing));
    TestCertificate wrong =
        authority("CN=Issuing")
            .extension(Extension.basicConstraints, true, new BasicConstraints(true))
            .usage(KeyUsage.digitalSignature)
            .issuedBy(root);
    Bundle bundle = bundle(signer(wrong), wrong);
    add("issued-without-key-usage", "an authority without keyCertSign", UNTRUSTED, bundle);
    add(
        "anchor-without-key-usage",
        "a trusted authority without keyCertSign",
        UNTRUSTED,
        bundle,
        folder.certificates("issuing-without-key-usage", wrong));
    TestCertificate impostor =
        CertificateVectors.plan(keys, "CN=Issuing", "p256-other")
            .authority()
            .issuedBy(
                CertificateVectors.plan(keys, "CN=Root", "other-root").authority().selfSigned());
    add(
        "issued-by-an-impostor",
        "an authority that only says that the root issued it",
        UNTRUSTED,
        bundle(signer(impostor), impostor));
  }

  private void lengths() {
    TestCertificate limited = authority("CN=Limited").authority(0).issuedBy(root);
    TestCertificate lower =
        CertificateVectors.plan(keys, "CN=Lower", "lower").authority().issuedBy(limited);
    add(
        "path-length-of-intermediate",
        "an authority below one that allows none",
        UNTRUSTED,
        bundle(signer(lower), lower, limited));
    TestCertificate anchor =
        CertificateVectors.plan(keys, "CN=Root", "root").authority(0).selfSigned();
    String file = folder.certificates("root-of-length-0", anchor);
    TestCertificate one = authority("CN=Issuing").authority().issuedBy(anchor);
    add("path-length-of-anchor", "the same of a root", UNTRUSTED, bundle(signer(one), one), file);
    add(
        "path-length-of-anchor-kept",
        "a signer below such a root",
        Vector.VERIFIED,
        bundle(signer(anchor)),
        file);
  }

  private void names() {
    Object[][] kinds = {
      {"e-mail", GeneralName.rfc822Name, "bank.example", "x@evil.example", "x@bank.example"},
      {"host", GeneralName.dNSName, "bank.example", "evil.example", "ci.bank.example"},
      {
        "uri",
        GeneralName.uniformResourceIdentifier,
        ".bank.example",
        "https://evil.example/x",
        "https://ci.bank.example/x"
      }
    };
    for (Object[] each : kinds) {
      int tag = (Integer) each[1];
      TestCertificate constrained =
          authority("CN=Bank CA").authority().permitting(tag, (String) each[2]).issuedBy(root);
      TestCertificate anchor =
          CertificateVectors.plan(keys, "CN=Bank root", "root")
              .authority()
              .permitting(tag, (String) each[2])
              .selfSigned();
      String file = folder.certificates("bank-root-" + each[0], anchor);
      for (boolean good : new boolean[] {true, false}) {
        for (TestCertificate issuer : List.of(constrained, anchor)) {
          TestCertificate signer =
              CertificateVectors.plan(keys, "CN=Signer", "signer")
                  .signer()
                  .names(tag, (String) each[good ? 4 : 3])
                  .issuedBy(issuer);
          boolean below = issuer.equals(constrained);
          add(
              "names-"
                  + each[0]
                  + (below ? "-of-intermediate" : "-of-anchor")
                  + (good ? "-kept" : ""),
              "name constraints of " + (below ? "an intermediate" : "a root"),
              good ? Vector.VERIFIED : UNTRUSTED,
              bundle(signer, issuer),
              below ? trusted : file);
        }
      }
    }
    TestCertificate bank =
        CertificateVectors.plan(keys, "CN=Bank root", "root")
            .authority()
            .permitting(GeneralName.directoryName, "O=Bank")
            .selfSigned();
    String file = folder.certificates("bank-root-directory", bank);
    String[][] subjects = {
      {"names-subject", "O=Evil,CN=Signer", UNTRUSTED},
      {"names-subject-kept", "O=Bank,CN=Signer", Vector.VERIFIED}
    };
    for (String[] each : subjects) {
      TestCertificate signer =
          CertificateVectors.plan(keys, each[1], "signer").signer().issuedBy(bank);
      add(each[0], "name constraints about subjects", each[2], bundle(signer), file);
    }
    TestCertificate evil = authority("O=Evil,CN=Issuing").authority().issuedBy(bank);
    TestCertificate below =
        CertificateVectors.plan(keys, "O=Bank,CN=Signer", "signer").signer().issuedBy(evil);
    add(
        "names-subject-of-intermediate",
        "an authority with a name outside the constraints, a signer with one within",
        UNTRUSTED,
        bundle(below, evil),
        file);
    TestCertificate mail =
        CertificateVectors.plan(keys, "CN=Bank root", "root")
            .authority()
            .permitting(GeneralName.rfc822Name, "bank.example")
            .selfSigned();
    add(
        "names-e-mail-in-subject",
        "an address in the subject, where old certificates have it",
        UNTRUSTED,
        bundle(
            CertificateVectors.plan(keys, "CN=Signer,E=release@evil.example", "signer")
                .signer()
                .issuedBy(mail)),
        folder.certificates("bank-root-e-mail", mail));
  }

  private void purposes() {
    TestCertificate tls =
        authority("CN=TLS CA")
            .authority()
            .purposes(false, KeyPurposeId.id_kp_serverAuth)
            .issuedBy(root);
    Bundle bundle = bundle(signer(tls), tls);
    add("authority-for-tls", "an authority for TLS only", UNTRUSTED, bundle);
    add(
        "anchor-for-tls",
        "the same, trusted",
        UNTRUSTED,
        bundle,
        trusted,
        folder.certificates("tls-authority", tls));
    TestCertificate code =
        authority("CN=CA")
            .authority()
            .purposes(false, KeyPurposeId.id_kp_codeSigning)
            .issuedBy(root);
    add(
        "authority-for-code",
        "an authority for signing code",
        Vector.VERIFIED,
        bundle(signer(code), code));
  }

  /** Four authorities that certify each other, and of which none is trusted. */
  private void maze(boolean sameName) {
    String[] names = {"maze-1", "maze-2", "maze-3", "maze-4"};
    List<TestCertificate> authorities = new ArrayList<>();
    for (String name : names) {
      authorities.add(
          CertificateVectors.plan(keys, sameName ? "CN=X" : "CN=" + name, name)
              .authority()
              .selfSigned());
    }
    List<TestCertificate> maze = new ArrayList<>();
    for (int i = 0; i < names.length; i++) {
      for (int j = 0; j < names.length; j++) {
        if (i != j) {
          maze.add(
              CertificateVectors.plan(keys, sameName ? "CN=X" : "CN=" + names[i], names[i])
                  .authority()
                  .issuedBy(authorities.get(j)));
        }
      }
    }
    TestCertificate other =
        CertificateVectors.plan(keys, "CN=X", "other-root").authority().selfSigned();
    add(
        sameName ? "maze-of-one-name" : "maze",
        "authorities that certify each other in all directions",
        UNTRUSTED,
        bundle(signer(authorities.get(0)), maze.toArray(new TestCertificate[0])),
        folder.certificates("root-x", other));
  }
}
