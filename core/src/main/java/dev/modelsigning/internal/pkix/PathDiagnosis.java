package dev.modelsigning.internal.pkix;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/**
 * Explains why there is no path to a trust anchor. It makes no decision: the certificate is already
 * refused. Therefore it compares names only, and verifies signatures only with the keys of trust
 * anchors.
 */
final class PathDiagnosis {

  private final Collection<X509Certificate> anchors;
  private final Collection<X509Certificate> helpers;
  private final PathCheck check;

  PathDiagnosis(
      Collection<X509Certificate> anchors, Collection<X509Certificate> helpers, PathCheck check) {
    this.anchors = anchors;
    this.helpers = helpers;
    this.check = check;
  }

  /** The exception that explains why no path leads from a certificate to a trust anchor. */
  UntrustedCertificateException explain(X509Certificate target) {
    List<X509Certificate> chain = new ArrayList<>(List.of(target));
    while (true) {
      X509Certificate last = chain.get(chain.size() - 1);
      Optional<X509Certificate> anchor =
          anchors.stream().filter(each -> Certificates.isIssuedBy(last, each)).findFirst();
      if (anchor.isPresent()) {
        return explain(chain, anchor.get());
      }
      Optional<X509Certificate> next =
          helpers.stream()
              .filter(helper -> isNamed(helper, last.getIssuerX500Principal()))
              .filter(helper -> !chain.contains(helper))
              .findFirst();
      if (next.isEmpty()) {
        return endsNowhere(last);
      }
      chain.add(next.get());
    }
  }

  private static boolean isNamed(X509Certificate certificate, X500Principal name) {
    return certificate.getSubjectX500Principal().equals(name);
  }

  private UntrustedCertificateException endsNowhere(X509Certificate last) {
    String issuer = Certificates.issuer(last);
    if (Certificates.isSelfIssued(last)) {
      return new UntrustedCertificateException(
          "the chain ends at "
              + Certificates.name(last)
              + ", which is not among the trusted certificates");
    }
    List<X509Certificate> named =
        anchors.stream().filter(each -> isNamed(each, last.getIssuerX500Principal())).toList();
    for (X509Certificate anchor : named) {
      try {
        PathCheck.requireKey(anchor); // with a key that is not allowed, nothing was verified
      } catch (UntrustedCertificateException e) {
        return e;
      }
    }
    if (!named.isEmpty()) {
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
    try {
      for (X509Certificate authority : chain.subList(1, chain.size())) {
        check.requireAuthority(authority);
      }
      check.requireAnchor(anchor);
    } catch (UntrustedCertificateException e) {
      return e;
    }
    X509Certificate lowest = chain.get(Math.max(0, chain.size() - 2));
    return new UntrustedCertificateException(
        "the certificate "
            + Certificates.name(chain.get(0))
            + " was not signed by the authorities that it names: one at or below "
            + Certificates.name(lowest)
            + " has the name of its issuer, and another key");
  }
}
