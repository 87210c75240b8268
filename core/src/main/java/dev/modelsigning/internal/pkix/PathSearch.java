package dev.modelsigning.internal.pkix;

import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.security.auth.x500.X500Principal;

/**
 * Finds paths from a certificate to trust anchors, from the anchors downwards: a signature is
 * verified only with the key of a trust anchor, or with a key that was certified in this way. So an
 * attacker without a certificate below a trust anchor cannot cause any computation with his own
 * keys; one who has such a certificate is limited to {@link #MAX_SIGNATURES}.
 */
final class PathSearch {

  /**
   * The largest number of signatures that are verified for one search with keys other than those of
   * trust anchors.
   */
  static final int MAX_SIGNATURES = 64;

  /** Legitimate chains have far fewer paths; further ones are not tried. */
  private static final int MAX_PATHS = 64;

  private static final int MAX_PARTIAL_PATHS = 1024;

  private final Set<X509Certificate> anchors;
  private final Set<X509Certificate> helpers;

  /** The issuers of certificates, for those below a trust anchor. */
  private final Map<X509Certificate, Set<X509Certificate>> issuers = new HashMap<>();

  private int signatures;

  /**
   * Creates a search.
   *
   * @param anchors the trust anchors
   * @param helpers possible intermediate certificates
   */
  PathSearch(Collection<X509Certificate> anchors, Collection<X509Certificate> helpers) {
    this.anchors = new LinkedHashSet<>(anchors);
    this.helpers = new LinkedHashSet<>(helpers);
  }

  /** A name with a key: its second occurrence in a path is a loop (RFC 4158 5.2). */
  private record Authority(X500Principal name, PublicKey key) {
    static Authority of(X509Certificate certificate) {
      return new Authority(certificate.getSubjectX500Principal(), certificate.getPublicKey());
    }

    // What a record has is generated when it is first used, which takes a tenth of a verification.

    @Override
    public boolean equals(Object other) {
      return other instanceof Authority that && name.equals(that.name) && key.equals(that.key);
    }

    @Override
    public int hashCode() {
      return 31 * name.hashCode() + key.hashCode();
    }
  }

  /**
   * The paths from a certificate to trust anchors, the shortest first; only signatures were
   * verified.
   */
  List<CertificationPath> from(X509Certificate target) throws UntrustedCertificateException {
    Set<X509Certificate> below = above(target);
    below.add(target);
    Deque<X509Certificate> reached = new ArrayDeque<>(anchors);
    Set<X509Certificate> known = new HashSet<>(anchors);
    while (!reached.isEmpty()) {
      X509Certificate issuer = reached.remove();
      for (X509Certificate certificate : below) {
        if (!certificate.equals(issuer) && isIssuedBy(certificate, issuer)) {
          issuers.computeIfAbsent(certificate, none -> new LinkedHashSet<>()).add(issuer);
          if (helpers.contains(certificate) && known.add(certificate)) {
            reached.add(certificate);
          }
        }
      }
    }
    return paths(target);
  }

  /** The certificates that may have issued another one, according to their names. */
  private Set<X509Certificate> above(X509Certificate target) {
    Set<X509Certificate> found = new LinkedHashSet<>();
    Deque<X509Certificate> open = new ArrayDeque<>(List.of(target));
    while (!open.isEmpty()) {
      X500Principal name = open.remove().getIssuerX500Principal();
      for (X509Certificate helper : helpers) {
        if (helper.getSubjectX500Principal().equals(name) && found.add(helper)) {
          open.add(helper);
        }
      }
    }
    return found;
  }

  private boolean isIssuedBy(X509Certificate certificate, X509Certificate issuer)
      throws UntrustedCertificateException {
    if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
      return false;
    }
    if (!anchors.contains(issuer)) {
      count(1);
    }
    return Certificates.isIssuedBy(certificate, issuer);
  }

  /**
   * Counts signatures that are about to be verified.
   *
   * @throws UntrustedCertificateException if there are too many
   */
  void count(int more) throws UntrustedCertificateException {
    signatures += more;
    if (signatures > MAX_SIGNATURES) {
      throw new UntrustedCertificateException(
          "no valid path was found among its certificates by verifying "
              + MAX_SIGNATURES
              + " signatures; give only the certificates between the signer and the root");
    }
  }

  private List<CertificationPath> paths(X509Certificate target) {
    List<CertificationPath> found = new ArrayList<>();
    Deque<List<X509Certificate>> partial = new ArrayDeque<>(List.of(List.of(target)));
    int looked = 0;
    while (!partial.isEmpty() && looked++ < MAX_PARTIAL_PATHS && found.size() < MAX_PATHS) {
      List<X509Certificate> path = partial.remove();
      Set<Authority> authorities = new HashSet<>();
      path.forEach(certificate -> authorities.add(Authority.of(certificate)));
      X509Certificate last = path.get(path.size() - 1);
      for (X509Certificate issuer : issuers.getOrDefault(last, Set.of())) {
        if (authorities.contains(Authority.of(issuer))) {
          continue;
        }
        if (anchors.contains(issuer)) {
          found.add(new CertificationPath(path, issuer));
        }
        if (issuers.containsKey(issuer)) {
          List<X509Certificate> longer = new ArrayList<>(path);
          longer.add(issuer);
          partial.add(longer);
        }
      }
    }
    return found;
  }
}
