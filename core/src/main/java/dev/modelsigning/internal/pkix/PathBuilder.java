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
 * TrustedCertificates}, at a given time. Candidate paths are found from the trust anchors downwards
 * by {@link PathSearch} and validated by the JDK's {@link CertPathValidator}. In addition, the
 * trust anchor itself must be valid at that time, its constraints are enforced, and keys and
 * signatures must satisfy the {@link AlgorithmPolicy}.
 */
public final class PathBuilder {

  /**
   * The largest number of untrusted certificates besides the target. More are refused, as the cost
   * of finding a path grows with them.
   */
  public static final int MAX_UNTRUSTED = 16;

  private final TrustedCertificates trusted;
  private final KeyPurpose purpose;

  /**
   * Creates a path builder.
   *
   * @param trusted the trust anchors
   * @param purpose the purpose that authorities below the trust anchor must permit, if they are
   *     restricted to any purpose
   */
  public PathBuilder(TrustedCertificates trusted, KeyPurpose purpose) {
    this.trusted = trusted;
    this.purpose = purpose;
  }

  /**
   * Finds a valid path.
   *
   * @param target the certificate to validate
   * @param untrusted untrusted certificates that may be part of the path, in any order
   * @param time the time at which the whole path must be valid
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
    // One object for each, which knows what it was verified with.
    X509Certificate first = CurveSignedCertificate.of(target);
    Set<X509Certificate> helpers = new LinkedHashSet<>();
    untrusted.forEach(helper -> helpers.add(CurveSignedCertificate.of(helper)));
    trusted.helpers().forEach(helper -> helpers.add(CurveSignedCertificate.of(helper)));
    helpers.remove(first);
    Set<X500Principal> issuers = new HashSet<>(Set.of(target.getIssuerX500Principal()));
    helpers.forEach(helper -> issuers.add(helper.getIssuerX500Principal()));
    PathSearch search =
        new PathSearch(
            trusted.anchors().stream()
                .filter(anchor -> issuers.contains(anchor.getSubjectX500Principal()))
                .filter(check::isUsableAnchor)
                .toList(),
            helpers.stream().filter(check::isUsableAuthority).toList());
    List<CertificationPath> paths = search.from(first);
    List<UntrustedCertificateException> failures = new ArrayList<>();
    for (CertificationPath path : paths) {
      search.count(path.certificates().size());
      try {
        check.require(path);
        return path;
      } catch (UntrustedCertificateException e) {
        // Another path may be valid.
        failures.add(e);
      }
    }
    throw failures.isEmpty()
        ? new PathDiagnosis(trusted.anchors(), helpers, check).explain(target)
        : failures.get(0);
  }
}
