package dev.modelsigning.internal.revocation;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.pkix.AlgorithmPolicy;
import dev.modelsigning.internal.pkix.Certificates;
import dev.modelsigning.internal.pkix.RefusedAlgorithmException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CRLReason;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.security.cert.X509Extension;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.jspecify.annotations.Nullable;

/**
 * A CRL (RFC 5280 5). Independently of its source, it counts only if the issuer of the certificates
 * signed it, may sign CRLs, used an allowed algorithm, and all critical extensions are supported.
 */
final class RevocationList {

  /** Index of {@code cRLSign} in the key usage (RFC 5280 4.2.1.3). */
  private static final int CRL_SIGN = 6;

  private static final Set<String> KNOWN =
      Set.of(Extension.issuingDistributionPoint.getId(), Extension.deltaCRLIndicator.getId());

  private static final Set<String> KNOWN_IN_ENTRIES =
      Set.of(
          Extension.reasonCode.getId(),
          Extension.invalidityDate.getId(),
          Extension.certificateIssuer.getId());

  private final X509CRL list;

  /** The entries by serial number; a number can occur more than once. */
  private final Map<BigInteger, List<X509CRLEntry>> entries = new HashMap<>();

  private final Map<X509Certificate, Optional<UnusableListException>> refusals =
      new ConcurrentHashMap<>();

  RevocationList(X509CRL list) {
    this.list = list;
    Set<? extends X509CRLEntry> all = list.getRevokedCertificates();
    for (X509CRLEntry entry : all == null ? Set.<X509CRLEntry>of() : all) {
      entries.computeIfAbsent(entry.getSerialNumber(), none -> new ArrayList<>(1)).add(entry);
    }
  }

  /** Whether it has the name of an issuer. */
  boolean isNamedAfter(X509Certificate issuer) {
    return list.getIssuerX500Principal().equals(issuer.getSubjectX500Principal());
  }

  /**
   * Whether the owner of a certificate signed it. This is checked before anything else in it is
   * relied on.
   *
   * @throws UnusableListException if that cannot be determined
   */
  boolean isSignedBy(X509Certificate issuer) throws UnusableListException {
    try {
      AlgorithmPolicy.requireKey(issuer);
      list.verify(issuer.getPublicKey());
      return true;
    } catch (NoSuchAlgorithmException | RefusedAlgorithmException e) {
      throw unusable(issuer, String.valueOf(e.getMessage()), e);
    } catch (GeneralSecurityException | RuntimeException e) {
      // Signed by another issuer of the same name, or damaged.
      return false;
    }
  }

  /**
   * Requires that it can be relied on and is supported completely. A CRL may be long, so this is
   * determined once for each issuer.
   *
   * @throws UnusableListException if it cannot
   */
  void requireUsable(X509Certificate issuer) throws UnusableListException {
    Optional<UnusableListException> refusal = refusals.get(issuer);
    if (refusal == null) {
      refusal = Optional.empty();
      try {
        examine(issuer);
      } catch (UnusableListException e) {
        refusal = Optional.of(e);
      }
      refusals.put(issuer, refusal);
    }
    if (refusal.isPresent()) {
      throw refusal.get();
    }
  }

  private void examine(X509Certificate issuer) throws UnusableListException {
    try {
      AlgorithmPolicy.requireSignature(list);
    } catch (RefusedAlgorithmException e) {
      throw unusable(issuer, String.valueOf(e.getMessage()), e);
    }
    boolean[] usage = issuer.getKeyUsage();
    if (usage != null && !usage[CRL_SIGN]) {
      throw unusable(issuer, "its issuer may not sign lists, its key usage lacks cRLSign", null);
    }
    Set<String> unknown = critical(list);
    unknown.removeAll(KNOWN);
    requireNone(issuer, unknown, "");
    boolean indirect = scope(issuer).map(IssuingDistributionPoint::isIndirectCRL).orElse(false);
    for (List<X509CRLEntry> ofNumber : entries.values()) {
      for (X509CRLEntry entry : ofNumber) {
        Set<String> inEntry = critical(entry);
        inEntry.removeAll(KNOWN_IN_ENTRIES);
        requireNone(issuer, inEntry, " in an entry");
        if (!indirect && entry.getExtensionValue(Extension.certificateIssuer.getId()) != null) {
          throw unusable(issuer, "it names other issuers without being an indirect list", null);
        }
      }
    }
  }

  private void requireNone(X509Certificate issuer, Set<String> unknown, String where)
      throws UnusableListException {
    if (!unknown.isEmpty()) {
      throw unusable(
          issuer,
          "the critical extension "
              + Printable.escape(unknown.iterator().next())
              + where
              + " is not known (RFC 5280 5.2, 5.3)",
          null);
    }
  }

  private static Set<String> critical(X509Extension extended) {
    Set<String> critical = extended.getCriticalExtensionOIDs();
    return critical == null ? new HashSet<>() : new HashSet<>(critical);
  }

  private Optional<IssuingDistributionPoint> scope(X509Certificate issuer)
      throws UnusableListException {
    byte[] extension = list.getExtensionValue(Extension.issuingDistributionPoint.getId());
    if (extension == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          IssuingDistributionPoint.getInstance(ASN1OctetString.getInstance(extension).getOctets()));
    } catch (RuntimeException e) {
      throw unusable(issuer, "its issuing distribution point is damaged", e);
    }
  }

  /** Whether it is a delta CRL, which is not complete by itself. */
  boolean isDelta() {
    return list.getExtensionValue(Extension.deltaCRLIndicator.getId()) != null;
  }

  /**
   * The entries that revoke a certificate. Only a delta CRL can remove a revocation. Names are
   * compared by the rules of RFC 5280 7.1; the JDK's look-up by certificate fails if the CRL has
   * the issuer's name with different case or white space.
   */
  List<X509CRLEntry> revocations(X509Certificate certificate) {
    return entries.getOrDefault(certificate.getSerialNumber(), List.of()).stream()
        .filter(entry -> issuer(entry).equals(certificate.getIssuerX500Principal()))
        .filter(entry -> !(entry.getRevocationReason() == CRLReason.REMOVE_FROM_CRL && isDelta()))
        .toList();
  }

  /**
   * The issuer of the certificate of an entry; in an indirect CRL it can differ from the issuer of
   * the CRL.
   */
  private X500Principal issuer(X509CRLEntry entry) {
    X500Principal other = entry.getCertificateIssuer();
    return other == null ? list.getIssuerX500Principal() : other;
  }

  X509CRL list() {
    return list;
  }

  private static UnusableListException unusable(
      X509Certificate issuer, String why, @Nullable Exception cause) {
    return new UnusableListException(
        "the revocation list of " + Certificates.name(issuer) + " is refused: " + why, cause);
  }

  /** The issuer of the certificate signed this CRL, and it cannot be interpreted. */
  static final class UnusableListException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusableListException(String message, @Nullable Exception cause) {
      super(message, cause);
    }
  }
}
