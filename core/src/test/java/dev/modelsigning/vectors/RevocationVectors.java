package dev.modelsigning.vectors;

import static dev.modelsigning.vectors.CertificateVectors.FROM;
import static dev.modelsigning.vectors.CertificateVectors.PAYLOAD;
import static dev.modelsigning.vectors.CertificateVectors.UNTIL;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestTimestampAuthority;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v2CRLBuilder;

/** Vectors about CRLs that the user gives. */
final class RevocationVectors {

  private static final String RFC = "8.2, RFC 5280 5";
  private static final String REVOKED = "REVOKED";
  private static final String UNKNOWN = "REVOCATION_UNKNOWN";
  private static final Instant ISSUED = Instant.parse("2024-04-01T00:00:00Z");
  private static final Instant REVOCATION = Instant.parse("2024-03-01T00:00:00Z");

  private final VectorFolder folder;
  private final KeysForTests keys;
  private final TestCertificate root;
  private final TestCertificate middle;
  private final TestCertificate leaf;
  private final Bundle bundle;
  private final String trusted;
  private final String rootList;
  private final String emptyList;
  private final String leafList;

  RevocationVectors(VectorFolder folder, KeysForTests keys) {
    this.folder = folder;
    this.keys = keys;
    this.root = CertificateVectors.root(keys);
    this.middle = CertificateVectors.middle(keys);
    this.leaf = CertificateVectors.plan(keys, "CN=Signer", "signer").signer().issuedBy(middle);
    this.bundle = leaf.bundle(PAYLOAD, middle);
    this.trusted = folder.certificates("root", root);
    this.rootList = folder.revocationList("list-of-root", list(root));
    this.emptyList = folder.revocationList("list-of-issuing", list(middle));
    this.leafList = folder.revocationList("list-of-issuing-revoking-signer", list(middle, leaf));
  }

  private static X509CRL list(TestCertificate issuer, TestCertificate... revoked) {
    return issuer.revocationList(ISSUED, UNTIL, 1, REVOCATION, revoked);
  }

  private Vector vector(String name, String about, String expected, String... lists) {
    return Vector.of("revocation-" + name, about, RFC)
        .option("certificate-chain", trusted)
        .option("crl", lists)
        .expected(expected);
  }

  private void add(String name, String about, String expected, String... lists) {
    folder.add(vector(name, about, expected, lists), bundle);
  }

  void make() throws Exception {
    TestCertificate other =
        CertificateVectors.plan(keys, "CN=Other", "p256-other").signer().issuedBy(middle);
    String otherList =
        folder.revocationList("list-of-issuing-revoking-another", list(middle, other));
    add("none", "nothing was revoked", Vector.VERIFIED, rootList, emptyList);
    add("of-another", "another signer was revoked", Vector.VERIFIED, rootList, otherList);
    add("of-signer", "the signer was revoked", REVOKED, rootList, leafList);
    String middleList = folder.revocationList("list-of-root-revoking-issuing", list(root, middle));
    add("of-authority", "its authority was revoked", REVOKED, middleList, emptyList);
    add("no-list-of-root", "nobody knows about the authority", UNKNOWN, emptyList);
    add("no-list-of-issuing", "nobody knows about the signer", UNKNOWN, rootList);
    folder.add(
        vector("unknown-allowed", "nobody knows, and that is allowed", Vector.VERIFIED, rootList)
            .option("revocation-soft-fail"),
        bundle);
    folder.add(
        vector("soft-fail", "the signer was revoked, and not knowing is allowed", REVOKED, leafList)
            .option("revocation-soft-fail"),
        bundle);
    folder.add(
        vector("soft-fail-of-authority", "the authority was revoked", REVOKED, middleList)
            .option("revocation-soft-fail"),
        bundle);
    lists();
    files();
    afterwards();
  }

  private void lists() throws Exception {
    X509CRL stale = middle.revocationList(ISSUED, ISSUED.plusSeconds(86_400), 1, REVOCATION);
    add("stale", "a list that was to be replaced", UNKNOWN, rootList, write("stale", stale));
    X509CRL staleRevoking =
        middle.revocationList(ISSUED, ISSUED.plusSeconds(86_400), 1, REVOCATION, leaf);
    folder.add(
        vector(
                "stale-revoking",
                "an old list that names the signer counts all the same",
                REVOKED,
                rootList,
                write("stale-revoking", staleRevoking))
            .option("revocation-soft-fail"),
        bundle);
    Instant future = Instant.parse("2118-01-01T00:00:00Z");
    X509CRL early = middle.revocationList(future, UNTIL, 1, REVOCATION);
    add("future", "a list of the future", UNKNOWN, rootList, write("future", early));
    TestCertificate impostor =
        CertificateVectors.plan(keys, "CN=Issuing", "p256-other").authority().issuedBy(root);
    add(
        "by-an-impostor",
        "a list by another authority of this name",
        UNKNOWN,
        rootList,
        write("by-an-impostor", list(impostor)));
    add(
        "sha-1",
        "a list signed by ECDSA with SHA-1",
        UNKNOWN,
        rootList,
        write("sha-1", build(middle, "SHA1withECDSA", false, false)));
    add(
        "unknown-critical-extension",
        "a list with a critical extension that nobody knows",
        UNKNOWN,
        rootList,
        write("critical", build(middle, "SHA256withECDSA", true, false)));
    add(
        "unknown-critical-entry-extension",
        "a list with an entry about another, with a critical extension that nobody knows",
        UNKNOWN,
        rootList,
        write("critical-entry", build(middle, "SHA256withECDSA", false, true)));
    TestCertificate noCrlSign =
        CertificateVectors.plan(keys, "CN=Issuing", "issuing")
            .extension(Extension.basicConstraints, true, new BasicConstraints(true))
            .usage(KeyUsage.keyCertSign)
            .issuedBy(root);
    TestCertificate signer =
        CertificateVectors.plan(keys, "CN=Signer", "signer").signer().issuedBy(noCrlSign);
    folder.add(
        vector(
            "without-crl-sign",
            "a list by an authority that may not issue lists",
            UNKNOWN,
            rootList,
            emptyList),
        signer.bundle(PAYLOAD, noCrlSign));
  }

