package dev.modelsigning.certificate;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.pkix.Certificates;
import dev.modelsigning.internal.pkix.KeyPurpose;
import dev.modelsigning.internal.pkix.UntrustedCertificateException;
import dev.modelsigning.signing.CertificateIdentity;
import dev.modelsigning.signing.CertificateSummary;
import dev.modelsigning.signing.RevocationScope;
import dev.modelsigning.signingkey.VerifyingKey;
import java.security.InvalidKeyException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/**
 * The certificate of a signer of models: its key, its usage and its names. It is not trusted until
 * a certification path for it was validated.
 *
 * @param certificate the certificate
 * @param publicKey its key
 * @param names its e-mail addresses, host names and URIs (RFC 5280 4.2.1.6)
 */
record SignerCertificate(
    X509Certificate certificate, VerifyingKey publicKey, List<AlternativeName> names) {

  /** Index of {@code digitalSignature} in the key usage (RFC 5280 4.2.1.3). */
  private static final int DIGITAL_SIGNATURE = 0;

  /**
   * Attribute types for which RFC 2253 has no short name and that occur in certificates of
   * companies.
   */
  private static final Map<String, String> KEYWORDS = Map.of("ORGANIZATIONIDENTIFIER", "2.5.4.97");

  SignerCertificate {
    names = List.copyOf(names);
  }

  /**
   * Returns the certificate as that of a signer.
   *
   * @throws UntrustedCertificateException if its key is not one that OMS allows
   */
  static SignerCertificate of(X509Certificate certificate) throws UntrustedCertificateException {
    try {
      return new SignerCertificate(
          certificate, VerifyingKey.of(certificate.getPublicKey()), namesOf(certificate));
    } catch (InvalidKeyException e) {
      throw new UntrustedCertificateException(
          "the certificate " + Certificates.name(certificate) + ": " + e.getMessage(), e);
    }
  }

  private static List<AlternativeName> namesOf(X509Certificate certificate)
      throws UntrustedCertificateException {
    List<AlternativeName> names = new ArrayList<>();
    try {
      Collection<List<?>> all = certificate.getSubjectAlternativeNames();
      if (all != null) {
        for (List<?> name : all) {
          if (name.get(0) instanceof Integer type && name.get(1) instanceof String text) {
            AlternativeName.Type.of(type)
                .ifPresent(known -> names.add(new AlternativeName(known, text)));
          }
        }
      }
      return names;
    } catch (CertificateParsingException e) {
      throw new UntrustedCertificateException(
          "the alternative names of the certificate "
              + Certificates.name(certificate)
              + " are damaged",
          e);
    }
  }

  /**
   * Requires that the certificate may sign models: an extended key usage must include codeSigning,
   * a key usage must include digitalSignature, and at least one of the two extensions must be
   * present. Certificates that were issued for TLS, or without any stated purpose, are refused.
   */
  void requireSigningUsage() throws UntrustedCertificateException {
    boolean[] usage = certificate.getKeyUsage();
    String name = "the certificate " + Certificates.name(certificate) + " may not sign: ";
    if (usage != null && !usage[DIGITAL_SIGNATURE]) {
      throw new UntrustedCertificateException(
          name + "its key usage does not have digitalSignature (OMS 8.2)");
    }
    if (!KeyPurpose.CODE_SIGNING.isAllowedBy(certificate, true)) {
      throw new UntrustedCertificateException(
          name + "its extended key usage does not have codeSigning (OMS 8.2)");
    }
    if (usage == null && !KeyPurpose.CODE_SIGNING.isAllowedBy(certificate, false)) {
      throw new UntrustedCertificateException(
          name
              + "expected the key usage digitalSignature or the extended key usage codeSigning,"
              + " found neither extension (OMS 8.2)");
    }
  }

  /**
   * The signer's name in one line: the first alternative name that has the form of its type, else
   * the subject.
   */
  String name() {
    return names.stream()
        .filter(AlternativeName::looksLikeItsType)
        .map(AlternativeName::value)
        .findFirst()
        .orElse(subject());
  }

  String subject() {
    return certificate.getSubjectX500Principal().toString();
  }

  /**
   * The identity that a signature with this certificate proves.
   *
   * @param asked the required name that matched, if one was required
   * @param revocation to which extent revocation was checked
   */
  CertificateIdentity identity(Optional<String> asked, Optional<RevocationScope> revocation) {
    return new CertificateIdentity(
        asked.map(name -> distinguishedName(name).isPresent() ? subject() : name).orElse(name()),
        names.stream().map(AlternativeName::asSubjectName).toList(),
        new CertificateSummary(
            subject(),
            certificate.getIssuerX500Principal().toString(),
            certificate.getSerialNumber(),
            Certificates.fingerprint(certificate),
            publicKey.scheme().name(),
            certificate.getNotBefore().toInstant(),
            certificate.getNotAfter().toInstant()),
        revocation);
  }

  /**
   * Whether this is the subject, or one of the alternative names, compared exactly. What looks like
   * an e-mail address is compared with e-mail addresses only, and so on: names of other types may
   * be freely chosen by the applicant of the certificate.
   */
  boolean isNamed(String identity) {
    Optional<List<Set<String>>> distinguished = distinguishedName(identity);
    if (distinguished.isPresent()) {
      return distinguished.equals(Optional.of(attributes(certificate.getSubjectX500Principal())));
    }
    return names.contains(new AlternativeName(AlternativeName.Type.asWritten(identity), identity));
  }

  private static Optional<List<Set<String>>> distinguishedName(String text) {
    try {
      X500Principal name = new X500Principal(text, KEYWORDS);
      return text.indexOf('=') < 0 ? Optional.empty() : Optional.of(attributes(name));
    } catch (IllegalArgumentException e) {
      // Not a distinguished name, so it is a name of another type.
      return Optional.empty();
    }
  }

  /** The attributes by type and value, independent of the ASN.1 string type of the value. */
  private static List<Set<String>> attributes(X500Principal name) {
    List<Set<String>> all = new ArrayList<>();
    for (RDN relative : X500Name.getInstance(name.getEncoded()).getRDNs()) {
      Set<String> attributes = new HashSet<>();
      for (AttributeTypeAndValue each : relative.getTypesAndValues()) {
        attributes.add(each.getType() + "=" + IETFUtils.valueToString(each.getValue()));
      }
      all.add(attributes);
    }
    return all;
  }

  /** All its names, for messages. */
  String allNames() {
    List<String> all = new ArrayList<>(names.stream().map(AlternativeName::value).toList());
    all.add(subject());
    return String.join(", ", all.stream().map(Printable::quote).toList());
  }
}
