package dev.modelsigning.sigstore;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.internal.keyfile.CertificateFile;
import dev.modelsigning.sigstore.internal.data.Sha256;
import dev.modelsigning.sigstore.internal.log.TestLog;
import dev.modelsigning.testing.RepeatableSignatures;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestTimestampAuthority;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
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
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.tsp.TimeStampRequest;

/**
 * A small Sigstore of one's own: certificate authority, certificate log, transparency logs of both
 * versions and time stamping authority, which do whatever a test asks for, and sign it validly.
 */
public final class TestSigstore {

  public static final String IDENTITY = "alice@example.com";
  public static final String ISSUER = "https://accounts.example.com";
  static final Duration LIFETIME = Duration.ofMinutes(10);

  private static final Duration LONG = Duration.ofDays(36_500);
  private static final String SHA256 = "SHA256withECDSA";
  private static final String ALWAYS = "{\"start\":\"2020-01-01T00:00:00Z\"}";
  private static final String SCT_LIST = "1.3.6.1.4.1.11129.2.4.2";
  private static final String ISSUER_V2 = "1.3.6.1.4.1.57264.1.8";
  private static final X500Name ROOT = new X500Name("CN=root,O=test");
  private static final X500Name INTERMEDIATE = new X500Name("CN=intermediate,O=test");
  private static final X500Name TSA_ROOT = new X500Name("CN=time root,O=test");
  private static final X500Name TSA = new X500Name("CN=time,O=test");

  private final KeyPair intermediateKeys;
  private final KeyPair ctKeys;
  private final KeyPair tsaKeys;
  private final X509CertificateHolder root;
  private final X509CertificateHolder intermediate;
  private final X509CertificateHolder tsaRoot;
  private final X509CertificateHolder tsa;

  public final TestLog log1;
  public final TestLog log2;

  /** How many signers have a certificate; each has a number of its own. */
  private int certified;

  /** What signers' certificates have besides. */
  public Extra signers = builder -> {};

  /** How the signatures of certificate timestamps are changed. */
  public UnaryOperator<byte[]> timestamps = UnaryOperator.identity();

  public TestSigstore() {
    this(LONG);
  }

  /** One whose root certificate lives so long from 2020 on. */
  public TestSigstore(Duration rootLifetime) {
    this(new Plan().rootLifetime(rootLifetime));
  }

  /** One with these authorities. */
  public TestSigstore(Plan plan) {
    KeyPair rootKeys = plan.keys.apply("sigstore-root");
    KeyPair tsaRootKeys = plan.keys.apply("sigstore-time-root");
    intermediateKeys = plan.keys.apply("sigstore-intermediate");
    ctKeys = plan.keys.apply("sigstore-certificate-log");
    tsaKeys = plan.keys.apply("sigstore-time");
    root = authority(ROOT, rootKeys, ROOT, rootKeys, plan.rootLifetime, plan.root, SHA256);
    intermediate =
        authority(
            INTERMEDIATE,
            intermediateKeys,
            ROOT,
            rootKeys,
            LONG,
            plan.intermediate,
            plan.intermediateAlgorithm);
    tsaRoot = authority(TSA_ROOT, tsaRootKeys, TSA_ROOT, tsaRootKeys, LONG, plan.timeRoot, SHA256);
    tsa = timeAuthority(tsaRootKeys, plan.timeAlgorithm);
    log1 = TestLog.version1("rekor.test:3000", plan.keys.apply("sigstore-rekor-1"));
    log2 = TestLog.version2("log2025.rekor.test", plan.logKeys.apply("sigstore-rekor-2"));
  }

  /** Adds extensions to a certificate. */
  @FunctionalInterface
  public interface Extra {
    void addTo(X509v3CertificateBuilder builder) throws IOException;
  }

  /** With which keys, certificates and algorithms a Sigstore is set up; by default good ones. */
  public static final class Plan {
    private Function<String, KeyPair> keys = name -> ecKeys();
    private Function<String, KeyPair> logKeys = name -> TestSigstore.keys("Ed25519");
    private Duration rootLifetime = LONG;
    private Extra root = builder -> {};
    private Extra intermediate = builder -> {};
    private Extra timeRoot = builder -> {};
    private String intermediateAlgorithm = SHA256;
    private String timeAlgorithm = SHA256;

