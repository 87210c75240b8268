package dev.modelsigning.pkix;

import dev.modelsigning.json.Printable;
import java.security.GeneralSecurityException;
import java.security.cert.CRLReason;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateRevokedException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.text.ParseException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Date;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.Extension;

/**
 * Whether certificates of a path were revoked, by the JDK's PKIX machinery: by revocation lists
 * that the user gave (RFC 5280 6.3), and online if asked for (OCSP, RFC 6960, and the distribution
 * points of the certificates). Every certificate below the anchor is checked by itself, as of now;
 * one that expired meanwhile as of the time it was relied on, since its issuer no longer speaks
 * about it. What cannot be found out fails, unless that was allowed.
 *
 * @param lists the revocation lists that the user gave
 * @param online whether to ask the services that the certificates name
 * @param softFail whether a certificate of unknown status passes, with a warning
 */
public record RevocationCheck(List<X509CRL> lists, boolean online, boolean softFail) {

  /** Nothing is checked. */
  public static final RevocationCheck NONE = new RevocationCheck(List.of(), false, false);

  /** Reasons that say nothing against what was signed before (RFC 5280 5.3.1). */
  private static final Set<CRLReason> HARMLESS_BEFORE =
      EnumSet.of(
          CRLReason.SUPERSEDED, CRLReason.CESSATION_OF_OPERATION, CRLReason.AFFILIATION_CHANGED);

  /** Copies the lists. */
  public RevocationCheck {
    lists = List.copyOf(lists);
  }

  /** How it was checked, for the verdict. */
  @Override
  public String toString() {
    if (!isOn()) {
      return "not checked";
    }
    return "checked "
        + (lists.isEmpty() ? "" : "by the lists given")
        + (online && !lists.isEmpty() ? " and " : "")
        + (online ? "online" : "")
        + (softFail ? ", unknown status allowed" : "");
  }

