package dev.modelsigning.signing;

import java.util.List;
import java.util.Optional;

/**
 * The owner of a certificate (method {@code certificate}).
 *
 * @param name the one that was asked for; if none was, the first of the names that looks like what
 *     it is, else the subject
 * @param names the e-mail addresses, host names and URIs in the certificate
 * @param certificate the certificate
 * @param revocation how far it was checked whether certificates were revoked; empty where the
 *     identity is what the signer says of itself
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
