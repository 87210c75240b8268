package dev.modelsigning.internal.revocation;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.PKIXRevocationChecker.Option;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/**
 * Lets the JDK determine the status of a certificate from the given input only: with a response it
 * queries no responder, and with CRLs it is configured not to fetch others.
 */
final class StatusVerdict {

  private StatusVerdict() {}

  /** The verdict from an OCSP response; empty if the certificate was not revoked. */
  static Optional<GeneralSecurityException> byResponse(
      X509Certificate certificate, X509Certificate issuer, Instant time, byte[] response) {
    try {
      PKIXRevocationChecker checker =
          (PKIXRevocationChecker) CertPathValidator.getInstance("PKIX").getRevocationChecker();
      checker.setOptions(EnumSet.of(Option.NO_FALLBACK));
      checker.setOcspResponses(Map.of(certificate, response));
      PKIXParameters parameters = parameters(issuer, time);
      parameters.addCertPathChecker(checker);
      return verdict(certificate, parameters);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform validates certificates", e);
    }
  }

  /** The verdict from CRLs; empty if the certificate was not revoked. */
  static Optional<GeneralSecurityException> byLists(
      X509Certificate certificate, X509Certificate issuer, Instant time, List<X509CRL> lists) {
    try {
      PKIXParameters parameters = parameters(issuer, time);
      parameters.addCertStore(
          CertStore.getInstance("Collection", new CollectionCertStoreParameters(lists)));
      // With an explicit revocation checker the JDK would fetch the CRLs that the certificate
      // names.
      parameters.setRevocationEnabled(true);
      return verdict(certificate, parameters);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform validates certificates", e);
    }
  }

  private static PKIXParameters parameters(X509Certificate issuer, Instant time)
      throws GeneralSecurityException {
    PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(issuer, null)));
    parameters.setDate(Date.from(time));
    return parameters;
  }

  /** Validates a path of one certificate, whose issuer was already validated. */
  private static Optional<GeneralSecurityException> verdict(
      X509Certificate certificate, PKIXParameters parameters) throws GeneralSecurityException {
    try {
      CertPathValidator.getInstance("PKIX")
          .validate(
              CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate)),
              parameters);
      return Optional.empty();
    } catch (CertPathValidatorException e) {
      return Optional.of(e);
    } catch (RuntimeException e) {
      // The JDK's parsers throw unchecked exceptions for some malformed input.
      return Optional.of(new CertPathValidatorException(e.toString(), e));
    }
  }

  /**
   * Whether a response states that a certificate was revoked, independently of its signer and of
   * the hash in the issuer's identifier.
   */
  static boolean saysRevoked(X509Certificate certificate, X509Certificate issuer, byte[] response) {
    try {
      if (new OCSPResp(response).getResponseObject() instanceof BasicOCSPResp basic) {
        for (SingleResp single : basic.getResponses()) {
          if (single.getCertStatus() instanceof RevokedStatus
              && isAbout(single.getCertID(), certificate, issuer)) {
            return true;
          }
        }
      }
      return false;
    } catch (IOException | GeneralSecurityException | OCSPException | RuntimeException e) {
      // Not a valid response, so it states nothing.
      return false;
    }
  }

  private static boolean isAbout(
      CertificateID id, X509Certificate certificate, X509Certificate issuer)
      throws GeneralSecurityException {
    try {
      return id.getSerialNumber().equals(certificate.getSerialNumber())
          && id.matchesIssuer(
              new JcaX509CertificateHolder(issuer),
              new JcaDigestCalculatorProviderBuilder().build());
    } catch (OCSPException | OperatorCreationException e) {
      // An unknown hash; other entries of the response may refer to the certificate.
      return false;
    }
  }
}
