package dev.modelsigning.inspection;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.internal.keyfile.CertificateFile;
import dev.modelsigning.internal.pkix.Certificates;
import java.math.BigInteger;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;

/**
 * A certificate in a signature file, without any validation (RFC 5280).
 *
 * @param subject the distinguished name of its owner, which may be empty
 * @param issuer the distinguished name of the claimed issuer
 * @param serial its serial number
 * @param fingerprint SHA-256 of it in DER, in lower-case hexadecimal
 * @param notBefore the first time at which it is valid
 * @param notAfter the last time at which it is valid
 */
public record ClaimedCertificate(
    String subject,
    String issuer,
    BigInteger serial,
    String fingerprint,
    Instant notBefore,
    Instant notAfter) {

  static Claim<ClaimedCertificate> read(Bytes der) {
    try {
      X509Certificate certificate = CertificateFile.parse(der);
      return Claim.of(
          new ClaimedCertificate(
              certificate.getSubjectX500Principal().toString(),
              certificate.getIssuerX500Principal().toString(),
              certificate.getSerialNumber(),
              Certificates.fingerprint(certificate),
              certificate.getNotBefore().toInstant(),
              certificate.getNotAfter().toInstant()));
    } catch (CertificateException e) {
      return Claim.unreadable(e);
    }
  }

  /** Subject, issuer and validity, in one line. */
  @Override
  public String toString() {
    return (subject.isEmpty() ? "no subject" : subject)
        + ", issued by "
        + issuer
        + ", valid from "
        + notBefore
        + " to "
        + notAfter;
  }
}
