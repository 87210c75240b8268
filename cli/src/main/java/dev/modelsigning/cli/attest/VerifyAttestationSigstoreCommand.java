package dev.modelsigning.cli.attest;

import dev.modelsigning.cli.method.SigstoreVerification;
import dev.modelsigning.cli.method.VerificationMethod;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Verifies attestations by the method {@code sigstore}. */
@Command(
    name = "sigstore",
    description =
        "Verify what a keyless signer attested about a model. This is the default method.",
    footer = {
      "",
      "Model, signature and attestation must be by one signer. What an attestation states is"
          + " the signer's word: it was not checked.",
      "",
      "Examples:",
      "  model-signing verify-attestation sigstore my-model \\",
      "      --signature model.sig --predicate-type cyclonedx \\",
      "      --identity release@bank.example \\",
      "      --identity-provider https://accounts.google.com"
    })
final class VerifyAttestationSigstoreCommand extends AttestationVerification {

  @Mixin private SigstoreVerification method = new SigstoreVerification();

  @Override
  VerificationMethod method() {
    return method;
  }
}
