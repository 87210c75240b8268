package dev.modelsigning.sigstore.internal.message;

import dev.modelsigning.bundle.Bytes;
import java.util.List;

/**
 * An authority of a trusted root (Sigstore {@code CertificateAuthority}). What is absent is empty.
 *
 * @param uri its address
 * @param certificates its certificates in DER
 * @param validFor the period in which it is trusted
 */
public record CertificateAuthority(String uri, List<Bytes> certificates, TimeRange validFor) {

  /** Copies the certificates. */
  public CertificateAuthority {
    certificates = List.copyOf(certificates);
  }
}
