package dev.modelsigning.sigstore;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.keyfile.CertificateFile;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponseGenerator;
import org.bouncycastle.tsp.TimeStampTokenGenerator;
import org.bouncycastle.util.CollectionStore;

/**
 * A small Sigstore of one's own: certificate authority, certificate log, transparency logs of both
 * versions and time stamping authority, which do whatever a test asks for, and sign it validly.
 */
final class TestSigstore {

  static final String IDENTITY = "alice@example.com";
  static final String ISSUER = "https://accounts.example.com";
  static final Duration LIFETIME = Duration.ofMinutes(10);

  private static final Duration LONG = Duration.ofDays(36_500);
  private static final String ALWAYS = "{\"start\":\"2020-01-01T00:00:00Z\"}";
  private static final String SCT_LIST = "1.3.6.1.4.1.11129.2.4.2";
  private static final String ISSUER_V2 = "1.3.6.1.4.1.57264.1.8";
  private static final X500Name ROOT = new X500Name("CN=root,O=test");
  private static final X500Name INTERMEDIATE = new X500Name("CN=intermediate,O=test");
  private static final X500Name TSA_ROOT = new X500Name("CN=time root,O=test");
  private static final X500Name TSA = new X500Name("CN=time,O=test");

  private final KeyPair rootKeys = ecKeys();
  private final KeyPair intermediateKeys = ecKeys();
  private final KeyPair ctKeys = ecKeys();
  private final KeyPair tsaRootKeys = ecKeys();
  private final KeyPair tsaKeys = ecKeys();
  private final X509CertificateHolder root;
  private final X509CertificateHolder intermediate =
      authority(INTERMEDIATE, intermediateKeys, ROOT, rootKeys, LONG);
  private final X509CertificateHolder tsaRoot =
      authority(TSA_ROOT, tsaRootKeys, TSA_ROOT, tsaRootKeys, LONG);
  private final X509CertificateHolder tsa = timeAuthority();

  final TestLog log1 = TestLog.version1("rekor.test:3000");
  final TestLog log2 = TestLog.version2("log2025.rekor.test");

  TestSigstore() {
    this(LONG);
  }

  /** One whose root certificate lives so long from 2020 on. */
  TestSigstore(Duration rootLifetime) {
    root = authority(ROOT, rootKeys, ROOT, rootKeys, rootLifetime);
  }

