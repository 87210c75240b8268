package dev.modelsigning.vectors;

import static dev.modelsigning.vectors.CertificateVectors.FROM;
import static dev.modelsigning.vectors.CertificateVectors.PAYLOAD;
import static dev.modelsigning.vectors.CertificateVectors.UNTIL;
import static dev.modelsigning.vectors.CertificateVectors.UNTRUSTED;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestTimestampAuthority;
import java.time.Instant;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.tsp.TSPAlgorithms;

/**
 * Vectors about time stamps: the signer's certificate has expired, so only a time stamp that counts
 * lets its signature pass.
 */
final class TimestampVectors {

  private static final String RFC = "4.3, RFC 3161";
  private static final Instant EXPIRY = Instant.parse("2024-03-01T00:00:00Z");
  private static final Instant BEFORE = Instant.parse("2024-02-01T00:00:00Z");
  private static final Instant AFTER = Instant.parse("2024-04-01T00:00:00Z");

  private final VectorFolder folder;
  private final KeysForTests keys;
  private final String trusted;
  private final String trustedStamps;
  private final TestCertificate stampRoot;
  private final TestCertificate stamper;
  private final TestTimestampAuthority authority;
  private final Bundle expired;
  private final Bundle valid;

  TimestampVectors(VectorFolder folder, KeysForTests keys) {
    this.folder = folder;
    this.keys = keys;
    TestCertificate root = CertificateVectors.root(keys);
    this.trusted = folder.certificates("root", root);
    this.stampRoot =
        CertificateVectors.plan(keys, "CN=TSA Root", "tsa-root").authority().selfSigned();
    this.trustedStamps = folder.certificates("tsa-root", stampRoot);
    this.stamper = plan().timestamping().issuedBy(stampRoot);
    this.authority = new TestTimestampAuthority(stamper, stamper);
    this.expired =
        CertificateVectors.plan(keys, "CN=Signer", "signer")
            .signer()
            .valid(FROM, EXPIRY)
            .issuedBy(root)
            .bundle(PAYLOAD);
    this.valid =
        CertificateVectors.plan(keys, "CN=Signer", "signer")
            .signer()
            .issuedBy(root)
            .bundle(PAYLOAD);
  }

  private TestCertificate.Plan plan() {
    return CertificateVectors.plan(keys, "CN=Test TSA", "tsa");
  }

  private Bytes signature() {
    return expired.envelope().signature();
  }

  private void add(String name, String about, String expected, Bundle bundle) {
    folder.add(
        Vector.of("stamp-" + name, about, RFC)
            .option("certificate-chain", trusted)
            .option("tsa-certificate-chain", trustedStamps)
            .expected(expected),
        bundle);
  }

  private void refused(String name, String about, Bytes token) {
    add(name, about, UNTRUSTED, expired.withTimestamp(token));
  }

  private void refused(String name, String about, TestCertificate... signerAndChain) {
    refused(
        name,
        about,
        new TestTimestampAuthority(signerAndChain[0], signerAndChain).stamp(signature(), BEFORE));
  }

  void make() {
    good();
    tokens();
    authorities();
    several();
  }

  private void good() {
    Bundle stamped = authority.stamp(expired, BEFORE);
    add("good", "the signature is older than the end of its certificate", Vector.VERIFIED, stamped);
    add("none", "no time stamp", UNTRUSTED, expired);
    folder.add(
        Vector.of("stamp-nobody-trusted", "a time stamp, and nobody is trusted for it", RFC)
            .option("certificate-chain", trusted)
            .expected(UNTRUSTED),
        stamped);
    folder.add(
        Vector.of("stamp-signer-root-trusted", "the signer's root is not one for stamps", RFC)
            .option("certificate-chain", trusted)
            .option("tsa-certificate-chain", trusted)
            .expected(UNTRUSTED),
        stamped);
    add(
        "sha-512",
        "a digest by SHA-512",
        Vector.VERIFIED,
        expired.withTimestamp(
            authority.stamp(signature(), BEFORE, TSPAlgorithms.SHA512, "SHA-512")));
    folder.add(
        Vector.of("stamp-without-certificates", "the user has the authority's certificate", RFC)
            .option("certificate-chain", trusted)
            .option("tsa-certificate-chain", trustedStamps, folder.certificates("tsa", stamper)),
        new TestTimestampAuthority(stamper).stamp(expired, BEFORE));
    add(
        "without-certificates-unknown",
        "nobody has the authority's certificate",
        UNTRUSTED,
        new TestTimestampAuthority(stamper).stamp(expired, BEFORE));
    TestCertificate old = plan().timestamping().valid(FROM, EXPIRY).issuedBy(stampRoot);
    add(
        "authority-expired-later",
        "the authority's certificate was valid at that time",
        Vector.VERIFIED,
        new TestTimestampAuthority(old, old).stamp(expired, BEFORE));
  }

