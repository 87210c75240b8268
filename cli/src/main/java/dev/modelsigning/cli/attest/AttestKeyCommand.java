package dev.modelsigning.cli.attest;

import dev.modelsigning.cli.method.KeyMethod;
import dev.modelsigning.cli.method.SigningMethod;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Attests by the method {@code key}. */
@Command(
    name = "key",
    description = "Attest something about a model with a private key.",
    footer = {
      "",
      "The model is verified first: it must be signed by the same signer, or by the one that"
          + " the options --verify-... name. Without --predicate, the predicate is made from the"
          + " verified files (cyclonedx) or the build's environment (slsa).",
      "",
      "'verify-attestation key' verifies it.",
      "",
      "Examples:",
      "  model-signing attest key my-model --signature model.sig \\",
      "      --private-key key.pem \\",
      "      --predicate-type cyclonedx",
      "  model-signing attest key my-model --signature model.sig \\",
      "      --private-key key.pem \\",
      "      --predicate-type test-result --predicate results.json",
      "  model-signing attest key oci://registry.example/my-model:1 \\",
      "      --private-key key.pem --predicate-type cyclonedx"
    })
final class AttestKeyCommand extends AttestationCommand {

  @Mixin private KeyMethod method = new KeyMethod();

  @Override
  SigningMethod method() {
    return method;
  }
}
