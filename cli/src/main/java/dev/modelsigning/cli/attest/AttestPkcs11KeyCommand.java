package dev.modelsigning.cli.attest;

import dev.modelsigning.cli.method.Pkcs11KeyMethod;
import dev.modelsigning.cli.method.SigningMethod;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Attests by the method {@code pkcs11-key}. */
@Command(
    name = "pkcs11-key",
    description =
        "Attest something about a model with a private key on a hardware token" + " (PKCS #11).",
    footer = {
      "",
      "The model is verified first: it must be signed by the same signer, or by the one that"
          + " the options --verify-... name. Without --predicate, the predicate is made from the"
          + " verified files (cyclonedx) or the build's environment (slsa).",
      "",
      "'verify-attestation key' verifies it.",
      "",
      "Examples:",
      "  model-signing attest pkcs11-key my-model --signature model.sig \\",
      "      --pkcs11-uri 'pkcs11:token=release;object=models' \\",
      "      --predicate-type cyclonedx",
      "  model-signing attest pkcs11-key my-model --signature model.sig \\",
      "      --pkcs11-uri 'pkcs11:token=release;object=models' \\",
      "      --predicate-type test-result --predicate results.json"
    })
final class AttestPkcs11KeyCommand extends AttestationCommand {

  @Mixin private Pkcs11KeyMethod method = new Pkcs11KeyMethod();

  @Override
  SigningMethod method() {
    return method;
  }
}
