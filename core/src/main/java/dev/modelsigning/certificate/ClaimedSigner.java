package dev.modelsigning.certificate;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.VerificationMaterial;
import dev.modelsigning.internal.keyfile.CertificateFile;
import dev.modelsigning.internal.pkix.UntrustedCertificateException;
import dev.modelsigning.signing.CertificateIdentity;
import java.security.cert.CertificateException;
import java.util.Optional;

/**
 * The signer that a bundle claims, for display. It is read and not verified: anybody can have put
 * the certificate into the bundle. {@link CertificateVerifier} verifies the claim.
 */
public final class ClaimedSigner {

  private ClaimedSigner() {}

  /**
   * Reads the first certificate of a bundle.
   *
   * @return the identity in it; empty if the bundle has no certificate
   * @throws MalformedBundleException if it cannot be read, or is not a signer's certificate
   */
  public static Optional<CertificateIdentity> read(Bundle bundle) throws MalformedBundleException {
    Bytes der;
    if (bundle.verificationMaterial() instanceof VerificationMaterial.X509CertificateChain chain) {
      der = chain.certificates().get(0);
    } else if (bundle.verificationMaterial()
        instanceof VerificationMaterial.X509Certificate single) {
      der = single.rawBytes();
    } else {
      return Optional.empty();
    }
    try {
      SignerCertificate signer = SignerCertificate.of(CertificateFile.parse(der));
      return Optional.of(signer.identity(Optional.empty(), Optional.empty()));
    } catch (CertificateException | UntrustedCertificateException e) {
      throw new MalformedBundleException(String.valueOf(e.getMessage()), e);
    }
  }
}
