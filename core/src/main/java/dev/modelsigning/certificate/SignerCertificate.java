package dev.modelsigning.certificate;

import dev.modelsigning.bundle.SignatureAlgorithm;
import dev.modelsigning.json.Printable;
import dev.modelsigning.pkix.Certificates;
import dev.modelsigning.pkix.KeyPurpose;
import dev.modelsigning.pkix.UntrustedCertificateException;
import java.security.InvalidKeyException;
import java.security.PublicKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.security.auth.x500.X500Principal;

/**
 * The certificate of a signer of models: its key, its usage and its names. It is from anybody until
 * a path to it was validated.
 *
 * @param certificate the certificate
 * @param publicKey its key
 * @param algorithm what signatures by the key are
 * @param alternativeNames its e-mail addresses, host names and URIs (RFC 5280 4.2.1.6)
 */
record SignerCertificate(
    X509Certificate certificate,
    ECPublicKey publicKey,
    SignatureAlgorithm algorithm,
    List<String> alternativeNames) {

  /** Index of {@code digitalSignature} in the key usage (RFC 5280 4.2.1.3). */
  private static final int DIGITAL_SIGNATURE = 0;

  /** The numbers of rfc822Name, dNSName and uniformResourceIdentifier. */
  private static final Set<Integer> NAME_TYPES = Set.of(1, 2, 6);

  SignerCertificate {
    alternativeNames = List.copyOf(alternativeNames);
  }

  /**
   * The certificate of a signer.
   *
   * @throws UntrustedCertificateException if its key is not one that OMS signs with
   */
  static SignerCertificate of(X509Certificate certificate) throws UntrustedCertificateException {
    PublicKey key = certificate.getPublicKey();
    try {
      SignatureAlgorithm algorithm = SignatureAlgorithm.of(key);
      if (key instanceof ECPublicKey ec) {
        return new SignerCertificate(certificate, ec, algorithm, namesOf(certificate));
      }
      throw new InvalidKeyException(SignatureAlgorithm.unsupported("this is another key"));
    } catch (InvalidKeyException e) {
      throw new UntrustedCertificateException(
          "the certificate " + Certificates.name(certificate) + ": " + e.getMessage(), e);
    }
  }

  private static List<String> namesOf(X509Certificate certificate)
      throws UntrustedCertificateException {
    List<String> names = new ArrayList<>();
    try {
      Collection<List<?>> all = certificate.getSubjectAlternativeNames();
      if (all != null) {
        for (List<?> name : all) {
          if (name.get(0) instanceof Integer type
              && NAME_TYPES.contains(type)
              && name.get(1) instanceof String text) {
            names.add(text);
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
   * Requires that it may sign models: the extended key usage must have codeSigning, the key usage
   * digitalSignature, and at least one of the two must be there. So a certificate that was issued
   * for TLS, or for nothing in particular, does not do.
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

  /** What names the signer in one line: an alternative name if there is one, else the subject. */
  String name() {
    return alternativeNames.isEmpty() ? subject() : alternativeNames.get(0);
  }

  String subject() {
    return certificate.getSubjectX500Principal().toString();
  }

  /** What an auditor wants to know about it. */
  Map<String, String> details() {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("subject", subject());
    if (!alternativeNames.isEmpty()) {
      details.put("names", String.join(", ", alternativeNames));
    }
    details.put("issuer", certificate.getIssuerX500Principal().toString());
    details.put("serial", certificate.getSerialNumber().toString(16).toUpperCase(Locale.ROOT));
    details.put("fingerprint", "sha256:" + Certificates.fingerprint(certificate));
    details.put("algorithm", "ECDSA " + algorithm.curve());
    details.put("notBefore", certificate.getNotBefore().toInstant().toString());
    details.put("notAfter", certificate.getNotAfter().toInstant().toString());
    return details;
  }

  /** Whether this is the subject, or one of the alternative names, to the letter. */
  boolean isNamed(String identity) {
    return alternativeNames.contains(identity) || isSubject(identity);
  }

  /** Compares distinguished names as RFC 2253 writes them, however they were spaced and escaped. */
  private boolean isSubject(String identity) {
    try {
      return new X500Principal(identity)
          .getName(X500Principal.RFC2253)
          .equals(certificate.getSubjectX500Principal().getName(X500Principal.RFC2253));
    } catch (IllegalArgumentException e) {
      // Not a distinguished name, so it is none's subject.
      return false;
    }
  }

  /** All that it is called, for messages. */
  String allNames() {
    List<String> all = new ArrayList<>(alternativeNames);
    all.add(subject());
    return String.join(", ", all.stream().map(Printable::quote).toList());
  }
}
