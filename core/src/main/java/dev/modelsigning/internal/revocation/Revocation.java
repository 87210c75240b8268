package dev.modelsigning.internal.revocation;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.internal.pkix.Certificates;
import java.security.cert.CRLReason;
import java.security.cert.CertificateRevokedException;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.text.ParseException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.Extension;

/**
 * The revocation of a certificate by its issuer.
 *
 * @param time the time of revocation
 * @param invalid the time since which the key is not trusted, if the issuer states it
 */
record Revocation(
    X509Certificate certificate, Instant time, Optional<Instant> invalid, CRLReason reason) {

  /** Reasons that do not affect earlier signatures (RFC 5280 5.3.1). */
  private static final Set<CRLReason> HARMLESS_BEFORE =
      EnumSet.of(
          CRLReason.SUPERSEDED, CRLReason.CESSATION_OF_OPERATION, CRLReason.AFFILIATION_CHANGED);

  /** Reads the revocation from a CRL entry. */
  static Revocation of(X509Certificate certificate, X509CRLEntry entry) {
    CRLReason reason = entry.getRevocationReason();
    return new Revocation(
        certificate,
        entry.getRevocationDate().toInstant(),
        invalidityDate(entry),
        reason == null ? CRLReason.UNSPECIFIED : reason);
  }

  /** Reads the revocation from the JDK's exception. */
  static Revocation of(X509Certificate certificate, CertificateRevokedException revoked) {
    return new Revocation(
        certificate,
        revoked.getRevocationDate().toInstant(),
        Optional.ofNullable(revoked.getInvalidityDate()).map(Date::toInstant),
        revoked.getRevocationReason());
  }

  /**
   * The invalidity date: the time since which the key is not trusted, if the issuer states it (RFC
   * 5280 5.3.2).
   */
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
      // Unreadable, so signatures before the revocation cannot be relied on either.
      return Optional.of(Instant.MIN);
    }
  }

  /**
   * Accepts, with a finding, a revocation that does not affect a signature proven to be earlier.
   *
   * @throws RevokedException if it does affect it
   */
  void judge(Optional<Instant> proven, List<Finding> findings) throws RevokedException {
    String message =
        "the certificate "
            + Certificates.name(certificate)
            + " was revoked at "
            + time.truncatedTo(ChronoUnit.SECONDS)
            + " by its issuer, reason "
            + reason.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    Instant since = invalid.filter(each -> each.isBefore(time)).orElse(time);
    boolean later = proven.isPresent() && proven.get().isBefore(since);
    if (!later || !HARMLESS_BEFORE.contains(reason)) {
      throw new RevokedException(message);
    }
    findings.add(
        Finding.of(Rules.REVOKED_LATER, message + "; the signature is proven to be older")
            .withValue("certificate", Certificates.name(certificate))
            .withValue("time", time.toString())
            .withValue("reason", reason.name()));
  }
}
