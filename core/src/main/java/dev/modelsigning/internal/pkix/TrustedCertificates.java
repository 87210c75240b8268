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
 * The certificates that a user trusts. Those that may issue others, and those that verify under
 * their own key, are anchors; the others only help to find a path to one.
 */
public final class TrustedCertificates {

  private final Set<X509Certificate> anchors;
  private final List<X509Certificate> helpers;

  private TrustedCertificates(Set<X509Certificate> anchors, List<X509Certificate> helpers) {
    this.anchors = anchors;
    this.helpers = helpers;
  }

  /** The certificates that a user gave. */
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

  /** One certificate that is trusted whatever it is, as the end of a path or as the whole of it. */
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

  /** The certificates that a path may end at. */
  public Set<X509Certificate> anchors() {
    return Set.copyOf(anchors);
  }

  /** Whether one of them may issue certificates for others, as far as paths go. */
  public boolean hasAuthority() {
    return anchors.stream().anyMatch(Certificates::isAuthority);
  }

  /**
   * The same path, made longer as far as the trusted certificates go: a trusted authority may stand
   * below another one, which can have revoked it.
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

  /** The other ones, which are no more trusted than those of a bundle. */
  List<X509Certificate> helpers() {
    return List.copyOf(helpers);
  }
}
