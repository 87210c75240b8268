package dev.modelsigning.internal.pkix;

import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraintValidatorException;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.PKIXNameConstraintValidator;

/**
 * Enforces the constraints in the trust anchor's own certificate: path length and name constraints
 * (RFC 5280 4.2.1.9, 4.2.1.10). The JDK treats a trust anchor as a name and a key, and ignores
 * both.
 */
final class AnchorConstraints {

  private AnchorConstraints() {}

  /**
   * Requires that a path satisfies the constraints of its trust anchor.
   *
   * @throws UntrustedCertificateException if it does not
   */
  static void require(CertificationPath path) throws UntrustedCertificateException {
    requireLength(path);
    byte[] extension = path.anchor().getExtensionValue(Extension.nameConstraints.getId());
    if (extension == null) {
      return;
    }
    PKIXNameConstraintValidator validator;
    try {
      validator =
          validator(
              NameConstraints.getInstance(ASN1OctetString.getInstance(extension).getOctets()));
    } catch (RuntimeException e) {
      throw new UntrustedCertificateException(
          "the name constraints of " + Certificates.name(path.anchor()) + " are damaged", e);
    }
    List<X509Certificate> certificates = path.certificates();
    for (int i = certificates.size() - 1; i >= 0; i--) {
      // Of self-issued certificates, only the target must satisfy them.
      if (i == 0 || !Certificates.isSelfIssued(certificates.get(i))) {
        requireNames(certificates.get(i), path.anchor(), validator);
      }
    }
  }

  private static void requireLength(CertificationPath path) throws UntrustedCertificateException {
    int allowed = path.anchor().getBasicConstraints();
    if (path.certificates().isEmpty() || allowed < 0) {
      return;
    }
    long between =
        path.certificates().stream()
            .skip(1)
            .filter(certificate -> !Certificates.isSelfIssued(certificate))
            .count();
    if (between > allowed) {
      throw new UntrustedCertificateException(
          "the path is too long: "
              + Certificates.name(path.anchor())
              + " allows "
              + allowed
              + " authorities below it, found "
              + between);
    }
  }

  private static PKIXNameConstraintValidator validator(NameConstraints constraints) {
    PKIXNameConstraintValidator validator = new PKIXNameConstraintValidator();
    GeneralSubtree[] permitted = constraints.getPermittedSubtrees();
    if (permitted != null) {
      validator.intersectPermittedSubtree(permitted);
    }
    GeneralSubtree[] excluded = constraints.getExcludedSubtrees();
    if (excluded != null) {
      for (GeneralSubtree subtree : excluded) {
        validator.addExcludedSubtree(subtree);
      }
    }
    return validator;
  }

  private static void requireNames(
      X509Certificate certificate, X509Certificate anchor, PKIXNameConstraintValidator validator)
      throws UntrustedCertificateException {
    try {
      X500Name subject = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
      if (subject.getRDNs().length > 0) {
        validator.checkPermittedDN(subject);
        validator.checkExcludedDN(subject);
      }
      byte[] extension = certificate.getExtensionValue(Extension.subjectAlternativeName.getId());
      GeneralName[] names =
          extension == null
              ? new GeneralName[0]
              : GeneralNames.getInstance(ASN1OctetString.getInstance(extension).getOctets())
                  .getNames();
      for (GeneralName name : names) {
        validator.checkPermitted(name);
        validator.checkExcluded(name);
      }
      if (names.length == 0) {
        requireEmailAttributes(subject, validator);
      }
    } catch (NameConstraintValidatorException | RuntimeException e) {
      throw new UntrustedCertificateException(
          "the names of the certificate "
              + Certificates.name(certificate)
              + " are not within the name constraints of "
              + Certificates.name(anchor),
          e);
    }
  }

  /** Without alternative names, e-mail addresses in the subject are checked. */
  private static void requireEmailAttributes(
      X500Name subject, PKIXNameConstraintValidator validator)
      throws NameConstraintValidatorException {
    for (RDN attributes : subject.getRDNs(BCStyle.EmailAddress)) {
      for (AttributeTypeAndValue attribute : attributes.getTypesAndValues()) {
        if (attribute.getType().equals(BCStyle.EmailAddress)) {
          GeneralName name =
              new GeneralName(
                  GeneralName.rfc822Name, IETFUtils.valueToString(attribute.getValue()));
          validator.checkPermitted(name);
          validator.checkExcluded(name);
        }
      }
    }
  }
}
