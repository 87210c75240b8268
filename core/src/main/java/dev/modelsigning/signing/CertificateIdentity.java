package dev.modelsigning.signing;

import java.util.List;
import java.util.Optional;

/**
 * The owner of a certificate (method {@code certificate}).
 *
 * @param name the required name; if none was required, the first of the names that has the form of
 *     its type, else the subject
 * @param names the e-mail addresses, host names and URIs in the certificate
 * @param certificate the certificate
 * @param revocation the extent of the revocation check; empty if the identity is what the signer
 *     states about itself
 */
public record CertificateIdentity(
    String name,
    List<SubjectName> names,
    CertificateSummary certificate,
    Optional<RevocationScope> revocation)
    implements SignerIdentity {

  /** Copies the list. */
  public CertificateIdentity {
    names = List.copyOf(names);
  }

  @Override
  public String method() {
    return "certificate";
  }
}
