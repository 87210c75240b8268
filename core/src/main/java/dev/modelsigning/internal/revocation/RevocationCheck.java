package dev.modelsigning.internal.revocation;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.internal.pkix.Certificates;
import dev.modelsigning.internal.pkix.CertificationPath;
import dev.modelsigning.signing.RevocationScope;
import java.security.Security;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks the revocation of the certificates of a path: with CRLs that the user gave (RFC 5280 6.3),
 * and, if requested, online (OCSP, RFC 6960, and CRL distribution points). The JDK's PKIX
 * implementation decides; its input is fetched here, with limits on size and time, and the JDK
 * opens no connections itself. Every certificate below the trust anchor is checked separately, for
 * the current time; an expired certificate for the time at which it was relied on, since its issuer
 * no longer publishes its status. An unknown status is a failure, unless that was allowed.
 */
public final class RevocationCheck {

  /** Nothing is checked. */
  public static final RevocationCheck NONE = new RevocationCheck(List.of(), false, false);

  private final List<RevocationList> lists;
  private final boolean online;
  private final boolean softFail;
  private final @Nullable StatusServices services;

  /**
   * Creates a check.
   *
   * @param lists the CRLs that the user gave
   * @param online whether to query the services that the certificates name
   * @param softFail whether a certificate of unknown status is accepted, with a warning
   */
  public RevocationCheck(List<X509CRL> lists, boolean online, boolean softFail) {
    this(lists.stream().map(RevocationList::new).toList(), online, softFail, null);
  }

  private RevocationCheck(
      List<RevocationList> lists,
      boolean online,
      boolean softFail,
      @Nullable StatusServices services) {
    this.lists = lists;
    this.online = online;
    this.softFail = softFail;
    this.services = services;
  }

  /**
   * Returns the same check for one verification: from now on all services share one time limit for
   * all paths, and each is queried once.
   */
  public RevocationCheck started() {
    return started(online ? StatusServices.started() : null);
  }

  RevocationCheck started(@Nullable StatusServices asked) {
    return new RevocationCheck(lists, online, softFail, asked);
  }

  /** The extent of the check, for the verdict. */
  public RevocationScope scope() {
    return new RevocationScope(!lists.isEmpty(), online, softFail);
  }

  /**
   * Requires that no certificate below the trust anchor was revoked. A certificate that was
   * revoked, for a reason that does not affect earlier signatures, after the proven time of the
   * signature is accepted with a warning.
   *
   * @param path a path that is valid except for revocation
   * @param now the current time, or the time that the user requested instead
   * @param times the times at which the path was validated, at least one
   * @param proven the earliest trusted time at which the signature existed; empty if there is none
   * @return findings about accepted certificates
   * @throws RevokedException if a certificate was revoked, or its status is unknown
   */
  public List<Finding> require(
      CertificationPath path, Instant now, Collection<Instant> times, Optional<Instant> proven)
      throws RevokedException {
    if (!scope().isChecked()) {
      return List.of();
    }
    requireOffline();
    StatusServices asked = services == null && online ? StatusServices.started() : services;
    Instant latest = times.stream().max(Comparator.naturalOrder()).orElse(now);
    List<CertificateStatus> statuses = new ArrayList<>();
    for (int i = path.certificates().size() - 1; i >= 0; i--) {
      X509Certificate certificate = path.certificates().get(i);
      Instant time = Certificates.isExpired(certificate, now) ? latest : now;
      statuses.add(new CertificateStatus(certificate, path.issuer(i), time, proven));
    }
    // Report revoked certificates before those of unknown status.
    for (CertificateStatus status : statuses) {
      for (RevocationList list : lists) {
        status.hear(list);
      }
    }
    List<Finding> findings = new ArrayList<>();
    for (CertificateStatus status : statuses) {
      findings.addAll(status.require(asked, softFail));
    }
    return findings;
  }

  /**
   * Requires that the JDK uses only the input that it is given. If online checks were enabled by
   * properties, it would open any address in a certificate, even a file, without limits.
   */
  private static void requireOffline() throws RevokedException {
    String setting =
        Boolean.getBoolean("com.sun.security.enableCRLDP")
            ? "com.sun.security.enableCRLDP"
            : Boolean.getBoolean("com.sun.security.enableAIAcaIssuers")
                ? "com.sun.security.enableAIAcaIssuers"
                : "true".equalsIgnoreCase(Security.getProperty("ocsp.enable")) ? "ocsp.enable" : "";
    if (!setting.isEmpty()) {
      throw new RevokedException(
          "whether certificates were revoked cannot be found out within bounds: this Java platform"
              + " is set to open whatever addresses they name; unset "
              + setting,
          true,
          null);
    }
  }
}
