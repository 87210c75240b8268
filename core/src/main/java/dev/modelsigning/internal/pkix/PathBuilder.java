package dev.modelsigning.internal.pkix;

import java.security.cert.CertPathValidator;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;

/**
 * Builds and validates certification paths (RFC 5280 6), from a certificate to one of the {@link
 * TrustedCertificates}, as of any time. The ways to an anchor are found from the top down by {@link
 * PathSearch}; whether one is valid is decided by the JDK's {@link CertPathValidator}. Besides what
 * the JDK checks, the anchor itself must be valid at that time, its constraints are honoured, and
 * keys and signatures must be such as the {@link AlgorithmPolicy} allows.
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
    PathCheck check = new PathCheck(purpose, time);
    check.requireTarget(target);
    if (trusted.anchors().contains(target)) {
      return new CertificationPath(List.of(), target);
    }
    check.requireSignature(target);
    Set<X509Certificate> helpers = new LinkedHashSet<>(untrusted);
    helpers.addAll(trusted.helpers());
    helpers.remove(target);
    Set<X500Principal> issuers = new HashSet<>(Set.of(target.getIssuerX500Principal()));
    helpers.forEach(helper -> issuers.add(helper.getIssuerX500Principal()));
    PathSearch search =
        new PathSearch(
            trusted.anchors().stream()
                .filter(anchor -> issuers.contains(anchor.getSubjectX500Principal()))
                .filter(check::isUsableAnchor)
                .toList(),
            helpers.stream().filter(check::isUsableAuthority).toList());
    List<CertificationPath> paths = search.from(target);
    List<UntrustedCertificateException> failures = new ArrayList<>();
    for (CertificationPath path : paths) {
      search.count(path.certificates().size());
      try {
        check.require(path);
        return path;
      } catch (UntrustedCertificateException e) {
        // Another way may be allowed where this one is not.
        failures.add(e);
      }
    }
    throw failures.isEmpty()
        ? new PathDiagnosis(trusted.anchors(), helpers, check).explain(target)
        : failures.get(0);
  }
}
