package dev.modelsigning.internal.pkix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.testing.TestCertificate;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.Random;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSASSAPSSparams;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.asn1.x9.X9ECPoint;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The policy for keys and signature algorithms. */
class AlgorithmPolicyTest {

  private static final BigInteger F4 = BigInteger.valueOf(65_537);

  @ParameterizedTest
  @ValueSource(strings = {"EC secp256r1", "EC secp384r1", "EC secp521r1", "Ed25519 ", "Ed448 "})
  void allowsTheKeysInUse(String kind) {
    String[] words = kind.split(" ", -1);
    KeyPair keys = TestCertificate.newKeys(words[0], words[1]);

    assertThatCode(() -> AlgorithmPolicy.requireKey(keys.getPublic())).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(ints = {2048, 3072, 4096, 16_384})
  void allowsRsaOfEverySaneSize(int bits) {
    byte[] key = rsa(odd(bits), F4);

    assertThatCode(() -> AlgorithmPolicy.requireKey(key)).doesNotThrowAnyException();
    assertThatCode(() -> AlgorithmPolicy.requireKey(rsa(odd(bits), BigInteger.valueOf(3))))
        .doesNotThrowAnyException();
  }

  static Stream<Arguments> otherKeys() throws Exception {
    KeyPairGenerator dsa = KeyPairGenerator.getInstance("DSA");
    dsa.initialize(2048);
    KeyPairGenerator koblitz = KeyPairGenerator.getInstance("EC", new BouncyCastleProvider());
    koblitz.initialize(new ECGenParameterSpec("secp256k1"));
    X9ECParameters p256 = CustomNamedCurves.getByOID(SECObjectIdentifiers.secp256r1);
    byte[] point = p256.getG().getEncoded(false);
    byte[] beside = point.clone();
    beside[64] ^= 1;
    byte[] hybrid = point.clone();
    hybrid[0] = (byte) (6 + (point[64] & 1));
    AlgorithmIdentifier named =
        new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, SECObjectIdentifiers.secp256r1);
    AlgorithmIdentifier explicit =
        new AlgorithmIdentifier(
            X9ObjectIdentifiers.id_ecPublicKey,
            new X9ECParameters(
                p256.getCurve(), new X9ECPoint(p256.getG(), false), p256.getN(), p256.getH()));
    BigInteger even = odd(2048).clearBit(0);
    return Stream.of(
        Arguments.of("DSA", dsa.generateKeyPair().getPublic().getEncoded()),
        Arguments.of("of 1024 bits", rsa(odd(1024), F4)),
        Arguments.of("of 2047 bits", rsa(odd(2047), F4)),
        Arguments.of("of 16385 bits", rsa(odd(16_385), F4)),
        Arguments.of("even modulus", rsa(even, F4)),
        Arguments.of("negative modulus", rsa(odd(2048).negate(), F4)),
        Arguments.of("found 1", rsa(odd(2048), BigInteger.ONE)),
        Arguments.of("found 65536", rsa(odd(2048), BigInteger.valueOf(65_536))),
        Arguments.of("found -3", rsa(odd(2048), BigInteger.valueOf(-3))),
        Arguments.of("one of 2047 bits", rsa(odd(2048), odd(2047))),
        Arguments.of("one of 33 bits", rsa(odd(2048), odd(33))),
        Arguments.of("RSASSA-PSS only", spki(PKCSObjectIdentifiers.id_RSASSA_PSS, odd(2048), F4)),
        Arguments.of("no point of its curve P-256", info(named, beside)),
        Arguments.of("no point of its curve P-256", info(named, hybrid)),
        Arguments.of("no point of its curve P-256", info(named, new byte[] {0})),
        Arguments.of("no point of its curve P-256", info(named, new byte[0])),
        Arguments.of("does not name its curve", info(explicit, point)),
        Arguments.of("1.3.132.0.10", koblitz.generateKeyPair().getPublic().getEncoded()),
        Arguments.of(
            "X25519",
            KeyPairGenerator.getInstance("X25519").generateKeyPair().getPublic().getEncoded()),
        Arguments.of(
            "Diffie-Hellman",
            KeyPairGenerator.getInstance("DH").generateKeyPair().getPublic().getEncoded()),
        // The neutral element, under which anything has a valid signature.
        Arguments.of(
            "for Ed25519",
            info(new AlgorithmIdentifier(new ASN1ObjectIdentifier("1.3.101.112")), one(32))),
        Arguments.of(
            "for Ed448",
            info(new AlgorithmIdentifier(new ASN1ObjectIdentifier("1.3.101.113")), one(57))),
        Arguments.of(
            "'1.2.3.4'", info(new AlgorithmIdentifier(new ASN1ObjectIdentifier("1.2.3.4")), point)),
        Arguments.of("damaged", new byte[] {0x30, 0x03, 0x02, 0x01}),
        Arguments.of("damaged", new byte[0]));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("otherKeys")
  void refusesOtherKeys(String problem, byte[] key) {
    assertThatThrownBy(() -> AlgorithmPolicy.requireKey(key))
        .isInstanceOf(RefusedAlgorithmException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void refusesGiganticKeysAtOnce() throws Exception {
    BigInteger huge = odd(8_000_000);
    byte[] dsa =
        info(
            new AlgorithmIdentifier(
                new ASN1ObjectIdentifier("1.2.840.10040.4.1"), sequence(huge, odd(256), F4)),
            new ASN1Integer(huge).getEncoded());
    byte[] rsa = rsa(huge, huge);
    long start = System.nanoTime();

    for (int i = 0; i < 100; i++) {
      assertThatThrownBy(() -> AlgorithmPolicy.requireKey(dsa))
          .hasMessageContaining("a key of " + dsa.length + " bytes");
      assertThatThrownBy(() -> AlgorithmPolicy.requireKey(rsa))
          .hasMessageContaining("a key of " + rsa.length + " bytes");
    }

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
  }

  static Stream<Arguments> signatures() throws IOException {
    return Stream.of(
        Arguments.of("1.2.840.113549.1.1.11", DERNull.INSTANCE),
        Arguments.of("1.2.840.113549.1.1.13", null),
        Arguments.of("1.2.840.10045.4.3.2", null),
        Arguments.of("2.16.840.1.101.3.4.3.10", null),
        Arguments.of("1.3.101.112", null),
        Arguments.of(
            "1.2.840.113549.1.1.10",
            pss(NISTObjectIdentifiers.id_sha256, NISTObjectIdentifiers.id_sha256, 32)));
  }

  @ParameterizedTest
  @MethodSource("signatures")
  void allowsTheSignatureAlgorithmsInUse(String identifier, ASN1Encodable parameters) {
    assertThatCode(() -> AlgorithmPolicy.requireSignature(identifier, encoded(parameters)))
        .doesNotThrowAnyException();
  }

  static Stream<Arguments> otherSignatures() {
    return Stream.of(
        Arguments.of("1.2.840.113549.1.1.5", DERNull.INSTANCE, "SHA-1 with RSA"),
        Arguments.of("1.2.840.113549.1.1.4", DERNull.INSTANCE, "MD5 with RSA"),
        Arguments.of("1.2.840.113549.1.1.14", DERNull.INSTANCE, "SHA-224 with RSA"),
        Arguments.of("1.2.840.10045.4.1", null, "SHA-1 with ECDSA"),
        Arguments.of("1.2.840.10045.4.3.1", null, "SHA-224 with ECDSA"),
        Arguments.of("2.16.840.1.101.3.4.3.2", null, "SHA-256 with DSA"),
        Arguments.of("1.2.3.4", null, "'1.2.3.4'"),
        Arguments.of("1.2.840.10045.4.3.2", new ASN1Integer(1), "no parameters"),
        Arguments.of("1.2.840.113549.1.1.10", null, "without usable parameters"),
        Arguments.of("1.2.840.113549.1.1.10", new RSASSAPSSparams(), "RSASSA-PSS with SHA-1"),
        Arguments.of(
            "1.2.840.113549.1.1.10",
            pss(NISTObjectIdentifiers.id_sha256, OIWObjectIdentifiers.idSHA1, 32),
            "RSASSA-PSS with SHA-1"),
        Arguments.of(
            "1.2.840.113549.1.1.10",
            pss(OIWObjectIdentifiers.idSHA1, NISTObjectIdentifiers.id_sha256, 20),
            "RSASSA-PSS with SHA-1"),
        Arguments.of(
            "1.2.840.113549.1.1.10",
            pss(NISTObjectIdentifiers.id_sha256, NISTObjectIdentifiers.id_sha256, -1),
            "unusual parameters"));
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("otherSignatures")
  void refusesOtherSignatureAlgorithms(
      String identifier, ASN1Encodable parameters, String problem) {
    assertThatThrownBy(() -> AlgorithmPolicy.requireSignature(identifier, encoded(parameters)))
        .isInstanceOf(RefusedAlgorithmException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void judgesCertificatesByTheirKeyAndTheirSignature() throws Exception {
    TestCertificate root = TestCertificate.root("CN=Root");

    AlgorithmPolicy.requireKey(root.certificate());
    AlgorithmPolicy.requireSignature(root.certificate());

    TestCertificate weak =
        TestCertificate.named("CN=Weak").keys(rsaKeys(1024)).authority().selfSigned();
    assertThatThrownBy(() -> AlgorithmPolicy.requireKey(weak.certificate()))
        .hasMessageContaining("found one of 1024 bits");
    AlgorithmPolicy.requireSignature(weak.certificate());
  }

  /** Read by Bouncy Castle, since the JDK does not even read it. */
  @Test
  void refusesACertificateThatNamesTwoAlgorithms() throws Exception {
    byte[] der = TestCertificate.root("CN=Root").der().toArray();
    // The one outside of what is signed comes last: 1.2.840.10045.4.3.2 becomes ...4.3.3.
    byte[] identifier = X9ObjectIdentifiers.ecdsa_with_SHA256.getEncoded();
    int last = der.length - identifier.length;
    while (!Arrays.equals(der, last, last + identifier.length, identifier, 0, identifier.length)) {
      last--;
    }
    der[last + identifier.length - 1] = 3;
    X509Certificate certificate =
        (X509Certificate)
            CertificateFactory.getInstance("X.509", new BouncyCastleProvider())
                .generateCertificate(new ByteArrayInputStream(der));

    AlgorithmPolicy.requireKey(certificate);
    assertThatThrownBy(() -> AlgorithmPolicy.requireSignature(certificate))
        .hasMessageContaining("names two signature algorithms");
  }

  @Test
  void judgesRevocationListsAndOcspResponses() throws Exception {
    KeyPair keys = rsaKeys(2048);
    AlgorithmPolicy.requireSignature(list(keys, "SHA256withRSA"));
    AlgorithmPolicy.requireOcspResponse(response(keys, "SHA256withRSA"));
    AlgorithmPolicy.requireOcspResponse(
        new OCSPRespBuilder().build(OCSPRespBuilder.TRY_LATER, null).getEncoded());

    assertThatThrownBy(() -> AlgorithmPolicy.requireSignature(list(keys, "SHA1withRSA")))
        .hasMessageContaining("SHA-1 with RSA");
    assertThatThrownBy(() -> AlgorithmPolicy.requireOcspResponse(response(keys, "SHA1withRSA")))
        .hasMessageContaining("SHA-1 with RSA");
    assertThatThrownBy(() ->
            AlgorithmPolicy.requireOcspResponse(
                response(
                    keys,
                    "SHA256withRSA",
                    TestCertificate.named("CN=Weak").keys(rsaKeys(1024)).selfSigned())))
        .hasMessageContaining("found one of 1024 bits");
    assertThatThrownBy(() -> AlgorithmPolicy.requireOcspResponse(new byte[] {0x30, 0}))
        .isInstanceOf(RefusedAlgorithmException.class)
        .hasMessage("the OCSP response is damaged");
  }

  @Test
  void judgesDigests() throws Exception {
    AlgorithmPolicy.requireDigest(NISTObjectIdentifiers.id_sha384.getId());

    assertThatThrownBy(() -> AlgorithmPolicy.requireDigest("1.3.14.3.2.26"))
        .hasMessageContaining("found SHA-1");
    assertThatThrownBy(() -> AlgorithmPolicy.requireDigest("1.2.3"))
        .hasMessageContaining("found '1.2.3'");
  }

  private static X509CRL list(KeyPair keys, String algorithm) throws Exception {
    return new JcaX509CRLConverter()
        .getCRL(
            new X509v2CRLBuilder(new X500Name("CN=Root"), Date.from(Instant.EPOCH))
                .build(
                    new JcaContentSignerBuilder(algorithm)
                        .setProvider(new BouncyCastleProvider())
                        .build(keys.getPrivate())));
  }

  private static byte[] response(KeyPair keys, String algorithm, TestCertificate... certificates)
      throws Exception {
    org.bouncycastle.cert.X509CertificateHolder[] holders =
        new org.bouncycastle.cert.X509CertificateHolder[certificates.length];
    for (int i = 0; i < holders.length; i++) {
      holders[i] =
          new org.bouncycastle.cert.X509CertificateHolder(
              certificates[i].certificate().getEncoded());
    }
    OCSPResp response =
        new OCSPRespBuilder()
            .build(
                OCSPRespBuilder.SUCCESSFUL,
                new BasicOCSPRespBuilder(new RespID(new X500Name("CN=Responder")))
                    .build(
                        new JcaContentSignerBuilder(algorithm)
                            .setProvider(new BouncyCastleProvider())
                            .build(keys.getPrivate()),
                        holders,
                        Date.from(Instant.EPOCH)));
    assertThat(response.toASN1Structure().getResponseBytes().getResponseType())
        .isEqualTo(OCSPObjectIdentifiers.id_pkix_ocsp_basic);
    return response.getEncoded();
  }

  private static KeyPair rsaKeys(int bits) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(bits);
    return generator.generateKeyPair();
  }

  private static BigInteger odd(int bits) {
    return new BigInteger(bits, new Random(bits)).setBit(bits - 1).setBit(0);
  }

  private static byte[] one(int length) {
    byte[] bytes = new byte[length];
    bytes[0] = 1;
    return bytes;
  }

  private static byte[] rsa(BigInteger modulus, BigInteger exponent) {
    return spki(PKCSObjectIdentifiers.rsaEncryption, modulus, exponent);
  }

  private static byte[] spki(ASN1ObjectIdentifier type, BigInteger modulus, BigInteger exponent) {
    return info(
        new AlgorithmIdentifier(type, DERNull.INSTANCE), encoded(sequence(modulus, exponent)));
  }

  private static byte[] info(AlgorithmIdentifier algorithm, byte[] key) {
    return encoded(new SubjectPublicKeyInfo(algorithm, key));
  }

  private static ASN1Sequence sequence(BigInteger... numbers) {
    return new DERSequence(Stream.of(numbers).map(ASN1Integer::new).toArray(ASN1Encodable[]::new));
  }

  private static RSASSAPSSparams pss(
      ASN1ObjectIdentifier hash, ASN1ObjectIdentifier maskHash, int salt) {
    return new RSASSAPSSparams(
        new AlgorithmIdentifier(hash, DERNull.INSTANCE),
        new AlgorithmIdentifier(
            PKCSObjectIdentifiers.id_mgf1, new AlgorithmIdentifier(maskHash, DERNull.INSTANCE)),
        new ASN1Integer(salt),
        new ASN1Integer(1));
  }

  private static byte[] encoded(ASN1Encodable value) {
    try {
      return value == null ? null : value.toASN1Primitive().getEncoded(ASN1Encoding.DER);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
