package dev.modelsigning.internal.pkix;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/** Extended key usages to which certificates can be restricted (RFC 5280 4.2.1.12). */
public enum KeyPurpose {
  /** Signing code or data. */
  CODE_SIGNING("codeSigning", KeyPurposeId.id_kp_codeSigning),
  /** Time stamping (RFC 3161). */
  TIME_STAMPING("timeStamping", KeyPurposeId.id_kp_timeStamping);

  private final String displayName;
  private final String identifier;

  KeyPurpose(String displayName, KeyPurposeId identifier) {
    this.displayName = displayName;
    this.identifier = identifier.getId();
  }

  /**
   * Whether a certificate may serve this purpose, by its extended key usage.
   *
   * @param unrestricted the result for a certificate without that extension
   * @throws UntrustedCertificateException if the extension is malformed
   */
  public boolean isAllowedBy(X509Certificate certificate, boolean unrestricted)
      throws UntrustedCertificateException {
    try {
      List<String> purposes = certificate.getExtendedKeyUsage();
      return purposes == null
          ? unrestricted
          : purposes.contains(identifier)
              || purposes.contains(KeyPurposeId.anyExtendedKeyUsage.getId());
    } catch (CertificateParsingException e) {
      throw new UntrustedCertificateException(
          "the extended key usage of " + Certificates.name(certificate) + " is damaged", e);
    }
  }

  @Override
  public String toString() {
    return displayName;
  }
}
