package dev.modelsigning.sigstore.internal.trust;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.VerificationMaterial;
import dev.modelsigning.internal.keyfile.CertificateFile;
import dev.modelsigning.internal.pkix.Certificates;
import dev.modelsigning.signing.CertificateSummary;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.signingkey.VerifyingKey;
import dev.modelsigning.sigstore.internal.data.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.OtherName;

/**
 * The certificate of a signer, as issued by Sigstore's certificate authority: for one identity,
 * valid for a few minutes, and for code signing only.
 */
public final class SigningCertificate {

  private static final String SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";

  /**
   * The issuer of the identity as an ASN.1 string; in older certificates it is bare text in another
   * extension.
   */
  private static final String ISSUER_OID = "1.3.6.1.4.1.57264.1.8";

  private static final String OLD_ISSUER_OID = "1.3.6.1.4.1.57264.1.1";

  /** The type of {@code otherName} that contains a user name. */
  private static final String USER_NAME_OID = "1.3.6.1.4.1.57264.1.7";

  private static final int DIGITAL_SIGNATURE = 0;

  /** Real chains have three. The cost of finding a path grows with their number. */
  private static final int MAX_CERTIFICATES = 16;

  private final X509Certificate certificate;
  private final List<X509Certificate> others;
  private final VerifyingKey key;
  private final EcdsaScheme scheme;
  private final int kind;
  private final String identity;
  private final String issuer;

  private SigningCertificate(X509Certificate certificate, List<X509Certificate> others)
      throws GeneralSecurityException {
    this.certificate = certificate;
    this.others = List.copyOf(others);
    PublicKey publicKey = certificate.getPublicKey();
    if (!publicKey.getAlgorithm().equals("EC")) {
      throw new CertificateException(
          EcdsaScheme.unsupported("its key is for " + publicKey.getAlgorithm()));
    }
    this.scheme = EcdsaScheme.of(publicKey);
    this.key = VerifyingKey.of(publicKey, scheme);
    GeneralName name = readName(certificate);
    this.kind = name.getTagNo();
    this.identity = readIdentity(name);
    this.issuer = readIssuer(certificate);
    requireUsage(certificate);
  }

  /**
   * Reads the certificate of a bundle, without validation.
   *
   * @throws VerificationException if the bundle has none, or it cannot be one of Sigstore's
   */
  public static SigningCertificate of(VerificationMaterial material) throws VerificationException {
    List<Bytes> certificates;
    if (material instanceof VerificationMaterial.X509Certificate single) {
      certificates = List.of(single.rawBytes());
    } else if (material instanceof VerificationMaterial.X509CertificateChain chain) {
      certificates = chain.certificates();
    } else {
      throw new VerificationException(
          Reason.WRONG_METHOD,
          "the bundle was signed with a bare key, not with Sigstore:"
              + " expected verificationMaterial.certificate (OMS 4.1)");
    }
    if (certificates.size() > MAX_CERTIFICATES) {
      throw new VerificationException(
          Reason.UNTRUSTED_CERTIFICATE,
          "too many certificates: expected at most "
              + MAX_CERTIFICATES
              + ", found "
              + certificates.size()
              + " (OMS 8.2)");
    }
    try {
      List<X509Certificate> parsed = new ArrayList<>();
      for (Bytes der : certificates) {
        parsed.add(CertificateFile.parse(der));
      }
      return of(parsed);
    } catch (GeneralSecurityException e) {
      throw unusable(e);
    }
  }

  /** Returns a certificate with its chain, as far as it is known. */
  public static SigningCertificate of(List<X509Certificate> chain) throws GeneralSecurityException {
    return new SigningCertificate(chain.get(0), chain.subList(1, chain.size()));
  }

  private static VerificationException unusable(GeneralSecurityException e) {
    return new VerificationException(
        Reason.UNTRUSTED_CERTIFICATE,
        "the signer's certificate cannot be used: " + e.getMessage() + " (OMS 8.2)",
        e);
  }

  private static GeneralName readName(X509Certificate certificate) throws CertificateException {
    byte[] extension = certificate.getExtensionValue(SUBJECT_ALTERNATIVE_NAME);
    if (extension == null) {
      throw new CertificateException("it has no subject alternative name, so it names nobody");
    }
    try {
      GeneralName[] names = GeneralNames.getInstance(octets(extension)).getNames();
      if (names.length != 1) {
        throw new CertificateException(
            "expected one subject alternative name, found " + names.length);
      }
      return names[0];
    } catch (IOException | IllegalArgumentException | ClassCastException e) {
      throw new CertificateException("its subject alternative name is damaged", e);
    }
  }

