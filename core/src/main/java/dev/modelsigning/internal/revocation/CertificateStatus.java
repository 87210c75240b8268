package dev.modelsigning.internal.revocation;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.internal.http.ServiceClient;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.pkix.AlgorithmPolicy;
import dev.modelsigning.internal.pkix.Certificates;
import dev.modelsigning.internal.pkix.RefusedAlgorithmException;
import dev.modelsigning.internal.revocation.RevocationList.UnusableListException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateRevokedException;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Collects evidence about the revocation status of one certificate. Every statement that it was
 * revoked counts: if it is trusted, it is decisive; if not, the certificate is no longer accepted
 * as one of unknown status.
 */
final class CertificateStatus {

  private final X509Certificate certificate;
  private final X509Certificate issuer;
  private final Instant time;
  private final Optional<Instant> proven;
  private final List<Finding> findings = new ArrayList<>();

  /** All CRLs with the name of the issuer, for the message. */
  private final List<RevocationList> namedLists = new ArrayList<>();

  /** CRLs of the issuer that can be relied on. */
  private final List<RevocationList> usableLists = new ArrayList<>();

  /** The reasons why the status is unknown. */
  private final List<String> problems = new ArrayList<>();

  /** Untrusted indications that the certificate was revoked. */
  private final List<String> suspicions = new ArrayList<>();

  private @Nullable Exception failure;
  private boolean isRevokedHarmlessly;

  /**
   * Creates a status without evidence.
   *
   * @param issuer the issuer of the certificate, already validated
   * @param time the time for which the status is determined
   * @param proven the earliest trusted time at which the signature existed
   */
  CertificateStatus(
      X509Certificate certificate, X509Certificate issuer, Instant time, Optional<Instant> proven) {
    this.certificate = certificate;
    this.issuer = issuer;
    this.time = time;
    this.proven = proven;
  }

  /**
   * Evaluates a CRL of any issuer. A revocation is permanent: it counts independently of the age of
   * the CRL.
   *
   * @throws RevokedException if it revokes the certificate, or the issuer signed a CRL that cannot
   *     be relied on
   */
  void hear(RevocationList list) throws RevokedException {
    List<X509CRLEntry> revocations = list.revocations(certificate);
    try {
      if (list.isNamedAfter(issuer)) {
        namedLists.add(list);
        if (list.isSignedBy(issuer)) {
          list.requireUsable(issuer);
          for (X509CRLEntry revocation : revocations) {
            Revocation.of(certificate, revocation).judge(proven, findings);
            isRevokedHarmlessly = true;
          }
          if (!list.isDelta()) {
            usableLists.add(list);
          }
          return;
        }
      }
    } catch (UnusableListException e) {
      throw new RevokedException(cannotBeFoundOut() + e.getMessage(), true, e);
    }
    if (!revocations.isEmpty()) {
      suspicions.add("a revocation list names it that is not validly signed by its issuer");
    }
  }

  /**
   * Requires that the certificate was not revoked.
   *
   * @param services the online services to query; null for none
   * @param softFail whether it is accepted if its status is unknown
   * @return findings about an accepted certificate
   * @throws RevokedException if it was revoked, or its status is unknown
   */
  List<Finding> require(@Nullable StatusServices services, boolean softFail)
      throws RevokedException {
    if (isRevokedHarmlessly
        || (services != null && isGoodByOcsp(services))
        || isGoodByLists()
        || (services != null && isGoodByFetchedLists(services))) {
      return findings;
    }
    String message = message(services != null);
    if (!softFail || !suspicions.isEmpty()) {
      throw new RevokedException(message, true, failure);
    }
    findings.add(
        Finding.of(Rules.REVOCATION_NOT_KNOWN, message)
            .withValue("certificate", Certificates.name(certificate)));
    return findings;
  }

