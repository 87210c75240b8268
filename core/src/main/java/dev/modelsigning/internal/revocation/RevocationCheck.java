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
 * Whether certificates of a path were revoked: by revocation lists that the user gave (RFC 5280
 * 6.3), and online if asked for (OCSP, RFC 6960, and the distribution points of the certificates).
 * The JDK's PKIX machinery decides; what it goes by is fetched for it within bounds, and it opens
 * no address itself. Every certificate below the anchor is checked by itself, as of now; one that
 * expired meanwhile as of the time it was relied on, since its issuer no longer speaks about it.
 * What cannot be found out fails, unless that was allowed.
 */
public final class RevocationCheck {

  /** Nothing is checked. */
  public static final RevocationCheck NONE = new RevocationCheck(List.of(), false, false);

  private final List<RevocationList> lists;
  private final boolean online;
  private final boolean softFail;
  private final @Nullable StatusServices services;

  /**
   * A check.
   *
   * @param lists the revocation lists that the user gave
   * @param online whether to ask the services that the certificates name
   * @param softFail whether a certificate of unknown status passes, with a warning
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
   * The same check for one verification: from now on all services together have one limited time,
   * however many paths are checked, and each is asked once.
   */
  public RevocationCheck started() {
    return started(online ? StatusServices.started() : null);
  }

  RevocationCheck started(@Nullable StatusServices asked) {
    return new RevocationCheck(lists, online, softFail, asked);
  }

  /** How far it is checked, for the verdict. */
  public RevocationScope scope() {
    return new RevocationScope(!lists.isEmpty(), online, softFail);
  }

  /**
   * Requires that nothing below the anchor of a path was revoked. A certificate that was revoked
   * for a harmless reason after the signature is proven to have existed passes with a warning.
   *
   * @param path a path that is valid apart from that
   * @param now the current time, or the one that the user asked for in its place
   * @param times when the path was found valid, at least one
   * @param proven the earliest time at which somebody who is trusted saw the signature; empty if
   *     nobody did
   * @return what there is to know about those that pass
   * @throws RevokedException if something was revoked, or its status cannot be found out
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
    // What is known to be revoked is said before what is not known.
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
   * Requires that the JDK goes by what it is given. Where somebody has told it otherwise, it opens
   * whatever address a certificate names, a file even, without bounds.
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