  private void tokens() {
    refused(
        "late", "a time behind the end of the certificate", authority.stamp(signature(), AFTER));
    refused(
        "over-other-bytes",
        "over something else",
        authority.stamp(Bytes.of(Vector.bytes("other")), BEFORE));
    refused(
        "over-the-payload",
        "over the payload in place of the signature",
        authority.stamp(expired.envelope().payload().content(), BEFORE));
    refused("rubbish", "no response", Bytes.of(Vector.bytes("rubbish")));
    refused("empty-sequence", "no response", Bytes.of(new byte[] {0x30, 0}));
    refused(
        "rejection", "a response that grants nothing", TestTimestampAuthority.rejection("busy"));
    refused(
        "sha-1-imprint",
        "a digest by SHA-1",
        authority.stamp(signature(), BEFORE, TSPAlgorithms.SHA1, "SHA-1"));
    refused(
        "sha-1-signature",
        "a token signed by ECDSA with SHA-1",
        new TestTimestampAuthority(stamper, stamper)
            .signingWith("SHA1withECDSA")
            .stamp(signature(), BEFORE));
    byte[] changed = authority.stamp(signature(), BEFORE).toArray();
    changed[changed.length - 1] ^= 1;
    refused("changed", "the last byte of its signature was changed", Bytes.of(changed));
    add(
        "of-the-future",
        "a time that is not yet, over a signature that is valid now",
        Vector.VERIFIED,
        valid.withTimestamp(
            authority.stamp(valid.envelope().signature(), Instant.parse("2118-01-01T00:00:00Z"))));
    TestCertificate later =
        CertificateVectors.plan(keys, "CN=Signer", "signer")
            .signer()
            .valid(Instant.parse("2117-01-01T00:00:00Z"), UNTIL)
            .issuedBy(CertificateVectors.root(keys));
    Bundle future = later.bundle(PAYLOAD);
    add(
        "of-the-future-alone",
        "a certificate of the future, with a time stamp of the future",
        UNTRUSTED,
        authority.stamp(future, Instant.parse("2118-01-01T00:00:00Z")));
  }

  private void authorities() {
    TestCertificate strange =
        CertificateVectors.plan(keys, "CN=TSA Root", "other-root").authority().selfSigned();
    TestCertificate stranger = plan().timestamping().issuedBy(strange);
    refused("stranger", "an authority that nobody trusts, of the same name", stranger);
    refused("stranger-with-root", "the same with its own root", stranger, strange);
    Object[][] plans = {
      {"usage-only", plan().usage(KeyUsage.digitalSignature)},
      {"for-code", plan().signer()},
      {"purpose-not-critical", plan().purposes(false, KeyPurposeId.id_kp_timeStamping)},
      {
        "two-purposes",
        plan().purposes(true, KeyPurposeId.id_kp_timeStamping, KeyPurposeId.id_kp_serverAuth)
      }
    };
    for (Object[] each : plans) {
      refused(
          "authority-" + each[0],
          "a certificate that is not for time stamps, or not only",
          ((TestCertificate.Plan) each[1]).issuedBy(stampRoot));
    }
    refused(
        "authority-expired",
        "the authority's certificate was not valid at that time",
        plan()
            .timestamping()
            .valid(FROM, Instant.parse("2023-01-01T00:00:00Z"))
            .issuedBy(stampRoot));
    refused(
        "authority-sha-1",
        "the authority's certificate was signed by SHA-1",
        plan().timestamping().signatureAlgorithm("SHA1withECDSA").issuedBy(stampRoot));
    TestCertificate weak =
        TestCertificate.named("CN=Test TSA")
            .keys(keys.rsa("rsa-1024", 1024))
            .valid(FROM, UNTIL)
            .timestamping()
            .issuedBy(stampRoot);
    refused("authority-rsa-1024", "an authority with an RSA key of 1024 bits", weak);
  }

  private void several() {
    add(
        "two",
        "two good time stamps",
        Vector.VERIFIED,
        authority.stamp(authority.stamp(expired, BEFORE), BEFORE.plusSeconds(60)));
    add(
        "one-of-two-late",
        "one behind the end of the certificate",
        UNTRUSTED,
        authority.stamp(authority.stamp(expired, BEFORE), AFTER));
    add(
        "one-of-two-rubbish",
        "a good one and one that does not count",
        Vector.VERIFIED,
        authority.stamp(expired, BEFORE).withTimestamp(Bytes.of(Vector.bytes("rubbish"))));
    Bundle many = expired;
    for (int i = 0; i < 21; i++) {
      many = authority.stamp(many, BEFORE);
    }
    add("21", "more than any honest bundle has", UNTRUSTED, many);
  }
}
