package dev.modelsigning.pkix;

import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
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
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds words for why there is no valid path. It decides nothing: the path was refused before, and
 * whatever is found here, it stays refused.
 */
final class PathDiagnosis {

  private final Set<X509Certificate> anchors;
  private final List<X509Certificate> helpers;
  private final Instant time;

  PathDiagnosis(Set<X509Certificate> anchors, List<X509Certificate> helpers, Instant time) {
    this.anchors = anchors;
    this.helpers = helpers;
    this.time = time;
  }

  /** The exception that says why no path leads from a certificate to an anchor. */
  UntrustedCertificateException explain(X509Certificate target) {
    List<X509Certificate> chain = new ArrayList<>(List.of(target));
    while (true) {
      X509Certificate last = chain.get(chain.size() - 1);
      Optional<X509Certificate> anchor = issuerOf(last, anchors);
      if (anchor.isPresent()) {
        return explain(chain, anchor.get());
      }
      Optional<X509Certificate> next =
          issuerOf(last, helpers.stream().filter(helper -> !chain.contains(helper)).toList());
      if (next.isEmpty()) {
        return endsNowhere(last);
      }
      chain.add(next.get());
    }
  }

  private static Optional<X509Certificate> issuerOf(
      X509Certificate certificate, Collection<X509Certificate> candidates) {
    return candidates.stream()
        .filter(candidate -> Certificates.isIssuedBy(certificate, candidate))
        .findFirst();
  }

  private UntrustedCertificateException endsNowhere(X509Certificate last) {
    String issuer = Certificates.issuer(last);
    if (Certificates.isSelfSigned(last)) {
      return new UntrustedCertificateException(
          "the chain ends at "
              + Certificates.name(last)
              + ", which is not among the trusted certificates");
    }
    boolean sameName =
        anchors.stream()
            .anyMatch(
                anchor -> anchor.getSubjectX500Principal().equals(last.getIssuerX500Principal()));
    if (sameName) {
      return new UntrustedCertificateException(
          "the certificate "
              + Certificates.name(last)
              + " was not signed by the trusted "
              + issuer
              + ", but by another authority of the same name");
    }
    return new UntrustedCertificateException(
        "there is no path from "
            + Certificates.name(last)
            + " to a trusted certificate: the certificate of its issuer "
            + issuer
            + " is neither trusted nor in the bundle");
  }

  private UntrustedCertificateException explain(
      List<X509Certificate> chain, X509Certificate anchor) {
    List<X509Certificate> all = new ArrayList<>(chain);
    all.add(anchor);
    for (X509Certificate certificate : all) {
      try {
        Certificates.requireValid(certificate, time);
      } catch (UntrustedCertificateException e) {
        return e;
      }
    }
    if (!Certificates.isAuthority(anchor)) {
      return notAnAuthority(anchor);
    }
    try {
      CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(chain);
      PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(anchor, null)));
      parameters.setDate(Date.from(time));
      parameters.setRevocationEnabled(false);
      CertPathValidator.getInstance("PKIX").validate(path, parameters);
      return new UntrustedCertificateException("no valid path leads to a trusted certificate");
    } catch (CertPathValidatorException e) {
      return explain(e, e.getIndex() < 0 ? chain.get(0) : chain.get(e.getIndex()));
    } catch (GeneralSecurityException | RuntimeException e) {
      return new UntrustedCertificateException(
          "the path cannot be validated: " + e.getMessage(), e);
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
}
