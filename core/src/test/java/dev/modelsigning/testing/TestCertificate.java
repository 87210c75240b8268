package dev.modelsigning.testing;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Envelope;
import dev.modelsigning.bundle.Payload;
import dev.modelsigning.bundle.VerificationMaterial.X509CertificateChain;
import dev.modelsigning.signingkey.EcdsaScheme;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentSigner;

/**
 * A certificate with its private key: an authority that can issue others, or a signer.
 *
 * @param certificate the certificate
 * @param keys its keys
 */
public record TestCertificate(X509Certificate certificate, KeyPair keys) {

  /** A root with a valid certificate. */
  public static TestCertificate root(String name) {
    return named(name).authority().selfSigned();
  }

  /** The plan for a certificate, which is valid for the next day. */
  public static Plan named(String name) {
    return new Plan(name);
  }

  /** An authority below this one. */
  public TestCertificate authority(String name) {
    return named(name).authority().issuedBy(this);
  }

  /** A signer of models below this authority. */
  public TestCertificate signer(String name) {
    return named(name).signer().issuedBy(this);
  }

  /** A bundle over a payload, with these certificates behind this one. */
  public Bundle bundle(String payload, TestCertificate... chain) {
    return Bundle.of(bundleMaterial(chain), envelope(payload));
  }

  /** What a bundle says about this certificate, with these behind it. */
  public X509CertificateChain bundleMaterial(TestCertificate... chain) {
    List<Bytes> certificates = new ArrayList<>(List.of(der()));
    Arrays.stream(chain).forEach(one -> certificates.add(one.der()));
    return new X509CertificateChain(certificates);
  }

  /** An envelope over a payload, signed by this certificate's key. */
  public Envelope envelope(String payload) {
    Bytes bytes = Bytes.of(payload.getBytes(StandardCharsets.UTF_8));
    return new Envelope(Payload.inToto(bytes), sign(Payload.inToto(bytes).pae()));
  }

