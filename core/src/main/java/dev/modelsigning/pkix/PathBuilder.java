package dev.modelsigning.pkix;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Builds and validates certification paths (RFC 5280 6) by the JDK's {@link CertPathBuilder}, from
 * a certificate to one of the {@link TrustedCertificates}, as of any time. Besides what the JDK
 * checks, the anchor itself must be valid at that time, and its constraints are honoured.
 */
public final class PathBuilder {

  /**
   * The greatest number of certificates beside the target. More are refused: what finding a path
   * may cost grows with them.
   */
  public static final int MAX_UNTRUSTED = 16;

  private final TrustedCertificates trusted;
  private final KeyPurpose purpose;

  /**
   * A builder of paths.
   *
   * @param trusted where paths may end
   * @param purpose what authorities below the anchor must be allowed to issue certificates for, if
   *     they are restricted to any purpose at all
   */
  public PathBuilder(TrustedCertificates trusted, KeyPurpose purpose) {
    this.trusted = trusted;
    this.purpose = purpose;
  }

  /**
   * Finds a valid path.
   *
   * @param target the certificate to validate
   * @param untrusted certificates that may be part of the path, from anybody, in any order
   * @param time when everything on the path must be valid
   * @throws UntrustedCertificateException if there is no such path
   */
  public CertificationPath build(
      X509Certificate target, Collection<X509Certificate> untrusted, Instant time)
      throws UntrustedCertificateException {
    if (untrusted.size() > MAX_UNTRUSTED) {
      throw new UntrustedCertificateException(
          "too many certificates: expected at most "
              + (MAX_UNTRUSTED + 1)
              + " in a chain, found "
              + (untrusted.size() + 1));
    }
    Certificates.requireReadable(target);
    Certificates.requireValid(target, time);
    if (trusted.anchors().contains(target)) {
      return new CertificationPath(List.of(), target);
    }
    List<X509Certificate> helpers = new ArrayList<>(untrusted);
    helpers.addAll(trusted.helpers());
    Set<X509Certificate> anchors =
        trusted.anchors().stream()
            .filter(anchor -> isUsable(anchor, time))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    UntrustedCertificateException failure = null;
    while (!anchors.isEmpty()) {
      CertificationPath path = search(target, helpers, anchors, time);
      if (path == null) {
        break;
      }
      try {
        for (X509Certificate authority : path.authorities()) {
          Certificates.requireReadable(authority);
        }
        requirePurpose(path);
        AnchorConstraints.require(path);
        return path;
      } catch (UntrustedCertificateException e) {
        // Another anchor may allow what this one does not.
        failure = failure == null ? e : failure;
        anchors.remove(path.anchor());
      }
    }
    throw failure != null
        ? failure
        : new PathDiagnosis(trusted.anchors(), helpers, time).explain(target);
  }

  /** A path that the JDK finds valid, or null if there is none. */
  private static @Nullable CertificationPath search(
      X509Certificate target,
      List<X509Certificate> helpers,
      Set<X509Certificate> anchors,
      Instant time)
      throws UntrustedCertificateException {
    X509CertSelector selector = new X509CertSelector();
    selector.setCertificate(target);
    Set<X509Certificate> store = new LinkedHashSet<>(helpers);
    store.add(target);
    try {
      PKIXBuilderParameters parameters =
          new PKIXBuilderParameters(
              anchors.stream()
                  .map(anchor -> new TrustAnchor(anchor, null))
                  .collect(Collectors.toSet()),
              selector);
      parameters.addCertStore(
          CertStore.getInstance("Collection", new CollectionCertStoreParameters(store)));
      parameters.setDate(Date.from(time));
      parameters.setMaxPathLength(MAX_UNTRUSTED);
      // Whether something was revoked is a question of its own, see RevocationCheck.
      parameters.setRevocationEnabled(false);
      PKIXCertPathBuilderResult result =
          (PKIXCertPathBuilderResult) CertPathBuilder.getInstance("PKIX").build(parameters);
      return new CertificationPath(
          result.getCertPath().getCertificates().stream().map(X509Certificate.class::cast).toList(),
          result.getTrustAnchor().getTrustedCert());
    } catch (CertPathBuilderException e) {
      return null;
    } catch (GeneralSecurityException | RuntimeException e) {
      // The JDK's parsers of extensions throw all kinds of exceptions at what strangers wrote.
      throw new UntrustedCertificateException("the path cannot be validated: " + e.getMessage(), e);
    }
  }

  private static boolean isUsable(X509Certificate anchor, Instant time) {
    return Certificates.isAuthority(anchor) && Certificates.isValid(anchor, time);
  }

  /** An authority that is restricted to other purposes cannot allow this one. */
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