  private boolean isGoodByOcsp(StatusServices services) throws RevokedException {
    for (URI responder : StatusServices.responders(certificate, problems)) {
      Optional<byte[]> response = services.ocspResponse(responder, certificate, issuer, problems);
      if (response.isEmpty()) {
        continue;
      }
      try {
        AlgorithmPolicy.requireOcspResponse(response.get());
        if (isGood(StatusVerdict.byResponse(certificate, issuer, time, response.get()))) {
          return true;
        }
      } catch (RefusedAlgorithmException e) {
        problems.add("the OCSP response is refused: " + e.getMessage());
        failure = e;
      }
      if (StatusVerdict.saysRevoked(certificate, issuer, response.get())) {
        suspicions.add("an OCSP response says that it was revoked which cannot be relied on");
      }
    }
    return false;
  }

  private boolean isGoodByLists() throws RevokedException {
    return !usableLists.isEmpty()
        && isGood(
            StatusVerdict.byLists(
                certificate,
                issuer,
                time,
                usableLists.stream().map(RevocationList::list).toList()));
  }

  private boolean isGoodByFetchedLists(StatusServices services) throws RevokedException {
    for (URI address : StatusServices.distributionPoints(certificate, problems)) {
      Optional<RevocationList> list = services.list(address, problems);
      if (list.isEmpty()) {
        continue;
      }
      if (!list.get().isNamedAfter(issuer)) {
        problems.add(
            "the distribution point at "
                + ServiceClient.show(address)
                + " sent somebody else's list");
      }
      hear(list.get());
      if (isRevokedHarmlessly || isGoodByLists()) {
        return true;
      }
    }
    return false;
  }

  /** Whether the JDK accepts the certificate. */
  private boolean isGood(Optional<GeneralSecurityException> verdict) throws RevokedException {
    if (verdict.isEmpty()) {
      return true;
    }
    GeneralSecurityException reason = verdict.get();
    if (reason.getCause() instanceof CertificateRevokedException revoked) {
      Revocation.of(certificate, revoked).judge(proven, findings);
      isRevokedHarmlessly = true;
      return true;
    }
    String words = Printable.escape(String.valueOf(reason.getMessage()));
    problems.add(words);
    failure = reason;
    boolean undetermined =
        reason instanceof CertPathValidatorException path
            && path.getReason() == BasicReason.UNDETERMINED_REVOCATION_STATUS;
    if (!undetermined) {
      // There is an indication of revocation, which is more than an unknown status.
      suspicions.add(words);
    }
    return false;
  }

  private String cannotBeFoundOut() {
    return "whether the certificate "
        + Certificates.name(certificate)
        + " was revoked cannot be found out: ";
  }

  private String message(boolean online) {
    List<String> reasons = new ArrayList<>(suspicions);
    namedLists.stream()
        .max(Comparator.comparing(list -> list.list().getThisUpdate()))
        .ifPresent(newest -> reasons.add(aboutList(newest)));
    if (online) {
      problems.stream().filter(each -> !reasons.contains(each)).forEach(reasons::add);
      if (reasons.isEmpty()) {
        reasons.add("it names no service that could be asked");
      }
    } else if (namedLists.isEmpty()) {
      reasons.add(
          "there is no revocation list of " + Certificates.name(issuer) + " among those given");
    }
    return cannotBeFoundOut() + String.join("; ", reasons);
  }

  private String aboutList(RevocationList named) {
    X509CRL list = named.list();
    String name = "the revocation list of " + Certificates.name(issuer);
    Date next = list.getNextUpdate();
    if (next != null && time.isAfter(next.toInstant())) {
      return name + " is stale, it was to be replaced by " + next.toInstant();
    }
    if (time.isBefore(list.getThisUpdate().toInstant())) {
      return name
          + " is of "
          + list.getThisUpdate().toInstant()
          + ", expected the one that was current at "
          + time.truncatedTo(ChronoUnit.SECONDS);
    }
    if (named.isDelta()) {
      return name + " only says what changed since another one; give that too";
    }
    if (!usableLists.contains(named)) {
      return name + " was not signed by it";
    }
    return name + " does not cover it";
  }
}
