package dev.modelsigning.internal.pkix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.internal.curve.EcdsaHash;
import dev.modelsigning.internal.curve.NamedCurve;
import dev.modelsigning.testing.HostileCertificate;
import dev.modelsigning.testing.TestCertificate;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Certificates signed by ECDSA, compared with what the JDK reads and decides. */
class CurveSignedCertificateTest {

  private static final String ROOT = "CN=Root";

  private static final KeyPair KEYS = TestCertificate.newKeys("EC", "secp256r1");

  private static SubjectPublicKeyInfo info(KeyPair keys) {
    return SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded());
  }

  private static HostileCertificate plan() {
    return new HostileCertificate(ROOT, "CN=Issued", info(KEYS));
  }

  private static X509Certificate read(byte[] der) throws CertificateException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }

  private static X509Certificate signedBy(KeyPair keys, String algorithm) throws Exception {
    return read(plan().signedBy(keys.getPrivate(), algorithm).toArray());
  }

  private static Stream<Arguments> curvesAndHashes() {
    return Stream.of(NamedCurve.values())
        .flatMap(curve -> Stream.of(EcdsaHash.values()).map(hash -> Arguments.of(curve, hash)));
  }

  private static KeyPair keysOn(NamedCurve curve) {
    return TestCertificate.newKeys("EC", curve.nistName().replace("P-", "secp") + "r1");
  }

  @ParameterizedTest
  @MethodSource("curvesAndHashes")
  void decidesAsTheJdkDoes(NamedCurve curve, EcdsaHash hash) throws Exception {
    KeyPair keys = keysOn(curve);
    String algorithm = hash.digest().getAlgorithm();
    X509Certificate plain =
        signedBy(keys, (algorithm.startsWith("SHA3") ? algorithm : hash.name()) + "withECDSA");
    X509Certificate certificate = CurveSignedCertificate.of(plain);

    assertThat(certificate).isInstanceOf(CurveSignedCertificate.class).isEqualTo(plain);
    plain.verify(keys.getPublic());
    certificate.verify(keys.getPublic());
    assertThatCode(() -> AlgorithmPolicy.requireSignature(certificate)).doesNotThrowAnyException();
    for (KeyPair other : List.of(keysOn(curve), KEYS)) {
      assertThatThrownBy(() -> plain.verify(other.getPublic()))
          .isInstanceOf(SignatureException.class);
      assertThatThrownBy(() -> certificate.verify(other.getPublic()))
          .isInstanceOf(SignatureException.class);
    }
  }

  @Test
  void refusesAChangedCertificateAndAnotherKindOfKey() throws Exception {
    byte[] der = plan().signedBy(KEYS.getPrivate(), "SHA256withECDSA").toArray();
    X509Certificate good = CurveSignedCertificate.of(read(der));
    good.verify(KEYS.getPublic());
    String text = new String(der, StandardCharsets.ISO_8859_1);
    der[text.indexOf("Issued")] = 'i';
    X509Certificate changed = CurveSignedCertificate.of(read(der));

    assertThatThrownBy(() -> changed.verify(KEYS.getPublic()))
        .isInstanceOf(SignatureException.class);
    // Whichever method is called, it is the same signature that is verified.
    assertThatThrownBy(() -> changed.verify(KEYS.getPublic(), "SunEC"))
        .isInstanceOf(SignatureException.class);
    assertThatThrownBy(() -> changed.verify(KEYS.getPublic(), Security.getProvider("SunEC")))
        .isInstanceOf(SignatureException.class);
    KeyPair rsa = TestCertificate.newKeys("RSA", "");
    assertThatThrownBy(() -> good.verify(rsa.getPublic()))
        .isInstanceOf(InvalidKeyException.class)
        .hasMessageContaining("found one for RSA");
    assertThat(CurveSignedCertificate.of(signedBy(rsa, "SHA256withRSA")))
        .isNotInstanceOf(CurveSignedCertificate.class);
  }

  /** The certificate with its signature in another encoding. */
  private static X509Certificate withSignature(byte[] certificate, byte[] signature)
      throws Exception {
    ASN1Sequence all = ASN1Sequence.getInstance(certificate);
    return read(
        new DERSequence(
                new ASN1Encodable[] {
                  all.getObjectAt(0), all.getObjectAt(1), new DERBitString(signature)
                })
            .getEncoded(ASN1Encoding.DER));
  }

  /** A number in DER, without the byte for its sign. */
  private static byte[] unsigned(BigInteger number) {
    byte[] bytes = number.toByteArray();
    return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
  }

  /** Anyone can encode a valid signature in another way; JDKs take this one for valid. */
  @Test
  void refusesNumbersWithoutTheirSign() throws Exception {
    byte[] certificate;
    ASN1Sequence numbers;
    BigInteger r;
    do { // until r needs that byte
      certificate = plan().signedBy(KEYS.getPrivate(), "SHA256withECDSA").toArray();
      numbers = ASN1Sequence.getInstance(read(certificate).getSignature());
      r = ASN1Integer.getInstance(numbers.getObjectAt(0)).getValue();
    } while (r.bitLength() % 8 != 0);
    byte[] s = numbers.getObjectAt(1).toASN1Primitive().getEncoded(ASN1Encoding.DER);
    byte[] number = unsigned(r);
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    encoded.write(new byte[] {0x30, (byte) (2 + number.length + s.length), 2});
    encoded.write(number.length);
    encoded.write(number);
    encoded.write(s);
    X509Certificate other = withSignature(certificate, encoded.toByteArray());

    assertThat(Certificates.isIssuedBy(read(certificate), issuer())).isTrue();
    assertThat(Certificates.isIssuedBy(other, issuer())).isFalse();
    assertThatThrownBy(() -> CurveSignedCertificate.of(other).verify(KEYS.getPublic()))
        .isInstanceOf(SignatureException.class);
  }

  private static X509Certificate issuer() throws CertificateException {
    return read(
        new HostileCertificate(ROOT, ROOT, info(KEYS))
            .authority()
            .signedBy(KEYS.getPrivate(), "SHA256withECDSA")
            .toArray());
  }

  /** A certificate, validly signed, whose algorithm has parameters. */
  private static X509Certificate withParameters(ASN1Encodable parameters) throws Exception {
    byte[] plain = plan().signedBy(KEYS.getPrivate(), "SHA256withECDSA").toArray();
    ASN1Sequence body = ASN1Sequence.getInstance(ASN1Sequence.getInstance(plain).getObjectAt(0));
    ASN1Encodable[] fields = body.toArray();
    ASN1Encodable algorithm =
        new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256, parameters);
    fields[2] = algorithm;
    ASN1Encodable changed = new DERSequence(fields);
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(KEYS.getPrivate());
    signature.update(changed.toASN1Primitive().getEncoded(ASN1Encoding.DER));
    return read(
        new DERSequence(
                new ASN1Encodable[] {changed, algorithm, new DERBitString(signature.sign())})
            .getEncoded(ASN1Encoding.DER));
  }

  @Test
  void leavesAlgorithmsWithParametersToTheJdk() throws Exception {
    X509Certificate usual = CurveSignedCertificate.of(withParameters(DERNull.INSTANCE)); // as none
    assertThat(usual).isInstanceOf(CurveSignedCertificate.class);
    usual.verify(KEYS.getPublic());
    X509Certificate strange = withParameters(new DEROctetString(new byte[1]));
    assertThat(CurveSignedCertificate.of(strange)).isSameAs(strange);
    assertThatThrownBy(() -> AlgorithmPolicy.requireSignature(strange))
        .isInstanceOf(RefusedAlgorithmException.class);
  }

  @Test
  void hasAllElseFromTheCertificate() throws Exception {
    X509Certificate plain = everything();
    X509Certificate certificate = CurveSignedCertificate.of(plain);
    Set<String> untested = new TreeSet<>();
    for (Method method : X509Certificate.class.getMethods()) {
      if (method.getDeclaringClass() == Object.class
          || Modifier.isStatic(method.getModifiers())
          || Modifier.isFinal(method.getModifiers())
          || List.of("equals", "hashCode").contains(method.getName())) {
        continue;
      }
      assertThat(
              CurveSignedCertificate.class
                  .getMethod(method.getName(), method.getParameterTypes())
                  .getDeclaringClass())
          .as("%s", method)
          .isEqualTo(CurveSignedCertificate.class);
      if (method.getParameterCount() > 0 || method.getReturnType() == void.class) {
        untested.add(method.getName());
        continue;
      }
      assertThat(method.invoke(certificate))
          .as("%s", method)
          .usingRecursiveComparison()
          .isEqualTo(method.invoke(plain));
    }

    assertThat(untested).containsExactly("checkValidity", "getExtensionValue", "verify");
    assertThat(certificate.getExtensionValue("2.5.29.15"))
        .isNotNull()
        .isEqualTo(plain.getExtensionValue("2.5.29.15"));
    assertThat(certificate.getExtensionValue("2.5.29.99")).isNull();
    certificate.checkValidity();
    certificate.checkValidity(plain.getNotBefore());
    assertThatThrownBy(() -> certificate.checkValidity(Date.from(Instant.EPOCH)))
        .isInstanceOf(CertificateException.class);
    assertThat(certificate.getSubjectAlternativeNames()).isNotEmpty();
    assertThat(certificate.getIssuerAlternativeNames()).isNotEmpty();
    assertThat(certificate.getExtendedKeyUsage()).isNotEmpty();
    assertThat(certificate).hasSameHashCodeAs(plain);
    assertThat(plain).isEqualTo(certificate);
  }

  /** A key that it verified with does not count for another one, nor for another certificate. */
  @Test
  void remembersOnlyTheKeyThatItVerifiedWith() throws Exception {
    KeyPair others = keysOn(NamedCurve.P256);
    X509Certificate certificate = CurveSignedCertificate.of(signedBy(KEYS, "SHA256withECDSA"));
    for (int i = 0; i < 2; i++) {
      certificate.verify(KEYS.getPublic());
      assertThatThrownBy(() -> certificate.verify(others.getPublic()))
          .isInstanceOf(SignatureException.class);
      assertThatThrownBy(() -> certificate.verify(others.getPublic(), "SunEC"))
          .isInstanceOf(SignatureException.class);
    }
    assertThat(CurveSignedCertificate.of(certificate)).isSameAs(certificate);
    assertThatThrownBy(() ->
            CurveSignedCertificate.of(signedBy(others, "SHA256withECDSA")).verify(KEYS.getPublic()))
        .isInstanceOf(SignatureException.class);
  }

  /** What is stored is the encoding of a certificate, and what is read is one of the JDK. */
  @Test
  void isStoredAsACertificate() throws Exception {
    X509Certificate plain = everything();
    ByteArrayOutputStream stored = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(stored)) {
      out.writeObject(CurveSignedCertificate.of(plain));
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(stored.toByteArray()))) {
      assertThat(in.readObject()).isEqualTo(plain).hasSameClassAs(plain);
    }
  }

  private static X509Certificate everything() throws CertificateException {
    GeneralNames names = new GeneralNames(new GeneralName(GeneralName.dNSName, "a.example"));
    GeneralNames namesOfIssuer =
        new GeneralNames(new GeneralName(GeneralName.dNSName, "b.example"));
    return read(
        plan()
            .authority()
            .extension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign))
            .extension(
                Extension.extendedKeyUsage,
                false,
                new ExtendedKeyUsage(KeyPurposeId.id_kp_codeSigning))
            .extension(Extension.subjectAlternativeName, false, names)
            .extension(Extension.issuerAlternativeName, false, namesOfIssuer)
            .signedBy(KEYS.getPrivate(), "SHA256withECDSA")
            .toArray());
  }
}
