package dev.modelsigning.cli.attest;

import dev.modelsigning.cli.method.SigningMethod;
import dev.modelsigning.cli.method.SigstoreMethod;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Attests by the method {@code sigstore}. */
@Command(
    name = "sigstore",
    description =
        "Attest something about a model with Sigstore, without a key to keep."
            + " This is the default method.",
    footer = {
      "",
      "Your identity becomes PUBLIC, in the attestation and in the log, for ever.",
      "",
      "The model is verified first: it must be signed by the same signer, or by the one that"
          + " the options --verify-... name. Without --predicate, the predicate is made from the"
          + " verified files (cyclonedx) or the build's environment (slsa).",
      "",
      "'verify-attestation sigstore' verifies it.",
      "",
      "Examples:",
      "  model-signing attest sigstore my-model --signature model.sig \\",
      "      --use-ambient-credentials \\",
      "      --predicate-type cyclonedx",
      "  model-signing attest sigstore my-model --signature model.sig \\",
      "      --use-ambient-credentials \\",
      "      --predicate-type test-result --predicate results.json"
    })
final class AttestSigstoreCommand extends AttestationCommand {

  @Mixin private SigstoreMethod method = new SigstoreMethod();

  @Override
  SigningMethod method() {
    return method;
  }
}