    /** The keys of a name: on P-256, and for the log of version 2 Ed25519. */
    public Plan keys(Function<String, KeyPair> ec, Function<String, KeyPair> ed25519) {
      keys = ec;
      logKeys = ed25519;
      return this;
    }

    public Plan rootLifetime(Duration lifetime) {
      rootLifetime = lifetime;
      return this;
    }

    public Plan root(Extra extra) {
      root = extra;
      return this;
    }

    public Plan intermediate(Extra extra) {
      intermediate = extra;
      return this;
    }

    public Plan timeRoot(Extra extra) {
      timeRoot = extra;
      return this;
    }

    /** By which algorithms the certificates of the authorities below the roots are signed. */
    public Plan algorithms(String forIntermediate, String forTimeAuthority) {
      intermediateAlgorithm = forIntermediate;
      timeAlgorithm = forTimeAuthority;
      return this;
    }
  }

  public static KeyPair ecKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public static KeyPair keys(String algorithm) {
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

  public String trustedRootJson() {
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
      X500Name name,
      KeyPair keys,
      X500Name issuer,
      KeyPair issuerKeys,
      Duration lifetime,
      Extra extra,
      String algorithm) {
    try {
      Instant start = Instant.parse("2020-01-01T00:00:00Z");
      X509v3CertificateBuilder builder =
          builder(issuer, name, keys.getPublic(), start, lifetime, 0)
              .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
      extra.addTo(builder);
      if (!builder.hasExtension(Extension.basicConstraints)) {
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      }
      return builder.build(signer(issuerKeys, algorithm));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private X509CertificateHolder timeAuthority(KeyPair issuerKeys, String algorithm) {
    try {
      Instant start = Instant.parse("2020-01-01T00:00:00Z");
      return builder(TSA_ROOT, TSA, tsaKeys.getPublic(), start, LONG, 0)
          .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
          .addExtension(
              Extension.extendedKeyUsage,
              true,
              new ExtendedKeyUsage(KeyPurposeId.id_kp_timeStamping))
          .build(signer(issuerKeys, algorithm));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A certificate for a signer; the log of certificates has seen it. */
  public X509Certificate certify(PublicKey key, GeneralName identity, Instant notBefore) {
    return certify(key, identity, notBefore, ctKeys, KeyPurposeId.id_kp_codeSigning);
  }

  public X509Certificate certify(PublicKey key, Instant notBefore) {
    return certify(key, new GeneralName(GeneralName.rfc822Name, IDENTITY), notBefore);
  }

  /** A certificate seen by any log, for any purpose. */
  public X509Certificate certify(
      PublicKey key, GeneralName identity, Instant notBefore, KeyPair ct, KeyPurposeId purpose) {
    return certify(key, new Certified(identity, notBefore).seenBy(ct).purpose(purpose));
  }

  /**
   * What a certificate says.
   *
   * @param identity who it is for
   * @param issuer who vouched for that
   * @param notBefore when it begins; it ends after {@link #LIFETIME}
   * @param seen when the log of certificates saw it; nothing if it did not
   * @param ct the key of that log; nothing for the trusted one
   * @param purpose what it may be used for
   */
  public record Certified(
      GeneralName identity,
      String issuer,
      Instant notBefore,
      Optional<Instant> seen,
      Optional<KeyPair> ct,
      KeyPurposeId purpose) {

    public Certified(GeneralName identity, Instant notBefore) {
      this(
          identity,
          ISSUER,
          notBefore,
          Optional.of(notBefore),
          Optional.empty(),
          KeyPurposeId.id_kp_codeSigning);
    }

    public Certified issuer(String other) {
      return new Certified(identity, other, notBefore, seen, ct, purpose);
    }

    public Certified seen(Optional<Instant> other) {
      return new Certified(identity, issuer, notBefore, other, ct, purpose);
    }

    Certified seenBy(KeyPair other) {
      return new Certified(identity, issuer, notBefore, seen, Optional.of(other), purpose);
    }

    Certified purpose(KeyPurposeId other) {
      return new Certified(identity, issuer, notBefore, seen, ct, other);
    }
  }

  /** A certificate that says whatever a test wants. */
  public X509Certificate certify(PublicKey key, Certified says) {
    try {
      X509v3CertificateBuilder builder =
          builder(INTERMEDIATE, new X500Name(""), key, says.notBefore(), LIFETIME, ++certified)
              .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
              .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(says.purpose()))
              .addExtension(
                  Extension.subjectAlternativeName, true, new GeneralNames(says.identity()))
              .addExtension(
                  new ASN1ObjectIdentifier(ISSUER_V2), false, new DERUTF8String(says.issuer()));
      signers.addTo(builder);
      byte[] tbs =
          builder
              .build(signer(intermediateKeys))
              .toASN1Structure()
              .getTBSCertificate()
              .getEncoded("DER");
      if (says.seen().isPresent()) {
        builder.addExtension(
            new ASN1ObjectIdentifier(SCT_LIST),
            false,
            new DEROctetString(timestampList(tbs, says.ct().orElse(ctKeys), says.seen().get())));
      }
      return CertificateFile.parse(Bytes.of(builder.build(signer(intermediateKeys)).getEncoded()));
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A certificate like another one, but with the timestamp that the log gave a third one. */
  public X509Certificate withTimestampOf(X509Certificate other, X509Certificate certificate) {
    try {
      X509CertificateHolder holder = new X509CertificateHolder(certificate.getEncoded());
      X509v3CertificateBuilder builder = new X509v3CertificateBuilder(holder);
      Extension list =
          new X509CertificateHolder(other.getEncoded())
              .getExtension(new ASN1ObjectIdentifier(SCT_LIST));
      builder.replaceExtension(list);
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
    byte[] signature =
        timestamps.apply(TestLog.sign("SHA256withECDSA", ct.getPrivate(), signed.toByteArray()));
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
      X500Name issuer,
      X500Name subject,
      PublicKey key,
      Instant start,
      Duration lifetime,
      int number) {
    return new X509v3CertificateBuilder(
        issuer,
        serialNumber(issuer + "/" + subject + "/" + start + "/" + lifetime + "/" + number, key),
        Date.from(start),
        Date.from(start.plus(lifetime)),
        subject,
        SubjectPublicKeyInfo.getInstance(key.getEncoded()));
  }

  /** The same for the same certificate, the first of an instance or the second and so on. */
  private static BigInteger serialNumber(String text, PublicKey key) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    content.writeBytes(key.getEncoded());
    byte[] hash = Sha256.of(Bytes.of(content.toByteArray()));
    return new BigInteger(1, Arrays.copyOf(hash, 8)).add(BigInteger.ONE);
  }

  private static ContentSigner signer(KeyPair keys) {
    return signer(keys, SHA256);
  }

  private static ContentSigner signer(KeyPair keys, String algorithm) {
    return RepeatableSignatures.contentSigner(algorithm, keys.getPrivate());
  }

  /** The certificate that issues those of signers. */
  public Bytes intermediateDer() {
    return Bytes.of(encoded(intermediate));
  }

  /** The certificates above those of signers, in PEM, as the authority hands them out. */
  List<String> issuersPem() {
    return List.of(pem(encoded(intermediate)), pem(encoded(root)));
  }

  public static String pem(byte[] der) {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END CERTIFICATE-----\n";
  }

  // --- time stamps

  /** A response with a time stamp over a signature. */
  byte[] timestamp(byte[] signature, Instant time) {
    return new TestTimestampAuthority(timeSigner()).stamp(Bytes.of(signature), time).toArray();
  }

  /** The response to a request. */
  byte[] timestamp(TimeStampRequest request, Instant time) {
    TestTimestampAuthority authority =
        request.getCertReq() ? timeAuthority() : new TestTimestampAuthority(timeSigner());
    return authority.answer(request, time).toArray();
  }

  /** The authority for times, whose tokens carry its certificate. */
  public TestTimestampAuthority timeAuthority() {
    TestCertificate signer = timeSigner();
    return new TestTimestampAuthority(signer, signer);
  }

  /** The certificate of that authority. */
  TestCertificate timeSigner() {
    try {
      return new TestCertificate(CertificateFile.parse(Bytes.of(encoded(tsa))), tsaKeys);
    } catch (GeneralSecurityException e) {
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

  public static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  public static String base64(String text) {
    return base64(text.getBytes(StandardCharsets.UTF_8));
  }
}
