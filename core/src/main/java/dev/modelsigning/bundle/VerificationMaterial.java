package dev.modelsigning.bundle;

import java.util.List;

/**
 * What a bundle states about the key of its signature (OMS 4.1). It comes from the maker of the
 * bundle: it helps to select a key and is never trusted by itself.
 */
public sealed interface VerificationMaterial
    permits PublicKeyIdentifier,
        VerificationMaterial.X509CertificateChain,
        VerificationMaterial.X509Certificate {

  /**
   * The certificate of the signer, followed by intermediate certificates.
   *
   * @param certificates in DER, the signer's first; at least one
   */
  record X509CertificateChain(List<Bytes> certificates) implements VerificationMaterial {
    /** Copies the list. */
    public X509CertificateChain {
      certificates = List.copyOf(certificates);
      if (certificates.isEmpty()) {
        throw new IllegalArgumentException("a certificate chain has at least one certificate");
      }
    }
  }

  /**
   * The certificate of the signer alone.
   *
   * @param rawBytes the certificate in DER
   */
  record X509Certificate(Bytes rawBytes) implements VerificationMaterial {}
}