  private static String readIdentity(GeneralName name) throws CertificateException {
    try {
      return switch (name.getTagNo()) {
        case GeneralName.rfc822Name, GeneralName.uniformResourceIdentifier ->
            ((ASN1String) name.getName()).getString();
        case GeneralName.otherName -> userName(OtherName.getInstance(name.getName()));
        default ->
            throw new CertificateException(
                "expected an e-mail address, a URI or a user name as subject alternative name");
      };
    } catch (IllegalArgumentException | ClassCastException e) {
      throw new CertificateException("its subject alternative name is damaged", e);
    }
  }

  private static String userName(OtherName name) throws CertificateException {
    if (name.getTypeID().getId().equals(USER_NAME_OID)
        && name.getValue().toASN1Primitive() instanceof ASN1String text) {
      return text.getString();
    }
    throw new CertificateException("its subject alternative name is of an unknown kind");
  }

  private static String readIssuer(X509Certificate certificate) throws CertificateException {
    try {
      byte[] extension = certificate.getExtensionValue(ISSUER_OID);
      if (extension != null) {
        if (ASN1Primitive.fromByteArray(octets(extension)) instanceof ASN1String text) {
          return text.getString();
        }
        throw new CertificateException("its extension " + ISSUER_OID + " is not a string");
      }
      extension = certificate.getExtensionValue(OLD_ISSUER_OID);
      if (extension != null) {
        return new String(octets(extension), StandardCharsets.UTF_8);
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new CertificateException("its issuer of the identity is damaged", e);
    }
    throw new CertificateException(
        "it does not say who vouched for the identity: expected the extension "
            + ISSUER_OID
            + " or "
            + OLD_ISSUER_OID);
  }

  /** The content of an extension, which the JDK returns wrapped in an octet string. */
  private static byte[] octets(byte[] extension) throws IOException {
    if (ASN1Primitive.fromByteArray(extension) instanceof ASN1OctetString octets) {
      return octets.getOctets();
    }
    throw new IOException("not an octet string");
  }

  private static void requireUsage(X509Certificate certificate) throws CertificateException {
    boolean[] usage = certificate.getKeyUsage();
    if (usage == null || !usage[DIGITAL_SIGNATURE]) {
      throw new CertificateException("its key usage lacks digitalSignature");
    }
    List<String> purposes = certificate.getExtendedKeyUsage();
    if (purposes == null || !purposes.contains(KeyPurposeId.id_kp_codeSigning.getId())) {
      throw new CertificateException("its extended key usage lacks codeSigning");
    }
    if (certificate.getBasicConstraints() >= 0) {
      throw new CertificateException("it is the certificate of an authority");
    }
  }

  /** The certificate itself. */
  public X509Certificate certificate() {
    return certificate;
  }

  /** The other certificates of the chain. */
  public List<X509Certificate> others() {
    return others;
  }

  /** The key that it certifies. */
  public VerifyingKey key() {
    return key;
  }

  /** The signature scheme of the key. */
  public EcdsaScheme scheme() {
    return scheme;
  }

  /** The identity for which the certificate was issued. */
  public String identity() {
    return identity;
  }

  /** Whether the identity is an e-mail address. */
  public boolean isEmail() {
    return kind == GeneralName.rfc822Name;
  }

  /** Whether the identity is a user name, with a domain. */
  public boolean isUserName() {
    return kind == GeneralName.otherName;
  }

  /** The OpenID Connect issuer that authenticated the identity. */
  public String issuer() {
    return issuer;
  }

  /** The certificate in DER. */
  public Bytes encoded() {
    try {
      return Bytes.of(certificate.getEncoded());
    } catch (CertificateException e) {
      throw new IllegalStateException("a certificate that was read has an encoding", e);
    }
  }

  /** The start of its validity. */
  public Instant notBefore() {
    return certificate.getNotBefore().toInstant();
  }

  /** The end of its validity. */
  public Instant notAfter() {
    return certificate.getNotAfter().toInstant();
  }

  /** The main fields of the certificate. */
  public CertificateSummary summary() {
    return new CertificateSummary(
        certificate.getSubjectX500Principal().toString(),
        certificate.getIssuerX500Principal().toString(),
        certificate.getSerialNumber(),
        Certificates.fingerprint(certificate),
        scheme.name(),
        notBefore(),
        notAfter());
  }

  /** The certificate in PEM. */
  public Bytes pem() {
    return Pem.block("CERTIFICATE", encoded().toArray());
  }
}
