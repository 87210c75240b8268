package dev.modelsigning.cli.verify;

import dev.modelsigning.cli.method.CertificateVerification;
import dev.modelsigning.cli.method.VerificationMethod;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Verifies with trusted certificates. */
@Command(
    name = "certificate",
    description = "Verify a model that was signed with an X.509 certificate.",
    footer = {
      "",
      "Everybody to whom a trusted authority gave a certificate for signing can sign; say"
          + " whose signature you expect with --certificate-identity or"
          + " --certificate-fingerprint.",
      "",
      "Certificates must be valid now, or at the time of a time stamp by an authority that"
          + " you trust for that (--tsa-certificate-chain).",
      "",
      "Examples:",
      "  model-signing verify certificate my-model --signature model.sig \\",
      "      --certificate-chain ca.pem \\",
      "      --certificate-identity release@bank.example",
      "  model-signing verify certificate my-model --signature model.sig \\",
      "      --certificate-chain ca.pem --tsa-certificate-chain tsa.pem \\",
      "      --crl ca.crl"
    })
final class VerifyCertificateCommand extends VerificationCommand {

  @Mixin private CertificateVerification method = new CertificateVerification();

  @Override
  VerificationMethod method() {
    return method;
  }

  /**
   * A keyless bundle can have a certificate chain too, but its authority should not be trusted
   * here.
   */
  @Override
  public Optional<String> adviceOnUntrustedCertificate() {
    return adviceOnMethod();
  }
}
