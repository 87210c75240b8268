package dev.modelsigning.testing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A CRL with content chosen by a test, signed by its issuer. */
public final class TestRevocationList {

  private final TestCertificate issuer;
  private final X509v2CRLBuilder builder;
  private final Instant now = Instant.now();
  private String algorithm = "SHA256withECDSA";

  private TestRevocationList(TestCertificate issuer, X500Name name) {
    this.issuer = issuer;
    this.builder = new X509v2CRLBuilder(name, Date.from(now.minusSeconds(60)));
    builder.setNextUpdate(Date.from(now.plusSeconds(86_400)));
  }

  /** A list of this authority, current and empty. */
  public static TestRevocationList of(TestCertificate issuer) {
    return new TestRevocationList(
        issuer, X500Name.getInstance(issuer.certificate().getSubjectX500Principal().getEncoded()));
  }

  /** A list by the key of this authority, under another name or another spelling of its own. */
  public static TestRevocationList of(TestCertificate issuer, String name) {
    return new TestRevocationList(issuer, new X500Name(name));
  }

  /** Names a certificate; the reason is a number of RFC 5280 5.3.1. */
  public TestRevocationList revoking(TestCertificate revoked, int reason) {
    builder.addCRLEntry(
        revoked.certificate().getSerialNumber(), Date.from(now.minusSeconds(30)), reason);
    return this;
  }

  /** Names a certificate in an entry with an extension besides. */
  public TestRevocationList revoking(
      TestCertificate revoked, ASN1ObjectIdentifier id, boolean critical, ASN1Encodable value) {
    ExtensionsGenerator extensions = new ExtensionsGenerator();
    try {
      extensions.addExtension(
          Extension.reasonCode, false, CRLReason.lookup(CRLReason.keyCompromise));
      extensions.addExtension(id, critical, value);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    Extensions generated = extensions.generate();
    builder.addCRLEntry(
        revoked.certificate().getSerialNumber(), Date.from(now.minusSeconds(30)), generated);
    return this;
  }

  /** Has an extension. */
  public TestRevocationList extension(
      ASN1ObjectIdentifier id, boolean critical, ASN1Encodable value) {
    try {
      builder.addExtension(id, critical, value);
      return this;
    } catch (CertIOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Is about a part only. */
  public TestRevocationList scope(IssuingDistributionPoint scope) {
    return extension(Extension.issuingDistributionPoint, true, scope);
  }

  /** Is signed by this algorithm. */
  public TestRevocationList algorithm(String name) {
    algorithm = name;
    return this;
  }

  /** The list. */
  public X509CRL build() {
    try {
      byte[] der =
          builder
              .build(
                  new JcaContentSignerBuilder(algorithm)
                      .setProvider(new BouncyCastleProvider())
                      .build(issuer.keys().getPrivate()))
              .getEncoded();
      return (X509CRL)
          CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(der));
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }
}