  /** A signature by this certificate's key. */
  public Bytes sign(Bytes message) {
    try {
      return RepeatableSignatures.sign(
          EcdsaScheme.of(keys.getPublic()), keys.getPrivate(), message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The certificate in DER. */
  public Bytes der() {
    try {
      return Bytes.of(certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A revocation list of this authority, valid for the next day. */
  public X509CRL revoking(TestCertificate... revoked) {
    Instant now = Instant.now();
    return revocationList(
        now.minusSeconds(60), now.plus(Duration.ofDays(1)), 1, now.minusSeconds(30), revoked);
  }

  /** A revocation list of this authority; the reason is a number of RFC 5280 5.3.1. */
  public X509CRL revocationList(
      Instant thisUpdate,
      Instant nextUpdate,
      int reason,
      Instant revocation,
      TestCertificate... revoked) {
    X509v2CRLBuilder builder =
        new X509v2CRLBuilder(
            X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()),
            Date.from(thisUpdate));
    builder.setNextUpdate(Date.from(nextUpdate));
    for (TestCertificate each : revoked) {
      builder.addCRLEntry(each.certificate.getSerialNumber(), Date.from(revocation), reason);
    }
    try {
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate));
      byte[] der = builder.build(contentSigner()).getEncoded();
      return (X509CRL)
          CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(der));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * A revocation list that says since when a certificate was not to be trusted (RFC 5280 5.3.2).
   */
  public X509CRL revokingSince(
      Instant invalidity, Instant revocation, int reason, TestCertificate revoked) {
    Instant now = Instant.now();
    X509v2CRLBuilder builder =
        new X509v2CRLBuilder(
            X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()),
            Date.from(now.minusSeconds(60)));
    builder.setNextUpdate(Date.from(now.plus(Duration.ofDays(1))));
    builder.addCRLEntry(
        revoked.certificate.getSerialNumber(),
        Date.from(revocation),
        reason,
        Date.from(invalidity));
    try {
      byte[] der = builder.build(contentSigner()).getEncoded();
      return (X509CRL)
          CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(der));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What signs in the name of this certificate. */
  public ContentSigner contentSigner() {
    String algorithm =
        switch (keys.getPrivate().getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EdDSA", "Ed25519" -> "Ed25519";
          default -> "SHA256withECDSA";
        };
    return contentSigner(algorithm);
  }

  /** What signs in the name of this certificate, by an algorithm as the JDK calls it. */
  public ContentSigner contentSigner(String algorithm) {
    return RepeatableSignatures.contentSigner(algorithm, keys.getPrivate());
  }

  /** Writes certificates to a PEM file. */
  public static Path write(Path file, TestCertificate... certificates) throws IOException {
    StringBuilder text = new StringBuilder("text before the first block\n");
    for (TestCertificate each : certificates) {
      text.append(pem("CERTIFICATE", each.der().toArray()));
    }
    return Files.writeString(file, text);
  }

  /** Writes the private key to a PEM file. */
  public Path writeKey(Path file) throws IOException {
    return Files.writeString(file, pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
  }

  /** Writes the public key to a PEM file. */
  public Path writePublicKey(Path file) throws IOException {
    return Files.writeString(file, pem("PUBLIC KEY", keys.getPublic().getEncoded()));
  }

  /** Writes a revocation list to a PEM file. */
  public static Path write(Path file, X509CRL list) throws IOException {
    try {
      return Files.writeString(file, pem("X509 CRL", list.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(String type, byte[] der) {
    byte[] lineFeed = {'\n'};
    return "-----BEGIN "
        + type
        + "-----\n"
        + Base64.getMimeEncoder(64, lineFeed).encodeToString(der)
        + "\n-----END "
        + type
        + "-----\n";
  }

  /** The content of a certificate, as requested by a test, valid or not. */
  public static final class Plan {
    private final String name;
    private KeyPair keys;
    private Instant notBefore = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(3600);
    private Instant notAfter = notBefore.plus(Duration.ofDays(1));
    private final List<PlannedExtension> extensions = new ArrayList<>();
    private String signatureAlgorithm = "";

    private record PlannedExtension(
        ASN1ObjectIdentifier id, boolean critical, ASN1Encodable value) {}

    private Plan(String name) {
      this.name = name;
      this.keys = newKeys("EC", "secp256r1");
    }

    /** With new keys of this kind. */
    public Plan keys(String algorithm, String curve) {
      return keys(newKeys(algorithm, curve));
    }

    /** With these keys. */
    public Plan keys(KeyPair newKeys) {
      this.keys = newKeys;
      return this;
    }

    /** Valid from and until. */
    public Plan valid(Instant from, Instant until) {
      notBefore = from.truncatedTo(ChronoUnit.SECONDS);
      notAfter = until.truncatedTo(ChronoUnit.SECONDS);
      return this;
    }

    /** Signed by this algorithm, as the JDK calls it, and not by the usual one. */
    public Plan signatureAlgorithm(String algorithm) {
      signatureAlgorithm = algorithm;
      return this;
    }

    /** May issue certificates. */
    public Plan authority() {
      return extension(Extension.basicConstraints, true, new BasicConstraints(true))
          .usage(KeyUsage.keyCertSign | KeyUsage.cRLSign);
    }

    /** May issue certificates, with so many authorities below it at most. */
    public Plan authority(int pathLength) {
      return extension(Extension.basicConstraints, true, new BasicConstraints(pathLength))
          .usage(KeyUsage.keyCertSign | KeyUsage.cRLSign);
    }

    /** May sign models. */
    public Plan signer() {
      return usage(KeyUsage.digitalSignature).purposes(false, KeyPurposeId.id_kp_codeSigning);
    }

    /** May stamp times. */
    public Plan timestamping() {
      return usage(KeyUsage.digitalSignature).purposes(true, KeyPurposeId.id_kp_timeStamping);
    }

    /** Has this key usage. */
    public Plan usage(int bits) {
      return extension(Extension.keyUsage, true, new KeyUsage(bits));
    }

    /** Has this extended key usage. */
    public Plan purposes(boolean critical, KeyPurposeId... purposes) {
      return extension(Extension.extendedKeyUsage, critical, new ExtendedKeyUsage(purposes));
    }

    /** Has alternative names of one kind, a tag of {@link GeneralName}. */
    public Plan names(int tag, String... names) {
      return extension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(
              Arrays.stream(names)
                  .map(each -> new GeneralName(tag, each))
                  .toArray(GeneralName[]::new)));
    }

    /** Allows only names below this one, of the kind of the tag. */
    public Plan permitting(int tag, String permitted) {
      GeneralSubtree[] subtrees = {new GeneralSubtree(new GeneralName(tag, permitted))};
      return extension(Extension.nameConstraints, true, new NameConstraints(subtrees, null));
    }

    /** Names an OCSP responder. */
    public Plan ocsp(String uri) {
      return extension(
          Extension.authorityInfoAccess,
          false,
          new AuthorityInformationAccess(
              AccessDescription.id_ad_ocsp,
              new GeneralName(GeneralName.uniformResourceIdentifier, uri)));
    }

    /** Names a place of the revocation list. */
    public Plan revocationListAt(String uri) {
      GeneralNames place =
          new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, uri));
      return extension(
          Extension.cRLDistributionPoints,
          false,
          new CRLDistPoint(
              new DistributionPoint[] {
                new DistributionPoint(new DistributionPointName(place), null, null)
              }));
    }

    /** Has any extension. */
    public Plan extension(ASN1ObjectIdentifier id, boolean critical, ASN1Encodable value) {
      extensions.add(new PlannedExtension(id, critical, value));
      return this;
    }

    /** The certificate, signed by its own key. */
    public TestCertificate selfSigned() {
      return issue(new X500Name(name), null);
    }

    /** The certificate, signed by another. */
    public TestCertificate issuedBy(TestCertificate issuer) {
      return issue(
          X500Name.getInstance(issuer.certificate.getSubjectX500Principal().getEncoded()), issuer);
    }

    /** Equal for equal plans, and different for all others. */
    private BigInteger serialNumber(X500Name issuerName) {
      try {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        String text = issuerName + "/" + name + "/" + notBefore + "/" + notAfter;
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update(keys.getPublic().getEncoded());
        for (PlannedExtension each : extensions) {
          digest.update(each.value.toASN1Primitive().getEncoded());
        }
        return new BigInteger(1, Arrays.copyOf(digest.digest(), 8)).add(BigInteger.ONE);
      } catch (GeneralSecurityException | IOException e) {
        throw new IllegalStateException(e);
      }
    }

    private TestCertificate issue(X500Name issuerName, TestCertificate issuer) {
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              issuerName,
              serialNumber(issuerName),
              Date.from(notBefore),
              Date.from(notAfter),
              new X500Name(name),
              keys.getPublic());
      try {
        for (PlannedExtension each : extensions) {
          builder.addExtension(each.id, each.critical, each.value);
        }
        TestCertificate signer = issuer == null ? new TestCertificate(null, keys) : issuer;
        ContentSigner contentSigner =
            signatureAlgorithm.isEmpty()
                ? signer.contentSigner()
                : signer.contentSigner(signatureAlgorithm);
        return new TestCertificate(
            new JcaX509CertificateConverter().getCertificate(builder.build(contentSigner)), keys);
      } catch (GeneralSecurityException | CertIOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** New keys: RSA, or EC on a curve. */
  public static KeyPair newKeys(String algorithm, String curve) {
    try {
      KeyPairGenerator generator =
          curve.equals("secp256k1")
              ? KeyPairGenerator.getInstance(algorithm, new BouncyCastleProvider())
              : KeyPairGenerator.getInstance(algorithm);
      if (algorithm.equals("EC")) {
        generator.initialize(new ECGenParameterSpec(curve));
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
