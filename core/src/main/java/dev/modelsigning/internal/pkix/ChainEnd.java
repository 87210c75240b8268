package dev.modelsigning.internal.pkix;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Checks whether the chain that is stored with a signature is complete, with a message for the
 * signer.
 */
public final class ChainEnd {

  private ChainEnd() {}

  /**
   * Returns what is missing, if no path leads from the signer's certificate to a self-signed
   * certificate among these. The order is irrelevant, as it is for verifiers.
   *
   * @param certificates the signer's first; no more than a path may have, with allowed keys
   * @return empty if the chain is complete
   */
  public static Optional<String> missing(List<X509Certificate> certificates) {
    List<X509Certificate> reached = new ArrayList<>(List.of(certificates.get(0)));
    X509Certificate top = certificates.get(0);
    for (int i = 0; i < reached.size(); i++) {
      X509Certificate each = reached.get(i);
      if (Certificates.isSelfSigned(each)) {
        return Optional.empty();
      }
      List<X509Certificate> issuers =
          certificates.stream().filter(other -> Certificates.isIssuedBy(each, other)).toList();
      issuers.stream().filter(issuer -> !reached.contains(issuer)).forEach(reached::add);
      if (issuers.isEmpty()) {
        top = each;
      }
    }
    return Optional.of(describe(top, certificates));
  }

  private static String describe(X509Certificate top, List<X509Certificate> certificates) {
    boolean named =
        certificates.stream()
            .anyMatch(each -> each.getSubjectX500Principal().equals(top.getIssuerX500Principal()));
    return "the chain ends at "
        + Certificates.name(top)
        + ", and the certificate of its issuer "
        + Certificates.issuer(top)
        + (named ? " that is in it has another key" : " is not in it")
        + ": who trusts an authority above that issuer, and does not have its certificate, cannot"
        + " verify the signature; add it with --certificate-chain";
  }
}
