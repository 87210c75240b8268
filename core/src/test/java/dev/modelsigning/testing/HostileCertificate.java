package dev.modelsigning.testing;

import dev.modelsigning.bundle.Bytes;
import java.io.IOException;
import java.math.BigInteger;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Random;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Certificates in DER that no library would make, since it would have to compute with their keys.
 */
public final class HostileCertificate {

  private static final ASN1ObjectIdentifier DSA = new ASN1ObjectIdentifier("1.2.840.10040.4.1");
  private static final ASN1ObjectIdentifier DSA_WITH_SHA256 =
      new ASN1ObjectIdentifier("2.16.840.1.101.3.4.3.2");

  private final X500Name issuer;
  private final X500Name subject;
  private final SubjectPublicKeyInfo key;
  private final BigInteger serial;
  private X509v3CertificateBuilder builder;

  /** A certificate with this key, valid for the next day. */
  public HostileCertificate(String issuer, String subject, SubjectPublicKeyInfo key) {
    this(issuer, subject, key, BigInteger.valueOf(4711));
  }

  /** A certificate with this key and serial number, valid for the next day. */
  public HostileCertificate(
      String issuer, String subject, SubjectPublicKeyInfo key, BigInteger serial) {
    this.issuer = new X500Name(issuer);
    this.subject = new X500Name(subject);
    this.key = key;
    this.serial = serial;
    Instant now = Instant.now();
    this.builder = builder(now.minusSeconds(3600), now.plus(Duration.ofDays(1)));
  }

  private X509v3CertificateBuilder builder(Instant from, Instant until) {
    return new X509v3CertificateBuilder(
        issuer, serial, Date.from(from), Date.from(until), subject, key);
  }

  /** Valid from and until; to be said before its extensions. */
  public HostileCertificate valid(Instant from, Instant until) {
    builder = builder(from, until);
    return this;
  }

  /** Has any extension. */
  public HostileCertificate extension(
      ASN1ObjectIdentifier id, boolean critical, ASN1Encodable value) {
    try {
      builder.addExtension(id, critical, value);
      return this;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** May issue certificates. */
  public HostileCertificate authority() {
    return extension(Extension.basicConstraints, true, new BasicConstraints(true));
  }

  /** May sign models. */
  public HostileCertificate signer() {
    return extension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
  }

  /** The certificate, signed by this key with this algorithm. */
  public Bytes signedBy(PrivateKey key, String algorithm) {
    try {
      return Bytes.of(
          builder
              .build(
                  new JcaContentSignerBuilder(algorithm)
                      .setProvider(new BouncyCastleProvider())
                      .build(key))
              .getEncoded());
    } catch (OperatorCreationException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The certificate with a signature that has the form of one by a DSA key of this size. */
  public Bytes signedByDsa(int bits) {
    return signed(
        new AlgorithmIdentifier(DSA_WITH_SHA256),
        encoded(new DERSequence(new ASN1Encodable[] {number(255), number(255)})));
  }

  /** The certificate with a signature that has the form of one by an RSA key of this size. */
  public Bytes signedByRsa(int bits) {
    byte[] signature = new byte[bits / 8];
    new Random(bits).nextBytes(signature);
    signature[0] = 0;
    return signed(
        new AlgorithmIdentifier(PKCSObjectIdentifiers.sha256WithRSAEncryption, DERNull.INSTANCE),
        signature);
  }

  private Bytes signed(AlgorithmIdentifier algorithm, byte[] signature) {
    // The builder requires a signer.
    TBSCertificate body =
        builder
            .build(
                new org.bouncycastle.operator.ContentSigner() {
                  @Override
                  public AlgorithmIdentifier getAlgorithmIdentifier() {
                    return algorithm;
                  }

                  @Override
                  public java.io.OutputStream getOutputStream() {
                    return java.io.OutputStream.nullOutputStream();
                  }

                  @Override
                  public byte[] getSignature() {
                    return signature;
                  }
                })
            .toASN1Structure()
            .getTBSCertificate();
    return Bytes.of(
        encoded(
            new DERSequence(new ASN1Encodable[] {body, algorithm, new DERBitString(signature)})));
  }

  /** A DSA key of this size, which has the right form and nothing else. */
  public static SubjectPublicKeyInfo dsa(int bits) {
    return info(
        new AlgorithmIdentifier(
            DSA,
            new DERSequence(new ASN1Encodable[] {number(bits), number(256), number(bits - 1)})),
        new ASN1Integer(new BigInteger(bits - 2, new Random(1))));
  }

  /** An RSA key of this size with an exponent of this size. */
  public static SubjectPublicKeyInfo rsa(int bits, int exponentBits) {
    return info(
        new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
        new DERSequence(new ASN1Encodable[] {number(bits), number(exponentBits)}));
  }

  private static SubjectPublicKeyInfo info(AlgorithmIdentifier algorithm, ASN1Encodable key) {
    return SubjectPublicKeyInfo.getInstance(
        new DERSequence(new ASN1Encodable[] {algorithm, new DERBitString(encoded(key))}));
  }

  private static ASN1Integer number(int bits) {
    return new ASN1Integer(new BigInteger(bits, new Random(bits)).setBit(bits - 1).setBit(0));
  }

  private static byte[] encoded(ASN1Encodable value) {
    try {
      return value.toASN1Primitive().getEncoded("DER");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
