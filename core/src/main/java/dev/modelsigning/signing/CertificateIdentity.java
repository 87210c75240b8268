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
 * @param keyService the service that was asked for the private key, such as {@code
 *     https://vault.example:8200}; empty if none was. It says where the key was used, and is no
 *     part of the identity
 */
public record CertificateIdentity(
    String name,
    List<SubjectName> names,
    CertificateSummary certificate,
    Optional<RevocationScope> revocation,
    Optional<String> keyService)
    implements SignerIdentity {

  /** Copies the list. */
  public CertificateIdentity {
    names = List.copyOf(names);
  }

  /** The owner of a certificate for whose key no service was asked. */
  public CertificateIdentity(
      String name,
      List<SubjectName> names,
      CertificateSummary certificate,
      Optional<RevocationScope> revocation) {
    this(name, names, certificate, revocation, Optional.empty());
  }

  /** Returns the same owner, with the service that was asked for the private key. */
  public CertificateIdentity withKeyService(Optional<String> service) {
    return new CertificateIdentity(name, names, certificate, revocation, service);
  }

  @Override
  public String method() {
    return "certificate";
  }
}
