package dev.modelsigning.internal.pkix;

import dev.modelsigning.internal.json.Printable;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;

/** Properties of single certificates. */
public final class Certificates {

  /** Index of {@code keyCertSign} in the key usage (RFC 5280 4.2.1.3). */
  private static final int KEY_CERT_SIGN = 5;

  private Certificates() {}

  /** The subject in RFC 2253 form; quoted, since its owner chose it. */
  public static String name(X509Certificate certificate) {
    return quote(certificate.getSubjectX500Principal().toString());
  }

  /** The issuer in RFC 2253 form; quoted, since it is untrusted text. */
  static String issuer(X509Certificate certificate) {
    return quote(certificate.getIssuerX500Principal().toString());
  }

  private static String quote(String name) {
    return Printable.quote(name.isEmpty() ? "(without a name)" : name);
  }

  /** SHA-256 over the certificate in DER, in lower-case hexadecimal. */
  public static String fingerprint(X509Certificate certificate) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return HexFormat.of().formatHex(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate that was read has an encoding", e);
    }
  }

  /**
   * Whether it may issue certificates, according to basic constraints and, if present, key usage.
   */
  static boolean isAuthority(X509Certificate certificate) {
    boolean[] usage = certificate.getKeyUsage();
    return certificate.getBasicConstraints() >= 0 && (usage == null || usage[KEY_CERT_SIGN]);
  }

  /** Whether subject and issuer are equal (RFC 5280 6.1), which proves nothing. */
  static boolean isSelfIssued(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
  }

  /** Whether its signature verifies with its own key. */
  static boolean isSelfSigned(X509Certificate certificate) {
    return isSelfIssued(certificate) && isIssuedBy(certificate, certificate);
  }

  /**
   * Whether another certificate has the name of its issuer and the key that signed it. This
   * verifies a signature with that key, if the key is allowed; so it must be the key of a trust
   * anchor, or one that was reached from a trust anchor.
   */
  static boolean isIssuedBy(X509Certificate certificate, X509Certificate issuer) {
    if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
      return false;
    }
    try {
      AlgorithmPolicy.requireKey(issuer);
      CurveSignedCertificate.of(certificate).verify(issuer.getPublicKey());
      return true;
    } catch (GeneralSecurityException | RuntimeException e) {
      // A wrong signature and a key that cannot verify it are equivalent.
      return false;
    }
  }

  /**
   * Requires that the relevant extensions can be parsed. The JDK treats a malformed non-critical
   * extension as absent, and thereby ignores a restriction.
   *
   * @throws UntrustedCertificateException if one is malformed
   */
  static void requireReadable(X509Certificate certificate) throws UntrustedCertificateException {
    requireReadable(certificate, Extension.keyUsage, KeyUsage::getInstance);
    requireReadable(certificate, Extension.extendedKeyUsage, ExtendedKeyUsage::getInstance);
    requireReadable(certificate, Extension.basicConstraints, BasicConstraints::getInstance);
    requireReadable(certificate, Extension.nameConstraints, NameConstraints::getInstance);
    requireReadable(certificate, Extension.subjectAlternativeName, GeneralNames::getInstance);
  }

  private static void requireReadable(
      X509Certificate certificate, ASN1ObjectIdentifier extension, Consumer<Object> reader)
      throws UntrustedCertificateException {
    byte[] value = certificate.getExtensionValue(extension.getId());
    if (value == null) {
      return;
    }
    try {
      reader.accept(ASN1Primitive.fromByteArray(ASN1OctetString.getInstance(value).getOctets()));
    } catch (IOException | RuntimeException e) {
      throw new UntrustedCertificateException(
          "the extension " + extension + " of the certificate " + name(certificate) + " is damaged",
          e);
    }
  }

  /** Whether a certificate had expired at a time. */
  public static boolean isExpired(X509Certificate certificate, Instant time) {
    return time.isAfter(certificate.getNotAfter().toInstant());
  }

  /** Whether a time is within the validity of a certificate, both ends included. */
  static boolean isValid(X509Certificate certificate, Instant time) {
    return !isExpired(certificate, time) && !time.isBefore(certificate.getNotBefore().toInstant());
  }

  /**
   * Requires that a certificate was valid at a time, both ends included.
   *
   * @throws UntrustedCertificateException if it is not
   */
  public static void requireValid(X509Certificate certificate, Instant time)
      throws UntrustedCertificateException {
    if (isExpired(certificate, time)) {
      throw new UntrustedCertificateException(
          "the certificate "
              + name(certificate)
              + " expired at "
              + certificate.getNotAfter().toInstant());
    }
    if (time.isBefore(certificate.getNotBefore().toInstant())) {
      throw new UntrustedCertificateException(
          "the certificate "
              + name(certificate)
              + " is not valid before "
              + certificate.getNotBefore().toInstant());
    }
  }
}