  private String write(String name, X509CRL list) {
    return folder.revocationList("list-" + name, list);
  }

  private static X509CRL build(
      TestCertificate issuer, String algorithm, boolean critical, boolean criticalEntry)
      throws IOException, GeneralSecurityException {
    X509v2CRLBuilder builder =
        new X509v2CRLBuilder(
            X500Name.getInstance(issuer.certificate().getSubjectX500Principal().getEncoded()),
            Date.from(ISSUED));
    builder.setNextUpdate(Date.from(UNTIL));
    ASN1ObjectIdentifier unknown = new ASN1ObjectIdentifier("1.2.3.4");
    if (critical) {
      builder.addExtension(unknown, true, new DERUTF8String("?"));
    }
    if (criticalEntry) {
      ExtensionsGenerator entry = new ExtensionsGenerator();
      entry.addExtension(unknown, true, new DERUTF8String("?"));
      builder.addCRLEntry(BigInteger.valueOf(4711), Date.from(REVOCATION), entry.generate());
    }
    byte[] der = builder.build(issuer.contentSigner(algorithm)).getEncoded();
    return (X509CRL)
        CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(der));
  }

  /** Files in which a list is easy to lose. */
  private void files() throws Exception {
    String pem = KeysForTests.pem("X509 CRL", list(middle, leaf).getEncoded());
    String first = KeysForTests.pem("X509 CRL", list(root).getEncoded());
    String[][] files = {
      {"glued", first.stripTrailing() + pem},
      {"indented", first + pem.replaceAll("(?m)^", "  ")},
      {"behind-a-byte-order-mark", first + "\uFEFF" + pem},
      {"byte-order-mark", "\uFEFF" + pem + first},
      {"carriage-returns", (first + pem).replace("\n", "\r\n")}
    };
    for (String[] each : files) {
      folder.add(
          vector(
                  "file-" + each[0],
                  "a list that revokes the signer, in a file that is easy to misread",
                  REVOKED,
                  folder.file("list-" + each[0] + ".pem", each[1]))
              .option("revocation-soft-fail"),
          bundle);
    }
    String[][] damaged = {
      {"cut-off", first + pem.substring(0, pem.length() / 2)},
      {"text-in-block", first + pem.replaceFirst("\n", "\n!\n")}
    };
    for (String[] each : damaged) {
      folder.add(
          vector(
                  "file-" + each[0],
                  "a file of which not every block can be read",
                  Vector.UNUSABLE_TRUST,
                  folder.file("list-" + each[0] + ".pem", each[1]))
              .option("revocation-soft-fail"),
          bundle);
    }
  }

  /** What was signed before the revocation passes only for a harmless reason. */
  private void afterwards() {
    TestCertificate stampRoot =
        CertificateVectors.plan(keys, "CN=TSA Root", "tsa-root").authority().selfSigned();
    TestCertificate stamper =
        CertificateVectors.plan(keys, "CN=Test TSA", "tsa").timestamping().issuedBy(stampRoot);
    String stamps = folder.certificates("tsa-root", stampRoot);
    String stampList = folder.revocationList("list-of-tsa-root", list(stampRoot));
    TestTimestampAuthority authority = new TestTimestampAuthority(stamper, stamper);
    Object[][] reasons = {
      {"superseded", 4, true},
      {"cessation-of-operation", 5, true},
      {"affiliation-changed", 3, true},
      {"unspecified", 0, false},
      {"key-compromise", 1, false},
      {"ca-compromise", 2, false},
      {"certificate-hold", 6, false},
      {"privilege-withdrawn", 9, false}
    };
    for (Object[] each : reasons) {
      String list =
          write(
              (String) each[0],
              middle.revocationList(ISSUED, UNTIL, (Integer) each[1], REVOCATION, leaf));
      for (boolean before : new boolean[] {true, false}) {
        boolean passes = before && (Boolean) each[2];
        folder.add(
            vector(
                    each[0] + (before ? "-stamped-before" : "-stamped-after"),
                    "a time stamp " + (before ? "before" : "after") + " the revocation",
                    passes ? Vector.VERIFIED : REVOKED,
                    rootList,
                    list,
                    stampList)
                .option("tsa-certificate-chain", stamps),
            authority.stamp(bundle, REVOCATION.plusSeconds(before ? -60 : 60)));
      }
    }
    String revoked =
        folder.revocationList("list-of-tsa-root-revoking-tsa", list(stampRoot, stamper));
    Bundle expired =
        CertificateVectors.plan(keys, "CN=Signer", "signer")
            .signer()
            .valid(FROM, REVOCATION)
            .issuedBy(middle)
            .bundle(PAYLOAD, middle);
    folder.add(
        vector(
                "of-time-stamp-authority",
                "the time stamp authority was revoked, so its time does not count",
                CertificateVectors.UNTRUSTED,
                rootList,
                emptyList,
                revoked)
            .option("tsa-certificate-chain", stamps),
        authority.stamp(expired, REVOCATION.minusSeconds(60)));
  }
}
