package dev.modelsigning.cli.attest;

import dev.modelsigning.cli.method.KeyVerification;
import dev.modelsigning.cli.method.VerificationMethod;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Verifies attestations by the method {@code key}. */
@Command(
    name = "key",
    description = "Verify what the holder of a key attested about a model.",
    footer = {
      "",
      "Model, signature and attestation must be by one signer. What an attestation states is"
          + " the signer's word: it was not checked.",
      "",
      "Examples:",
      "  model-signing verify-attestation key my-model \\",
      "      --signature model.sig --predicate-type cyclonedx \\",
      "      --public-key key.pub"
    })
final class VerifyAttestationKeyCommand extends AttestationVerification {

  @Mixin private KeyVerification method = new KeyVerification();

  @Override
  VerificationMethod method() {
    return method;
  }
}
