package dev.modelsigning.certificate;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.VerificationMaterial;
import dev.modelsigning.bundle.VerificationMaterial.X509CertificateChain;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.internal.keyfile.CertificateFile;
import dev.modelsigning.internal.pkix.PathBuilder;
import dev.modelsigning.internal.pkix.RefusedAlgorithmException;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** Reads the certificates of a bundle (OMS 4.1), and decides which bundles have any. */
final class BundleChain {

  private BundleChain() {}

  /**
   * Reads the certificates, the signer's first.
   *
   * @param findings receives findings for readers of the verdict
   * @throws MalformedBundleException if one of them is not a valid certificate
   * @throws VerificationException if the bundle was signed by another method, or there are too many
   *     certificates or one of a refused kind
   */
  static List<X509Certificate> read(Bundle bundle, List<Finding> findings)
      throws MalformedBundleException, VerificationException {
    VerificationMaterial material = bundle.verificationMaterial();
    if (material instanceof X509CertificateChain chain) {
      requireFew(chain);
      if (!bundle.tlogEntries().isEmpty()) {
        findings.add(
            Finding.of(
                Rules.LOG_ENTRIES_NOT_VERIFIED, "log entries in the bundle were not verified"));
      }
      List<X509Certificate> certificates = new ArrayList<>();
      for (Bytes der : chain.certificates()) {
        certificates.add(
            parse(der, "x509CertificateChain.certificates[" + certificates.size() + "]"));
      }
      return certificates;
    }
    if (material instanceof VerificationMaterial.X509Certificate single) {
      if (!bundle.tlogEntries().isEmpty()) {
        throw new VerificationException(
            Reason.WRONG_METHOD,
            "the bundle was signed with Sigstore, and its log entries would not be verified:"
                + " expected verificationMaterial.x509CertificateChain (OMS 4.1)");
      }
      findings.add(
          Finding.of(
              Rules.LONE_CERTIFICATE,
              "the bundle has a certificate where a chain is expected, as other implementations"
                  + " write it (OMS 4.1)"));
      return List.of(parse(single.rawBytes(), "certificate"));
    }
    throw new VerificationException(
        Reason.WRONG_METHOD,
        "the bundle was signed with a bare key, not with a certificate:"
            + " expected verificationMaterial.x509CertificateChain (OMS 4.1)");
  }

  /** Refuses more certificates than a certification path may have, before they are parsed. */
  private static void requireFew(X509CertificateChain chain) throws VerificationException {
    int count = chain.certificates().size();
    if (count > PathBuilder.MAX_UNTRUSTED + 1) {
      throw new VerificationException(
          Reason.UNTRUSTED_CERTIFICATE,
          "too many certificates: expected at most "
              + (PathBuilder.MAX_UNTRUSTED + 1)
              + " in a chain, found "
              + count
              + " (OMS 8.2)");
    }
  }

  private static X509Certificate parse(Bytes der, String field)
      throws MalformedBundleException, VerificationException {
    try {
      return CertificateFile.parse(der);
    } catch (CertificateException e) {
      if (e.getCause() instanceof RefusedAlgorithmException) {
        throw new VerificationException(
            Reason.UNTRUSTED_CERTIFICATE,
            "the certificate in verificationMaterial."
                + field
                + " cannot be used: "
                + e.getMessage()
                + " (OMS 8.2)",
            e);
      }
      throw new MalformedBundleException(
          "bundle: verificationMaterial." + field + ": " + e.getMessage() + " (OMS 4.1)", e);
    }
  }
}
