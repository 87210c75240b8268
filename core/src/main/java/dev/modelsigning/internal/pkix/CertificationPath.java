package dev.modelsigning.internal.pkix;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A certification path that was validated (RFC 5280 6).
 *
 * @param certificates from the target to the certificate issued by the trust anchor; empty if the
 *     target is itself the trust anchor
 * @param anchor the trust anchor
 */
public record CertificationPath(List<X509Certificate> certificates, X509Certificate anchor) {

  /** Copies the list. */
  public CertificationPath {
    certificates = List.copyOf(certificates);
  }

  /** The path from the target to the trust anchor, both included. */
  public List<X509Certificate> withAnchor() {
    List<X509Certificate> all = new ArrayList<>(certificates);
    all.add(anchor);
    return all;
  }

  /**
   * All certificates but the target, including the trust anchor; empty if the target is the trust
   * anchor.
   */
  List<X509Certificate> authorities() {
    return withAnchor().subList(1, Math.max(1, certificates.size() + 1));
  }

  /** The issuer of the certificate at an index. */
  public X509Certificate issuer(int index) {
    return index + 1 < certificates.size() ? certificates.get(index + 1) : anchor;
  }

  // What a record has is generated when it is first used, which takes a thirtieth of a
  // verification.

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CertificationPath that
        && certificates.equals(that.certificates)
        && anchor.equals(that.anchor);
  }

  @Override
  public int hashCode() {
    return 31 * certificates.hashCode() + anchor.hashCode();
  }
}
