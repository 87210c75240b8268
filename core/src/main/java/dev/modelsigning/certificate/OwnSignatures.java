package dev.modelsigning.certificate;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.internal.pkix.Certificates;
import dev.modelsigning.internal.pkix.UntrustedCertificateException;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.PayloadEncoding;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.signingkey.EnvelopeSignature;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Verifies bundles that were signed with one certificate, which its owner trusts without a
 * certification path: the one that is about to sign again.
 */
final class OwnSignatures implements BundleVerifier {

  private final X509Certificate own;

  OwnSignatures(X509Certificate own) {
    this.own = own;
  }

  @Override
  public VerifiedPayload verify(Bundle bundle)
      throws MalformedBundleException, VerificationException {
    List<Finding> findings = new ArrayList<>();
    X509Certificate found = BundleChain.read(bundle, findings).get(0);
    if (!found.equals(own)) {
      throw new VerificationException(
          Reason.WRONG_IDENTITY,
          "another certificate signed: expected "
              + Certificates.name(own)
              + " with the fingerprint "
              + Certificates.fingerprint(own)
              + ", found "
              + Certificates.name(found)
              + " with "
              + Certificates.fingerprint(found));
    }
    try {
      SignerCertificate signer = SignerCertificate.of(own);
      PayloadEncoding encoding =
          EnvelopeSignature.requireBy(signer.publicKey(), bundle.envelope(), "this certificate");
      return VerifiedPayload.assertion(
          bundle.envelope().payload(),
          encoding,
          signer.identity(Optional.empty(), Optional.empty()),
          List.of(),
          findings);
    } catch (UntrustedCertificateException e) {
      throw new VerificationException(
          Reason.UNTRUSTED_CERTIFICATE, String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public Map<String, List<String>> expected() {
    return Map.of("fingerprint", List.of("sha256:" + Certificates.fingerprint(own)));
  }
}
