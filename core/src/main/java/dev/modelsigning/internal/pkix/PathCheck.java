package dev.modelsigning.internal.pkix;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertPathValidatorException.Reason;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXReason;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;

/** The checks of a certification path, and of each certificate on it, at a given time. */
final class PathCheck {

  private final KeyPurpose purpose;
  private final Instant time;

  PathCheck(KeyPurpose purpose, Instant time) {
    this.purpose = purpose;
    this.time = time;
  }

  /** Checks the target certificate by itself. */
  void requireTarget(X509Certificate target) throws UntrustedCertificateException {
    requireKey(target);
    Certificates.requireReadable(target);
    Certificates.requireValid(target, time);
  }

  /** Requires an allowed signature algorithm. */
  void requireSignature(X509Certificate certificate) throws UntrustedCertificateException {
    try {
      AlgorithmPolicy.requireSignature(certificate);
    } catch (RefusedAlgorithmException e) {
      throw refused(certificate, e);
    }
  }

  /** Requires an allowed key. */
  static void requireKey(X509Certificate certificate) throws UntrustedCertificateException {
    try {
      AlgorithmPolicy.requireKey(certificate);
    } catch (RefusedAlgorithmException e) {
      throw refused(certificate, e);
    }
  }

  private static UntrustedCertificateException refused(
      X509Certificate certificate, RefusedAlgorithmException e) {
    return new UntrustedCertificateException(
        "the certificate " + Certificates.name(certificate) + ": " + e.getMessage(), e);
  }

  /** Requires that a trusted authority may issue certificates at the time. */
  void requireAnchor(X509Certificate anchor) throws UntrustedCertificateException {
    requireKey(anchor);
    Certificates.requireValid(anchor, time);
    if (!Certificates.isAuthority(anchor)) {
      throw notAnAuthority(anchor);
    }
  }

  /** Requires that an untrusted authority may issue certificates at the time. */
  void requireAuthority(X509Certificate authority) throws UntrustedCertificateException {
    requireSignature(authority);
    requireAnchor(authority);
    Certificates.requireReadable(authority);
  }

  boolean isUsableAnchor(X509Certificate anchor) {
    try {
      requireAnchor(anchor);
      return true;
    } catch (UntrustedCertificateException e) {
      // Reported by PathDiagnosis if no path is found.
      return false;
    }
  }

  boolean isUsableAuthority(X509Certificate authority) {
    try {
      requireAuthority(authority);
      return true;
    } catch (UntrustedCertificateException e) {
      // Reported by PathDiagnosis if no path is found.
      return false;
    }
  }

  /** Validates a path whose certificates were already checked one by one. */
  void require(CertificationPath path) throws UntrustedCertificateException {
    Certificates.requireReadable(path.anchor());
    PathBounds.require(path);
    requireValid(path);
    requirePurpose(path);
    AnchorConstraints.require(path);
  }

  private void requireValid(CertificationPath path) throws UntrustedCertificateException {
    List<X509Certificate> chain = path.certificates();
    try {
      PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(path.anchor(), null)));
      parameters.setDate(Date.from(time));
      // Revocation is checked separately, see RevocationCheck.
      parameters.setRevocationEnabled(false);
      CertPathValidator.getInstance("PKIX")
          .validate(
              CertificateFactory.getInstance("X.509")
                  .generateCertPath(chain.stream().map(CurveSignedCertificate::of).toList()),
              parameters);
    } catch (CertPathValidatorException e) {
      throw explain(e, chain.get(Math.max(0, e.getIndex())));
    } catch (GeneralSecurityException | RuntimeException e) {
      // The JDK's extension parsers throw various unchecked exceptions for malformed input.
      throw new UntrustedCertificateException("the path cannot be validated: " + e.getMessage(), e);
    }
  }

  private static UntrustedCertificateException explain(
      CertPathValidatorException e, X509Certificate certificate) {
    Reason reason = e.getReason();
    String name = Certificates.name(certificate);
    if (reason == PKIXReason.NOT_CA_CERT || reason == PKIXReason.INVALID_KEY_USAGE) {
      return notAnAuthority(certificate);
    }
    if (reason == PKIXReason.PATH_TOO_LONG) {
      return new UntrustedCertificateException(
          "the path is too long: an authority above " + name + " does not allow as many below it",
          e);
    }
    if (reason == PKIXReason.INVALID_NAME) {
      return new UntrustedCertificateException(
          "the names of the certificate "
              + name
              + " are not within the name constraints of an authority above it",
          e);
    }
    if (reason == PKIXReason.UNRECOGNIZED_CRIT_EXT) {
      return new UntrustedCertificateException(
          "the certificate " + name + " has a critical extension that is not known", e);
    }
    if (reason == BasicReason.ALGORITHM_CONSTRAINED) {
      return new UntrustedCertificateException(
          "the certificate "
              + name
              + " uses an algorithm that is no longer trusted: "
              + e.getMessage(),
          e);
    }
    return new UntrustedCertificateException(
        "the certificate " + name + " is not valid: " + e.getMessage(), e);
  }

  private static UntrustedCertificateException notAnAuthority(X509Certificate certificate) {
    return new UntrustedCertificateException(
        "the certificate "
            + Certificates.name(certificate)
            + " may not issue certificates: expected basic constraints with CA:TRUE, and the key"
            + " usage keyCertSign if there is one");
  }

  /** An authority that is restricted to other purposes cannot certify for this one. */
  private void requirePurpose(CertificationPath path) throws UntrustedCertificateException {
    for (X509Certificate authority : path.authorities()) {
      if (!purpose.isAllowedBy(authority, true)) {
        throw new UntrustedCertificateException(
            "the authority "
                + Certificates.name(authority)
                + " may not issue certificates for this purpose: its extended key usage does not"
                + " have "
                + purpose);
      }
    }
  }
}
