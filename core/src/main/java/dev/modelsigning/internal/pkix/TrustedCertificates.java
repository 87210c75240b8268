package dev.modelsigning.internal.pkix;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * The certificates that a user trusts. CA certificates and those that verify with their own key are
 * trust anchors; the others are only used to build certification paths.
 */
public final class TrustedCertificates {

  private final Set<X509Certificate> anchors;
  private final List<X509Certificate> helpers;

  private TrustedCertificates(Set<X509Certificate> anchors, List<X509Certificate> helpers) {
    this.anchors = anchors;
    this.helpers = helpers;
  }

  /** Returns the trusted certificates among those that the user gave. */
  public static TrustedCertificates of(Collection<X509Certificate> given) {
    Set<X509Certificate> anchors = new LinkedHashSet<>();
    List<X509Certificate> helpers = new ArrayList<>();
    for (X509Certificate certificate : given) {
      if (certificate.getBasicConstraints() >= 0 || Certificates.isSelfSigned(certificate)) {
        anchors.add(certificate);
      } else {
        helpers.add(certificate);
      }
    }
    return new TrustedCertificates(anchors, helpers);
  }

  /** A single certificate as trust anchor, whatever it is; it may be the whole path. */
  public static TrustedCertificates anchoredAt(X509Certificate certificate) {
    return new TrustedCertificates(Set.of(certificate), List.of());
  }

  /**
   * The certificates of the platform: those that this JVM trusts for TLS.
   *
   * @throws GeneralSecurityException if they cannot be read
   */
  public static TrustedCertificates ofPlatform() throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    List<X509Certificate> certificates = new ArrayList<>();
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager x509) {
        certificates.addAll(List.of(x509.getAcceptedIssuers()));
      }
    }
    return of(certificates);
  }

  /** The trust anchors. */
  public Set<X509Certificate> anchors() {
    return Set.copyOf(anchors);
  }

  /** Whether one of them may issue certificates, according to path length constraints. */
  public boolean hasAuthority() {
    return anchors.stream().anyMatch(Certificates::isAuthority);
  }

  /**
   * Extends a path through the trusted certificates as far as possible: a trusted authority may be
   * certified by another one, which may have revoked it.
   */
  public CertificationPath toTheTop(CertificationPath path) {
    CertificationPath longest = path;
    for (int i = 0; i < anchors.size(); i++) {
      X509Certificate top = longest.anchor();
      List<X509Certificate> known = longest.withAnchor();
      Optional<X509Certificate> above =
          anchors.stream()
              .filter(anchor -> !known.contains(anchor) && Certificates.isIssuedBy(top, anchor))
              .findFirst();
      if (above.isEmpty()) {
        return longest;
      }
      longest = new CertificationPath(known, above.get());
    }
    return longest;
  }

  /** The other certificates, which are no more trusted than those of a bundle. */
  List<X509Certificate> helpers() {
    return List.copyOf(helpers);
  }
}