  /** Whether anything is checked. */
  public boolean isOn() {
    return online || !lists.isEmpty();
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
   * @return warnings
   * @throws RevokedException if something was revoked, or its status cannot be found out
   */
  public List<String> require(
      CertificationPath path, Instant now, Collection<Instant> times, Optional<Instant> proven)
      throws RevokedException {
    List<String> warnings = new ArrayList<>();
    if (!isOn()) {
      return warnings;
    }
    Instant latest = times.stream().max(Comparator.naturalOrder()).orElse(now);
    Set<Integer> listed = new HashSet<>();
    // What is known to be revoked is said before what is not known.
    for (int i = path.certificates().size() - 1; i >= 0; i--) {
      if (isListed(path.certificates().get(i), path.issuer(i), proven, warnings)) {
        listed.add(i);
      }
    }
    for (int i = path.certificates().size() - 1; i >= 0; i--) {
      X509Certificate certificate = path.certificates().get(i);
      boolean expired = Certificates.isExpired(certificate, now);
      if (listed.contains(i)) {
        continue;
      }
      try {
        validate(certificate, path.issuer(i), expired ? latest : now, warnings);
      } catch (CertPathValidatorException e) {
        judge(certificate, path.issuer(i), expired ? latest : now, proven, e, warnings);
      } catch (GeneralSecurityException | RuntimeException e) {
        throw new RevokedException(
            "whether "
                + Certificates.name(certificate)
                + " was revoked cannot be found out: "
                + e.getMessage(),
            true,
            e);
      }
    }
    return warnings;
  }

  /** Validates a path of one certificate, whose issuer was validated before. */
  private void validate(
      X509Certificate certificate, X509Certificate issuer, Instant time, List<String> warnings)
      throws GeneralSecurityException {
    PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(issuer, null)));
    parameters.setDate(Date.from(time));
    parameters.addCertStore(
        CertStore.getInstance("Collection", new CollectionCertStoreParameters(lists)));
    CertPathValidator validator = CertPathValidator.getInstance("PKIX");
    PKIXRevocationChecker checker = (PKIXRevocationChecker) validator.getRevocationChecker();
    if (online) {
      if (softFail) {
        checker.setOptions(EnumSet.of(PKIXRevocationChecker.Option.SOFT_FAIL));
      }
      parameters.addCertPathChecker(checker);
    } else {
      // Without a checker of our own the JDK goes by the lists alone and stays offline.
      parameters.setRevocationEnabled(true);
    }
    validator.validate(
        CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate)), parameters);
    if (online) {
      checker
          .getSoftFailExceptions()
          .forEach(failure -> warnings.add(unknown(certificate, issuer, time, failure)));
    }
  }

  private void judge(
      X509Certificate certificate,
      X509Certificate issuer,
      Instant time,
      Optional<Instant> proven,
      CertPathValidatorException failure,
      List<String> warnings)
      throws RevokedException {
    if (failure.getCause() instanceof CertificateRevokedException revoked) {
      Date invalidity = revoked.getInvalidityDate();
      judge(
          certificate,
          revoked.getRevocationDate().toInstant(),
          invalidity == null ? Optional.empty() : Optional.of(invalidity.toInstant()),
          revoked.getRevocationReason(),
          proven,
          warnings);
      return;
    }
    String message = unknown(certificate, issuer, time, failure);
    boolean undetermined = failure.getReason() == BasicReason.UNDETERMINED_REVOCATION_STATUS;
    if (!undetermined || !softFail) {
      throw new RevokedException(message, true, failure);
    }
    warnings.add(message);
  }

  /**
   * Whether a list of the issuer names a certificate, and that was found harmless. A revocation
   * does not end: it counts however old or new the list is that has it.
   */
  private boolean isListed(
      X509Certificate certificate,
      X509Certificate issuer,
      Optional<Instant> proven,
      List<String> warnings)
      throws RevokedException {
    boolean listed = false;
    for (X509CRL list : lists) {
      X509CRLEntry entry = list.getRevokedCertificate(certificate);
      if (entry != null
          && entry.getRevocationReason() != CRLReason.REMOVE_FROM_CRL
          && isBy(list, issuer)) {
        judge(
            certificate,
            entry.getRevocationDate().toInstant(),
            invalidityDate(entry),
            entry.getRevocationReason() == null
                ? CRLReason.UNSPECIFIED
                : entry.getRevocationReason(),
            proven,
            warnings);
        listed = true;
      }
    }
    return listed;
  }

  private static boolean isBy(X509CRL list, X509Certificate issuer) {
    if (!list.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
      return false;
    }
    try {
      list.verify(issuer.getPublicKey());
      return true;
    } catch (GeneralSecurityException | RuntimeException e) {
      // By somebody else of the same name, so it says nothing.
      return false;
    }
  }

  /** Since when the key is not to be trusted, where the issuer says so (RFC 5280 5.3.2). */
  private static Optional<Instant> invalidityDate(X509CRLEntry entry) {
    byte[] extension = entry.getExtensionValue(Extension.invalidityDate.getId());
    if (extension == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          ASN1GeneralizedTime.getInstance(ASN1OctetString.getInstance(extension).getOctets())
              .getDate()
              .toInstant());
    } catch (ParseException | RuntimeException e) {
      // Unreadable, so nothing that is older than the revocation can be relied on either.
      return Optional.of(Instant.MIN);
    }
  }

  private static void judge(
      X509Certificate certificate,
      Instant revoked,
      Optional<Instant> invalid,
      CRLReason reason,
      Optional<Instant> proven,
      List<String> warnings)
      throws RevokedException {
    String message =
        "the certificate "
            + Certificates.name(certificate)
            + " was revoked at "
            + revoked.truncatedTo(ChronoUnit.SECONDS)
            + " by its issuer, reason "
            + reason.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    Instant since = invalid.filter(time -> time.isBefore(revoked)).orElse(revoked);
    boolean later = proven.isPresent() && proven.get().isBefore(since);
    if (!later || !HARMLESS_BEFORE.contains(reason)) {
      throw new RevokedException(message);
    }
    warnings.add(message + "; the signature is proven to be older");
  }

  private String unknown(
      X509Certificate certificate,
      X509Certificate issuer,
      Instant time,
      CertPathValidatorException failure) {
    String what =
        "whether the certificate "
            + Certificates.name(certificate)
            + " was revoked cannot be found out: ";
    Optional<X509CRL> newest =
        lists.stream()
            .filter(list -> list.getIssuerX500Principal().equals(issuer.getSubjectX500Principal()))
            .max(Comparator.comparing(X509CRL::getThisUpdate));
    if (newest.isPresent()) {
      return what + aboutList(newest.get(), issuer, time, failure);
    }
    return online
        ? what + Printable.escape(String.valueOf(failure.getMessage()))
        : what
            + "there is no revocation list of "
            + Certificates.name(issuer)
            + " among those given";
  }

  private static String aboutList(
      X509CRL list, X509Certificate issuer, Instant time, CertPathValidatorException failure) {
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
    try {
      list.verify(issuer.getPublicKey());
    } catch (GeneralSecurityException e) {
      return name + " was not signed by it";
    }
    return name + " cannot be used: " + Printable.escape(String.valueOf(failure.getMessage()));
  }
}
