package dev.modelsigning.vectors;

import static dev.modelsigning.vectors.CertificateVectors.FROM;
import static dev.modelsigning.vectors.CertificateVectors.PAYLOAD;
import static dev.modelsigning.vectors.CertificateVectors.UNTIL;
import static dev.modelsigning.vectors.CertificateVectors.UNTRUSTED;
import static dev.modelsigning.vectors.CertificateVectors.bundle;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.VerificationMaterial.X509CertificateChain;
import dev.modelsigning.testing.TestCertificate;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;

/** Vectors with weak algorithms and keys, and with extensions that cannot be read. */
final class CertificateFormVectors {

  private static final String RFC = "8.2, RFC 5280 4.2";

  private final VectorFolder folder;
  private final KeysForTests keys;
  private final TestCertificate root;
  private final TestCertificate middle;
  private final String trusted;

  CertificateFormVectors(VectorFolder folder, KeysForTests keys) {
    this.folder = folder;
    this.keys = keys;
    this.root = CertificateVectors.root(keys);
    this.middle = CertificateVectors.middle(keys);
    this.trusted = folder.certificates("root", root);
  }

  private TestCertificate.Plan signer() {
    return CertificateVectors.plan(keys, "CN=Signer", "signer");
  }

  private void refused(String name, String about, Bundle bundle, String... trust) {
    folder.add(
        Vector.of(name, about, RFC)
            .option("certificate-chain", trust.length == 0 ? new String[] {trusted} : trust)
            .expected(UNTRUSTED),
        bundle);
  }

  void make() {
    weakSignatures();
    weakKeys();
    damagedExtensions();
    points();
  }

  private void weakSignatures() {
    TestCertificate sha1Signer =
        signer().signer().signatureAlgorithm("SHA1withECDSA").issuedBy(middle);
    refused("weak-sha-1-signer", "a signer certified by SHA-1", bundle(sha1Signer, middle));
    TestCertificate sha1Middle =
        CertificateVectors.plan(keys, "CN=Issuing", "issuing")
            .authority()
            .signatureAlgorithm("SHA1withECDSA")
            .issuedBy(root);
    refused(
        "weak-sha-1-intermediate",
        "an authority certified by SHA-1",
        bundle(signer().signer().issuedBy(sha1Middle), sha1Middle));
    TestCertificate rsa = rsa("CN=RSA root", "rsa-2048", 2048).authority().selfSigned();
    String file = folder.certificates("rsa-root", rsa);
    refused(
        "weak-sha-1-rsa",
        "a signer certified by RSA with SHA-1",
        bundle(signer().signer().signatureAlgorithm("SHA1withRSA").issuedBy(rsa)),
        file);
    refused(
        "weak-md5-rsa",
        "a signer certified by RSA with MD5",
        bundle(signer().signer().signatureAlgorithm("MD5withRSA").issuedBy(rsa)),
        file);
    folder.add(
        Vector.of("rsa-anchor", "a root with an RSA key of 2048 bits", RFC)
            .option("certificate-chain", file),
        bundle(signer().signer().issuedBy(rsa)));
  }

  private TestCertificate.Plan rsa(String subject, String key, int bits) {
    return TestCertificate.named(subject).keys(keys.rsa(key, bits)).valid(FROM, UNTIL);
  }

  private void weakKeys() {
    TestCertificate weak = rsa("CN=Weak", "rsa-1024", 1024).authority().issuedBy(root);
    refused(
        "weak-rsa-1024-intermediate",
        "an authority with an RSA key of 1024 bits",
        bundle(signer().signer().issuedBy(weak), weak));
    TestCertificate anchor = rsa("CN=Weak root", "rsa-1024", 1024).authority().selfSigned();
    refused(
        "weak-rsa-1024-anchor",
        "a root with an RSA key of 1024 bits",
        bundle(signer().signer().issuedBy(anchor)),
        folder.certificates("rsa-1024-root", anchor));
    TestCertificate koblitz =
        TestCertificate.named("CN=Other curve")
            .keys(keys.ec("secp256k1", "secp256k1"))
            .valid(FROM, UNTIL)
            .authority()
            .issuedBy(root);
    refused(
        "authority-on-another-curve",
        "an authority with a key on secp256k1",
        bundle(signer().signer().issuedBy(koblitz), koblitz));
  }

  private void damagedExtensions() {
    ASN1Encodable integer = new ASN1Integer(1);
    TestCertificate.Plan purposes =
        signer()
            .usage(KeyUsage.digitalSignature)
            .extension(
                Extension.extendedKeyUsage,
                false,
                new DERSequence(new ASN1Encodable[] {KeyPurposeId.id_kp_serverAuth, integer}));
    refused(
        "damaged-purposes", "purposes that are none", bundle(purposes.issuedBy(middle), middle));
    TestCertificate.Plan usage =
        signer()
            .extension(Extension.keyUsage, false, integer)
            .purposes(false, KeyPurposeId.id_kp_codeSigning);
    refused("damaged-usage", "a usage that is none", bundle(usage.issuedBy(middle), middle));
    TestCertificate.Plan names =
        signer().signer().extension(Extension.subjectAlternativeName, false, integer);
    refused("damaged-names", "names that are none", bundle(names.issuedBy(middle), middle));
    TestCertificate loose =
        CertificateVectors.plan(keys, "CN=Loose", "issuing")
            .authority()
            .extension(Extension.nameConstraints, false, integer)
            .issuedBy(root);
    refused(
        "damaged-name-constraints",
        "name constraints that are none",
        bundle(signer().signer().issuedBy(loose), loose));
    TestCertificate.Plan odd =
        signer()
            .signer()
            .extension(new ASN1ObjectIdentifier("1.2.3.4"), true, new DERUTF8String("?"));
    refused(
        "unknown-critical-extension",
        "a critical extension that nobody knows",
        bundle(odd.issuedBy(middle), middle));
    TestCertificate.Plan harmless =
        signer()
            .signer()
            .extension(new ASN1ObjectIdentifier("1.2.3.4"), false, new DERUTF8String("?"));
    folder.add(
        Vector.of("unknown-extension", "an extension that nobody knows", RFC)
            .option("certificate-chain", trusted),
        bundle(harmless.issuedBy(middle), middle));
  }

  private void points() {
    TestCertificate leaf = signer().signer().issuedBy(middle);
    byte[] der = leaf.der().toArray();
    byte[] point = ((ECPublicKey) leaf.keys().getPublic()).getW().getAffineX().toByteArray();
    String x = new String(point, StandardCharsets.ISO_8859_1).replaceFirst("^\0", "");
    int place = new String(der, StandardCharsets.ISO_8859_1).indexOf(x);
    Arrays.fill(der, place, place + 32, (byte) 0xff);
    folder.add(
        Vector.of("point-beyond-the-field", "a key that is no point of its curve", "4.1")
            .option("certificate-chain", trusted)
            .expected(UNTRUSTED),
        Bundle.of(
            new X509CertificateChain(List.of(Bytes.of(der), middle.der())),
            leaf.envelope(PAYLOAD)));
  }
}