  static KeyPair ecKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static KeyPair keys(String algorithm) {
    try {
      return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  // --- the trusted root

  TrustedRoot trustedRoot() {
    return trustedRoot(ALWAYS, ALWAYS);
  }

  /** A root that says when its transparency logs and its other services are valid. */
  TrustedRoot trustedRoot(String logsValidFor, String othersValidFor) {
    try {
      return TrustedRoot.parse(
          new TrustConfigDocument.Part("test", trustedRootJson(logsValidFor, othersValidFor)));
    } catch (TrustConfigException e) {
      throw new IllegalStateException(e);
    }
  }

  String trustedRootJson() {
    return trustedRootJson(ALWAYS, ALWAYS);
  }

  private String trustedRootJson(String logsValidFor, String othersValidFor) {
    String ctId = base64(Sha256.of(Bytes.of(ctKeys.getPublic().getEncoded())));
    return "{\"mediaType\":\"application/vnd.dev.sigstore.trustedroot+json;version=0.1\",\"tlogs\":["
        + log1.trusted(logsValidFor)
        + ","
        + log2.trusted(logsValidFor)
        + "],\"certificateAuthorities\":["
        + trusted("http://fulcio.test", othersValidFor, intermediate, root)
        + "],\"ctlogs\":[{\"baseUrl\":\"http://ct.test\",\"hashAlgorithm\":\"SHA2_256\","
        + "\"publicKey\":{\"rawBytes\":\""
        + base64(ctKeys.getPublic().getEncoded())
        + "\",\"keyDetails\":\"PKIX_ECDSA_P256_SHA_256\",\"validFor\":"
        + othersValidFor
        + "},\"logId\":{\"keyId\":\""
        + ctId
        + "\"}}],\"timestampAuthorities\":["
        + trusted("http://tsa.test", othersValidFor, tsa, tsaRoot)
        + "]}";
  }

  private static String trusted(String uri, String validFor, X509CertificateHolder... chain) {
    StringBuilder certificates = new StringBuilder();
    for (X509CertificateHolder certificate : chain) {
      certificates
          .append(certificates.length() == 0 ? "" : ",")
          .append("{\"rawBytes\":\"")
          .append(base64(encoded(certificate)))
          .append("\"}");
    }
    return "{\"uri\":\""
        + uri
        + "\",\"certChain\":{\"certificates\":["
        + certificates
        + "]},\"validFor\":"
        + validFor
        + "}";
  }

  // --- certificates

  private static X509CertificateHolder authority(
      X500Name name, KeyPair keys, X500Name issuer, KeyPair issuerKeys, Duration lifetime) {
    try {
      Instant start = Instant.parse("2020-01-01T00:00:00Z");
      return builder(issuer, name, keys.getPublic(), start, lifetime)
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
          .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign))
          .build(signer(issuerKeys));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private X509CertificateHolder timeAuthority() {
    try {
      Instant start = Instant.parse("2020-01-01T00:00:00Z");
      return builder(TSA_ROOT, TSA, tsaKeys.getPublic(), start, LONG)
          .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
          .addExtension(
              Extension.extendedKeyUsage,
              true,
              new ExtendedKeyUsage(KeyPurposeId.id_kp_timeStamping))
          .build(signer(tsaRootKeys));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A certificate for a signer; the log of certificates has seen it. */
  X509Certificate certify(PublicKey key, GeneralName identity, Instant notBefore) {
    return certify(key, identity, notBefore, ctKeys, KeyPurposeId.id_kp_codeSigning);
  }

  X509Certificate certify(PublicKey key, Instant notBefore) {
    return certify(key, new GeneralName(GeneralName.rfc822Name, IDENTITY), notBefore);
  }

  /** A certificate seen by any log, for any purpose. */
  X509Certificate certify(
      PublicKey key, GeneralName identity, Instant notBefore, KeyPair ct, KeyPurposeId purpose) {
    try {
      X509v3CertificateBuilder builder =
          builder(INTERMEDIATE, new X500Name(""), key, notBefore, LIFETIME)
              .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
              .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose))
              .addExtension(Extension.subjectAlternativeName, true, new GeneralNames(identity))
              .addExtension(new ASN1ObjectIdentifier(ISSUER_V2), false, new DERUTF8String(ISSUER));
      byte[] tbs =
          builder
              .build(signer(intermediateKeys))
              .toASN1Structure()
              .getTBSCertificate()
              .getEncoded("DER");
      builder.addExtension(
          new ASN1ObjectIdentifier(SCT_LIST),
          false,
          new DEROctetString(timestampList(tbs, ct, notBefore)));
      return CertificateFile.parse(Bytes.of(builder.build(signer(intermediateKeys)).getEncoded()));
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A list with one signed certificate timestamp (RFC 6962 3.2, 3.3). */
  private byte[] timestampList(byte[] tbs, KeyPair ct, Instant time) throws IOException {
    ByteArrayOutputStream signed = new ByteArrayOutputStream();
    DataOutputStream toSign = new DataOutputStream(signed);
    toSign.writeShort(0);
    toSign.writeLong(time.toEpochMilli());
    toSign.writeShort(1);
    toSign.write(Sha256.of(Bytes.of(intermediateKeys.getPublic().getEncoded())));
    toSign.writeByte(tbs.length >> 16);
    toSign.writeShort(tbs.length);
    toSign.write(tbs);
    toSign.writeShort(0);
    byte[] signature = TestLog.sign("SHA256withECDSA", ct.getPrivate(), signed.toByteArray());
    ByteArrayOutputStream result = new ByteArrayOutputStream();
    DataOutputStream list = new DataOutputStream(result);
    int length = 1 + 32 + 8 + 2 + 2 + 2 + signature.length;
    list.writeShort(length + 2);
    list.writeShort(length);
    list.writeByte(0);
    list.write(Sha256.of(Bytes.of(ct.getPublic().getEncoded())));
    list.writeLong(time.toEpochMilli());
    list.writeShort(0);
    list.writeByte(4);
    list.writeByte(3);
    list.writeShort(signature.length);
    list.write(signature);
    return result.toByteArray();
  }

  private static X509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, PublicKey key, Instant start, Duration lifetime) {
    return new X509v3CertificateBuilder(
        issuer,
        new BigInteger(63, new SecureRandom()).add(BigInteger.ONE),
        Date.from(start),
        Date.from(start.plus(lifetime)),
        subject,
        SubjectPublicKeyInfo.getInstance(key.getEncoded()));
  }

  private static ContentSigner signer(KeyPair keys) {
    try {
      return new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
    } catch (OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The certificates above those of signers, in PEM, as the authority hands them out. */
  List<String> issuersPem() {
    return List.of(pem(encoded(intermediate)), pem(encoded(root)));
  }

  static String pem(byte[] der) {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END CERTIFICATE-----\n";
  }

  // --- time stamps

  /** A response with a time stamp over a signature. */
  byte[] timestamp(byte[] signature, Instant time) {
    TimeStampRequestGenerator request = new TimeStampRequestGenerator();
    return timestamp(request.generate(TSPAlgorithms.SHA256, Sha256.of(Bytes.of(signature))), time);
  }

  /** The response to a request. */
  byte[] timestamp(TimeStampRequest request, Instant time) {
    try {
      TimeStampTokenGenerator tokens =
          new TimeStampTokenGenerator(
              new JcaSimpleSignerInfoGeneratorBuilder()
                  .build("SHA256withECDSA", tsaKeys.getPrivate(), tsa),
              new JcaDigestCalculatorProviderBuilder()
                  .build()
                  .get(new AlgorithmIdentifier(TSPAlgorithms.SHA256)),
              new ASN1ObjectIdentifier("1.3.6.1.4.1.57264.2"));
      tokens.addCertificates(new CollectionStore<>(List.of(tsa)));
      return new TimeStampResponseGenerator(tokens, TSPAlgorithms.ALLOWED)
          .generate(request, BigInteger.TEN, Date.from(time))
          .getEncoded();
    } catch (OperatorCreationException | TSPException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] encoded(X509CertificateHolder certificate) {
    try {
      return certificate.getEncoded();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  static String base64(String text) {
    return base64(text.getBytes(StandardCharsets.UTF_8));
  }
}
