package dev.modelsigning.cli.attest;

import dev.modelsigning.cli.method.CertificateVerification;
import dev.modelsigning.cli.method.VerificationMethod;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Verifies attestations by the method {@code certificate}. */
@Command(
    name = "certificate",
    description = "Verify what the owner of an X.509 certificate attested about a model.",
    footer = {
      "",
      "Model, signature and attestation must be by one signer. What an attestation states is"
          + " the signer's word: it was not checked.",
      "",
      "Examples:",
      "  model-signing verify-attestation certificate my-model \\",
      "      --signature model.sig --predicate-type cyclonedx \\",
      "      --certificate-chain ca.pem"
    })
final class VerifyAttestationCertificateCommand extends AttestationVerification {

  @Mixin private CertificateVerification method = new CertificateVerification();

  @Override
  VerificationMethod method() {
    return method;
  }
}
